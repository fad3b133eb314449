package watch

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/gohearth/hearth/internal/lsp"
)

// A recorder is a reader of events that believes what it is told.
type recorder struct {
	t       *testing.T
	mu      sync.Mutex
	batches [][]Event
	files   map[string]bool // that exist, from the events alone
	news    chan struct{}
	block   sync.Mutex // holds the reader up
}

func (r *recorder) notify(batch []Event) {
	r.block.Lock()
	defer r.block.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(batch) == 0 {
		r.t.Error("an empty batch")
	}
	r.batches = append(r.batches, batch)
	for _, ev := range batch {
		if known := r.files[ev.Path]; known == (ev.Change == lsp.FileCreated) {
			r.t.Errorf("%s: change %d of a file with known = %v", ev.Path, ev.Change, known)
		}
		if ev.Change == lsp.FileDeleted {
			delete(r.files, ev.Path)
		} else {
			r.files[ev.Path] = true
		}
	}
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// take returns the batches that have come, and forgets them.
func (r *recorder) take() [][]Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	batches := r.batches
	r.batches = nil
	return batches
}

// until waits for batches that together hold exactly the wanted events, each
// "+path", "~path" or "-path" below dir.
func (r *recorder) until(dir string, want ...string) {
	r.t.Helper()
	slices.Sort(want)
	var got []string
	timeout := time.After(hang)
	for {
		for _, batch := range r.take() {
			got = append(got, spell(dir, batch)...)
		}
		slices.Sort(got)
		if slices.Equal(got, want) {
			return
		}
		if len(got) > len(want) {
			r.t.Fatalf("events %q, want %q", got, want)
		}
		select {
		case <-r.news:
		case <-timeout:
			r.t.Fatalf("events %q, want %q", got, want)
		}
	}
}

func spell(dir string, batch []Event) (out []string) {
	for _, ev := range batch {
		rel, err := filepath.Rel(dir, ev.Path)
		if err != nil {
			rel = ev.Path
		}
		out = append(out, string(" +~-"[ev.Change])+filepath.ToSlash(rel))
	}
	return out
}

// startTree watches a tree, with a quiet period that tests can wait for.
func startTree(t *testing.T, cfg treeConfig) (*Tree, *recorder) {
	t.Helper()
	r := &recorder{t: t, files: make(map[string]bool), news: make(chan struct{}, 1)}
	if cfg.Quiet == 0 {
		cfg.Quiet = quiet
	}
	if cfg.check == 0 {
		cfg.check = time.Hour
	}
	for _, root := range cfg.Roots {
		maps.Copy(r.files, goFiles(root))
	}
	ctx, cancel := context.WithCancel(t.Context())
	tree, err := newTree(ctx, cfg, r.notify)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		<-tree.done
	})
	return tree, r
}

// goFiles returns the Go files below dir, found in the simplest way.
func goFiles(dir string) map[string]bool {
	files := make(map[string]bool)
	filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && relevant(path) && !strings.Contains(path, "/.") {
			files[path] = true
		}
		return nil
	})
	return files
}

func (r *recorder) known() map[string]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.files)
}

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

// eachTree runs a test with events alone, and with polling alone.
func eachTree(t *testing.T, test func(t *testing.T, watch func(roots ...string) *recorder)) {
	modes := map[string]treeConfig{
		"events": {},
		"polling": {
			tick: quiet,
			open: func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE },
		},
	}
	for name, cfg := range modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func(roots ...string) *recorder {
				cfg.Roots = roots
				tree, r := startTree(t, cfg)
				if _, _, mode := tree.Status(); !strings.HasPrefix(mode, name) {
					t.Skip(mode)
				}
				return r
			})
		})
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func TestTreeFiles(t *testing.T) {
	eachTree(t, func(t *testing.T, watch func(...string) *recorder) {
		dir := t.TempDir()
		at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
		write(t, at("a.go"), "package a")
		write(t, at("testdata/t.go"), "package t")
		r := watch(dir)

		write(t, at("b.go"), "package a")
		r.until(dir, "+b.go")
		write(t, at("a.go"), "package a // longer")
		r.until(dir, "~a.go")
		replace(t, at("a.go"), "package a // LONGER")
		r.until(dir, "~a.go")
		remove(t, at("b.go"))
		r.until(dir, "-b.go")
		write(t, at("testdata/t.go"), "package tt")
		r.until(dir, "~testdata/t.go")

		for _, name := range []string{"c.txt", ".x.go", "_x.go", "node_modules/x.go", ".idea/x.go", "_out/x.go", "modules.txt"} {
			write(t, at(name), "package x")
		}
		write(t, at("vendor/modules.txt"), "# x")
		write(t, at("go.mod"), "module x")
		r.until(dir, "+go.mod", "+vendor/modules.txt")
	})
}

