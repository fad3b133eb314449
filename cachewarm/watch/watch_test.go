package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/gohearth/hearth/internal/hint"
)

const (
	quiet = 20 * time.Millisecond
	hang  = time.Minute // after which a test is stuck, however slow the machine
)

func write(t *testing.T, path, data string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
		t.Fatal(err)
	}
}

// replace does what editors do to save a file.
func replace(t *testing.T, path, data string) {
	t.Helper()
	write(t, path+".tmp", data)
	if err := os.Rename(path+".tmp", path); err != nil {
		t.Fatal(err)
	}
}

func wait(t *testing.T, changes <-chan struct{}) {
	t.Helper()
	select {
	case _, ok := <-changes:
		if !ok {
			t.Fatal("channel closed")
		}
	case <-time.After(hang):
		t.Fatal("no change was reported")
	}
}

// drain takes reports until none has come for a while, so that what follows is
// about later changes. Too short a while makes a test weaker, not flaky.
func drain(changes <-chan struct{}) {
	for {
		select {
		case <-changes:
		case <-time.After(10 * quiet):
			return
		}
	}
}

// each runs a test with events alone, and with polling alone.
func each(t *testing.T, test func(t *testing.T, files func(paths ...string) <-chan struct{})) {
	modes := []struct {
		name string
		cfg  config
	}{
		{"events", config{check: time.Hour}},
		{"polling", config{
			poll: quiet,
			open: func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE },
		}},
	}
	for _, mode := range modes {
		t.Run(mode.name, func(t *testing.T) {
			t.Parallel()
			test(t, func(paths ...string) <-chan struct{} {
				cfg := mode.cfg
				cfg.quiet = quiet
				cfg.paths = func() []string { return paths }
				changes, err := start(t.Context(), cfg)
				if err != nil && mode.name == "events" {
					t.Skip(err)
				}
				return changes
			})
		})
	}
}

func TestWrite(t *testing.T) {
	each(t, func(t *testing.T, files func(...string) <-chan struct{}) {
		path := filepath.Join(t.TempDir(), "hearth.yaml")
		write(t, path, "a")
		changes := files(path)
		write(t, path, "ab")
		wait(t, changes)
	})
}

func TestReplace(t *testing.T) {
	each(t, func(t *testing.T, files func(...string) <-chan struct{}) {
		path := filepath.Join(t.TempDir(), "hearth.yaml")
		write(t, path, "0")
		changes := files(path)
		for i := range 3 { // the watch outlives the inode
			replace(t, path, fmt.Sprint(i))
			wait(t, changes)
			drain(changes)
		}
	})
}

func TestRemoveAndCreate(t *testing.T) {
	each(t, func(t *testing.T, files func(...string) <-chan struct{}) {
		path := filepath.Join(t.TempDir(), "hearth.yaml")
		write(t, path, "a")
		changes := files(path)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		wait(t, changes)
		drain(changes)
		write(t, path, "a")
		wait(t, changes)
	})
}

func TestFolderAppears(t *testing.T) {
	each(t, func(t *testing.T, files func(...string) <-chan struct{}) {
		dir := t.TempDir()
		path := filepath.Join(dir, "a", "b", "c", "trust.json")
		changes := files(path)
		write(t, path, "a")
		wait(t, changes)
		drain(changes)

		if err := os.RemoveAll(filepath.Join(dir, "a")); err != nil {
			t.Fatal(err)
		}
		wait(t, changes)
		drain(changes)

		write(t, path, "b")
		wait(t, changes)
	})
}

func TestFolderMovesIntoPlace(t *testing.T) {
	each(t, func(t *testing.T, files func(...string) <-chan struct{}) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "new", "sub", "go.mod"), "a")
		changes := files(filepath.Join(dir, "old", "sub", "go.mod"))
		if err := os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, "old")); err != nil {
			t.Fatal(err)
		}
		wait(t, changes)
		drain(changes)
		write(t, filepath.Join(dir, "old", "sub", "go.mod"), "ab")
		wait(t, changes)
	})
}

func TestSymlink(t *testing.T) {
	each(t, func(t *testing.T, files func(...string) <-chan struct{}) {
		dir := t.TempDir()
		target := filepath.Join(dir, "dotfiles", "hearth.yaml")
		write(t, target, "a")
		link := filepath.Join(dir, "work", "hearth.yaml")
		write(t, filepath.Join(dir, "work", "other"), "")
		if err := os.Symlink(target, link); err != nil {
			t.Skip(err)
		}
		changes := files(link)
		write(t, target, "ab") // in a folder that no path names
		wait(t, changes)
	})
}

func TestNeighbour(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "go.mod")
	write(t, path, "a")
	changes, err := Files(t.Context(), []string{path}, 0)
	if err != nil {
		t.Skip(err)
	}
	for i := range 100 {
		write(t, filepath.Join(dir, fmt.Sprint("other", i)), "a")
	}
	// Events of one folder come in order: if the neighbours had been reported,
	// then by now.
	write(t, path, "ab")
	wait(t, changes)
	drain(changes)
	write(t, filepath.Join(dir, "other"), "b")
	select {
	case <-changes:
		t.Error("a change of another file was reported")
	case <-time.After(10 * quiet):
	}
}

func TestManyChangesAreOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "go.mod")
	write(t, path, "")
	changes, err := Files(t.Context(), []string{path}, 100*time.Millisecond)
	if err != nil {
		t.Skip(err)
	}
	for i := range 1000 {
		write(t, path, fmt.Sprint(i))
	}
	wait(t, changes)
	reports := 1
	for done := false; !done; {
		select {
		case <-changes:
			reports++
		case <-time.After(500 * time.Millisecond):
			done = true
		}
	}
	if reports > 100 { // a slow machine writes for many quiet periods
		t.Errorf("%d reports of 1000 changes", reports)
	}
}

func TestChangesThatNeverStop(t *testing.T) {
	path := filepath.Join(t.TempDir(), "go.mod")
	write(t, path, "")
	// The writer is much faster than the quiet period.
	changes, err := Files(t.Context(), []string{path}, 200*time.Millisecond)
	if err != nil {
		t.Skip(err)
	}
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				os.WriteFile(path, []byte(fmt.Sprint(i)), 0o666)
			}
		}
	}()
	wait(t, changes)
	close(stop)
	<-done
}

func TestSlowReader(t *testing.T) {
	path := filepath.Join(t.TempDir(), "go.mod")
	write(t, path, "")
	changes, _ := Files(t.Context(), []string{path}, 0)
	for i := range 20 {
		write(t, path, strings.Repeat("x", i))
		time.Sleep(quiet)
	}
	wait(t, changes)
	if n := len(changes); n > 1 {
		t.Errorf("%d reports wait", n)
	}
}

func TestClosedAfterEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	changes, _ := Files(ctx, []string{filepath.Join(t.TempDir(), "x")}, quiet)
	cancel()
	select {
	case _, ok := <-changes:
		if ok {
			t.Error("a report instead of the end")
		}
	case <-time.After(hang):
		t.Error("the channel stays open")
	}
}

func TestHint(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the limits are those of inotify")
	}
	for _, test := range []struct {
		err  error
		want string
	}{
		{syscall.EMFILE, "fs.inotify.max_user_instances"},
		{syscall.ENOSPC, "fs.inotify.max_user_watches"},
	} {
		changes, err := start(t.Context(), config{
			paths: func() []string { return nil },
			open:  func() (*fsnotify.Watcher, error) { return nil, test.err },
		})
		if changes == nil || !errors.Is(err, test.err) || !strings.Contains(hint.Of(err), test.want) {
			t.Errorf("%v: channel %v, error %v, hint %q", test.err, changes, err, hint.Of(err))
		}
	}
}

// TestEventsEnd is about a watch that works at first.
func TestEventsEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "go.mod")
	write(t, path, "")
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		t.Skip(err)
	}
	changes, err := start(t.Context(), config{
		paths: func() []string { return []string{path} },
		open:  func() (*fsnotify.Watcher, error) { return notify, nil },
		quiet: quiet,
		poll:  quiet,
		check: time.Hour,
	})
	if err != nil {
		t.Skip(err)
	}
	notify.Close()
	write(t, path, "a")
	wait(t, changes)
}

func TestWorkspace(t *testing.T) {
	dir := t.TempDir()
	git := filepath.Join(dir, ".git")
	write(t, filepath.Join(git, "HEAD"), "ref: refs/heads/main\n")
	write(t, filepath.Join(dir, "go.work"), "a")
	var more atomic.Bool // go.work names another module
	changes, err := Workspace(t.Context(), filepath.Join(dir, "sub"), func() []string {
		paths := []string{filepath.Join(dir, "go.work")}
		if more.Load() {
			paths = append(paths, filepath.Join(dir, "b", "go.mod"))
		}
		return paths
	}, quiet)
	if err != nil {
		t.Skip(err)
	}

	replace(t, filepath.Join(git, "HEAD"), "ref: refs/heads/other\n")
	wait(t, changes)
	drain(changes)

	more.Store(true)
	write(t, filepath.Join(dir, "go.work"), "ab")
	wait(t, changes)
	drain(changes)
	write(t, filepath.Join(dir, "b", "go.mod"), "module b\n")
	wait(t, changes)
	drain(changes)

	// A rebase.
	write(t, filepath.Join(git, "rebase-merge", "todo"), "")
	write(t, filepath.Join(git, "HEAD"), "0123")
	select {
	case <-changes:
		t.Error("a change was reported during a rebase")
	case <-time.After(20 * quiet):
	}
	if err := os.RemoveAll(filepath.Join(git, "rebase-merge")); err != nil {
		t.Fatal(err)
	}
	wait(t, changes)
}

func TestGitDir(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "main", ".git", "HEAD"), "")
	write(t, filepath.Join(dir, "tree", ".git"), "gitdir: "+filepath.Join(dir, "main", ".git", "worktrees", "tree")+"\n")
	write(t, filepath.Join(dir, "main", "sub", ".git"), "gitdir: ../.git/modules/sub\n")
	write(t, filepath.Join(dir, "odd", ".git"), "?")
	for in, want := range map[string]string{
		"main/a/b": "main/.git",
		"tree/a":   "main/.git/worktrees/tree",
		"main/sub": "main/.git/modules/sub",
		"odd":      "",
	} {
		if want != "" {
			want = filepath.Join(dir, filepath.FromSlash(want))
		}
		if got := gitDir(filepath.Join(dir, filepath.FromSlash(in))); got != want {
			t.Errorf("gitDir(%s) = %q, want %q", in, got, want)
		}
	}
}
