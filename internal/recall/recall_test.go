//go:build unix

package recall

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// write makes a file with its folders.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// workspace is a go.work of two modules, one of which replaces a third one, and
// the build in it.
func workspace(t *testing.T) (dir string, w Workspace) {
	// Two changes of a file within a tick of the file system's clock are the one
	// case that settle is for; the tests wait for the next tick.
	settle = 0
	t.Cleanup(func() { settle = 2 * time.Second })
	dir = t.TempDir()
	for name, text := range map[string]string{
		"go.work":              "go 1.26\n\nuse (\n\t./a\n\t./b\n)\n",
		"a/go.mod":             "module example.com/a\n\ngo 1.26\n\nreplace example.com/c => ../c\n",
		"a/a.go":               "package a\n",
		"a/sub/sub.go":         "package sub\n",
		"a/sub/data.txt":       "data",
		"a/.git/index":         "1",
		"b/go.mod":             "module example.com/b\n\ngo 1.26\n",
		"b/b.go":               "package b\n",
		"c/go.mod":             "module example.com/c\n",
		"c/c.go":               "package c\n",
		"elsewhere/x.go":       "package x\n",
		"env":                  "GOFLAGS=-tags=x\n",
		"cache/README":         "a cache",
		"tools/vettool":        "1",
		"a/vendor/modules.txt": "# none\n",
		"vendor/d/d.go":        "package d\n",
		"goroot/go.env":        "GOPROXY=direct\n",
	} {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	return dir, Workspace{
		Dir: filepath.Join(dir, "a"), Root: filepath.Join(dir, "goroot"), Cache: filepath.Join(dir, "cache"),
		Mod: filepath.Join(dir, "a", "go.mod"), Work: filepath.Join(dir, "go.work"), EnvFile: filepath.Join(dir, "env"),
	}
}

var vet = Command{Args: []string{"vet", "./..."}}

func TestRecall(t *testing.T) {

	rewrite := func(path, text string) func(*testing.T, string, *Workspace) {
		return func(t *testing.T, dir string, _ *Workspace) {
			write(t, filepath.Join(dir, filepath.FromSlash(path)), text)
		}
	}
	tests := []struct {
		name   string
		change func(t *testing.T, dir string, w *Workspace)
		want   bool // the output is recalled
	}{
		{"nothing", func(*testing.T, string, *Workspace) {}, true},
		{"text without meaning to the go command", rewrite("a/sub/data.txt", "other"), true},
		{"repository", rewrite("a/.git/index", "2"), true},
		{"folder that is in no module", rewrite("elsewhere/x.go", "package y\n"), true},
		{"speed", func(t *testing.T, _ string, _ *Workspace) { t.Setenv("GOMAXPROCS", "3") }, true},
		{"source", rewrite("a/sub/sub.go", "package sub // more\n"), false},
		{"source of the same length", rewrite("a/sub/sub.go", "package sux\n"), false},
		{"source with its old time", func(t *testing.T, dir string, _ *Workspace) {
			path := filepath.Join(dir, "a", "a.go")
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, "package z\n")
			if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"source of another module", rewrite("b/b.go", "package bb\n"), false},
		{"source of a replacement", rewrite("c/c.go", "package cc\n"), false},
		{"new file", rewrite("a/new.go", "package a\n"), false},
		{"new folder", rewrite("a/new/new.go", "package new\n"), false},
		{"new name for embed", rewrite("a/sub/data2.txt", "data"), false},
		{"removed file", func(t *testing.T, dir string, _ *Workspace) { os.Remove(filepath.Join(dir, "a", "sub", "sub.go")) }, false},
		{"moved file", func(t *testing.T, dir string, _ *Workspace) {
			os.Rename(filepath.Join(dir, "a", "sub", "sub.go"), filepath.Join(dir, "a", "sub", "sub_windows.go"))
		}, false},
		{"files swapped", func(t *testing.T, dir string, _ *Workspace) {
			a, sub := filepath.Join(dir, "a", "a.go"), filepath.Join(dir, "a", "sub", "sub.go")
			os.Rename(a, a+"x")
			os.Rename(sub, a)
			os.Rename(a+"x", sub)
		}, false},
		{"go.mod", rewrite("a/go.mod", "module example.com/a\n\ngo 1.25\n\nreplace example.com/c => ../c\n"), false},
		{"go.work", rewrite("go.work", "go 1.26\n\nuse (\n\t./a\n\t./b\n)\n\n// more\n"), false},
		{"go.work.sum", rewrite("go.work.sum", "x\n"), false},
		{"vendor", rewrite("a/vendor/modules.txt", "# some\n"), false},
		{"source in the vendor folder of go.work", rewrite("vendor/d/d.go", "package dd\n"), false},
		{"go env -w", rewrite("env", "GOFLAGS=-tags=y\n"), false},
		{"go.env of GOROOT", rewrite("goroot/go.env", "CGO_ENABLED=0\n"), false},
		{"environment", func(t *testing.T, _ string, _ *Workspace) { t.Setenv("GOOS", "plan9") }, false},
		{"other workspace", func(_ *testing.T, _ string, w *Workspace) { w.Work = "" }, false},
		{"emptied cache", func(t *testing.T, dir string, _ *Workspace) {
			if err := os.RemoveAll(filepath.Join(dir, "cache")); err != nil {
				t.Fatal(err)
			}
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir, w := workspace(t)
			m, err := Open(w)
			if err != nil {
				t.Fatal(err)
			}
			m.Keep(vet, []byte("findings"))
			time.Sleep(10 * time.Millisecond) // for the next tick
			test.change(t, dir, &w)
			if m, err = Open(w); err != nil {
				t.Fatal(err)
			}
			out, ok := m.Output(vet)
			if ok != test.want {
				t.Errorf("recalled: %v, want %v", ok, test.want)
			}
			if ok && string(out) != "findings" {
				t.Errorf("recalled %q", out)
			}
		})
	}
}

// Commands differ by all that they are told.
// A command that is about modules minds no source.
func TestModulesOnly(t *testing.T) {
	list := Command{Args: []string{"list", "-m", "all"}}
	for path, want := range map[string]bool{
		"a/sub/sub.go": true, "a/new/new.go": true, "a/sub/data.txt": true, "elsewhere/x.go": true,
		"a/go.mod": false, "b/go.mod": false, "c/go.mod": false, "a/go.sum": false, "b/go.sum": false,
		"go.work": false, "go.work.sum": false, "a/vendor/modules.txt": false, "vendor/modules.txt": false,
		"env": false, "goroot/go.env": false,
	} {
		dir, w := workspace(t)
		w.ModulesOnly = true
		m, err := Open(w)
		if err != nil {
			t.Fatal(err)
		}
		m.Keep(list, []byte("modules"))
		time.Sleep(10 * time.Millisecond) // for the next tick
		path = filepath.Join(dir, filepath.FromSlash(path))
		text, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		write(t, path, string(text)+"\n// more\n")
		if m, err = Open(w); err != nil {
			t.Fatal(err)
		}
		if _, ok := m.Output(list); ok != want {
			t.Errorf("recalled after a change of %s: %v, want %v", path, ok, want)
		}
		w.ModulesOnly = false
		if m, err = Open(w); err != nil {
			t.Fatal(err)
		}
		if _, ok := m.Output(list); ok {
			t.Error("what was kept for modules is recalled for a workspace with its sources")
		}
	}
}

func TestCommands(t *testing.T) {
	dir, w := workspace(t)
	m, err := Open(w)
	if err != nil {
		t.Fatal(err)
	}
	tool := filepath.Join(dir, "tools", "vettool")
	commands := []Command{
		{Args: []string{"vet", "./..."}},
		{Args: []string{"vet", "./sub"}},
		{Args: []string{"vet", "-tags=x", "./..."}},
		{Args: []string{"vet", "./..."}, Env: []string{"GOOS=plan9"}},
		{Args: []string{"vet", "./..."}, Tools: []string{tool}},
		{Args: []string{"vet", "-toolexec=" + tool, "./..."}, Tools: []string{tool}},
	}
	for i, c := range commands {
		if _, ok := m.Output(c); ok {
			t.Errorf("%+v is recalled before it ran", c)
		}
		m.Keep(c, []byte{byte(i)})
	}
	for i, c := range commands {
		if out, ok := m.Output(c); !ok || out[0] != byte(i) {
			t.Errorf("%+v: recalled %v, %v", c, out, ok)
		}
	}
	write(t, tool, "22")
	if _, ok := m.Output(commands[4]); ok {
		t.Error("another tool is taken for the old one")
	}
	if sub := filepath.Join(dir, "a", "sub"); !m.Covers(sub) || m.Covers(dir) || m.Covers(filepath.Join(dir, "elsewhere")) {
		t.Errorf("what is covered: %q %v, %q %v", sub, m.Covers(sub), dir, m.Covers(dir))
	}
	for _, c := range []Command{
		{Args: []string{"vet", "-overlay=x.json", "./..."}},
		{Args: []string{"vet", "--a", "./..."}},
		{Args: []string{"vet"}, Env: []string{"GOWORK=off"}},
		{Args: []string{"vet"}, Env: []string{"GOFLAGS=-modfile=x.mod"}},
		{Args: []string{"vet"}, Env: []string{"GOFLAGS=-mod=mod '-modfile=x y.mod'"}},
		{Args: []string{"vet"}, Env: []string{"XDG_CONFIG_HOME=x"}},
		{Args: []string{"vet", "-toolexec=x"}, Tools: []string{tool}},
	} {
		m.Keep(c, nil)
		if _, ok := m.Output(c); ok {
			t.Errorf("%+v is recalled, and minds more than the workspace", c)
		}
	}
}

// What the go command says of a file that is gone when it has said it, or of a
// workspace without a folder that is back, is no news of what was there before.
func TestMeanwhile(t *testing.T) {
	tests := []struct {
		name     string
		do, undo func(t *testing.T, dir string) error
	}{
		{"file for a moment", func(t *testing.T, dir string) error {
			write(t, filepath.Join(dir, "a", "sub", "new.go"), "package sub\n")
			return nil
		}, func(_ *testing.T, dir string) error {
			return os.Remove(filepath.Join(dir, "a", "sub", "new.go"))
		}},
		{"folder moved away and back", func(_ *testing.T, dir string) error {
			return os.Rename(filepath.Join(dir, "a", "sub"), filepath.Join(dir, "sub"))
		}, func(_ *testing.T, dir string) error {
			return os.Rename(filepath.Join(dir, "sub"), filepath.Join(dir, "a", "sub"))
		}},
		{"go.work for a moment", func(t *testing.T, dir string) error {
			return os.Rename(filepath.Join(dir, "go.work"), filepath.Join(dir, "work"))
		}, func(t *testing.T, dir string) error {
			return os.Rename(filepath.Join(dir, "work"), filepath.Join(dir, "go.work"))
		}},
	}
	for _, test := range tests {
		for _, undone := range []string{"before", "after"} {
			t.Run(test.name+", undone "+undone+" it ends", func(t *testing.T) {
				dir, w := workspace(t)
				m, err := Open(w)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Millisecond) // for the next tick
				if err := test.do(t, dir); err != nil {
					t.Fatal(err)
				}
				if undone == "after" {
					m.Keep(vet, nil)
				}
				if err := test.undo(t, dir); err != nil {
					t.Fatal(err)
				}
				if undone == "before" {
					m.Keep(vet, nil)
				}
				if m, err = Open(w); err != nil {
					t.Fatal(err)
				}
				if _, ok := m.Output(vet); ok {
					t.Error("what was said meanwhile is recalled")
				}
			})
		}
	}
}

