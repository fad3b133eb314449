//go:build unix

package lsp

import (
	"os/exec"
	"syscall"
)

// ownGroup makes cmd the head of a process group, so that the go commands that
// gopls runs can be ended with it, and so that a Ctrl-C in the editor's
// terminal does not reach it.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func killGroup(cmd *exec.Cmd) {
	if syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) != nil {
		cmd.Process.Kill()
	}
}
