package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/cachewarm/bench"
	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/cachewarm/session"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/procstat"
	"github.com/gohearth/hearth/internal/progress"
)

func (c *command) benchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure what hearth is good for, here",
	}
	cmd.AddCommand(c.benchLSPCommand(), c.benchScaleCommand())
	return cmd
}

func (c *command) benchLSPCommand() *cobra.Command {
	var b lspBench
	cmd := &cobra.Command{
		Use:   "lsp [DIR]",
		Short: "Compare how long two language servers keep an editor waiting",
		Long: `Compare how long two language servers keep an editor waiting, on the files of
DIR: A is hearth lsp, B is the gopls on PATH, or that of the toolchain where
there is none.

The two take turns, each started and ended as an editor does it. Every answer is
checked, and one that is wrong ends the benchmark: the time to a wrong answer is
no time at all. The "first" figures count from the start of the process, one
after the other; the rest from the request or the edit. A ratio above 1 says
that A is the faster or the smaller.

A command is split at spaces; there is no shell and no quoting.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b.dir = dirArg(args)
			return c.benchLSP(cmd.Context(), b)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&b.a, "a", "", "command of server A (default: hearth lsp)")
	flags.StringVar(&b.b, "b", "", "command of server B, or none (default: gopls)")
	flags.IntVar(&b.runs, "runs", 20, "runs of each server")
	flags.IntVar(&b.warmup, "warmup", 1, "runs of each before these, which do not count")
	flags.StringVar(&b.profile, "profile", "vscode", "editor to be: "+strings.Join(profile.Names(), ", "))
	flags.BoolVar(&b.starts, "starts", false, "measure starts alone: no steady state, no edits")
	flags.BoolVar(&b.asJSON, "json", false, "print the report, with all samples, as JSON")
	return cmd
}

// lspBench is what was asked for on the command line.
type lspBench struct {
	dir, a, b    string
	runs, warmup int
	profile      string
	starts       bool
	asJSON       bool
}

// benchLSP looks at everything that the user can have got wrong before it
// builds anything.
func (c *command) benchLSP(ctx context.Context, b lspBench) error {
	switch {
	case b.runs < 1:
		return hint.Add(usageError{fmt.Errorf("%d runs measure nothing", b.runs)}, "write --runs=1 or more")
	case b.warmup < 0:
		return hint.Add(usageError{fmt.Errorf("there cannot be %d warm-up runs", b.warmup)}, "write --warmup=0 or more")
	case !slices.Contains(profile.Names(), b.profile):
		return hint.Add(usageError{fmt.Errorf("there is no profile %q", b.profile)}, "the names are %s", strings.Join(profile.Names(), ", "))
	}
	serverA, err := benchServer("a", b.a)
	if err != nil {
		return err
	}
	var serverB *bench.Server // nil: for lack of a name, or for "none"
	if b.b != "none" {
		if serverB, err = benchServer("b", b.b); err != nil {
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
		serverA = &bench.Server{Args: []string{self, "lsp"}, Env: append(os.Environ(), noProfile+"=1")}
	}
	if serverB == nil && b.b != "none" {
		serverB = w.stockServer(r)
	}
	target, err := cachewarm.FindTarget(ctx, w.goCommand(r))
	if err != nil {
		return fmt.Errorf("finding a file to open: %w", err)
	}
	step := progress.New(c.stderr).Start("bench")
	report, err := bench.Run(ctx, bench.Options{
		Root:       w.dir,
		Target:     target,
		Initialize: profile.Builtin(b.profile).Initialize(w.dir, nil),
		A:          *serverA,
		B:          serverB,
		Runs:       b.runs,
		Warmup:     b.warmup,
		Requests:   b.requests(),
		Rare:       b.requests(),
		Memory:     func(pid int) int64 { return servedMemory(ctx, w.dir, pid) },
		Progress:   func(what string) { step.Detail("%s", what) },
	})
	if err != nil {
		step.Fail("%s", oneLine(err))
		return err
	}
	step.Done("%d runs", b.runs)
	if b.asJSON {
		enc := json.NewEncoder(c.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(report)
	}
	return report.WriteTable(c.stdout)
}

// servedMemory is the resident memory of a server that was started, with the
// session of the daemon that it uses, if it does.
func servedMemory(ctx context.Context, dir string, pid int) int64 {
	u, err := procstat.Tree(pid)
	if err != nil {
		return 0
	}
	total := u.RSS
	client, err := daemonClient()
	if err != nil {
		return total
	}
	if status, err := client.Status(ctx); err == nil && len(u.Children) == 0 {
		for _, s := range status.Sessions {
			if s.Root == dir && s.State == session.Attached {
				total += s.Memory
			}
		}
	}
	return total
}

// requests is 0, which is the default of the benchmark, or none.
func (b lspBench) requests() int {
	if b.starts {
		return -1
	}
	return 0
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
// or one like it.
func (w *workspace) stockServer(r *resolved) *bench.Server {
	if path, ok := stockGopls(); ok {
		return &bench.Server{Args: []string{path}}
	}
	return &bench.Server{Args: []string{r.bound.GoplsPath()}, Env: w.environ()}
}
