// Package cachewarm does before an editor starts what gopls would do while the
// user waits: it fills the module cache, the Go build cache, gopls's own file
// cache and the goimports index of one workspace.
//
// gopls keys its file cache by the bytes of its executable, by absolute paths,
// and by what its client can do. So the only warmer that helps is an editor:
// [Run] starts the very gopls that the editor will start, in the same folder,
// with the same settings, and introduces itself as that editor does. (gopls has
// commands that fill the cache, but they fill it under other keys.)
//
// Warming never changes an answer, only how soon it comes. An interrupted run
// leaves valid caches; two runs at once waste work and nothing else. gopls
// drops what it has not read for five days, so a run now and then keeps a
// workspace warm.
package cachewarm

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"time"

	"github.com/gohearth/hearth/cachewarm/profile"
)

// Options say what to warm.
type Options struct {
	Root string // the workspace folder, absolute, as the editor names it

	// Gopls is the binary that the editor will start. There is no default: to
	// warm another binary's cache is to do nothing, slowly.
	Gopls string

	Env []string // of gopls; nil: that of this process

	// Go returns the go command as gopls would run it in Root.
	Go func(ctx context.Context, args ...string) *exec.Cmd

	// Settings turns an editor's settings into those that gopls gets.
	Settings func(editor map[string]any) map[string]any

	BuildFlags []string // of the policy, for go list
	Packages   []string // patterns of the packages to analyse; empty: all

	// Profiles are the editors to come; empty: a built-in one.
	Profiles []profile.Profile

	// Progress is told what is being done. It may be nil.
	Progress func(step, detail string)
}

// Report is what a run did and what it saved.
type Report struct {
	FirstHoverBefore Duration `json:"firstHoverBefore"`
	FirstHoverAfter  Duration `json:"firstHoverAfter"`
	Packages         int      `json:"packages"` // that were analysed
	Steps            []Step   `json:"steps"`
}

// Step is one part of a run. A step that failed is no reason to stop: what it
// would have warmed, gopls will do itself.
type Step struct {
	Name  string   `json:"name"`
	Took  Duration `json:"took"`
	Error string   `json:"error,omitempty"`
}

// Duration is a time.Duration that is JSON in seconds.
type Duration struct{ time.Duration }

func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.Seconds()) }

// Run warms a workspace. It measures the first hover, from the start of gopls
// to the answer, before and after; the one before is the first thing that it
// does, since everything else would falsify it.
//
// The error is for a gopls that does not work, or a context that ended.
func Run(ctx context.Context, o Options) (*Report, error) {
	if o.Progress == nil {
		o.Progress = func(string, string) {}
	}
	if len(o.Profiles) == 0 {
		o.Profiles = []profile.Profile{profile.Builtin("vscode")}
	}
	w := &warmer{Options: o, report: &Report{}}
	target, err := FindTarget(ctx, o.Go)
	if err != nil {
		return nil, err
	}
	if err := w.hover(ctx, "first hover, before", target, &w.report.FirstHoverBefore); err != nil {
		return nil, err
	}
	w.try("module cache", func() error { return w.modules(ctx) })
	var packages []listed
	w.try("build cache", func() (err error) {
		packages, err = w.list(ctx)
		return err
	})
	for _, p := range distinct(o.Profiles) {
		w.try("gopls cache", func() error { return w.analyse(ctx, p, packages) })
	}
	w.try("goimports index", func() error { return w.index(ctx) })
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return w.report, w.hover(ctx, "first hover, after", target, &w.report.FirstHoverAfter)
}

// warmer is the state of one run.
type warmer struct {
	Options
	report *Report
}

// try runs a step that may fail.
func (w *warmer) try(name string, step func() error) {
	w.Progress(name, "")
	start := time.Now()
	s := Step{Name: name}
	if err := step(); err != nil {
		s.Error = err.Error()
	}
	s.Took.Duration = time.Since(start)
	w.report.Steps = append(w.report.Steps, s)
}

// distinct leaves one profile for each set of cache keys.
func distinct(all []profile.Profile) (list []profile.Profile) {
	seen := make(map[bool]bool)
	for _, p := range all {
		if key := p.RelatedInformation(); !seen[key] {
			seen[key] = true
			list = append(list, p)
		}
	}
	return list
}

// hover measures the first hover in a gopls of its own.
func (w *warmer) hover(ctx context.Context, name string, target Target, into *Duration) error {
	w.Progress(name, target.Name)
	start := time.Now()
	e, err := w.open(ctx, w.Profiles[0])
	if err != nil {
		return err
	}
	defer e.Close()
	if err := target.Hover(ctx, e.Client); err != nil {
		return fmt.Errorf("warming: %w", err)
	}
	into.Duration = time.Since(start)
	return e.Shutdown(ctx)
}
