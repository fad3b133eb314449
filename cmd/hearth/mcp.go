package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/mcp"
	"github.com/gohearth/hearth/toolchain/grafts"
)

func (c *command) mcpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "mcp [DIR]",
		Short: "Serve gopls's MCP tools to a coding agent, from the session of the editor",
		Long: `Serve gopls's tools over the Model Context Protocol on standard input and output,
for coding agents that work in the workspace DIR (default: here).

The answers come from the gopls that an editor uses there, with what is unsaved
in it, or from a parked one, which is loaded once if there is none. The policy
applies: go_diagnostics reports what the editor shows and CI rejects, for the
files that it is given.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := c.mcp(cmd.Context(), dirArg(args))
			if errors.Is(err, mcp.ErrLost) {
				return hint.Add(err, "start hearth mcp again; agents do so by themselves")
			}
			return err
		},
	}
}

func (c *command) mcp(ctx context.Context, dir string) error {
	w, r, err := prepare(ctx, dir, c.say)
	if err != nil {
		return err
	}
	if err := w.needModule(); err != nil {
		return err
	}
	t, ok := w.store.Lookup(w.spec.Key())
	if !ok || !slices.Contains(t.Grafts, grafts.MCPSocket) || os.Getenv("HEARTH") == "0" {
		return c.mcpAlone(ctx, w, r)
	}
	b, err := w.backend(r)
	if err != nil {
		return err
	}
	client, err := daemonClient()
	if err != nil {
		return err
	}
	p := w.likely()[0] // so that this editor can have the session later
	answer, err := json.Marshal(b.Settings(p.Answer))
	if err != nil {
		return err
	}
	socket, err := client.MCP(ctx, sessionSpec(b, t), p.Initialize(w.dir, b.Settings(p.Options())), answer)
	if err != nil {
		c.say(fmt.Sprintf("without the daemon, so gopls loads the workspace: %s", oneLine(err)))
		return c.mcpAlone(ctx, w, r)
	}
	dial := func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", socket)
	}
	// An agent writes a file and asks at once. gopls must know of it by then.
	before := func(ctx context.Context) { _ = client.Catch(ctx, socket) } // lost: the proxy notices
	return mcp.Proxy(ctx, c.stdin, c.stdout, dial, before)
}

// mcpAlone is a gopls that serves MCP and nothing else, which loads the
// workspace for itself.
func (c *command) mcpAlone(ctx context.Context, w *workspace, r *resolved) error {
	cmd := exec.CommandContext(ctx, r.bound.GoplsPath(), "mcp")
	cmd.Dir, cmd.Env = w.dir, w.environ()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.stdin, c.stdout, c.stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running gopls mcp: %w", err)
	}
	return nil
}
