package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/editor"
	"github.com/gohearth/hearth/internal/userdir"
)

func (c *command) uninstallCommand() *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Take back all that setup did to this user's editors and folders",
		Long: `Give the editors' files back as they were, then remove the installed hearth,
the built toolchains, the trust and the recorded profiles, and end the daemon
with its parked sessions.

What is yours stays: each repository's hearth.yaml and hearth.sum, your own
config.yaml, and the caches of Go and gopls.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.uninstall(cmd.Context(), dryRun) },
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "show what would be removed")
	return cmd
}

func (c *command) uninstall(ctx context.Context, dryRun bool) error {
	to, err := installPaths()
	if err != nil {
		return err
	}
	env, err := editor.System(to.gopls)
	if err != nil {
		return err
	}
	if dryRun {
		fmt.Fprintln(c.stdout, "would give back the files of the editors that setup wired")
	} else {
		made, left, err := editor.Uninstall(env, editor.All...)
		for _, change := range made {
			fmt.Fprintln(c.stdout, "gave back", change.Path)
		}
		for _, note := range left {
			fmt.Fprintln(c.stdout, note)
		}
		if err != nil {
			return err // the journal must survive until every file is given back
		}
	}
	if err := c.endDaemon(ctx, dryRun); err != nil {
		return err
	}
	for _, folder := range []func() (string, error){userdir.Data, userdir.Cache, userdir.State} {
		dir, err := folder()
		if err != nil {
			return err
		}
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		if dryRun {
			fmt.Fprintln(c.stdout, "would remove", dir)
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("uninstalling: %w", err)
		}
		fmt.Fprintln(c.stdout, "removed", dir)
	}
	return nil
}

// endDaemon ends the daemon before its folder goes: it would make it again.
func (c *command) endDaemon(ctx context.Context, dryRun bool) error {
	client, err := daemonClient()
	if err != nil {
		return err
	}
	status, err := client.Status(ctx)
	switch {
	case errors.Is(err, daemon.ErrNone):
		return nil
	case err != nil:
		return fmt.Errorf("asking the daemon: %w", err)
	case dryRun:
		fmt.Fprintf(c.stdout, "would end the daemon, process %d\n", status.Pid)
		return nil
	}
	_, inUse, err := client.Stop(ctx, "")
	if err != nil {
		return fmt.Errorf("ending the daemon: %w", err)
	}
	fmt.Fprintf(c.stdout, "ended the daemon, process %d\n", status.Pid)
	if inUse > 0 {
		fmt.Fprintf(c.stdout, "%d of its sessions are in use, and end with their editors\n", inUse)
	}
	return nil
}
