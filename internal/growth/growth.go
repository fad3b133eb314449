// Package growth measures how what hearth does grows with a workspace.
//
// It writes modules of several sizes that are otherwise alike (package synth),
// and in each plays an editor to two servers in turns: hearth lsp, which attaches
// to a session that is loaded, and a gopls of its own. Beside them it times what
// hearth does by itself, such as setting up a watcher.
//
// What matters is the exponent k of a quantity that grows as size^k; see [Fit].
// A quantity of ours may have a bound for it.
//
// Nothing of the user's is used or left behind: caches, sessions and modules are
// in a temporary folder, and the daemon is a private one.
package growth

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/gohearth/hearth/internal/procstat"
	"github.com/gohearth/hearth/internal/synth"
)

// Server is how to start a language server.
type Server struct {
	Args     []string
	Env      []string // nil: that of this process
	Settings map[string]any
}

// Probe is something that hearth does by itself, in the workspace dir. It
// returns what is to be called afterwards, off the clock, which may be nil.
type Probe struct {
	Name string
	Run  func(ctx context.Context, dir string) (end func(), err error)
}

// Options say what to measure.
type Options struct {
	Sizes []int       // packages, from the fewest to the most
	Shape synth.Shape // of all; its Packages are not looked at
	Runs  int         // of each server in each size, with empty caches and with full ones; 3

	// Ours is hearth lsp, and Stock the gopls to compare with.
	Ours, Stock Server

	// Prepare makes a module a workspace, such as by a policy. It returns what is
	// to be called when the module is removed.
	Prepare func(dir string) (end func(), err error)

	Probes []Probe

	Timeout  time.Duration     // of one start of a server; 20 minutes
	Progress func(what string) // may be nil
}

// attaches is how often an editor attaches in a run: it takes milliseconds, next
// to a start of gopls for each run.
const attaches = 5

// probes is how often a probe runs in each run.
const probes = 5

// Run measures. The error names the size and the server.
func Run(ctx context.Context, o Options) (*Report, error) {
	o.Runs = cmp.Or(o.Runs, 3)
	o.Timeout = cmp.Or(o.Timeout, 20*time.Minute)
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	r := &Report{
		Machine: Machine{runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), procstat.Memory()},
		Shape:   o.Shape.WithDefaults(), Sizes: o.Sizes, Runs: o.Runs,
		Commands: Commands{o.Ours.Args, o.Stock.Args},
	}
	r.Shape.Packages = 0
	for _, size := range o.Sizes {
		if err := measure(ctx, &o, r, size); err != nil {
			return nil, fmt.Errorf("%d packages: %w", size, err)
		}
	}
	r.judge()
	return r, nil
}

// measure takes all figures of one size.
func measure(ctx context.Context, o *Options, r *Report, size int) error {
	home, err := os.MkdirTemp("", "hearth-scale-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	if home, err = filepath.EvalSymlinks(home); err != nil {
		return err
	}
	shape := o.Shape
	shape.Packages = size
	w := &workspace{Options: o, report: r, size: size, home: home, dir: filepath.Join(home, "w")}
	w.say("writing it")
	if err := synth.Write(w.dir, shape); err != nil {
		return err
	}
	end, err := o.Prepare(w.dir)
	if err != nil {
		return err
	}
	defer end()
	if w.target, err = findTarget(w.dir, shape); err != nil {
		return err
	}
	if err := w.probe(ctx); err != nil { // first: sessions have watches of their own
		return err
	}
	return w.serve(ctx)
}

// workspace is one size.
type workspace struct {
	*Options
	report    *Report
	size      int
	home, dir string
	target    target
}

func (w *workspace) say(what string) { w.Progress(fmt.Sprintf("%d packages: %s", w.size, what)) }

