// Package gocmd runs the go command in a workspace.
package gocmd

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/gohearth/hearth/internal/process"
	"github.com/gohearth/hearth/internal/recall"
)

// Go is the go command of a workspace.
type Go struct {
	Dir    string         // absolute
	Env    []string       // settings on top of the environment, as KEY=VALUE
	Memory *recall.Memory // of the workspace, for [Go.Recall]; nil if files may change meanwhile
}

// A Command is one run of it.
type Command struct {
	Args   []string
	Stdout io.Writer // nil to discard it

	// Work are settings that say where and how fast it works, and nothing of what
	// it prints. They win over all others.
	Work []string

	// Tools are programs that it is told to run.
	Tools []string

	// Lasting, unless nil, reports whether an output holds as long as the
	// workspace stays as it is. That of a command that fails does not. It is asked
	// before an output is kept, and again before it is repeated.
	Lasting func(stdout []byte) bool
}

// Run runs a command, which ends with ctx, and returns what it prints as errors.
// It is an [exec.ExitError] where the command ran and failed.
func (g Go) Run(ctx context.Context, c Command) (stderr []byte, err error) {
	var errs bytes.Buffer
	cmd := exec.Command("go", c.Args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = g.Dir, c.Stdout, &errs
	cmd.Env = append(append(os.Environ(), "PWD="+g.Dir), g.Env...)
	cmd.Env = append(cmd.Env, c.Work...)
	err = process.Run(ctx, cmd)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && ctx.Err() == nil {
		return errs.Bytes(), exit
	} else if err != nil {
		return nil, fmt.Errorf("running go %s: %w", c.Args[0], cmp.Or(ctx.Err(), err))
	}
	return errs.Bytes(), nil
}

// Recall is Run, or repeats what the same command printed before, if nothing has
// changed since that it depends on.
func (g Go) Recall(ctx context.Context, c Command) (stderr []byte, err error) {
	if c.Stdout == nil {
		c.Stdout = io.Discard
	}
	known := recall.Command{Args: c.Args, Env: g.Env, Tools: c.Tools}
	lasting := func(stdout []byte) bool { return c.Lasting == nil || c.Lasting(stdout) }
	if stdout, ok := g.Memory.Output(known); ok && lasting(stdout) {
		_, err := c.Stdout.Write(stdout)
		return nil, err
	}
	var stdout bytes.Buffer
	if g.Memory != nil {
		c.Stdout = io.MultiWriter(c.Stdout, &stdout)
	}
	stderr, err = g.Run(ctx, c)
	if err == nil && len(stderr) == 0 && lasting(stdout.Bytes()) {
		g.Memory.Keep(known, stdout.Bytes())
	}
	return stderr, err
}
