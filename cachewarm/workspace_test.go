package cachewarm

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDiscover(t *testing.T) {
	t.Setenv("GOWORK", "")
	t.Setenv("GOFLAGS", "")
	const modules = `
-- a/go.mod --
module example.com/a
-- a/sub/x.go --
package sub
-- b/go.mod --
module example.com/b
`
	for _, test := range []struct {
		name, archive, root string
		patterns            []string // below the folder of the archive
	}{
		{"module", modules, "a", []string{"a/..."}},
		{"folder of a module", modules, "a/sub", []string{"a/..."}},
		{"work", modules + "-- go.work --\ngo 1.24\nuse ./b\nuse (\n\t./a\n\t./b\n)\n", "a", []string{"a/...", "b/..."}},
		{"neither", modules, ".", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := unpack(t, test.archive)
			ws, err := discover(t.Context(), goIn(filepath.Join(dir, test.root)))
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, p := range test.patterns {
				want = append(want, filepath.Join(dir, filepath.FromSlash(p)))
			}
			if want = append(want, "builtin"); test.patterns == nil {
				want = []string{"./", "builtin"}
			}
			if diff := cmp.Diff(want, ws.patterns()); diff != "" {
				t.Errorf("patterns (-want +got):\n%s", diff)
			}
		})
	}
}

