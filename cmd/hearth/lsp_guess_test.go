//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/gohearth/hearth/cachewarm/daemon"
)

// The second editor of a workspace has its gopls started before the go command
// has said anything, and is answered only after that, by whatever is right then.
func TestGuess(t *testing.T) {
	for _, tt := range []struct {
		name     string
		meantime func(t *testing.T, dir string)
	}{
		{"right", func(*testing.T, string) {}},
		{"wrong", func(t *testing.T, dir string) { writeFiles(t, dir, "go.work", "go 1.26\nuse .\n") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			home := asUser(t)
			dir, file := shadowWorkspace(t)
			mustHearth(t, dir, "build")
			hold := slowGo(t)
			first := edit(t, dir)
			first.hover(first.open(file), atF, "func F() error")
			if err := first.Shutdown(t.Context()); err != nil {
				t.Fatal(err)
			}
			mustHearth(t, dir, "stop", "--all")

			writeFiles(t, filepath.Dir(hold), filepath.Base(hold), "")
			tt.meantime(t, dir)
			released := make(chan error, 1)
			go func() {
				err := awaitSession(t.Context(), &daemon.Client{Place: place(home)})
				released <- errors.Join(err, os.Remove(hold))
			}()
			s := edit(t, dir)
			if isFile(hold) {
				t.Error("the editor was answered before the go command was asked")
			}
			if err := <-released; err != nil {
				t.Error(err)
			}
			s.hover(s.open(file), atF, "func F() error")
		})
	}
}

// slowGo puts a go command on PATH that waits for as long as the file hold exists.
func slowGo(t *testing.T) (hold string) {
	t.Helper()
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	hold = filepath.Join(bin, "hold")
	script := fmt.Sprintf("#!/bin/sh\nwhile test -e %q; do sleep 0.01; done\nexec %q \"$@\"\n", hold, real)
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return hold
}

// awaitSession waits until the daemon has started a gopls.
func awaitSession(ctx context.Context, client *daemon.Client) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // for a hang
	defer cancel()
	for ; ; time.Sleep(5 * time.Millisecond) {
		status, err := client.Status(ctx)
		if err == nil && len(status.Sessions) == 1 {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("no gopls is started before the go command has answered: %+v, %w", status, err)
		}
	}
}
