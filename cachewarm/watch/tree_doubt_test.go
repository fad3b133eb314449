package watch

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// deaf opens a watcher that never sends an event.
func deaf() (*fsnotify.Watcher, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	go func() {
		for range w.Events {
		}
	}()
	silent := *w
	silent.Events = make(chan fsnotify.Event)
	return &silent, nil
}

func TestTreeSleep(t *testing.T) {
	dir := t.TempDir()
	var mu sync.Mutex
	var asleep time.Duration
	_, r := startTree(t, treeConfig{
		TreeOptions: TreeOptions{Roots: []string{dir}},
		open:        deaf,
		tick:        quiet,
		drift: func() time.Duration {
			mu.Lock()
			defer mu.Unlock()
			return asleep
		},
	})
	write(t, filepath.Join(dir, "a.go"), "package a")
	time.Sleep(10 * quiet)
	if got := r.take(); got != nil {
		t.Fatalf("events %v of a watcher that sends none", got)
	}
	mu.Lock()
	asleep = time.Minute
	mu.Unlock()
	r.until(dir, "+a.go")
}

// memoryDir returns a folder for many files, in memory if there is such a file
// system: making 50,000 files on a disk can take a minute.
func memoryDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "hearth-test-*")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestTreeOverflow(t *testing.T) {
	dir := memoryDir(t)
	var log bytes.Buffer // written by one goroutine, read after it has ended
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := &recorder{t: t, files: make(map[string]bool), news: make(chan struct{}, 1)}
	tree, err := newTree(ctx, treeConfig{
		TreeOptions: TreeOptions{Roots: []string{dir}, Quiet: quiet, Log: slog.New(slog.NewTextHandler(&log, nil))},
		check:       time.Hour,
	}, r.notify)
	if err != nil {
		t.Fatal(err)
	}
	r.block.Lock() // a reader that takes no events meanwhile
	write(t, filepath.Join(dir, "first.go"), "package a")
	time.Sleep(10 * quiet)
	for i := range 20_000 {
		os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%d.go", i)), nil, 0o666)
	}
	sub := filepath.Join(dir, "sub", "late.go") // whose event is lost
	write(t, sub, "package sub")
	r.block.Unlock()
	for deadline := time.Now().Add(hang); time.Now().Before(deadline) && !r.known()[sub]; {
		time.Sleep(quiet)
	}
	tree.Flush(ctx)
	if got := len(r.known()); got != 20_002 {
		t.Errorf("%d files are known, want 20002", got)
	}
	cancel()
	<-tree.done
	if runtime.GOOS == "linux" && !strings.Contains(log.String(), "overflow") {
		t.Log("the queue is too long to overflow here")
	}
}

// TestTreeError is about an overflow that surely happens.
func TestTreeError(t *testing.T) {
	dir := t.TempDir()
	errs := make(chan error)
	tree, r := startTree(t, treeConfig{
		TreeOptions: TreeOptions{Roots: []string{dir}},
		tick:        quiet,
		open: func() (*fsnotify.Watcher, error) {
			w, err := deaf()
			if err == nil {
				w.Errors = errs
			}
			return w, err
		},
	})
	write(t, filepath.Join(dir, "sub", "a.go"), "package a")
	errs <- fsnotify.ErrEventOverflow
	r.until(dir, "+sub/a.go")

	write(t, filepath.Join(dir, "sub", "b.go"), "package a")
	close(errs) // the watcher ends
	r.until(dir, "+sub/b.go")
	if _, _, mode := tree.Status(); !strings.HasPrefix(mode, "polling: ") {
		t.Errorf("mode %q of a watcher that has ended", mode)
	}
}

