package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/vet"
)

// vetOutput says how findings are shown.
type vetOutput struct {
	format         string
	showSuppressed bool
	profile        bool
}

func (o *vetOutput) flags(fs *pflag.FlagSet) {
	fs.StringVar(&o.format, "format", "text", "text or json")
	fs.BoolVar(&o.showSuppressed, "show-suppressed", false, "list what comments and the policy suppress as well")
	fs.BoolVar(&o.profile, "profile", false, "analyse everything anew and tell how long each pass took")
}

// check refuses flags before anything is built for them.
func (o *vetOutput) check() error {
	if o.format != "text" && o.format != "json" {
		return hint.Add(usageError{fmt.Errorf("there is no format %q", o.format)}, "write --format=text or --format=json")
	}
	return nil
}

func (o *vetOutput) write(c *command, w *workspace, r *resolved, report *vet.Report) error {
	c.saySuppressed(report, r.Policy.Suppress.Exceptions, o.showSuppressed)
	if !o.showSuppressed {
		report.HideSuppressed()
	}
	if o.format == "json" {
		return report.WriteJSON(c.stdout)
	}
	err := report.WriteText(c.stdout, vet.RelativeTo(r.Root, w.dir))
	if o.profile && err == nil {
		err = report.WriteProfile(c.stderr)
	}
	return err
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
