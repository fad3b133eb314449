package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/cachewarm/watch"
	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/growth"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/progress"
	"github.com/gohearth/hearth/internal/recall"
	"github.com/gohearth/hearth/internal/synth"
)

// scaleBench is what was asked for on the command line.
type scaleBench struct {
	sizes  []int
	shape  synth.Shape
	runs   int
	stock  string
	from   string
	svg    string
	asJSON bool
}

func (c *command) benchScaleCommand() *cobra.Command {
	var b scaleBench
	cmd := &cobra.Command{
		Use:   "scale",
		Short: "Measure how what hearth does grows with a workspace",
		Long: `Write workspaces of several sizes, and measure in each how long hearth lsp and a
gopls of its own keep an editor waiting, what memory they take, and how long
hearth sets up its watcher, resolves the policy and looks for changes before it
vets. What an editor waits for when it attaches to a session must not grow, and
nothing of hearth's faster than the workspace.

Each row of the table ends with the exponent k of the size^k that fits it best,
that of the last two sizes alone, and what is allowed. Exit status 1 says that
something grows faster than it may.

All that is written is in a temporary folder, some 20 kB for each package, and
removed afterwards. 20,000 packages take several GB of memory and half an hour:

	hearth bench scale --sizes=100,1000,5000,20000 --json >scale.json
	hearth bench scale --from=scale.json --svg=docs/performance`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.benchScale(cmd.Context(), b) },
	}
	flags := cmd.Flags()
	flags.IntSliceVar(&b.sizes, "sizes", []int{100, 1000, 5000}, "packages of each workspace")
	flags.IntVar(&b.shape.Files, "files", 0, "files of each package (default 4)")
	flags.IntVar(&b.shape.Depth, "depth", 0, "layers of packages (default 6)")
	flags.IntVar(&b.shape.FanIn, "fan-in", 0, "packages that import one, on average (default 3)")
	flags.Uint64Var(&b.shape.Seed, "seed", 1, "of what is made up")
	flags.IntVar(&b.runs, "runs", 3, "runs of each server in each workspace, with empty caches and with full ones")
	flags.StringVar(&b.stock, "against", "", "command of the server to compare with (default: gopls)")
	flags.StringVar(&b.from, "from", "", "measure nothing, and show what --json printed into this file")
	flags.StringVar(&b.svg, "svg", "", "folder for plots, one for each quantity")
	flags.BoolVar(&b.asJSON, "json", false, "print the report, with all samples, as JSON")
	return cmd
}

// benchScale measures, or reads what was measured, and shows it.
func (c *command) benchScale(ctx context.Context, b scaleBench) error {
	slices.Sort(b.sizes)
	b.sizes = slices.Compact(b.sizes)
	switch {
	case len(b.sizes) == 0 || b.sizes[0] < 1:
		return hint.Add(usageError{errors.New("there is no workspace without packages")}, "write --sizes=100,1000")
	case b.runs < 1:
		return hint.Add(usageError{fmt.Errorf("%d runs measure nothing", b.runs)}, "write --runs=1 or more")
	case b.shape.Files < 0 || b.shape.Depth < 0 || b.shape.FanIn < 0:
		return hint.Add(usageError{errors.New("there cannot be fewer than no files, layers or importers")}, "see hearth bench scale --help")
	}
	report, err := c.measureScale(ctx, b)
	if err != nil {
		return err
	}
	if b.svg != "" {
		files, err := report.WritePlots(b.svg)
		if err != nil {
			return fmt.Errorf("writing plots: %w", err)
		}
		c.say(fmt.Sprintf("wrote %d plots into %s", len(files), b.svg))
	}
	if b.asJSON {
		enc := json.NewEncoder(c.stdout)
		enc.SetIndent("", "  ")
		err = enc.Encode(report)
	} else {
		err = report.WriteTable(c.stdout)
	}
	if err != nil {
		return err
	}
	for _, line := range report.Findings() {
		fmt.Fprintln(c.stderr, "hearth: finding:", line)
		err = exitCode(1)
	}
	return err
}

func (c *command) measureScale(ctx context.Context, b scaleBench) (*growth.Report, error) {
	if b.from != "" {
		return readScale(b.from)
	}
	o := growth.Options{Sizes: b.sizes, Shape: b.shape, Runs: b.runs}
	if err := c.scaleServers(ctx, b, &o); err != nil {
		return nil, err
	}
	step := progress.New(c.stderr).Start("bench")
	o.Progress = func(what string) { step.Detail("%s", what) }
	report, err := growth.Run(ctx, o)
	if err != nil {
		step.Fail("%s", oneLine(err))
		return nil, err
	}
	step.Done("%d sizes", len(b.sizes))
	return report, nil
}

