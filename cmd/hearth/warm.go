package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/cachewarm/watch"
	"github.com/gohearth/hearth/internal/progress"
)

func (c *command) warmCommand() *cobra.Command {
	var asJSON, keep bool
	cmd := &cobra.Command{
		Use:   "warm [DIR]",
		Short: "Fill the caches that an editor's first minute needs, and park a loaded gopls",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.warm(cmd.Context(), dirArg(args), asJSON); err != nil || !keep {
				return err
			}
			return c.keepWarm(cmd.Context(), dirArg(args), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	cmd.Flags().BoolVar(&keep, "watch", false, "stay, and warm again when dependencies, the branch or the policy change")
	return cmd
}

// warm is one run. The policy is read anew: it may be what changed.
func (c *command) warm(ctx context.Context, dir string, asJSON bool) error {
	w, r, err := prepare(ctx, dir, c.say)
	if err != nil {
		return err
	}
	c.warnUntrusted(w)
	if err := w.needModule(); err != nil {
		return err
	}
	step := progress.New(c.stderr).Start("warm")
	report, err := cachewarm.Run(ctx, w.warmOptions(r, func(detail string) { step.Detail("%s", detail) }))
	if err != nil {
		step.Fail("%s", oneLine(err))
		return err
	}
	step.Done("%d packages", report.Packages)
	parked, err := c.park(ctx, w, r)
	if err != nil {
		fmt.Fprintln(c.stderr, "hearth: warning:", err) // the caches are warm all the same
	}
	if asJSON {
		enc := json.NewEncoder(c.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(struct {
			*cachewarm.Report
			Parked []string `json:"parked"`
		}{report, parked})
	}
	for _, s := range report.Steps {
		if s.Error != "" {
			fmt.Fprintf(c.stderr, "hearth: warning: %s: %s\n", s.Name, s.Error)
		}
	}
	fmt.Fprintf(c.stdout, "first hover: %s before, %s now\n",
		report.FirstHoverBefore.Round(time.Millisecond), report.FirstHoverAfter.Round(time.Millisecond))
	if len(parked) > 0 {
		fmt.Fprintf(c.stdout, "parked a loaded gopls for %s; see hearth status\n", strings.Join(parked, ", "))
	}
	return nil
}

// park leaves loaded sessions for the editors to come, unless HEARTH=0 says
// that none would use them.
func (c *command) park(ctx context.Context, w *workspace, r *resolved) ([]string, error) {
	if os.Getenv("HEARTH") == "0" {
		return nil, nil
	}
	step := progress.New(c.stderr).Start("park")
	parked, err := w.park(ctx, r, w.likely(), func(editor string) { step.Detail("%s", editor) })
	if err != nil {
		step.Fail("%s", oneLine(err))
		return parked, err
	}
	step.Done("%s", strings.Join(parked, ", "))
	return parked, nil
}

// keepWarm warms again after each change that matters, one run at a time. A
// change during a run is seen after it.
func (c *command) keepWarm(ctx context.Context, dir string, asJSON bool) error {
	root, err := absDir(dir)
	if err != nil {
		return err
	}
	changes, err := watch.Workspace(ctx, root, func() []string { return append(cachewarm.ModuleFiles(root), policyFiles(root)...) }, 2*time.Second)
	if err != nil {
		fmt.Fprintln(c.stderr, "hearth: warning:", err) // it polls instead
	}
	for range changes {
		if err := c.warm(ctx, dir, asJSON); err != nil && ctx.Err() == nil {
			fmt.Fprintln(c.stderr, "hearth: error:", err) // the next change may mend it
		}
	}
	return ctx.Err()
}

// warmOptions say how to warm this workspace for the editors that were seen in
// it.
func (w *workspace) warmOptions(r *resolved, detail func(string)) cachewarm.Options {
	return cachewarm.Options{
		Root:       w.dir,
		Gopls:      r.bound.GoplsPath(),
		Env:        w.environ(),
		Go:         w.goCommand(r),
		Settings:   r.MergeSettings,
		BuildFlags: r.buildFlags(),
		Packages:   r.Warm.Packages,
		Profiles:   w.likely(),
		Progress: func(step, what string) {
			if what != "" {
				step += ": " + what
			}
			detail(step)
		},
	}
}

// goCommand runs the go command as the policy has gopls run it.
func (w *workspace) goCommand(r *resolved) func(context.Context, ...string) *exec.Cmd {
	return func(ctx context.Context, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir = w.dir
		cmd.Env = append(append(os.Environ(), "PWD="+w.dir), r.env()...)
		return cmd
	}
}