func TestTreeWatchLimit(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a", "b", "c", "c.go"), "package c")
	var log bytes.Buffer
	tree, r := startTree(t, treeConfig{
		TreeOptions: TreeOptions{Roots: []string{dir}, Log: slog.New(slog.NewTextHandler(&log, nil))},
		tick:        quiet,
		add: func(w *fsnotify.Watcher, dir string) error {
			if filepath.Base(dir) == "b" {
				return syscall.ENOSPC
			}
			return w.Add(dir)
		},
	})
	_, files, mode := tree.Status()
	if files != 1 || !strings.HasPrefix(mode, "polling: ") || !strings.Contains(mode, syscall.ENOSPC.Error()) {
		t.Errorf("status: %d files, mode %q", files, mode)
	}
	if runtime.GOOS == "linux" && !strings.Contains(log.String(), "fs.inotify.max_user_watches") {
		t.Errorf("log %q has no hint", &log)
	}
	write(t, filepath.Join(dir, "a", "b", "c", "c.go"), "package cc")
	write(t, filepath.Join(dir, "d.go"), "package d")
	r.until(dir, "~a/b/c/c.go", "+d.go")
}

// TestTreeChurn is about changes that never stop.
func TestTreeChurn(t *testing.T) {
	dir := t.TempDir()
	_, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}, Quiet: 200 * time.Millisecond}})
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				os.WriteFile(filepath.Join(dir, "a.go"), fmt.Append(nil, i), 0o666)
			}
		}
	}()
	select {
	case <-r.news:
	case <-time.After(hang):
		t.Error("no report of changes that never stop")
	}
	close(stop)
	<-stopped
}

// TestTreeStorm makes and unmakes a large tree while it is being read.
func TestTreeStorm(t *testing.T) {
	if testing.Short() {
		t.Skip("50,000 files")
	}
	dir := memoryDir(t)
	const folders, files = 500, 100
	path := func(branch string, i int) string {
		return filepath.Join(dir, branch, fmt.Sprint("d", i/files/25), fmt.Sprint("p", i/files), fmt.Sprintf("f%d.go", i))
	}
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}, Quiet: treeQuiet}})
	start := time.Now()
	for i := range folders * files {
		write(t, path("one", i), "")
	}
	made := time.Since(start)
	remove(t, filepath.Join(dir, "one", "d3"))
	rename(t, filepath.Join(dir, "one", "d5"), filepath.Join(dir, "d5"))
	for i := range folders * files / 10 {
		write(t, path("two", i), "") // often in inodes that have just been freed
	}
	tree.Flush(t.Context())
	t.Logf("made in %v; all in %v", made, time.Since(start))
	if got, want := r.known(), goFiles(dir); !maps.Equal(got, want) {
		t.Errorf("%d files are known, %d are there", len(got), len(want))
	}

	start = time.Now()
	remove(t, filepath.Join(dir, "one"))
	remove(t, filepath.Join(dir, "d5"))
	gone := time.Since(start)
	tree.Flush(t.Context())
	t.Logf("removed in %v; all in %v", gone, time.Since(start))
	if got, want := r.known(), goFiles(dir); !maps.Equal(got, want) {
		t.Errorf("%d files are known, %d are there", len(got), len(want))
	}

	// The watches are those of the tree as it is now.
	r.take()
	for i := 0; i < folders*files/10; i += files {
		write(t, path("two", i), "package p")
	}
	tree.Flush(t.Context())
	changed := make(map[string]bool)
	for _, batch := range r.take() {
		for _, ev := range batch {
			changed[ev.Path] = true
		}
	}
	if len(changed) != folders/10 {
		t.Errorf("%d changes are seen after the storm, want %d", len(changed), folders/10)
	}
}

func TestTreeEnd(t *testing.T) {
	descriptors := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		return len(entries)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a", "a.go"), "package a")
	goroutines, fds := runtime.NumGoroutine(), descriptors()
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		tree, err := NewTree(ctx, TreeOptions{Roots: []string{dir}}, func([]Event) {})
		if err != nil {
			t.Fatal(err)
		}
		tree.Flush(ctx)
		cancel()
		<-tree.done
		tree.Flush(t.Context()) // neither waits for ever
		tree.Absorb([]string{filepath.Join(dir, "a", "a.go")})

		if _, err := NewTree(ctx, TreeOptions{Roots: []string{dir}}, nil); err == nil {
			t.Fatal("a tree of a context that has ended")
		}
	}
	for deadline := time.Now().Add(hang); ; time.Sleep(quiet) {
		if runtime.NumGoroutine() <= goroutines+1 && descriptors() <= fds+1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines and %d descriptors, were %d and %d",
				runtime.NumGoroutine(), descriptors(), goroutines, fds)
		}
	}
}
