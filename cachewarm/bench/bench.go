package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gohearth/hearth/cachewarm/bench/report"
	"github.com/gohearth/hearth/internal/procstat"
)

// Server is how to start a language server that speaks over its standard
// streams. It is started in the root of the workspace.
type Server struct {
	Args []string // Args[0] is the program
	Env  []string // nil: that of this process

	// Forget ends what outlives the server and serves the next one, such as a
	// daemon; nil: there is no such thing.
	Forget func(context.Context) error

	// Memory returns the resident memory that serves the process pid, or 0 if
	// it cannot be known; nil: that of the process and those below it.
	Memory func(pid int) int64

	// Traced returns the server that exports its spans to a collector of
	// OpenTelemetry; nil: it cannot.
	Traced func(endpoint string) Server
}

func (s Server) String() string { return strings.Join(s.Args, " ") }

func (s Server) forget(ctx context.Context) error {
	if s.Forget == nil {
		return nil
	}
	return s.Forget(ctx)
}

func (s Server) memory(pid int) int64 {
	if s.Memory != nil {
		return s.Memory(pid)
	}
	return procstat.Resident(pid)
}

// Options say what to measure. A zero count or pause is the default.
type Options struct {
	Root       string          // absolute; the workspace that the editor opens
	Files      []string        // absolute; to work on, see [HotFiles]
	Initialize json.RawMessage // the editor's parameters
	Settings   map[string]any  // of the editor, for A and B; not changed
	Scenarios  []string        // of [Scenarios]; nil: [DefaultScenarios]
	Seed       uint64          // decides the places

	A Server
	B *Server // nil: A is measured alone

	Runs     int // of each start; 10; a cold one 5 at most
	Warmup   int // unmeasured runs before these; one that parks a session is needed to attach
	Visits   int // files that a run works on, in turn; 4
	Requests int // of each kind in each of these files; 2
	Edits    int // of each kind in each of the files that are open then; 1

	// Settle bounds the pause between two runs; 20s. It ends as soon as the
	// machine is quiet: gopls diagnoses for seconds after an edit, and one that
	// outlives its editor goes on while the other side starts.
	Settle time.Duration

	// Timeout ends a run that hangs; 10 minutes. A kubernetes without caches
	// takes some.
	Timeout time.Duration

	Progress func(what string) // may be nil
}

func (o *Options) setDefaults() {
	o.Runs = cmp.Or(o.Runs, 10)
	o.Visits = cmp.Or(o.Visits, 4)
	o.Requests = cmp.Or(o.Requests, 2)
	o.Edits = cmp.Or(o.Edits, 1)
	o.Settle = cmp.Or(o.Settle, 20*time.Second)
	o.Timeout = cmp.Or(o.Timeout, 10*time.Minute)
	if o.Scenarios == nil {
		o.Scenarios = DefaultScenarios()
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
}

// Run measures. The error names the server, the run and the request.
func Run(ctx context.Context, opts Options) (r *report.Report, err error) {
	opts.setDefaults()
	b := &bench{Options: &opts, sides: []*side{newSide("A", opts.A)}}
	if opts.B != nil {
		b.sides = append(b.sides, newSide("B", *opts.B))
	}
	if b.documents, err = opts.documents(); err != nil {
		return nil, fmt.Errorf("choosing what to ask for: %w", err)
	}
	defer func() {
		for _, s := range b.sides {
			err = errors.Join(err, s.server.forget(context.WithoutCancel(ctx)))
		}
	}()
	for _, start := range opts.starts() {
		if err := b.play(ctx, start); err != nil {
			return nil, err
		}
	}
	for _, s := range b.sides {
		if err := b.trace(ctx, s); ctx.Err() != nil {
			return nil, context.Cause(ctx)
		} else if err != nil { // an old gopls, perhaps; what was measured is worth more
			b.Progress(fmt.Sprintf("%s does not tell of its queue: %v", s.name, err))
		}
	}
	return b.report(), nil
}

func (o *Options) documents() (list []*document, err error) {
	for _, file := range o.Files {
		name, err := filepath.Rel(o.Root, file)
		if err != nil {
			name = file
		}
		d, err := openDocument(file, filepath.ToSlash(name))
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	if len(list) == 0 {
		return nil, errors.New("there is no file to work on")
	}
	return list, nil
}

// bench is a benchmark under way.
type bench struct {
	*Options
	documents []*document
	sides     []*side
}

// play runs a start as often as it was asked for, the sides in turn.
func (b *bench) play(ctx context.Context, start start) error {
	for _, s := range b.sides {
		if err := s.server.forget(ctx); err != nil {
			return err
		}
	}
	for round := range start.warmup + start.runs {
		what := fmt.Sprintf("run %d of %d", round-start.warmup+1, start.runs)
		if round < start.warmup {
			what = fmt.Sprintf("warm-up %d of %d", round+1, start.warmup)
		}
		for _, i := range order(round, len(b.sides)) {
			s := b.sides[i]
			what := fmt.Sprintf("%s, %s of %s", start.scenario, what, s.name)
			b.Progress(what)
			run, err := b.once(ctx, s.server, start, round, round < start.warmup)
			if err != nil {
				return fmt.Errorf("%s (%s), %s: %w", s.name, s.server, what, err)
			}
			if round >= start.warmup {
				s.add(run, round-start.warmup)
			}
		}
	}
	return nil
}

// once is one run, with what comes before and after it.
func (b *bench) once(ctx context.Context, server Server, start start, round int, warmup bool) (*run, error) {
	if start.scenario == cold {
		env, remove, err := caches()
		if err != nil {
			return nil, err
		}
		defer remove()
		if server.Env == nil {
			server.Env = os.Environ()
		}
		server.Env = append(server.Env[:len(server.Env):len(server.Env)], env...)
	}
	run, err := b.measure(ctx, server, start, round, warmup)
	if err != nil {
		return nil, err
	}
	if start.scenario != attach {
		if err := server.forget(ctx); err != nil {
			return nil, err
		}
	}
	return run, pause(ctx, betweenRuns, b.Settle)
}

// order returns the order in which a round runs its n servers: there and back
// again, so that neither always follows the other.
func order(round, n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
		if round%2 == 1 {
			list[i] = n - 1 - i
		}
	}
	return list
}

// A machine is quiet while less than this share of its CPUs is busy in each moment.
const (
	quietShare = 0.15
	moment     = 100 * time.Millisecond

	betweenRuns = 4 * moment // that it must have been so
)

// pause waits until the machine has been quiet for so long, for d at most.
func pause(ctx context.Context, quietFor, d time.Duration) error {
	deadline := time.Now().Add(d)
	before, known := procstat.Busy()
	for quiet := time.Duration(0); quiet < quietFor && time.Now().Before(deadline); {
		timer := time.NewTimer(min(moment, d))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
		now, _ := procstat.Busy()
		quiet += moment
		if known && float64(now-before) > quietShare*float64(moment)*float64(runtime.NumCPU()) {
			quiet = 0
		}
		before = now
	}
	return nil
}

var errSlow = errors.New("it takes too long")
