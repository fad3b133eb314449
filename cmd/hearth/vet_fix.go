package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/pflag"

	"github.com/gohearth/hearth/internal/vet"
	"github.com/gohearth/hearth/internal/vet/fix"
	"github.com/gohearth/hearth/internal/vet/format"
)

// vetFix says what is done about findings.
type vetFix struct {
	fix, diff bool
}

func (x *vetFix) flags(fs *pflag.FlagSet) {
	fs.BoolVar(&x.fix, "fix", false, "apply the first fix of each finding, and report what is left")
	fs.BoolVar(&x.diff, "diff", false, "print what --fix would change as a unified diff, and no findings")
}

// run analyses, applies fixes if they are wanted, and returns what is left.
// After fixes that has other lines, so it is analysed anew.
func (x *vetFix) run(ctx context.Context, c *command, w *workspace, r *resolved, o vet.Options, analyse func() (*vet.Report, error)) (*vet.Report, error) {
	report, err := analyse()
	if err != nil || !x.fix && !x.diff {
		return report, err
	}
	if changed, err := x.apply(ctx, c, w, r, o, report); err != nil || !changed {
		return report, err
	}
	return analyse()
}

// apply applies fixes of the report's findings, or prints what that would
// change. Fixes that are left out are named.
func (x *vetFix) apply(ctx context.Context, c *command, w *workspace, r *resolved, o vet.Options, report *vet.Report) (changed bool, err error) {
	name := format.RelativeTo(r.Root, w.dir)
	plan := fix.New(r.Root, report.Diagnostics, name)
	var builds []fix.Build
	for _, b := range o.PerBuild() {
		builds = append(builds, fix.Build{Dir: b.Dir, Flags: b.Flags, Env: b.Env})
	}
	if err := plan.Compile(ctx, builds); err != nil {
		return false, err
	}
	for _, analyzer := range slices.Sorted(maps.Keys(plan.Unsafe)) {
		fmt.Fprintf(c.stderr, "hearth: not fixed: %s of %s: %s\n", count(plan.Unsafe[analyzer], "finding"), analyzer, fix.Unsafe[analyzer])
	}
	for _, s := range plan.Skipped {
		fmt.Fprintf(c.stderr, "hearth: not fixed: %s: %s\n", fix.Place(s.Diagnostic, name), s.Why)
	}
	changes, err := plan.Changes()
	if err != nil {
		return false, err
	}
	if x.diff {
		return false, writeDiff(c.stdout, changes)
	}
	if len(changes) == 0 {
		return false, nil
	}
	if err := fix.Write(r.Root, changes); err != nil {
		return false, err
	}
	c.say(fmt.Sprintf("fixed %s in %s", count(plan.Fixed(), "finding"), count(len(changes), "file")))
	return true, nil
}

// writeDiff writes changes as patch and git apply read them in the workspace
// root.
func writeDiff(w io.Writer, changes []fix.Change) error {
	for _, ch := range changes {
		if _, err := io.WriteString(w, udiff.Unified("a/"+ch.File, "b/"+ch.File, string(ch.Old), string(ch.New))); err != nil {
			return err
		}
	}
	return nil
}

// count returns a number with its noun.
func count(n int, noun string) string { return counted(n, noun, noun+"s") }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
