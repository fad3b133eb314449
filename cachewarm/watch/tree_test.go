package watch

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
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
	awaited map[string]bool // events that until has waited for
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

// until waits for batches that together come to exactly the wanted events, each
// "+path", "~path" or "-path" below dir. How many batches it takes is up to the
// machine: on a slow one, a file that is written anew can be seen to go and to
// come back, and to change once more after the change that was waited for.
func (r *recorder) until(dir string, want ...string) {
	r.t.Helper()
	slices.Sort(want)
	sum := make(map[string]byte) // by path: '+', '~', '-'
	timeout := time.After(hang)
	for {
		for _, batch := range r.take() {
			for _, ev := range spell(dir, batch) {
				if ev[0] == '~' && r.awaited[ev[1:]] && !slices.Contains(want, ev) {
					continue
				}
				add(sum, ev)
			}
		}
		got := make([]string, 0, len(sum))
		for path, change := range sum {
			got = append(got, string(change)+path)
		}
		slices.Sort(got)
		if slices.Equal(got, want) {
			r.awaited = make(map[string]bool)
			for _, ev := range want {
				r.awaited[ev[1:]] = true
			}
			return
		}
		select {
		case <-r.news:
		case <-timeout:
			r.t.Fatalf("events %q, want %q", got, want)
		}
	}
}

// add makes sum, how each path differs, say what it comes to after one event more.
func add(sum map[string]byte, ev string) {
	change, path := ev[0], ev[1:]
	switch before := sum[path]; {
	case before == '+' && change == '-':
		delete(sum, path)
	case before == '+':
	case before == '-' && change == '+':
		sum[path] = '~'
	default:
		sum[path] = change
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
		<-tree.Done()
		files := 0
		for _, d := range tree.dirs {
			files += len(d.files)
		}
		if tree.count != files {
			t.Errorf("%d files were counted, and there are %d", tree.count, files)
		}
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

// eachTree runs a test with events alone, and with polling alone.
func eachTree(t *testing.T, test func(t *testing.T, watch func(roots ...string) *recorder)) {
	modes := map[string]treeConfig{
		"events": {tick: quiet},
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

// TestTreeMovedMeanwhile moves a folder after its old place has been read and
// before its new one is.
func TestTreeMovedMeanwhile(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	write(t, at("a/x/sub/x.go"), "package x")
	_, r := startTree(t, treeConfig{
		TreeOptions: TreeOptions{Roots: []string{dir}},
		add: func(w *fsnotify.Watcher, path string) error {
			if path == at("new") {
				rename(t, at("a/x"), at("new/x"))
			}
			return w.Add(path)
		},
	})
	write(t, at("new/n.go"), "package n")
	r.until(dir, "+new/n.go", "+new/x/sub/x.go", "-a/x/sub/x.go")
	write(t, at("new/x/sub/x.go"), "package xx")
	r.until(dir, "~new/x/sub/x.go")
	write(t, at("new/x/y.go"), "package xx")
	r.until(dir, "+new/x/y.go")
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

// TestTreeSameStamp writes twice within a tick of the file's clock.
func TestTreeSameStamp(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.go")
	tick := time.Now().Add(time.Hour) // which therefore does not end
	save := func(data string) {
		write(t, path, data)
		if err := os.Chtimes(path, tick, tick); err != nil {
			t.Fatal(err)
		}
	}
	save("one")
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}, Quiet: time.Hour}})
	for _, data := range []string{"two", "six", "ten"} {
		save(data)
		tree.Flush(t.Context())
		r.until(dir, "~a.go")
	}
	save("ten")
	tree.Flush(t.Context())
	if got := r.take(); got != nil {
		t.Errorf("events %v of a file with the same content", got)
	}
}

func TestTreeAbsorb(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	for _, name := range []string{"a.go", "b.go", "gone/g.go", "gone/deep/g.go"} {
		write(t, at(name), "package a")
	}
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}, Quiet: time.Hour}})
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
	tree.Flush(t.Context())
	r.until(dir, "+new/deep/m.go")
	tree.Flush(t.Context())
	if got := r.take(); got != nil {
		t.Errorf("events %v of what was absorbed", got)
	}

	// What comes later is news again.
	write(t, at("a.go"), "package aaa")
	write(t, at("new/deep/n.go"), "package nn")
	remove(t, at("c.go"))
	tree.Flush(t.Context())
	r.until(dir, "~a.go", "~new/deep/n.go", "-c.go")
}

func TestTreeUsage(t *testing.T) {
	for _, roots := range [][]string{nil, {"relative"}} {
		if _, err := NewTree(t.Context(), TreeOptions{Roots: roots}, nil); err == nil {
			t.Errorf("no error for the roots %q", roots)
		}
	}
}

// A generator may write its Go files below a folder that git ignores and that
// held none.
func TestTreeIgnoredDeep(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("git", "-C", root, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	write(".gitignore", "gen/\n")
	write("a.go", "package a\n")
	write("gen/stamp/stamp.txt", "x")
	var mu sync.Mutex
	var got []Event
	tree, err := NewTree(t.Context(), TreeOptions{Roots: []string{root}}, func(events []Event) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, events...)
	})
	if err != nil {
		t.Fatal(err)
	}
	write("gen/stamp/x.go", "package stamp\n") // below what has no watch
	tree.Flush(t.Context())
	mu.Lock()
	defer mu.Unlock()
	if len(got) != 1 || filepath.Base(got[0].Path) != "x.go" {
		t.Errorf("the events are %+v", got)
	}
}

// TestTreeFlushSize: an editor that attaches waits for Flush, so what it goes over
// must not be more in a larger tree.
func TestTreeFlushSize(t *testing.T) {
	needGit(t)
	for _, n := range []int{10, 200} {
		dir := t.TempDir()
		git(t, dir, "init")
		write(t, filepath.Join(dir, ".gitignore"), "/dist/\n")
		write(t, filepath.Join(dir, "dist", "x.txt"), "")
		for i := range n {
			write(t, filepath.Join(dir, fmt.Sprintf("p%d", i), "p.go"), "package p")
		}
		tree, _ := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}, Quiet: time.Hour}})
		tree.Flush(t.Context())
		tree.do(t.Context(), func(context.Context) {
			if len(tree.leftOut) != 1 || len(tree.dirty) != 0 || len(tree.linked) != 0 {
				t.Errorf("of %d folders Flush goes over %d that are left out, %d that are dirty, %d with links; want 1, 0, 0",
					n, len(tree.leftOut), len(tree.dirty), len(tree.linked))
			}
		})
	}
}

// TestFirstLook: setting up a tree makes no list of all files, which would have to
// be sorted; from then on each file that comes is in one.
func TestFirstLook(t *testing.T) {
	dir := t.TempDir()
	for i := range 20 {
		write(t, filepath.Join(dir, fmt.Sprintf("p%d", i), "p.go"), "package p")
	}
	s := newState([]string{dir}, nil)
	s.watch = func(string) bool { return true }
	if got := s.update(t.Context()); len(got) > 0 || len(s.before) > 0 || s.count != 20 {
		t.Errorf("the first look at 20 files makes %d events, notes %d files and counts %d", len(got), len(s.before), s.count)
	}
	s.begin()
	write(t, filepath.Join(dir, "p3", "q.go"), "package p")
	s.all = true
	if got := s.update(t.Context()); len(got) != 1 || got[0].Change != lsp.FileCreated {
		t.Errorf("the events of the second look are %v", got)
	}
}