// probe times what hearth does by itself.
func (w *workspace) probe(ctx context.Context) error {
	for _, p := range w.Probes {
		w.say(p.Name)
		for i := range 1 + w.Runs*probes {
			start := time.Now()
			end, err := p.Run(ctx, w.dir)
			took := time.Since(start)
			if end != nil {
				end()
			}
			if err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
			if i > 0 { // the first one finds nothing in memory
				w.report.add(p.Name, ours, seconds, Linear, w.size, took.Seconds())
			}
		}
	}
	return nil
}

// round is one turn of both servers.
type round struct {
	cold   bool   // they find their caches empty
	caches string // folder
}

// serve plays editors: in the first rounds with caches that are empty, in as many
// more with those that the last of them filled.
func (w *workspace) serve(ctx context.Context) error {
	d := newDaemon(w)
	defer d.stop()
	both := []func(round) error{
		func(r round) error { return w.stock(ctx, r) },
		func(r round) error { return w.ours(ctx, d, r) },
	}
	var r round
	for i := range 2 * w.Runs {
		what := fmt.Sprintf("run %d of %d", i-w.Runs+1, w.Runs)
		if r.cold = i < w.Runs; r.cold {
			what = fmt.Sprintf("run %d of %d with empty caches", i+1, w.Runs)
			// Those before are gone as far as that goes: a gopls that has been
			// ended may still write into them.
			_ = os.RemoveAll(r.caches)
			r.caches = filepath.Join(w.home, fmt.Sprint("caches", i))
		}
		if i%2 == 1 {
			slices.Reverse(both) // so that neither always follows the other
		}
		for _, side := range both {
			w.say(what)
			if err := side(r); err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
		}
	}
	return nil
}

// with has a server that runs use the caches of a side in this round.
func (r round) with(s Server, side string, env ...string) Server {
	if s.Env == nil {
		s.Env = os.Environ()
	}
	cache := filepath.Join(r.caches, side)
	s.Env = append(slices.Clip(s.Env), "GOCACHE="+filepath.Join(cache, "go"), "GOPLSCACHE="+filepath.Join(cache, "gopls"))
	s.Env = append(s.Env, env...)
	return s
}

// stock measures a gopls of the editor's own.
func (w *workspace) stock(ctx context.Context, r round) error {
	v, err := w.visit(ctx, r.with(w.Stock, theirs), nil)
	if err != nil {
		return fmt.Errorf("gopls: %w", err)
	}
	if r.cold {
		w.report.add(coldHover, theirs, seconds, Free, w.size, v.hover)
		return nil
	}
	w.report.add(answer, theirs, seconds, Free, w.size, v.initialize)
	w.report.add(firstHover, theirs, seconds, Free, w.size, v.hover)
	w.report.add(memory, theirs, bytes, Free, w.size, v.memory)
	return nil
}

// ours measures a session from its start on, and how editors attach to it.
func (w *workspace) ours(ctx context.Context, d *private, r round) error {
	s := r.with(w.Ours, ours, d.env()...)
	if err := d.end(ctx); err != nil { // the session of the run before
		return fmt.Errorf("hearth: %w", err)
	}
	v, err := w.visitSession(ctx, s, d)
	if err != nil {
		return fmt.Errorf("hearth: %w", err)
	}
	if r.cold {
		w.report.add(coldHover, ours, seconds, Linear, w.size, v.hover)
		return nil
	}
	w.report.add(setUp, ours, seconds, Linear, w.size, v.hover)
	for range attaches {
		err := quiet(ctx, v.gopls) // it deals with the editor's having left
		if err == nil {
			v, err = w.visitSession(ctx, s, d)
		}
		if err != nil {
			return fmt.Errorf("hearth, attaching: %w", err)
		}
		w.report.add(answer, ours, seconds, Flat, w.size, v.initialize)
		w.report.add(firstHover, ours, seconds, Flat, w.size, v.hover)
		w.report.add(memory, ours, bytes, Linear, w.size, v.memory)
	}
	return nil
}
