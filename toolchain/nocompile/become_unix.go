//go:build unix

package nocompile

import (
	"os"
	"os/exec"
	"syscall"
)

// become runs a command in place of this process.
func become(args []string) error {
	path, err := exec.LookPath(args[0])
	if err != nil {
		return err
	}
	return syscall.Exec(path, args, os.Environ())
}
