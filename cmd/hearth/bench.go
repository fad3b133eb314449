package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/modfile"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/cachewarm/bench"
	benchreport "github.com/gohearth/hearth/cachewarm/bench/report"
	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/progress"
	"github.com/gohearth/hearth/toolchain"
)

func (c *command) benchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure what hearth is good for, here",
	}
	cmd.AddCommand(c.benchLSPCommand(), c.benchShowCommand(), c.benchScaleCommand())
	return cmd
}

func (c *command) benchLSPCommand() *cobra.Command {
	var b lspBench
	cmd := &cobra.Command{
		Use:   "lsp [DIR]",
		Short: "Compare how long two language servers keep an editor waiting",
		Long: `Compare how long two language servers keep an editor waiting, on the files of
DIR: A is hearth lsp, B is the gopls on PATH, or where there is none that of the
toolchain without its grafts.

Both get the settings of the policy, so that a gopls of yours runs the same
analyzers where it has them. They take turns, each started and ended as an editor
does it. Every answer is checked, and one that is wrong ends the benchmark: the
time to a wrong answer is no time at all. The scenarios:

  cold     start with empty caches, private ones that are removed afterwards;
           takes minutes on a large tree, so that it must be asked for
  warm     start with the caches as they are, as the first one of the day
  attach   start while hearth's daemon keeps a session from before; other
           servers keep none, and start as in warm
  steady   questions about files that are open and diagnosed
  edit     edits and a save, each followed by a question or its diagnostics
  typing   10 keys per second, with a completion on each
  memory   resident after all that, and when nothing is going on any more

The first three count from the start of the process, the others from the request,
the edit or the key. A ratio above 1 says that A is the faster or the smaller.
The files are those that most of git's last commits touched, and the places
in them are drawn by lot; the same seed draws the same ones. No file is
written, and hearth's daemon is one of the benchmark's own.

A command is split at spaces; there is no shell and no quoting.
` + benchGateHelp,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b.dir = dirArg(args)
			b.drawn = !cmd.Flags().Changed("seed")
			b.repeat = repeatFlags(cmd)
			return c.benchLSP(cmd.Context(), b)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&b.a, "a", "", "command of server A (default: hearth lsp)")
	flags.StringVar(&b.against, "against", "", "command of server B, or none (default: gopls)")
	flags.StringSliceVar(&b.scenarios, "scenarios", bench.DefaultScenarios(), "what to measure: "+strings.Join(bench.Scenarios(), ", "))
	flags.IntVar(&b.runs, "runs", 10, "runs of each server in each way to start; cold: 5 at most")
	flags.IntVar(&b.warmup, "warmup", 1, "runs of each before these, which do not count")
	flags.IntVar(&b.files, "files", 8, "files to work on")
	flags.DurationVar(&b.settle, "settle", 20*time.Second, "how long to wait between two runs for a quiet machine")
	flags.Uint64Var(&b.seed, "seed", 0, "decides the places in the files (default: another one each time)")
	flags.StringVar(&b.profile, "profile", "vscode", "editor to be: "+strings.Join(profile.Names(), ", "))
	flags.BoolVar(&b.trace, "trace", true, "ask gopls how long requests wait in its queue, in further runs")
	b.report.addFlags(flags)
	return cmd
}

// lspBench is what was asked for on the command line.
type lspBench struct {
	dir, a, against     string
	scenarios           []string
	runs, warmup, files int
	seed                uint64
	settle              time.Duration
	profile             string
	trace               bool
	drawn               bool   // whether the seed is by lot
	repeat              string // the command line but for the folder
	report              benchReport
}

// check looks at everything that the user can have got wrong before anything is
// built.
func (b *lspBench) check() error {
	switch {
	case b.runs < 1:
		return hint.Add(usageError{fmt.Errorf("%d runs measure nothing", b.runs)}, "write --runs=1 or more")
	case b.warmup < 0:
		return hint.Add(usageError{fmt.Errorf("there cannot be %d warm-up runs", b.warmup)}, "write --warmup=0 or more")
	case b.files < 1:
		return hint.Add(usageError{fmt.Errorf("there is nothing to ask about %d files", b.files)}, "write --files=1 or more")
	case b.settle <= 0:
		return hint.Add(usageError{fmt.Errorf("runs cannot be %s apart", b.settle)}, "write --settle=1s or more")
	case !slices.Contains(profile.Names(), b.profile):
		return hint.Add(usageError{fmt.Errorf("there is no profile %q", b.profile)}, "the names are %s", strings.Join(profile.Names(), ", "))
	case len(b.scenarios) == 0:
		return hint.Add(usageError{errors.New("there is no scenario to measure")}, "the names are %s", strings.Join(bench.Scenarios(), ", "))
	}
	for _, name := range b.scenarios {
		if !slices.Contains(bench.Scenarios(), name) {
			return hint.Add(usageError{fmt.Errorf("there is no scenario %q", name)}, "the names are %s", strings.Join(bench.Scenarios(), ", "))
		}
	}
	return nil
}

