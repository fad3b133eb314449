package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/vet"
)

func (c *command) vetCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "vet [PACKAGES]",
		Short: "Report what the policy's analyzers find, as the editor shows it",
		Long: `Run the policy's analyzers over packages (default ./...) through go vet.

Exit status: 0 nothing found, 1 findings, 2 something is broken (a package does
not compile, the policy is wrong, a plugin does not build).`,
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
				Patterns: args,
				Flags:    r.buildFlags(),
				Env:      r.env(),
				Describe: r.describe,
			})
			if err != nil {
				return err
			}
			if !r.Vet.Tests {
				report.DropTests()
			}
			if format == "json" {
				err = report.WriteJSON(c.stdout)
			} else {
				err = report.WriteText(c.stdout, vet.RelativeTo(r.Root, w.dir))
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
	return cmd
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
