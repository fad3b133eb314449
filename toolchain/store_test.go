package toolchain

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/toolchain/grafts"
)

// newStore returns an empty store.
func newStore(t *testing.T) *Store {
	t.Helper()
	t.Setenv("HEARTH_CACHE", t.TempDir())
	s, err := OpenStore()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// An interrupted build leaves neither a toolchain nor a temporary folder,
// whichever step it was in.
func TestInterruptedBuild(t *testing.T) {
	g, err := DetectGo(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := NewSpec(g, nil, grafts.All)
	if err != nil {
		t.Fatal(err)
	}
	for _, during := range []string{"fetching", "compiling the vettool"} {
		t.Run(during, func(t *testing.T) {
			s := newStore(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			reached := false
			_, built, err := s.Ensure(ctx, spec, func(step string) {
				if strings.HasPrefix(step, during) {
					reached = true
					cancel()
				}
			})
			if !reached {
				t.Skipf("the build ended before: %v", err) // no gopls in the module cache and no network
			}
			if built || !errors.Is(err, context.Canceled) {
				t.Errorf("built %v, error %v; want context.Canceled", built, err)
			}
			for _, dir := range []string{"tmp", "toolchains"} {
				if left, _ := os.ReadDir(filepath.Join(s.Dir(), dir)); len(left) > 0 {
					t.Errorf("left in %s: %v", dir, left)
				}
			}
			if _, ok := s.Lookup(spec.Key()); ok {
				t.Error("the store has the toolchain")
			}
		})
	}
}

// fake puts a toolchain without contents into the store.
func (s *Store) fake(t *testing.T, key string, used time.Time) *Toolchain {
	t.Helper()
	dir := filepath.Join(s.dir, "toolchains", key)
	c := &Toolchain{Key: key, Gopls: "v0.0.1", Go: "go1.26.0", dir: dir}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(dir, manifestName)
	for path, text := range map[string]string{
		manifest:        `{"key": "` + key + `", "gopls": "v0.0.1", "go": "go1.26.0"}`,
		c.GoplsPath():   "gopls",
		c.VettoolPath(): "vettool",
	} {
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(manifest, used, used); err != nil {
		t.Fatal(err)
	}
	return c
}

// What is recorded of a workspace is not waited for until it is on the disk: after a loss
// of power the files may be empty, which is to have none.
func TestEmptyRecords(t *testing.T) {
	s := newStore(t)
	dir := t.TempDir()
	tool, g := s.fake(t, "key", time.Now()), Go{Version: "go1.26.0"}
	if err := errors.Join(s.Use(dir, tool), s.UseGo(dir, g)); err != nil {
		t.Fatal(err)
	}
	if last, ok := s.Last(dir); !ok || last.Key != "key" {
		t.Errorf("Last() = %v, %v", last, ok)
	}
	if last, _, ok := s.LastGo(dir); !ok || last != g {
		t.Errorf("LastGo() = %v, %v", last, ok)
	}
	if err := errors.Join(os.Truncate(s.lastPath(dir), 0), os.Truncate(s.goPath(dir), 0)); err != nil {
		t.Fatal(err)
	}
	if last, ok := s.Last(dir); ok {
		t.Errorf("of an empty file, Last() = %v", last)
	}
	if last, _, ok := s.LastGo(dir); ok {
		t.Errorf("of an empty file, LastGo() = %v", last)
	}
}

func TestListAndPrune(t *testing.T) {
	s := newStore(t)
	if list, err := s.List(); len(list) > 0 || err != nil {
		t.Errorf("an empty store lists %v, %v", list, err)
	}
	now := time.Now()
	old := s.fake(t, "old", now.Add(-48*time.Hour))
	s.fake(t, "new", now)
	bound, err := s.Bind(old, &policy.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.List()
	if err != nil || len(list) != 2 || list[0].Key != "new" || list[1].Key != "old" {
		t.Fatalf("List() = %v, %v; want new, then old", list, err)
	}
	stale, err := s.tempDir("build")
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := s.tempDir("build")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(stale, now.Add(-48*time.Hour), now.Add(-48*time.Hour)); err != nil {
		t.Fatal(err)
	}

	removed, freed, err := s.Prune(24 * time.Hour)
	if err != nil || len(removed) != 1 || removed[0].Key != "old" || freed == 0 {
		t.Errorf("Prune = %v, %d, %v", removed, freed, err)
	}
	for path, want := range map[string]bool{
		old.Dir():                                 false,
		filepath.Dir(bound.GoplsPath()):           false,
		filepath.Join(s.dir, "toolchains", "new"): true,
		stale: false,
		fresh: true,
	} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("after prune, %s: %v", path, err)
		}
	}
	removed, _, err = s.Prune(24 * time.Hour)
	if err != nil || len(removed) > 0 {
		t.Errorf("a second prune removed %v, %v", removed, err)
	}
}

// A bound binary finds its policy beside itself, and each policy has a folder
// of its own.
func TestBind(t *testing.T) {
	s := newStore(t)
	c := s.fake(t, "k", time.Now())
	on := &policy.Policy{Analyzers: map[string]policy.Analyzer{"x": {Enabled: true}}}
	off := &policy.Policy{Analyzers: map[string]policy.Analyzer{"x": {Enabled: false}}}
	var paths []string
	for _, p := range []*policy.Policy{on, off, on} {
		b, err := s.Bind(c, p)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, b.VettoolPath())
		for _, exe := range []string{b.GoplsPath(), b.VettoolPath()} {
			read, err := policy.Read(filepath.Join(filepath.Dir(exe), policy.FileName))
			if err != nil || read.Digest() != p.Digest() {
				t.Errorf("the policy beside %s: %v, %v", exe, read, err)
			}
			if _, err := os.Stat(exe); err != nil {
				t.Error(err)
			}
		}
	}
	if paths[0] == paths[1] || paths[0] != paths[2] {
		t.Errorf("bound to %q", paths)
	}
	if left, _ := os.ReadDir(filepath.Join(s.dir, "tmp")); len(left) > 0 {
		t.Errorf("left in tmp: %v", left)
	}
}

func TestLast(t *testing.T) {
	s := newStore(t)
	c := s.fake(t, "k", time.Now())
	if _, ok := s.Last("/w"); ok {
		t.Error("a workspace that was never served has a last toolchain")
	}
	if err := s.Use("/w", c); err != nil {
		t.Fatal(err)
	}
	if last, ok := s.Last("/w/"); !ok || last.Key != "k" {
		t.Errorf("Last = %v, %v", last, ok)
	}
	before, err := os.Stat(s.lastPath("/w"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Use("/w", c); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(s.lastPath("/w")); err != nil || !os.SameFile(before, after) {
		t.Errorf("what is known already was written again (%v)", err)
	}
	other := s.fake(t, "other", time.Now())
	if err := errors.Join(s.Use("/w", other), s.Use("/w", c)); err != nil {
		t.Fatal(err)
	}
	if last, ok := s.Last("/w"); !ok || last.Key != "k" {
		t.Errorf("Last = %v, %v", last, ok)
	}
	s.Forget("/w/")
	if _, ok := s.Last("/w"); ok {
		t.Error("a workspace that was forgotten has a last toolchain")
	}
	if err := s.Use("/w", c); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(c.Dir()); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Last("/w"); ok {
		t.Error("a toolchain that was pruned is the last one")
	}
}

// The Go of a workspace is a guess for the environment that it was had in.
func TestLastGo(t *testing.T) {
	s := &Store{t.TempDir()}
	t.Setenv("GOFLAGS", "")
	if g, _, ok := s.LastGo("/w"); ok {
		t.Errorf("LastGo of an unknown workspace = %v", g)
	}
	g := Go{Version: "go1.26.8", Root: "/go", Mod: "/w/go.mod"}
	if err := s.UseGo("/w/", g); err != nil {
		t.Fatal(err)
	}
	if last, sure, ok := s.LastGo("/w"); !ok || sure || last != g {
		t.Errorf("LastGo = %v, %v, %v; want a guess", last, sure, ok)
	}
	before, err := os.Stat(s.goPath("/w"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.UseGo("/w", g); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(s.goPath("/w")); err != nil || !os.SameFile(before, after) {
		t.Errorf("what is known already was written again (%v)", err)
	}
	t.Setenv("GOFLAGS", "-tags=other")
	if g, _, ok := s.LastGo("/w"); ok {
		t.Errorf("LastGo in another environment = %v", g)
	}
	t.Setenv("GOFLAGS", "")
	s.Forget("/w")
	if g, _, ok := s.LastGo("/w"); ok {
		t.Errorf("LastGo of a workspace that was forgotten = %v", g)
	}
}

// LastGo is sure of the Go of a workspace as long as nothing has changed by which
// the go command could say something else.
func TestSureOfLastGo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it does not tell when a file changed")
	}
	evidenceAge = 0
	t.Cleanup(func() { evidenceAge = time.Minute })
	t.Setenv("GOTOOLCHAIN", "local") // another one would be searched for
	t.Setenv("GOENV", filepath.Join(t.TempDir(), "env"))
	write := func(t *testing.T, path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	const goWork = "the go.work that GOWORK names" // in no folder above the workspace
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, dir string)
		sure   bool
	}{
		{"nothing", func(*testing.T, string) {}, true},
		{"a source file", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "m", "m.go"), "package m\n") }, true},
		{"go.mod", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "m", "go.mod"), "module m\n\ngo 1.25\n")
		}, false},
		{"a go.work above", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "go.work"), "go 1.26\n\nuse ./m\n") }, false},
		{goWork, func(t *testing.T, dir string) {
			write(t, os.Getenv("GOWORK"), "go 1.26\n\ntoolchain go1.26.0\n\nuse "+filepath.Join(dir, "m")+"\n")
		}, false},
		{"the user's settings", func(t *testing.T, dir string) { write(t, os.Getenv("GOENV"), "GOFLAGS=-tags=x\n") }, false},
		{"a script in place of the go command", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "go"), "#!/bin/sh\n") }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, dir := &Store{t.TempDir()}, t.TempDir()
			t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
			module := filepath.Join(dir, "m")
			if err := os.Mkdir(module, 0o755); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(module, "go.mod"), "module m\n\ngo 1.26\n")
			if tt.name == goWork {
				t.Setenv("GOWORK", filepath.Join(t.TempDir(), "go.work"))
				write(t, os.Getenv("GOWORK"), "go 1.26\n\nuse "+module+"\n")
			}
			g, err := DetectGo(t.Context(), module)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.UseGo(module, g); err != nil {
				t.Fatal(err)
			}
			tt.change(t, dir)
			if last, sure, _ := s.LastGo(module); sure != tt.sure || sure && last != g {
				t.Errorf("LastGo = %v, %t; want %v, %t", last, sure, g, tt.sure)
			}
		})
	}
}

