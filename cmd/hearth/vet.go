package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/goplsconfig/golangci"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/progress"
	"github.com/gohearth/hearth/internal/vet"
)

// vetFlags are the flags of hearth vet, by what they are about. Each part has a
// file of its own.
type vetFlags struct {
	output vetOutput
	build  vetBuild
	newer  vetNewer
	fix    vetFix
	cache  vetCache
}

func (c *command) vetCommand() *cobra.Command {
	var f vetFlags
	cmd := &cobra.Command{
		Use:   "vet [PACKAGES]",
		Short: "Report what the policy's analyzers find, as the editor shows it",
		Long: `Run the policy's analyzers over packages (default ./...) through go vet.

Exit status:
  0    nothing found that fails (vet.fail-on in hearth.yaml)
  1    findings
  2    something is broken: a package does not compile, an analyzer crashed, the
       policy or the command line is wrong, --timeout ran out
  130  interrupted by Ctrl-C or SIGTERM; nothing is left running, nothing half-written

In the folder of a go.work, ./... is all of its modules below.

A Go file stands for its package. A comment "//nolint:NAME // reason" or "//lint:ignore NAME reason" suppresses a
finding, unless the policy forbids that; so does an exception in hearth.yaml.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := f.build.start(cmd.Context())
			defer cancel()
			return f.build.end(ctx, c.vet(ctx, f, folders(args)))
		},
	}
	f.output.flags(cmd.Flags())
	f.build.flags(cmd.Flags())
	f.newer.flags(cmd.Flags())
	f.fix.flags(cmd.Flags())
	f.cache.flags(cmd.Flags())
	return cmd
}

// vet takes a run from the policy to the exit status: analyse, leave out what
// is not new, fix, write.
func (c *command) vet(ctx context.Context, f vetFlags, patterns []string) error {
	if err := f.check(); err != nil {
		return err
	}
	w, r, err := prepare(ctx, ".", c.say)
	if err != nil {
		return err
	}
	c.warnUntrusted(w)
	c.offerImport(r)
	if err := w.needModule(); err != nil {
		return err
	}
	o := vet.Options{
		Dir:      w.dir,
		Root:     r.Root,
		Vettool:  r.bound.VettoolPath(),
		Toolexec: r.bound.NocompilePath(),
		GoFlags:  w.goTool.Flags,
		TmpDir:   w.goTool.TmpDir,
		Go:       w.goTool.Version,
		Work:     w.goTool.Work,
		Patterns: patterns,
		Flags:    r.buildFlags(),
		Env:      r.env(),
		Describe: r.describe,
		Memory:   w.memory(),

		Exceptions: r.Policy.Suppress.Exceptions,
		Profile:    f.output.profile,
	}
	if err := f.build.set(w, r, &o); err != nil {
		return err
	}
	finish, err := f.cache.share(ctx, c, w, r, &o)
	if err != nil {
		return err
	}
	var src *vet.Sources
	analyse := func() (*vet.Report, error) {
		report, err := f.build.run(ctx, c, r, o)
		if err != nil {
			return nil, err
		}
		o.Memory = nil               // of a second run, after fixes
		src = vet.NewSources(r.Root) // fixes change them
		report.Fingerprint(src)
		return report, f.newer.filter(ctx, w, r, o, report)
	}
	compared, end := c.comparing(ctx, w, r, patterns)
	defer end()
	report, err := f.fix.run(ctx, c, w, r, o, analyse)
	finish()
	if err != nil {
		return err
	}
	if err := compared(report); err != nil {
		return err
	}
	if err := f.newer.finish(c, r, report); err != nil {
		return err
	}
	c.sayProblems(r.Warnings)
	if !f.fix.diff {
		if err := f.output.write(c, w, r, report, src); err != nil {
			return err
		}
	}
	switch {
	case len(report.Errors) > 0:
		return exitCode(2)
	case report.Fails(r.Vet.FailOn):
		return exitCode(1)
	}
	return nil
}

// offerImport tells a person whose repository has a configuration of golangci-lint
// and no policy that one can become the other. A log of CI has no use for that.
func (c *command) offerImport(r *resolved) {
	if r.File != "" || !progress.IsTerminal(c.stderr) {
		return
	}
	for _, name := range golangci.FileNames {
		if _, err := os.Stat(filepath.Join(r.Root, name)); err == nil {
			fmt.Fprintf(c.stderr, "hearth: hint: hearth config import %s makes a hearth.yaml of it\n", name)
			return
		}
	}
}

// check refuses flags before anything is built for them.
func (f *vetFlags) check() error {
	if err := f.output.check(); err != nil {
		return err
	}
	if err := f.build.check(); err != nil {
		return err
	}
	if err := f.newer.check(); err != nil {
		return err
	}
	if f.fix.diff && !slices.Equal(f.output.formats, []string{"text"}) {
		return usageError{fmt.Errorf("--diff prints a diff, and no %s", strings.Join(f.output.formats, ", "))}
	}
	return nil
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

// describe returns the severity and the URL of an analyzer's findings.
func (r *resolved) describe(analyzer, category string) (severity, url string) {
	own := "" // of the rule
	if analyzer == "rules" {
		for _, rule := range r.Policy.Rules {
			if rule.ID == category {
				url, own = rule.URL, rule.Severity
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
	if s := cmp.Or(own, r.Policy.Analyzers[analyzer].Severity); s != "" {
		severity = s
	}
	return severity, url
}
