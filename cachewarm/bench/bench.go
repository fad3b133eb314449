package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/cachewarm/bench/report"
	"github.com/gohearth/hearth/internal/procstat"
)

// Server is how to start a language server that speaks over its standard
// streams. It is started in the root of the workspace.
type Server struct {
	Args []string // Args[0] is the program
	Env  []string // nil: that of this process
}

func (s Server) String() string { return strings.Join(s.Args, " ") }

// Options say what to measure. A zero count or pause is the default.
type Options struct {
	Root       string           // absolute; the workspace that the editor opens
	Target     cachewarm.Target // where the editor is
	Initialize json.RawMessage  // the editor's parameters

	A Server
	B *Server // nil: A is measured alone

	Runs     int // of each server; 20
	Warmup   int // unmeasured runs of each before these
	Requests int // of each kind in a run; 20; below 0: the first of each alone
	Rare     int // of each kind that is slow or changes the file; 5; below 0: none

	// Settle bounds the pause between two runs; 20s. It ends as soon as the
	// machine is quiet: gopls diagnoses for seconds after an edit, and one that
	// outlives its editor goes on while the other side starts.
	Settle time.Duration

	// Timeout ends a run that hangs; 5 minutes. A kubernetes without caches
	// takes about one.
	Timeout time.Duration

	// Memory returns the resident memory that serves the process pid, or 0 if
	// it cannot be known. The default is that of its process tree, which misses a daemon.
	Memory func(pid int) int64

	Progress func(what string) // may be nil
}

func (o *Options) setDefaults() {
	o.Runs = cmp.Or(o.Runs, 20)
	o.Requests = max(0, cmp.Or(o.Requests, 20))
	o.Rare = max(0, cmp.Or(o.Rare, 5))
	o.Settle = cmp.Or(o.Settle, 20*time.Second)
	o.Timeout = cmp.Or(o.Timeout, 5*time.Minute)
	if o.Memory == nil {
		o.Memory = func(pid int) int64 {
			u, _ := procstat.Tree(pid) // gone: 0
			return u.RSS
		}
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
}

// Run measures. The error names the server, the run and the request.
func Run(ctx context.Context, opts Options) (*report.Report, error) {
	opts.setDefaults()
	plan, err := newPlan(opts.Target, opts.Requests, opts.Rare)
	if err != nil {
		return nil, fmt.Errorf("choosing what to ask for: %w", err)
	}
	servers := []side{{"A", opts.A, make(figures)}}
	if opts.B != nil {
		servers = append(servers, side{"B", *opts.B, make(figures)})
	}
	for round := range opts.Warmup + opts.Runs {
		what := fmt.Sprintf("run %d of %d", round-opts.Warmup+1, opts.Runs)
		if round < opts.Warmup {
			what = fmt.Sprintf("warm-up %d of %d", round+1, opts.Warmup)
		}
		for _, i := range order(round, len(servers)) {
			s := servers[i]
			opts.Progress(what + " of " + s.name)
			measured, err := measure(ctx, &opts, s.server, plan)
			if err != nil {
				return nil, fmt.Errorf("%s (%s), %s: %w", s.name, s.server, what, err)
			}
			if round >= opts.Warmup {
				s.figures.add(round-opts.Warmup, measured)
			}
			if err := pause(ctx, opts.Settle); err != nil {
				return nil, err
			}
		}
	}
	return newReport(&opts, servers), nil
}

// side is one of the servers under test, with what was measured of it.
type side struct {
	name    string
	server  Server
	figures figures
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

// A machine is quiet when less than this share of its CPUs has been busy in
// each of so many moments.
const (
	quietShare   = 0.15
	quietMoments = 4
	moment       = 100 * time.Millisecond
)

// pause waits until the machine is quiet, for d at most.
func pause(ctx context.Context, d time.Duration) error {
	deadline := time.Now().Add(d)
	before, known := procstat.Busy()
	for quiet := 0; quiet < quietMoments && time.Now().Before(deadline); {
		timer := time.NewTimer(min(moment, d))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
		now, _ := procstat.Busy()
		quiet++
		if known && float64(now-before) > quietShare*float64(moment)*float64(runtime.NumCPU()) {
			quiet = 0
		}
		before = now
	}
	return nil
}

var errSlow = errors.New("it takes too long")