// readScale reads what --json printed.
func readScale(file string) (*growth.Report, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, hint.Add(usageError{fmt.Errorf("--from: %w", err)}, "write it with hearth bench scale --json >FILE")
	}
	var r growth.Report
	if err := json.Unmarshal(data, &r); err == nil && len(r.Quantities) > 0 {
		return &r, nil
	}
	return nil, hint.Add(fmt.Errorf("%s is not a report of hearth bench scale", file), "write it with hearth bench scale --json >FILE")
}

// scaleServers builds what is measured. The toolchain is the same in all
// workspaces, as their policy is, so that one is enough.
func (c *command) scaleServers(ctx context.Context, b scaleBench, o *growth.Options) error {
	stock, err := benchServer("against", b.stock)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "hearth-scale-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return err
	}
	if err := errors.Join(synth.Write(dir, synth.Shape{Packages: 1}), writeScalePolicy(dir)); err != nil {
		return err
	}
	w, err := openWorkspace(ctx, dir)
	if err != nil {
		return err
	}
	defer w.store.Forget(dir)
	t, _, err := w.ensure(ctx, c.say)
	if err != nil {
		return err
	}
	r, err := w.resolve(ctx, t)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding hearth: %w", err)
	}
	if stock == nil {
		if stock, err = c.stockServer(ctx, w, r); err != nil {
			return err
		}
	}
	// No settings for hearth: the policy says the same, and more.
	o.Ours = growth.Server{Args: []string{self, "lsp"}}
	o.Stock = growth.Server{Args: stock.Args, Env: stock.Env, Settings: map[string]any{
		"staticcheck": true, "analyses": map[string]any{"shadow": true, "unusedparams": true},
	}}
	o.Prepare = func(dir string) (func(), error) {
		return func() { w.store.Forget(dir) }, writeScalePolicy(dir)
	}
	o.Probes = []growth.Probe{watchProbe(), policyProbe(r.api), recallProbe(w)}
	return nil
}

// watchProbe times what a session does to see changes.
func watchProbe() growth.Probe {
	return growth.Probe{Name: "setting up the watcher", Run: func(ctx context.Context, dir string) (func(), error) {
		ctx, cancel := context.WithCancel(ctx)
		tree, err := watch.NewTree(ctx, watch.TreeOptions{Roots: []string{dir}}, func([]watch.Event) {})
		if err != nil {
			cancel()
			return nil, err
		}
		if _, _, mode := tree.Status(); mode != "events" {
			cancel()
			return nil, errors.New(mode) // it says what to do about it
		}
		return func() { cancel(); <-tree.Done() }, nil
	}}
}

// policyProbe times what hearth lsp does before each start of gopls.
func policyProbe(api *goplsconfig.API) growth.Probe {
	return growth.Probe{Name: "resolving the policy", Run: func(_ context.Context, dir string) (func(), error) {
		s, err := goplsconfig.Load(dir)
		if err != nil {
			return nil, err
		}
		_, err = s.Resolve(goplsconfig.Options{API: api})
		return nil, err
	}}
}

// recallProbe times how hearth vet finds out that nothing has changed.
func recallProbe(w *workspace) growth.Probe {
	return growth.Probe{Name: "looking for changes before vet", Run: func(_ context.Context, dir string) (func(), error) {
		_, err := recall.Open(recall.Workspace{
			Dir: dir, Root: w.goTool.Root, Cache: filepath.Join(filepath.Dir(dir), "go"), Mod: filepath.Join(dir, "go.mod"),
		})
		return nil, err
	}}
}

// scaleRules is how many rules the policy of the workspaces has.
const scaleRules = 20

// writeScalePolicy writes the policy of the workspaces: more than the default
// one, with rules of which none finds anything and half hold for a layer alone.
// One is about versions of a module, for which the go command is asked.
func writeScalePolicy(dir string) error {
	var b strings.Builder
	io.WriteString(&b, "version: 1\ngopls: {staticcheck: true}\nanalyzers: {enable: [shadow, unusedparams]}\nrules:\n")
	io.WriteString(&b, "  - {id: old, message: update it, forbid-import: 'example.com/old@<v1.0.0'}\n")
	for i := range scaleRules - 1 {
		scope := ""
		if i%2 == 1 {
			scope = fmt.Sprintf(", in: [%s/layer%02d/...]", synth.Module, i/2)
		}
		fmt.Fprintf(&b, "  - {id: no-%d, message: use the helper of the team, forbid-call: [os.Exit]%s}\n", i, scope)
	}
	return os.WriteFile(filepath.Join(dir, goplsconfig.FileName), []byte(b.String()), 0o666)
}