func TestTreeFolders(t *testing.T) {
	eachTree(t, func(t *testing.T, watch func(...string) *recorder) {
		top := t.TempDir()
		dir := filepath.Join(top, "work")
		at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
		write(t, at("go.mod"), "module x")
		write(t, filepath.Join(top, "out", "deep", "o.go"), "package o")
		r := watch(dir)

		write(t, at("a/b/c/d/e.go"), "package d") // at once
		write(t, at("a/a.go"), "package a")
		r.until(dir, "+a/b/c/d/e.go", "+a/a.go")

		rename(t, filepath.Join(top, "out"), at("in"))
		r.until(dir, "+in/deep/o.go")
		write(t, at("in/deep/p.go"), "package o")
		r.until(dir, "+in/deep/p.go")

		rename(t, at("a/b"), at("in/deep/b"))
		r.until(dir, "-a/b/c/d/e.go", "+in/deep/b/c/d/e.go")
		write(t, at("in/deep/b/c/d/e.go"), "package dd") // its watch moved along
		r.until(dir, "~in/deep/b/c/d/e.go")

		rename(t, at("in"), filepath.Join(top, "out"))
		r.until(dir, "-in/deep/b/c/d/e.go", "-in/deep/o.go", "-in/deep/p.go")

		remove(t, at("a"))
		r.until(dir, "-a/a.go")
		write(t, at("a/a.go"), "package a")
		r.until(dir, "+a/a.go")
		write(t, at("a/b.go"), "package a")
		r.until(dir, "+a/b.go")
	})
}

// TestTreeSameInode is about folders that are replaced between two looks, as by
// a switch of branches. File systems give the inode to the next who asks.
func TestTreeSameInode(t *testing.T) {
	eachTree(t, func(t *testing.T, watch func(...string) *recorder) {
		dir := t.TempDir()
		sub := filepath.Join(dir, "sub")
		write(t, filepath.Join(sub, "deep", "a.go"), "package a")
		r := watch(dir)
		for i := range 5 {
			remove(t, sub)
			write(t, filepath.Join(sub, "deep", "a.go"), "package a"+strings.Repeat("a", i+1))
			r.until(dir, "~sub/deep/a.go")
			write(t, filepath.Join(sub, "deep", "b.go"), "package a")
			r.until(dir, "+sub/deep/b.go")
			remove(t, filepath.Join(sub, "deep", "b.go"))
			r.until(dir, "-sub/deep/b.go")
		}
	})
}

func TestTreeRoots(t *testing.T) {
	eachTree(t, func(t *testing.T, watch func(...string) *recorder) {
		top := t.TempDir()
		dir, other := filepath.Join(top, "work"), filepath.Join(top, "other")
		write(t, filepath.Join(dir, "a", "a.go"), "package a")
		write(t, filepath.Join(dir, "_tools", "t.go"), "package t")
		// One that does not exist yet, one that would be left out, and one that
		// is watched anyway.
		r := watch(filepath.Join(dir, "a"), dir, other, filepath.Join(dir, "_tools"))

		write(t, filepath.Join(other, "o.go"), "package o")
		r.until(top, "+other/o.go")
		write(t, filepath.Join(dir, "_tools", "t.go"), "package tt")
		r.until(top, "~work/_tools/t.go")
		write(t, filepath.Join(dir, "a", "a.go"), "package aa")
		r.until(top, "~work/a/a.go")

		remove(t, dir)
		r.until(top, "-work/_tools/t.go", "-work/a/a.go")
		write(t, filepath.Join(dir, "a", "a.go"), "package a")
		r.until(top, "+work/a/a.go")
		write(t, filepath.Join(dir, "a", "b.go"), "package a")
		r.until(top, "+work/a/b.go")

		rename(t, top+"/work", top+"/gone")
		r.until(top, "-work/a/a.go", "-work/a/b.go")
	})
}

func TestTreeSymlinks(t *testing.T) {
	eachTree(t, func(t *testing.T, watch func(...string) *recorder) {
		top := t.TempDir()
		dir, out := filepath.Join(top, "work"), filepath.Join(top, "out")
		write(t, filepath.Join(out, "o.go"), "package o")
		write(t, filepath.Join(dir, "sub", "real.go"), "package a")
		for link, target := range map[string]string{
			"linked":  out, // a folder: not followed
			"link.go": filepath.Join(dir, "sub", "real.go"),
			"bad.go":  filepath.Join(dir, "nowhere.go"),
		} {
			if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
				t.Skip(err)
			}
		}
		r := watch(dir)
		delete(r.files, filepath.Join(dir, "bad.go"))
		write(t, filepath.Join(out, "o.go"), "package oo")
		write(t, filepath.Join(dir, "sub", "real.go"), "package aa")
		r.until(dir, "~link.go", "~sub/real.go")
	})
}

