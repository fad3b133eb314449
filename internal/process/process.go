// Package process runs commands that start others, such as the go command, so
// that all of them end when the work is called off.
//
// A command gets a process group of its own where there are such. A Ctrl-C in
// the terminal, which goes to the group of whoever reads the terminal, so
// reaches it once, through [Run], and not a second time past it.
package process

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// grace is how long a command may take to end in its own way.
const grace = 5 * time.Second

// Run runs a command that was made without a context. When ctx is done it
// interrupts the command and what that started; after a while, or when the user
// insists by another signal, or where the command is over before what it started, it
// kills them. It returns when they have ended.
func Run(ctx context.Context, cmd *exec.Cmd) error {
	OwnGroup(cmd)
	cmd.WaitDelay = grace // for whom it handed its pipes on to
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	insist := make(chan os.Signal, 1)
	signal.Notify(insist, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(insist)
	interrupt(cmd)
	select {
	case err := <-ended:
		Kill(cmd) // whom it left: of an interrupt the go command dies without a look at its tools
		return err
	case <-insist:
	case <-time.After(grace):
	}
	Kill(cmd)
	return <-ended
}
