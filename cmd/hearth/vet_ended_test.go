//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gohearth/hearth/internal/process"
)

// TestVetEnded ends hearth vet in the ways that there are while an analyzer runs
// for ever, and looks for what is left: processes, temporary folders, a report.
func TestVetEnded(t *testing.T) {
	asUser(t)
	dir, _ := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	const slow = `#!/bin/sh
case "$*" in *vet.cfg) sleep 1000 & echo $! >>"$PIDS"; wait ;; esac
exec "$@"
`
	if err := os.WriteFile(filepath.Join(dir, "slow"), []byte(slow), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOFLAGS", "-toolexec="+filepath.Join(dir, "slow"))
	for _, tt := range []struct {
		name string
		args []string
		sig  syscall.Signal
		code int
		says string
	}{
		{"Ctrl-C", nil, syscall.SIGINT, 130, "hearth: interrupted\n"},
		{"SIGTERM", nil, syscall.SIGTERM, 130, "hearth: interrupted\n"},
		{"Ctrl-C while fixing", []string{"--fix"}, syscall.SIGINT, 130, "hearth: interrupted\n"},
		{"Ctrl-C with a matrix", []string{"--goos=linux"}, syscall.SIGINT, 130, "hearth: interrupted\n"},
		{"time", []string{"--timeout=3s"}, 0, 2, "hearth: error: --timeout=3s ran out: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			temp := t.TempDir()
			pids := filepath.Join(t.TempDir(), "pids")
			t.Setenv("PIDS", pids)
			t.Setenv("TMPDIR", temp)
			report := filepath.Join(dir, "report.json")
			cmd := exec.Command(program(t), append([]string{"vet", "--format=json:" + report}, tt.args...)...)
			var stderr bytes.Buffer
			cmd.Dir, cmd.Stderr = dir, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			if tt.sig != 0 {
				for !exists(pids) {
					select {
					case err := <-ended:
						t.Fatalf("it ended before: %v\n%s", err, &stderr)
					case <-time.After(10 * time.Millisecond):
					}
				}
				if err := cmd.Process.Signal(tt.sig); err != nil {
					t.Fatal(err)
				}
			}
			<-ended
			if code := cmd.ProcessState.ExitCode(); code != tt.code || !strings.Contains(stderr.String(), tt.says) {
				t.Errorf("exit status %d, want %d\n%s", code, tt.code, &stderr)
			}
			list, _ := os.ReadFile(pids)
			for line := range strings.Lines(string(list)) {
				if pid, err := strconv.Atoi(strings.TrimSpace(line)); err != nil || runs(pid) {
					t.Errorf("process %s is left (%v)", line, err)
				}
			}
			if left, _ := os.ReadDir(temp); len(left) > 0 {
				t.Errorf("left in the folder for temporary files: %v", left)
			}
			if exists(report) {
				t.Error("there is a report")
			}
		})
	}
}

// runs reports whether a process is there and no zombie, which those are that
// nobody has buried yet.
func runs(pid int) bool {
	for range 100 { // a killed process takes a moment
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if !process.Alive(pid) || err == nil && strings.Contains(string(stat), ") Z ") {
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return true
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
