package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/vet"
)

func (c *command) vetCommand() *cobra.Command {
	var format string
	var showSuppressed, profile bool
	cmd := &cobra.Command{
		Use:   "vet [PACKAGES]",
		Short: "Report what the policy's analyzers find, as the editor shows it",
		Long: `Run the policy's analyzers over packages (default ./...) through go vet.

Exit status: 0 nothing found, 1 findings, 2 something is broken (a package does
not compile, the policy is wrong, a plugin does not build).

A Go file stands for its package. A comment "//nolint:NAME // reason" or "//lint:ignore NAME reason" suppresses a
finding, unless the policy forbids that; so does an exception in hearth.yaml.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return hint.Add(usageError{fmt.Errorf("there is no format %q", format)}, "write --format=text or --format=json")
			}
			w, r, err := prepare(cmd.Context(), ".", c.say)
			if err != nil {
				return err
			}
			c.warnUntrusted(w)
			if err := w.needModule(); err != nil {
				return err
			}
			report, err := vet.Run(cmd.Context(), vet.Options{
				Dir:      w.dir,
				Root:     r.Root,
				Vettool:  r.bound.VettoolPath(),
				Patterns: folders(args),
				Flags:    r.buildFlags(),
				Env:      r.env(),
				Describe: r.describe,

				Exceptions: r.Policy.Suppress.Exceptions,
				Profile:    profile,
			})
			if err != nil {
				return err
			}
			if !r.Vet.Tests {
				report.DropTests()
			}
			c.sayProblems(r.Warnings)
			c.saySuppressed(report, r.Policy.Suppress.Exceptions, showSuppressed)
			if !showSuppressed {
				report.HideSuppressed()
			}
			if format == "json" {
				err = report.WriteJSON(c.stdout)
			} else {
				err = report.WriteText(c.stdout, vet.RelativeTo(r.Root, w.dir))
				if profile && err == nil {
					err = report.WriteProfile(c.stderr)
				}
			}
			switch {
			case err != nil:
				return err
			case len(report.Errors) > 0:
				return exitCode(2)
			case report.Fails(r.Vet.FailOn):
				return exitCode(1)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	cmd.Flags().BoolVar(&showSuppressed, "show-suppressed", false, "list what comments and the policy suppress as well")
	cmd.Flags().BoolVar(&profile, "profile", false, "analyse everything anew and tell how long each pass took")
	return cmd
}

// folders returns patterns with the folder in place of each Go file. The go
// command makes a package of its own of files, which no rule and no exception that
// names packages would know; hooks pass the files of a commit.
func folders(patterns []string) []string {
	var out []string
	for _, p := range patterns {
		if strings.HasSuffix(p, ".go") {
			if p = filepath.Dir(p); !filepath.IsAbs(p) {
				p = "." + string(filepath.Separator) + p
			}
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// saySuppressed says how many findings are not shown, and, where those are
// listed, which exceptions of the policy were of no use.
func (c *command) saySuppressed(report *vet.Report, exceptions []policy.Exception, shown bool) {
	if n := report.SuppressedCount; n > 0 && !shown {
		noun := "findings"
		if n == 1 {
			noun = "finding"
		}
		fmt.Fprintf(c.stderr, "hearth: %d %s suppressed; --show-suppressed lists what and why\n", n, noun)
	}
	if !shown {
		return
	}
	for _, e := range report.UnusedExceptions(exceptions) {
		fmt.Fprintf(c.stderr, "hearth: the exception of %s for %s matched nothing in these packages\n", e.Owner, strings.Join(e.Analyzers, ", "))
	}
}

// describe returns the severity and the URL of an analyzer's findings.
func (r *resolved) describe(analyzer, category string) (severity, url string) {
	if analyzer == "rules" {
		for _, rule := range r.Policy.Rules {
			if rule.ID == category {
				url = rule.URL
			}
		}
	}
	severity = policy.Warning
	for _, a := range r.api.Analyzers {
		if a.Name == analyzer {
			if a.Severity != "" {
				severity = a.Severity
			}
			if url == "" {
				url = a.URL
			}
		}
	}
	if s := r.Policy.Analyzers[analyzer].Severity; s != "" {
		severity = s
	}
	return severity, url
}