// The key names all that a toolchain is made of.
func TestKey(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/lint\n")
	write("lint.go", "package lint\n")
	base := Go{Version: "go1.26.8", OS: "linux", Arch: "amd64"}
	key := func(g Go, plugins ...goplsconfig.Plugin) string {
		t.Helper()
		spec, err := NewSpec(g, plugins, grafts.All)
		if err != nil {
			t.Fatal(err)
		}
		return spec.Key()
	}
	local := goplsconfig.Plugin{Import: "example.com/lint", Path: dir}
	seen := make(map[string]string)
	different := func(what, k string) {
		t.Helper()
		if other, ok := seen[k]; ok {
			t.Errorf("%s: the key is that of %s", what, other)
		}
		seen[k] = what
	}
	different("no plugins", key(base))
	different("another Go", key(Go{Version: "go1.26.9", OS: "linux", Arch: "amd64"}))
	different("another system", key(Go{Version: "go1.26.8", OS: "darwin", Arch: "arm64"}))
	different("a plugin", key(base, goplsconfig.Plugin{Import: "example.com/lint", Version: "v1.0.0"}))
	different("its next version", key(base, goplsconfig.Plugin{Import: "example.com/lint", Version: "v1.0.1"}))
	different("a variable of it", key(base, goplsconfig.Plugin{Import: "example.com/lint", Version: "v1.0.0", Var: "New"}))
	different("a folder", key(base, local))
	before := key(base, local)
	write("lint_test.go", "package lint\n") // is not compiled
	if key(base, local) != before {
		t.Error("a test file of a plugin changes the key")
	}
	write("lint.go", "package lint // changed\n")
	different("a changed folder", key(base, local))
	moved := base
	moved.Root, moved.ModCache = "/elsewhere", "/elsewhere"
	if key(moved, local) != key(base, local) {
		t.Error("the place of Go changes the key")
	}
	if _, err := NewSpec(base, []goplsconfig.Plugin{{Import: "example.com/none", Path: filepath.Join(dir, "none")}}, grafts.All); err != nil &&
		!strings.Contains(err.Error(), "plugin example.com/none") {
		t.Errorf("a plugin without a folder: %v", err)
	}
}
