//go:build !unix

package process

import (
	"os"
	"os/exec"
)

// OwnGroup does nothing: there are no groups that could be signalled.
func OwnGroup(*exec.Cmd) {}

// Kill ends a command.
func Kill(cmd *exec.Cmd) { cmd.Process.Kill() }

// interrupt ends a command, as it cannot be asked to.
func interrupt(cmd *exec.Cmd) { Kill(cmd) }

// Alive reports whether there is a process of this number.
func Alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err == nil {
		p.Release()
	}
	return err == nil
}