func (c *command) benchLSP(ctx context.Context, b lspBench) error {
	if err := b.check(); err != nil {
		return err
	}
	if err := b.report.readGate(); err != nil {
		return err
	}
	if b.drawn {
		b.seed = uint64(rand.Uint32())
		if b.report.old != nil {
			b.seed = b.report.old.Seed // the same places
		}
	}
	serverA, err := benchServer("a", b.a)
	if err != nil {
		return err
	}
	var serverB *bench.Server // nil: for lack of a name, or for "none"
	if b.against != "none" {
		if serverB, err = benchServer("against", b.against); err != nil {
			return err
		}
	}
	w, err := openWorkspace(ctx, b.dir)
	if err != nil {
		return err
	}
	if err := w.needModule(); err != nil {
		return err
	}
	// Even where neither server is of it: it says how Go runs here, and without
	// it A would be whatever answers until it is built.
	t, _, err := w.ensure(ctx, c.say)
	if err != nil {
		return err
	}
	r, err := w.resolve(ctx, t)
	if err != nil {
		return err
	}
	if serverA == nil {
		self, err := os.Executable()
		if err != nil {
			return fmt.Errorf("finding hearth: %w", err)
		}
		serverA = &bench.Server{Args: []string{self, "lsp"}}
	}
	if serverB == nil && b.against != "none" {
		if serverB, err = c.stockServer(ctx, w, r); err != nil {
			return err
		}
	}
	if err := b.report.ready(b.runs, serverA, serverB); err != nil {
		return err
	}
	sources, err := cachewarm.FindSources(ctx, w.goCommand(r))
	if err != nil {
		return fmt.Errorf("finding files to work on: %w", err)
	}
	files, from, err := bench.HotFiles(ctx, w.dir, sources, b.files)
	if err != nil {
		return fmt.Errorf("finding files to work on: %w", err)
	}
	c.say(fmt.Sprintf("seed %d, %d files of %s", b.seed, len(files), from))
	opts := bench.Options{
		Root:       w.dir,
		Files:      files,
		Initialize: profile.Builtin(b.profile).Initialize(w.dir, nil),
		Settings:   r.Gopls, // so that another gopls runs what it has of the policy's analyzers
		Scenarios:  b.scenarios,
		Seed:       b.seed,
		Runs:       b.runs,
		Warmup:     b.warmup,
		Settle:     b.settle,
	}
	found, err := c.runBench(ctx, opts, b, serverA, serverB)
	if err != nil {
		return err
	}
	w.describe(ctx, found)
	found.Repeat = repeat(b.repeat, found)
	return c.show(found, &b.report)
}

// runBench gives each server a daemon of its own, should it use one, and runs
// the benchmark.
func (c *command) runBench(ctx context.Context, opts bench.Options, b lspBench, servers ...*bench.Server) (*benchreport.Report, error) {
	for i, s := range servers {
		if s == nil {
			continue
		}
		d, err := newBenchDaemon()
		if err != nil {
			return nil, err
		}
		defer d.remove()
		own := d.serve(*s, b.trace)
		if i == 0 {
			opts.A = own
		} else {
			opts.B = &own
		}
	}
	step := progress.New(c.stderr).Start("bench")
	opts.Progress = func(what string) { step.Detail("%s", what) }
	found, err := bench.Run(ctx, opts)
	if err != nil {
		step.Fail("%s", oneLine(err))
		return nil, err
	}
	step.Done("%d runs", b.runs)
	return found, nil
}

// describe adds what the workspace tells of itself.
func (w *workspace) describe(ctx context.Context, r *benchreport.Report) {
	r.Machine.Go = w.goTool.Version
	if data, err := os.ReadFile(filepath.Join(w.dir, "go.mod")); err == nil {
		r.Module = modfile.ModulePath(data)
	}
	if out, err := exec.CommandContext(ctx, "git", "-C", w.dir, "rev-parse", "HEAD").Output(); err == nil {
		r.Commit = strings.TrimSpace(string(out))
	}
}

// benchServer reads the value of a flag that names a command, or returns nil
// if there is none.
func benchServer(flag, line string) (*bench.Server, error) {
	args := strings.Fields(line)
	if len(args) == 0 {
		return nil, nil
	}
	path, err := exec.LookPath(args[0])
	if err == nil {
		path, err = filepath.Abs(path) // it is started in another folder
	}
	if err != nil {
		return nil, hint.Add(usageError{fmt.Errorf("--%s: finding %q: %w", flag, args[0], err)},
			"give --%s the path of an executable, or put its folder on PATH", flag)
	}
	args[0] = path
	return &bench.Server{Args: args}, nil
}

// stockServer is what the user would have without hearth: the gopls on PATH,
// or one like it, which has no grafts, and is built where there is none.
func (c *command) stockServer(ctx context.Context, w *workspace, r *resolved) (*bench.Server, error) {
	if path, ok := stockGopls(); ok {
		return &bench.Server{Args: []string{path}}, nil
	}
	spec, err := toolchain.NewSpec(w.goTool, w.spec.Plugins, nil)
	if err != nil {
		return nil, err
	}
	spec.Sums = w.spec.Sums
	t, _, err := w.store.Ensure(ctx, spec, c.say)
	if err != nil {
		return nil, fmt.Errorf("building a gopls without grafts to compare with: %w", err)
	}
	bound, err := w.store.Bind(t, &r.Policy)
	if err != nil {
		return nil, err
	}
	return &bench.Server{Args: []string{bound.GoplsPath()}, Env: w.environ()}, nil
}
