package fix

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/gohearth/hearth/internal/vet"
)

// workspace writes an archive to a folder of its own.
func workspace(t *testing.T, archive string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// replacing returns findings whose fixes replace texts, each old=new in a file.
func replacing(t *testing.T, root string, edits ...string) []vet.Diagnostic {
	t.Helper()
	var list []vet.Diagnostic
	for i, edit := range edits {
		file, rest, _ := strings.Cut(edit, ": ")
		from, to, _ := strings.Cut(rest, " -> ")
		data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		at := strings.Index(string(data), from)
		if at < 0 {
			t.Fatalf("%s does not hold %q", file, from)
		}
		list = append(list, vet.Diagnostic{
			Analyzer: "a", File: file, Line: i + 1, Column: 1,
			Fixes: []vet.Fix{{Edits: []vet.Edit{{File: file, Start: at, End: at + len(from), New: to}}}},
		})
	}
	return list
}

func same(name string) string { return name }

// skipped returns what the plan leaves out, by line.
func skipped(p *Plan) map[int]string {
	m := make(map[int]string)
	for _, s := range p.Skipped {
		m[s.Diagnostic.Line] = s.Why
	}
	return m
}

const compiled = `
-- go.mod --
module example.com/m

go 1.26
-- a/a.go --
package a

const One, Two, Three, Four, Five = 1, 2, 3, 4, 5

func F(int) {}
-- b/b.go --
package b

import "example.com/m/a"

func G() { a.F(1) }
-- b/b_test.go --
package b_test

import "example.com/m/b"

var _ = b.G
-- broken/broken.go --
package broken

var x = undefined
var y = 1
`

// TestCompile checks that the fixes that break something are found among
// others, and that these stay.
func TestCompile(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the go command many times")
	}
	for _, tt := range []struct {
		name  string
		edits []string
		want  map[int]string // what is skipped: how why begins
		fixed string         // what a file holds then
	}{
		{
			"two guilty ones in one package",
			[]string{"a/a.go: 1, -> 10,", "a/a.go: 2, -> two,", "a/a.go: 3, -> 30,", "a/a.go: 4, -> four,", "a/a.go: 5\n -> 50\n"},
			map[int]string{2: "with it the package does not compile: a/a.go:3:41: undefined: two", 4: "with it the package does not compile: a/a.go:3:"},
			"a/a.go: = 10, 2, 30, 4, 50",
		},
		{
			"one that does not parse, and another package",
			[]string{"a/a.go: 1, -> 10,", "a/a.go: 2, -> (2,", "b/b.go: G() -> H()", "b/b.go: a.F(1) -> a.F(2)"},
			map[int]string{2: "with it the package does not compile: a/a.go: 3:", 3: ""},
			"b/b.go: func G() { a.F(2) }",
		},
		{
			"one that breaks an importer",
			[]string{"a/a.go: F(int) -> F(string)", "b/b.go: a.F(1) -> a.F(2)"},
			map[int]string{1: "with the fixes in its package, b does not compile: b/b.go:5:16: cannot use 2"},
			"b/b.go: func G() { a.F(2) }",
		},
		{
			"a test",
			[]string{"b/b_test.go: b.G -> b.H"},
			map[int]string{1: "with it the package does not compile: b/b_test.go:5:11: undefined: b.H"},
			"",
		},
		{
			"a package that is broken anyway",
			[]string{"broken/broken.go: y = 1 -> y = 2", "a/a.go: 1, -> 10,"},
			map[int]string{1: "its package does not compile as it is: broken/broken.go:3:9: undefined: undefined"},
			"a/a.go: = 10, 2",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root := workspace(t, compiled)
			p := New(root, replacing(t, root, tt.edits...), same)
			if err := p.Compile(t.Context(), []Build{{Dir: root}}); err != nil {
				t.Fatal(err)
			}
			got := skipped(p)
			for line, why := range got {
				if want, ok := tt.want[line]; !ok || !strings.HasPrefix(why, want) {
					t.Errorf("%s is skipped, since %s", tt.edits[line-1], why)
				}
			}
			for line := range tt.want {
				if _, ok := got[line]; !ok {
					t.Errorf("%s is not skipped", tt.edits[line-1])
				}
			}
			changes, err := p.Changes()
			if err != nil {
				t.Fatal(err)
			}
			file, text, _ := strings.Cut(tt.fixed, ": ")
			for _, c := range changes {
				if c.File == file && !strings.Contains(string(c.New), text) {
					t.Errorf("%s is\n%s", file, c.New)
				}
			}
		})
	}
}

func TestNew(t *testing.T) {
	root := workspace(t, "-- a.go --\npackage a\n\nvar x = 1\n-- vendor/v/v.go --\npackage v\n")
	findings := replacing(t, root, "a.go: x = 1 -> y = 1", "a.go: x = 1 -> y = 1", "a.go: = 1 -> = 2", "vendor/v/v.go: v -> w", "a.go: 1 -> 2")
	findings[4].Analyzer = "fieldalignment"
	if err := os.Symlink("a.go", filepath.Join(root, "link.go")); err != nil {
		t.Skip(err)
	}
	findings = append(findings, replacing(t, root, "link.go: = 1 -> = 3")...)
	findings[5].Line = 8
	findings = append(findings, vet.Diagnostic{Line: 6}, vet.Diagnostic{Line: 7, Fixes: []vet.Fix{{Edits: []vet.Edit{{File: "a.go", Start: 90, End: 91}}}}})
	p := New(root, findings, same)
	if p.Unsafe["fieldalignment"] != 1 {
		t.Errorf("unsafe: %v", p.Unsafe)
	}
	if p.Fixed() != 2 {
		t.Errorf("%d findings are fixed, want two by one fix", p.Fixed())
	}
	want := map[int]string{
		3: "it overlaps the fix of a.go:1:1 (a)",
		4: "vendor/v/v.go is vendored",
		7: "a.go changed while it was analysed",
		8: "link.go is a symbolic link",
	}
	if got := skipped(p); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("skipped: %v\nwant: %v", got, want)
	}
}

// TestWrite checks that of several files none changes unless all do.
func TestWrite(t *testing.T) {
	root := workspace(t, "-- a.go --\nold\n-- b.go --\nedited\n-- d/c.go --\nold\n")
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	change := func(name string) Change { return Change{name, []byte("old\n"), []byte("new\n")} }
	if err := Write(root, []Change{change("a.go"), change("b.go")}); err == nil || read("a.go") != "old\n" {
		t.Errorf("a.go is %q, though b.go was edited: %v", read("a.go"), err)
	}
	if os.Getuid() != 0 { // root may write everywhere
		if err := os.Chmod(filepath.Join(root, "d"), 0o555); err != nil {
			t.Fatal(err)
		}
		if err := Write(root, []Change{change("a.go"), change("d/c.go")}); err == nil || read("a.go") != "old\n" {
			t.Errorf("a.go is %q, though d/c.go cannot be written: %v", read("a.go"), err)
		}
		if err := os.Chmod(filepath.Join(root, "d"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := Write(root, []Change{change("a.go"), change("d/c.go")}); err != nil || read("a.go")+read("d/c.go") != "new\nnew\n" {
		t.Error(err)
	}
}