func TestTreeInclude(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "no", "a.go"), "package a")
	write(t, filepath.Join(dir, "yes", "a.go"), "package a")
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{
		Roots:   []string{dir},
		Include: func(dir string) bool { return filepath.Base(dir) != "no" },
	}})
	if dirs, files, _ := tree.Status(); dirs != 2 || files != 1 {
		t.Errorf("%d folders and %d files are watched, want 2 and 1", dirs, files)
	}
	write(t, filepath.Join(dir, "no", "a.go"), "package aa")
	write(t, filepath.Join(dir, "yes", "a.go"), "package aa")
	r.until(dir, "~yes/a.go")
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

func needGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
}

func TestTreeIgnored(t *testing.T) {
	needGit(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	git(t, dir, "init")
	write(t, at(".gitignore"), "/dist/\n/gen/\n")
	write(t, at("a.go"), "package a")
	write(t, at("gen/deep/gen.go"), "package gen")
	for i := range 20 {
		write(t, at(fmt.Sprintf("dist/d%d/x.txt", i)), "")
	}
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}}})
	if dirs, _, _ := tree.Status(); dirs != 4 { // with gen, gen/deep and dist itself
		t.Errorf("%d folders are watched, want 4", dirs)
	}
	write(t, at("gen/deep/gen.go"), "package gen2") // generated code is often ignored
	r.until(dir, "~gen/deep/gen.go")
	write(t, at("dist/d1/late.go"), "package late") // nobody sees it now
	write(t, at("dist/first.go"), "package dist")
	r.until(dir, "+dist/d1/late.go", "+dist/first.go")
	write(t, at("dist/d2/more.go"), "package late")
	r.until(dir, "+dist/d2/more.go")
}

// TestTreeCheck is about what only a scan of everything can find.
func TestTreeCheck(t *testing.T) {
	needGit(t)
	dir := t.TempDir()
	git(t, dir, "init")
	write(t, filepath.Join(dir, ".gitignore"), "/dist/\n")
	write(t, filepath.Join(dir, "dist", "sub", "x.txt"), "")
	_, r := startTree(t, treeConfig{
		TreeOptions: TreeOptions{Roots: []string{dir}},
		open:        deaf,
		tick:        quiet,
		check:       quiet,
	})
	write(t, filepath.Join(dir, "dist", "sub", "a.go"), "package a")
	write(t, filepath.Join(dir, "a.go"), "package a")
	r.until(dir, "+a.go", "+dist/sub/a.go")
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

func TestTreeLock(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".git", "HEAD"), "ref: refs/heads/main\n")
	lock := filepath.Join(dir, ".git", "index.lock")
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}}})

	write(t, lock, "")
	write(t, filepath.Join(dir, "a.go"), "package a")
	time.Sleep(20 * quiet)
	write(t, filepath.Join(dir, "b.go"), "package a")
	time.Sleep(20 * quiet)
	if got := r.take(); got != nil {
		t.Errorf("events %v while git is busy", got)
	}
	remove(t, lock)
	r.until(dir, "+a.go", "+b.go")

	write(t, lock, "") // one that stays
	write(t, filepath.Join(dir, "c.go"), "package a")
	r.until(dir, "+c.go")
	write(t, filepath.Join(dir, "d.go"), "package a")
	tree.Flush(t.Context()) // does not wait
	if got := r.take(); len(got) != 1 || len(got[0]) != 1 {
		t.Errorf("events %v after a flush", got)
	}
}

