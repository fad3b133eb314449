// Package cachewarm does before an editor starts what gopls would do while the
// user waits: it fills the module cache, the Go build cache, gopls's own file
// cache and the goimports index of one workspace.
//
// gopls keys its file cache by the bytes of its executable, by absolute paths,
// and by what its client can do. So the only warmer that helps is an editor:
// [Run] starts the very gopls that the editor will start, in the same folder,
// with the same settings, and introduces itself as that editor does. (gopls has
// commands that fill the cache, but they fill it under other keys.) For the
// same reason nothing is taken for warm because an earlier run has left a note:
// gopls does the work or finds it done.
//
// Warming never changes an answer, only how soon it comes. An interrupted run
// leaves valid caches and no process; two runs at once waste work and nothing
// else. gopls drops what it has not read for five days, so a run now and then
// keeps a workspace warm.
package cachewarm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/internal/hint"
)

// Options say what to warm.
type Options struct {
	Root string // the workspace folder, absolute, as the editor names it

	// Gopls is the binary that the editor will start. There is no default: to
	// warm another binary's cache is to do nothing, slowly.
	Gopls string

	Env []string // of gopls; nil: that of this process

	// Go returns the go command as gopls would run it in Root, made by
	// [exec.CommandContext].
	Go func(ctx context.Context, args ...string) *exec.Cmd

	// Settings turns an editor's settings into those that gopls gets; nil
	// leaves them alone.
	Settings func(editor map[string]any) map[string]any

	BuildFlags []string // of the policy, for go list
	Packages   []string // patterns of the packages to analyse; empty: all

	// Profiles are the editors to come, the most important one first; empty: a
	// built-in one.
	Profiles []profile.Profile

	// Progress is told what is being done. It may be nil.
	Progress func(step, detail string)
}

// The steps of a run, in their order. StepGopls is there once for each editor
// that has cache keys of its own.
const (
	StepBefore  = "first hover, before"
	StepModules = "module cache"
	StepBuild   = "build cache"
	StepGopls   = "gopls cache"
	StepIndex   = "goimports index"
	StepAfter   = "first hover, after"
)

// Report is what a run did and what it saved.
type Report struct {
	// FirstHover is the time from starting gopls to its first answer, with the
	// caches as the run found them and as it left them.
	FirstHoverBefore Duration `json:"firstHoverBefore"`
	FirstHoverAfter  Duration `json:"firstHoverAfter"`

	Editors  []string `json:"editors"`  // for whom
	Packages int      `json:"packages"` // that were analysed, times editors
	Files    int      `json:"files"`    // that were opened for it
	Cache    Cache    `json:"cache"`
	Steps    []Step   `json:"steps"`
}

// Step is one part of a run. A step that failed is no reason to stop: what it
// would have warmed, gopls will do itself.
type Step struct {
	Name    string   `json:"name"`
	Took    Duration `json:"took"`
	Detail  string   `json:"detail,omitempty"`
	Skipped string   `json:"skipped,omitempty"` // why there was nothing to do
	Error   string   `json:"error,omitempty"`
}

// Duration is a time.Duration that is JSON in seconds.
type Duration struct{ time.Duration }

func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.Seconds()) }

// Run warms a workspace. It measures the first hover, from the start of gopls
// to the answer, before and after; the one before is the first thing that it
// does, since everything else would falsify it. What that start has loaded is
// not lost: the same gopls goes on to warm.
//
// The error is for a gopls that does not work, or a context that ended.
func Run(ctx context.Context, o Options) (*Report, error) {
	w, err := newWarmer(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("warming %q: %w", o.Root, err)
	}
	defer w.discard()
	w.step(ctx, StepBefore, w.hoverBefore)
	w.step(ctx, StepModules, w.modules)
	w.step(ctx, StepBuild, w.list)
	for _, p := range w.Profiles {
		w.step(ctx, StepGopls, func(ctx context.Context, s *Step) error { return w.analyse(ctx, s, p) })
	}
	w.step(ctx, StepIndex, w.index)
	w.finish(ctx)
	err = w.step(ctx, StepAfter, w.hoverAfter)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("warming %q: %w", o.Root, err)
	}
	return w.report, nil
}

// warmer is the state of one run.
type warmer struct {
	Options
	report *Report
	ws     *workspace
	target Target

	kept    *editor  // the gopls that does the work
	listing *listing // nil if go list failed
}

// newWarmer checks the options and finds out what the workspace is.
func newWarmer(ctx context.Context, o Options) (*warmer, error) {
	for what, path := range map[string]string{"gopls": o.Gopls, "the workspace": o.Root} {
		if !filepath.IsAbs(path) {
			return nil, fmt.Errorf("the path of %s, %q, is not absolute", what, path)
		}
	}
	if _, err := exec.LookPath(o.Gopls); err != nil {
		return nil, hint.Add(err, `run "hearth build"`)
	}
	if o.Progress == nil {
		o.Progress = func(string, string) {}
	}
	if o.Settings == nil {
		o.Settings = func(editor map[string]any) map[string]any { return editor }
	}
	o.Profiles = distinct(o.Profiles, o.Settings)
	w := &warmer{Options: o, report: &Report{}}
	for _, p := range o.Profiles {
		w.report.Editors = append(w.report.Editors, p.Editor)
	}
	var err error
	if w.ws, err = discover(ctx, o.Go); err != nil {
		return nil, err
	}
	w.target, err = w.ws.target(ctx)
	return w, err
}

// skip is the error of a step that has nothing to do.
type skip string

func (s skip) Error() string { return string(s) }

// step does one step and reports it. After the end of ctx it does nothing.
func (w *warmer) step(ctx context.Context, name string, do func(context.Context, *Step) error) error {
	if ctx.Err() != nil {
		return nil
	}
	w.Progress(name, "")
	start := time.Now()
	s := Step{Name: name}
	err := do(ctx, &s)
	if why, ok := errors.AsType[skip](err); ok {
		s.Skipped, err = string(why), nil
	} else if err != nil {
		s.Error = err.Error()
	}
	s.Took.Duration = time.Since(start)
	w.report.Steps = append(w.report.Steps, s)
	return err
}