func TestOutermost(t *testing.T) {
	got := outermost([]string{"/w/b/c", "/w/b", "/w-x", "/w/a", "/w", "/w/a", "/w/.git/m", "/v/b"})
	want := []string{"/v/b", "/w", "/w-x", "/w/.git/m"}
	if !slices.Equal(got, want) {
		t.Errorf("outermost folders %q, want %q", got, want)
	}
}

// What changed just now may change again unnoticed.
func TestSettle(t *testing.T) {
	_, w := workspace(t)
	settle = time.Hour
	m, err := Open(w)
	if err != nil {
		t.Fatal(err)
	}
	m.Keep(vet, nil)
	if _, ok := m.Output(vet); ok {
		t.Error("a young workspace is remembered")
	}
}

func TestRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(t *testing.T, dir string, w *Workspace)
		want   string
	}{
		{"no module", func(_ *testing.T, _ string, w *Workspace) { w.Mod, w.Work = os.DevNull, "" }, "no module"},
		{"overlay", func(_ *testing.T, _ string, w *Workspace) { w.Flags = "-tags=x -overlay=x.json" }, "-overlay"},
		{"overlay in quotes", func(_ *testing.T, _ string, w *Workspace) { w.Flags = "-tags=x '-overlay=x y.json'" }, "-overlay"},
		{"cache elsewhere", func(_ *testing.T, _ string, w *Workspace) { w.CacheProg = "x" }, "no cache on disk"},
		{"too much to look at", func(t *testing.T, _ string, _ *Workspace) {
			old := most
			most = 3
			t.Cleanup(func() { most = old })
		}, "more than 3 files"},
		{"link that leads out", func(t *testing.T, dir string, _ *Workspace) {
			if err := os.Symlink(filepath.Join(dir, "elsewhere"), filepath.Join(dir, "a", "link")); err != nil {
				t.Fatal(err)
			}
		}, "leads out"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir, w := workspace(t)
			test.change(t, dir, &w)
			m, err := Open(w)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %q", err, test.want)
			}
			m.Keep(vet, nil)
			if _, ok := m.Output(vet); ok {
				t.Error("something is recalled")
			}
		})
	}
}

// A link to a source outside is followed.
func TestLinkedSource(t *testing.T) {
	dir, w := workspace(t)
	if err := os.Symlink(filepath.Join(dir, "elsewhere", "x.go"), filepath.Join(dir, "a", "x.go")); err != nil {
		t.Fatal(err)
	}
	m, err := Open(w)
	if err != nil {
		t.Fatal(err)
	}
	m.Keep(vet, nil)
	time.Sleep(10 * time.Millisecond)
	write(t, filepath.Join(dir, "elsewhere", "x.go"), "package y\n")
	if m, err = Open(w); err != nil {
		t.Fatal(err)
	}
	if _, ok := m.Output(vet); ok {
		t.Error("the change of a linked file went by unnoticed")
	}
}

func BenchmarkOpen(b *testing.B) {
	w := Workspace{Cache: b.TempDir(), Mod: os.Getenv("RECALL_MOD")}
	if w.Mod == "" {
		b.Skip("RECALL_MOD names no go.mod")
	}
	for b.Loop() {
		if _, err := Open(w); err != nil {
			b.Fatal(err)
		}
	}
}