func TestModuleFiles(t *testing.T) {
	dir := unpack(t, `
-- go.work --
go 1.24
use ./a
use ./gone
-- a/go.mod --
module example.com/a
-- a/sub/x.go --
package sub
`)
	var got []string
	for _, file := range ModuleFiles(filepath.Join(dir, "a", "sub")) {
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(rel))
	}
	want := []string{
		"a/go.mod", "a/go.sum", "a/sub/go.mod", "a/sub/go.work", "a/vendor/modules.txt",
		"go.work", "go.work.sum", "gone/go.mod", "gone/go.sum", "gone/vendor/modules.txt", "vendor/modules.txt",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestVendored(t *testing.T) {
	dir := unpack(t, "-- vendor/modules.txt --\n")
	for flags, want := range map[string]bool{"": true, "-mod=mod": false, "-tags=x -mod=vendor": true} {
		w := &workspace{dir: dir, env: map[string]string{"GOFLAGS": flags}}
		if got := w.vendored(); got != want {
			t.Errorf("GOFLAGS %q: vendored %t", flags, got)
		}
	}
}

// TestRead is about the odd things that go list prints.
func TestRead(t *testing.T) {
	l := &listing{imports: make(map[string][]string)}
	err := l.read(strings.NewReader(`
{"ImportPath": "fmt", "Dir": "/go/src/fmt", "DepOnly": true, "GoFiles": ["print.go"]}
{"ImportPath": "builtin", "Dir": "/go/src/builtin", "GoFiles": ["builtin.go"]}
{"ImportPath": "dep.example/d", "Dir": "/mod/d", "DepOnly": true, "GoFiles": ["d.go"], "Module": {"Dir": "/mod/d"}}
{"ImportPath": "m/a", "Dir": "/m/a", "GoFiles": ["a.go"], "TestGoFiles": ["a_test.go"], "Module": {"Main": true, "Dir": "/m"}}
{"ImportPath": "m/a [m/a.test]", "ForTest": "m/a", "Dir": "/m/a", "GoFiles": ["a.go"], "Module": {"Main": true, "Dir": "/m"}}
{"ImportPath": "m/a.test", "Dir": "/m/a", "GoFiles": ["/cache/testmain.go"], "Module": {"Main": true, "Dir": "/m"}}
{"ImportPath": "m/real.test", "Dir": "/m/real.test", "GoFiles": ["r.go"], "Module": {"Main": true, "Dir": "/m"}}
{"ImportPath": "m/bad", "Dir": "/m/bad", "Error": {"Err": "build constraints exclude all Go files\nand more"}}
`), func() {})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range l.packages {
		got = append(got, p.ImportPath)
	}
	if diff := cmp.Diff([]string{"m/a", "m/real.test", "m/bad"}, got); diff != "" {
		t.Errorf("packages (-want +got):\n%s", diff)
	}
	if l.total != 8 || l.broken != 1 || l.example != "build constraints exclude all Go files" {
		t.Errorf("total %d, broken %d, example %q", l.total, l.broken, l.example)
	}
	if diff := cmp.Diff([]string{"/mod/d"}, l.modules); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
	if err := l.read(strings.NewReader(`{"ImportPath": `), func() {}); err == nil {
		t.Error("half an object is no error")
	}
}

func TestRoots(t *testing.T) {
	// b imports a; both have no tests. c and its tests import b through a
	// package that is not of the workspace. d has an external test only.
	l := &listing{
		imports: map[string][]string{
			"b":               {"a", "fmt"},
			"dep":             {"b"},
			"c":               {"dep"},
			"c [c.test]":      {"dep"},
			"c_test [c.test]": {"c [c.test]"},
			"d_test [d.test]": {"d"},
			"loop":            {"loop"},
		},
	}
	roots := l.roots([]listed{
		{ImportPath: "c", Dir: "c", GoFiles: []string{"c.go"}, TestGoFiles: []string{"c_test.go"}, XTestGoFiles: []string{"x_test.go"}},
		{ImportPath: "b", Dir: "b", CgoFiles: []string{"b.go"}},
		{ImportPath: "a", Dir: "a", GoFiles: []string{"a.go"}},
		{ImportPath: "d", Dir: "d", GoFiles: []string{"d.go"}, XTestGoFiles: []string{"d_test.go"}},
		{ImportPath: "loop", Dir: "loop", GoFiles: []string{"l.go"}},
		{ImportPath: "empty", Dir: "empty"},
	})
	var got []string
	for _, r := range roots {
		got = append(got, fmt.Sprintf("%d %s %s", r.level, r.id, filepath.ToSlash(r.file)))
	}
	want := []string{
		"0 a a/a.go",
		"0 d d/d.go",
		"1 b b/b.go",
		"1 d_test [d.test] d/d_test.go",
		"1 loop loop/l.go",
		"2 c [c.test] c/c.go",
		"3 c_test [c.test] c/x_test.go",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("roots (-want +got):\n%s", diff)
	}
}

func TestBatch(t *testing.T) {
	of := func(sizes ...int) (roots []root) {
		for _, size := range sizes {
			roots = append(roots, root{size: size})
		}
		return roots
	}
	next := of(1, 1, 1)
	next[2].level = 1
	for _, test := range []struct {
		what  string
		roots []root
		want  int
	}{
		{"one", of(1), 1},
		{"one that is too large", of(batchFiles+1, 1), 1},
		{"files", of(batchFiles-1, 1, 1), 2},
		{"packages", make([]root, batchPackages+5), batchPackages},
		{"level", next, 2},
	} {
		if got := batch(test.roots); got != test.want {
			t.Errorf("%s: %d, want %d", test.what, got, test.want)
		}
	}
}

func TestDirectoryFilter(t *testing.T) {
	for _, test := range []struct {
		filters any
		dir     string
		want    bool
	}{
		{nil, ".", true},
		{nil, "web/node_modules/x", false},
		{nil, "node_modules", false},
		{nil, "my_node_modules", true},
		{[]any{}, "node_modules", true},
		{[]any{"-"}, "a", false},
		{[]any{"-", "+a"}, "a/b", true},
		{[]any{"-", "+a"}, "ab", false},
		{[]any{"-a", "+a/b"}, "a/b/c", true},
		{[]string{"-a/**/gen"}, "a/x/y/gen", false},
		{[]string{"-a/**/gen"}, "a/x/y/generated", true},
		{[]any{"nonsense", "-a.c"}, "abc", true},
	} {
		if got := DirectoryFilter(test.filters)(test.dir); got != test.want {
			t.Errorf("%v: %q is in: %t", test.filters, test.dir, got)
		}
	}
}

func TestFindTarget(t *testing.T) {
	t.Setenv("GOWORK", "")
	t.Setenv("GOFLAGS", "")
	dir := unpack(t, `
-- go.mod --
module example.com/m
-- few.go --
package m

func F() {}
-- most.go --
package m

import (
	"os"
	str "strings"
)

var _ = os.Args

func G() {
	/* 😀 */ str.ToUpper("")
}
-- most_test.go --
package m

import ("bytes"; "io"; "os"; "testing")
-- generated.go --
// Code generated by hand. DO NOT EDIT.

package m

import ("bytes"; "io"; "os"; "testing")
-- other_plan9.go --
package m

import ("bytes"; "io"; "os"; "testing")
-- nested/go.mod --
module example.com/nested
-- nested/n.go --
package n

import ("bytes"; "io"; "os"; "testing")

var _ = bytes.Equal
-- testdata/t.go --
package t

import ("bytes"; "io"; "os"; "testing")

var _ = bytes.Equal
`)
	got, err := FindTarget(t.Context(), goIn(dir))
	if err != nil {
		t.Fatal(err)
	}
	want := Target{File: filepath.Join(dir, "most.go"), Package: "m", Name: "Args", Version: 1}
	want.Position.Line, want.Position.Character = 7, 11
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("target (-want +got):\n%s", diff)
	}

	// The column counts UTF-16.
	src := "package m\n\nimport str \"strings\"\n\nvar _ = /* 😀 */ str.ToUpper(\"\")\n"
	file := filepath.Join(dir, "utf16.go")
	if err := os.WriteFile(file, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	if got, ok := targetIn(file); !ok || got.Position.Line != 4 || got.Position.Character != 21 {
		t.Errorf("target %+v, %t; want 4:21", got, ok)
	}
}

func TestIndexTime(t *testing.T) {
	dir, modCache := t.TempDir(), filepath.Join(t.TempDir(), "mod")
	if made, err := indexTime(dir, modCache); err == nil {
		t.Errorf("no index, but made %v", made)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("index-0-1", "0\n"+modCache+"\n2026-01-02 03:04:05\n:pkg,p,d,v1\n")
	write(fmt.Sprintf("index-name-0-%x", sha256.Sum256([]byte("another"))), "index-0-1")
	if made, err := indexTime(dir, modCache); err == nil {
		t.Errorf("the index of another module cache, but made %v", made)
	}
	write(fmt.Sprintf("index-name-0-%x", sha256.Sum256([]byte(modCache))), "index-0-1")
	want := time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local)
	if made, err := indexTime(dir, modCache); err != nil || !made.Equal(want) {
		t.Errorf("made %v, %v; want %v", made, err, want)
	}
}

func TestFolders(t *testing.T) {
	base := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(base, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("alone/go.mod", "module alone\n\ngo 1.26\n\nrequire lib v1.0.0\n\nreplace lib => ../lib\n\nreplace other => example.com/other v1.0.0\n")
	write("alone/sub/x.go", "package sub\n")
	write("lib/go.mod", "module lib\n")
	write("work/go.work", "go 1.26\n\nuse ./a\nuse ../b\n\nreplace c => ../c\n")
	write("work/a/go.mod", "module a\n")
	write("b/go.mod", "module b\n")
	write("plain/x.go", "package x\n")
	write("broken/go.mod", "modul e\n")
	for _, tt := range []struct{ roots, want string }{
		{"alone", "lib alone"},
		{"alone/sub", "lib alone"},
		{"work", "b c work"},
		{"work/a", "b c work/a"},
		{"plain", "plain"},
		{"broken", "broken"},
		{"alone plain", "lib alone plain"},
	} {
		var roots, got []string
		for _, root := range strings.Fields(tt.roots) {
			roots = append(roots, filepath.Join(base, root))
		}
		for _, dir := range Folders(roots...) {
			rel, err := filepath.Rel(base, dir)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, filepath.ToSlash(rel))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("Folders(%s) = %q, want %s", tt.roots, got, tt.want)
		}
	}
}
