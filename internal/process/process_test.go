//go:build unix

package process_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gohearth/hearth/internal/process"
)

// start runs a shell script that prints a process id, and returns it with what
// Run will return.
func start(t *testing.T, ctx context.Context, script string) (pid int, ended chan error) {
	t.Helper()
	read, write := io.Pipe()
	cmd := exec.Command("sh", "-c", script)
	cmd.Stdout = write
	ended = make(chan error, 1)
	go func() { ended <- process.Run(ctx, cmd) }()
	line := make([]byte, 20)
	n, err := read.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	if pid, err = strconv.Atoi(strings.TrimSpace(string(line[:n]))); err != nil {
		t.Fatal(err)
	}
	return pid, ended
}

func TestRun(t *testing.T) {
	if err := process.Run(t.Context(), exec.Command("true")); err != nil {
		t.Error(err)
	}
	if _, ok := errors.AsType[*exec.ExitError](process.Run(t.Context(), exec.Command("false"))); !ok {
		t.Error("the exit status is lost")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := process.Run(ctx, exec.Command("true")); !errors.Is(err, context.Canceled) {
		t.Errorf("it starts a command that was called off: %v", err)
	}
}

// What a command started ends with it.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	pid, ended := start(t, ctx, "sleep 1000 & echo $!; wait")
	if !process.Alive(pid) {
		t.Fatal("it is not there")
	}
	cancel()
	if err := <-ended; err == nil {
		t.Error("no error")
	}
	waitGone(t, pid)
}

// A command that does not listen is killed when the user insists.
func TestInsist(t *testing.T) {
	own := make(chan os.Signal, 100) // or the signal would end the test
	signal.Notify(own, syscall.SIGTERM)
	defer signal.Stop(own)
	ctx, cancel := context.WithCancel(t.Context())
	pid, ended := start(t, ctx, "trap '' INT; sleep 1000 & echo $!; wait")
	cancel()
	for {
		select {
		case <-ended:
			waitGone(t, pid)
			return
		case <-time.After(20 * time.Millisecond):
			if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// waitGone waits for a process that was sent a signal to be gone, or to be a
// zombie that nobody has buried yet.
func waitGone(t *testing.T, pid int) {
	t.Helper()
	for process.Alive(pid) {
		if stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err == nil && strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond) // the test's own time limit ends it
	}
}
