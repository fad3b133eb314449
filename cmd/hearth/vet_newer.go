package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"

	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/vet"
	"github.com/gohearth/hearth/internal/vet/baseline"
	"github.com/gohearth/hearth/internal/vet/changes"
)

// vetNewer says which findings are old.
type vetNewer struct {
	fromRev, fromMergeBase string

	baseline string // to read
	write    string // to write instead, or ""
	prune    bool

	flagged func(name string) bool // whether a flag was given

	// What filter finds, for finish.
	file  string           // the baseline in use, or ""
	name  string           // the same relative to the workspace root, with slashes
	known []baseline.Entry // what it holds
	added []baseline.Entry // what is to be written besides
	match baseline.Match
}

func (n *vetNewer) flags(fs *pflag.FlagSet) {
	fs.StringVar(&n.fromRev, "new-from", "", "report only findings on lines that are not in this `revision`")
	fs.StringVar(&n.fromMergeBase, "new-from-merge-base", "", "report only findings on lines that are new since this `branch` was left")
	fs.StringVar(&n.baseline, "baseline", "", "report only findings that are not in this `file`, also \"\" for none")
	fs.StringVar(&n.write, "write-baseline", "", "write all findings to a `file`, which makes them old")
	fs.Lookup("write-baseline").NoOptDefVal = baseline.Name
	fs.BoolVar(&n.prune, "prune-baseline", false, "remove from the baseline what these packages no longer have")
	n.flagged = fs.Changed
}

// check refuses flags that do not go together.
func (n *vetNewer) check() error {
	newFrom := n.fromRev != "" || n.fromMergeBase != ""
	switch {
	case n.fromRev != "" && n.fromMergeBase != "":
		return usageError{errors.New("--new-from and --new-from-merge-base exclude each other")}
	case n.write != "" && n.prune:
		return hint.Add(usageError{errors.New("--write-baseline and --prune-baseline exclude each other")},
			"--prune-baseline only removes entries, --write-baseline adds as well")
	case n.write != "" && n.baseline != "":
		return hint.Add(usageError{errors.New("--write-baseline and --baseline exclude each other")}, "write --write-baseline=FILE")
	case n.write != "" && newFrom:
		return hint.Add(usageError{errors.New("--write-baseline is for all findings, and --new-from leaves some out")}, "leave out one of them")
	}
	return nil
}

// filter takes out of a report what is old. It may be called again for a later
// report.
func (n *vetNewer) filter(ctx context.Context, w *workspace, r *resolved, o vet.Options, report *vet.Report) error {
	if err := n.filterKnown(ctx, r, o, report); err != nil {
		return err
	}
	var lines *changes.Lines
	var err error
	switch {
	case n.fromRev != "":
		lines, err = changes.Since(ctx, w.dir, n.fromRev)
	case n.fromMergeBase != "":
		lines, err = changes.SinceMergeBase(ctx, w.dir, n.fromMergeBase)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	report.KeepNew(func(file string, line int) bool {
		return lines.Has(filepath.Join(r.Root, filepath.FromSlash(file)), line)
	})
	return nil
}

// filterKnown takes out what the baseline knows, which is everything where it
// is being written.
func (n *vetNewer) filterKnown(ctx context.Context, r *resolved, o vet.Options, report *vet.Report) error {
	if n.file = n.choose(r); n.file == "" {
		if n.prune {
			return hint.Add(usageError{errors.New("there is no baseline to prune")}, "write --baseline=FILE, or vet: {baseline: FILE} in hearth.yaml")
		}
		return nil
	}
	var err error
	if n.known, err = baseline.Read(n.file); err != nil && (n.write == "" || !errors.Is(err, fs.ErrNotExist)) {
		return err
	}
	found := baseline.Of(report.Diagnostics, vet.NewSources(r.Root))
	n.match, err = baseline.Compare(n.known, found, func() (baseline.Places, error) {
		return o.Coverage(ctx, report, r.Vet.Tests)
	})
	if err != nil {
		return err
	}
	n.added = nil
	for i, known := range n.match.Known {
		if !known && n.write != "" {
			n.added = append(n.added, found[i])
			n.match.Known[i] = true
		}
	}
	report.SetBaselined(n.match.Known, n.name)
	return nil
}

// choose returns the baseline to use, if any. That of the policy is relative to
// the workspace root, as is the usual name; others are relative to where one is.
func (n *vetNewer) choose(r *resolved) string {
	n.name = cmp.Or(n.write, n.baseline)
	if n.name == "" && !n.flagged("baseline") || n.write == baseline.Name {
		n.name = cmp.Or(r.Vet.Baseline, n.name)
	} else if abs, err := filepath.Abs(n.name); err == nil && n.name != "" && n.name != baseline.Name {
		if rel, err := filepath.Rel(r.Root, abs); err == nil {
			n.name = filepath.ToSlash(rel)
		}
		return abs
	}
	if n.name == "" {
		return ""
	}
	return filepath.Join(r.Root, filepath.FromSlash(n.name))
}

// finish writes the baseline if it is to be written, and says what was left out
// of the report.
func (n *vetNewer) finish(c *command, r *resolved, report *vet.Report) error {
	switch {
	case n.file == "":
	case n.write != "":
		list := append(n.pruned(), n.added...)
		if err := baseline.Write(n.file, list); err != nil {
			return err
		}
		c.say(fmt.Sprintf("wrote %s to %s", count(len(list), "finding"), n.name))
		if r.Vet.Baseline != n.name {
			fmt.Fprintf(c.stderr, "hearth: hint: write vet: {baseline: %s} in hearth.yaml, or --baseline=%[1]s each time\n", n.name)
		}
		return nil
	case n.prune && len(n.match.Stale)+len(n.match.Moved) > 0: // what moved is written where it is now
		if err := baseline.Write(n.file, n.pruned()); err != nil {
			return err
		}
		c.say(fmt.Sprintf("removed %s from %s", counted(len(n.match.Stale), "stale entry", "stale entries"), n.name))
	case len(n.match.Stale) > 0:
		n.warnStale(c)
	}
	if report.BaselineCount > 0 {
		c.say(fmt.Sprintf("%s in the baseline %s", count(report.BaselineCount, "finding"), n.name))
	}
	if report.OldCount > 0 {
		c.say(fmt.Sprintf("%s on lines that are not new since %s", count(report.OldCount, "finding"), cmp.Or(n.fromRev, n.fromMergeBase)))
	}
	return nil
}

// pruned returns the known findings without the stale ones, each where it is
// now.
func (n *vetNewer) pruned() []baseline.Entry {
	var list []baseline.Entry
	for i, e := range n.known {
		if file, ok := n.match.Moved[i]; ok {
			e.File = file
		}
		if _, stale := slices.BinarySearch(n.match.Stale, i); !stale {
			list = append(list, e)
		}
	}
	return list
}

// maxStale is how many stale entries are listed. Who mends a thousand findings
// knows without being told each.
const maxStale = 10

func (n *vetNewer) warnStale(c *command) {
	fmt.Fprintf(c.stderr, "hearth: warning: %s of %s found nothing; --prune-baseline removes them:\n", counted(len(n.match.Stale), "entry", "entries"), n.name)
	for _, i := range n.match.Stale[:min(maxStale, len(n.match.Stale))] {
		e := n.known[i]
		fmt.Fprintf(c.stderr, "hearth:   %s: %s (%s)\n", e.File, e.Message, e.Analyzer)
	}
	if more := len(n.match.Stale) - maxStale; more > 0 {
		fmt.Fprintf(c.stderr, "hearth:   and %d more\n", more)
	}
}