func TestTreeCheckout(t *testing.T) {
	needGit(t)
	dir := t.TempDir()
	git(t, dir, "init")
	var want []string
	fill := func(branch string) {
		for i := range 400 {
			write(t, filepath.Join(dir, fmt.Sprint("p", i%20), fmt.Sprintf("f%d.go", i)), "package p // "+branch)
			write(t, filepath.Join(dir, branch, fmt.Sprint("q", i%10), fmt.Sprintf("f%d.go", i)), "package q")
		}
	}
	fill("one")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-qm", "one")
	git(t, dir, "checkout", "-qb", "other")
	remove(t, filepath.Join(dir, "one"))
	fill("other")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-qm", "other")
	for i := range 400 {
		want = append(want,
			fmt.Sprintf("~p%d/f%d.go", i%20, i),
			fmt.Sprintf("-other/q%d/f%d.go", i%10, i),
			fmt.Sprintf("+one/q%d/f%d.go", i%10, i))
	}
	slices.Sort(want)
	_, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}, Quiet: treeQuiet}})
	git(t, dir, "checkout", "-q", "main")
	select {
	case <-r.news:
	case <-time.After(hang):
		t.Fatal("no events")
	}
	time.Sleep(3 * treeQuiet)
	batches := r.take()
	if len(batches) != 1 {
		t.Fatalf("%d batches, want one", len(batches))
	}
	got := spell(dir, batches[0])
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("events of a checkout: %d, want %d:\n%q", len(got), len(want), got)
	}
}

func TestTreeOverflow(t *testing.T) {
	dir := t.TempDir()
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

func TestTreeFlush(t *testing.T) {
	for name, cfg := range map[string]treeConfig{
		"events":  {},
		"deaf":    {open: deaf},
		"polling": {open: func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "a", "a.go")
			write(t, path, "0000")
			cfg.Roots = []string{dir}
			cfg.Quiet = time.Hour // reports nothing by itself
			tree, r := startTree(t, cfg)
			rounds := 200
			if name == "deaf" {
				rounds = 2 // each waits for events that do not come
			}
			for i := range rounds {
				// The same size, often within one tick of the file's clock.
				write(t, path, fmt.Sprintf("%04d", i+1))
				write(t, filepath.Join(dir, fmt.Sprint("new", i), "deep", "b.go"), "package b")
				tree.Flush(t.Context())
				want := []string{"~a/a.go", fmt.Sprintf("+new%d/deep/b.go", i)}
				if got := r.take(); len(got) != 1 || !slices.Equal(spell(dir, got[0]), want) {
					t.Fatalf("round %d: events %v, want %q", i, got, want)
				}
			}
			tree.Flush(t.Context())
			if got := r.take(); got != nil {
				t.Errorf("events %v of nothing", got)
			}
		})
	}
}

func TestTreeAbsorb(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	for _, name := range []string{"a.go", "b.go", "gone/g.go", "gone/deep/g.go"} {
		write(t, at(name), "package a")
	}
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}}})
	write(t, at("a.go"), "package aa")
	remove(t, at("b.go"))
	remove(t, at("gone"))
	write(t, at("new/deep/n.go"), "package n")
	write(t, at("new/deep/m.go"), "package n") // not told by anybody
	write(t, at("c.go"), "package a")
	tree.Absorb([]string{
		at("a.go"), at("b.go"), at("c.go"), at("gone"), at("new/deep/n.go"),
		at("never/was.go"), at(".git/x.go"), at("_x/x.go"), "relative.go", "/", filepath.Dir(dir),
	})
	// The recorder did not hear of those.
	r.mu.Lock()
	delete(r.files, at("b.go"))
	delete(r.files, at("gone/g.go"))
	delete(r.files, at("gone/deep/g.go"))
	r.files[at("c.go")], r.files[at("new/deep/n.go")] = true, true
	r.mu.Unlock()
	r.until(dir, "+new/deep/m.go")
	tree.Flush(t.Context())
	time.Sleep(10 * quiet)
	if got := r.take(); got != nil {
		t.Errorf("events %v of what was absorbed", got)
	}

	// What comes later is news again.
	write(t, at("a.go"), "package aaa")
	write(t, at("new/deep/n.go"), "package nn")
	remove(t, at("c.go"))
	r.until(dir, "~a.go", "~new/deep/n.go", "-c.go")
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
	dir := t.TempDir()
	const folders, files = 500, 100
	path := func(branch string, i int) string {
		return filepath.Join(dir, branch, fmt.Sprint("d", i/files/25), fmt.Sprint("p", i/files), fmt.Sprintf("f%d.go", i))
	}
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}}})
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
	for i := 0; i < folders*files/10; i += files {
		write(t, path("two", i), "package p")
	}
	r.take()
	tree.Flush(t.Context())
	changed := 0
	for _, batch := range r.take() {
		changed += len(batch)
	}
	if changed != folders/10 {
		t.Errorf("%d changes are seen after the storm, want %d", changed, folders/10)
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

func TestTreeUsage(t *testing.T) {
	for _, roots := range [][]string{nil, {"relative"}} {
		if _, err := NewTree(t.Context(), TreeOptions{Roots: roots}, nil); err == nil {
			t.Errorf("no error for the roots %q", roots)
		}
	}
}
