//go:build unix

package process

import (
	"os/exec"
	"syscall"
)

// OwnGroup makes a command that is about to start the head of a process group.
func OwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// Kill ends a command with [OwnGroup] and all that it started.
func Kill(cmd *exec.Cmd) {
	if syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) != nil {
		cmd.Process.Kill()
	}
}

// interrupt asks the group to end. It is SIGINT whatever hearth was sent, for
// which more programs clean up.
func interrupt(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }

// Alive reports whether there is a process of this number.
func Alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}
