package grafts

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

const module = `
-- p/p.go --
package p

import (
	"os"
	"strings"
)

// Get gets.
func (c *Cache[K, V]) Get(k K) (v V, ok bool) {
	// It is locked.
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.m[k]; ok {
		return v, true // found
	}
	os.Getenv("X")
	return *new(V), false
}

func twice() {
	x, y := 1, 1
	y = 1; x = 1
	_ = f(x, y); _ = x*y + f(x,
		y,
	)
	switch x {
	case 1:
		y = 2
		x = 2
	}
}

type Cache[K comparable, V any] struct {
	mu, other sync.Mutex // guards m
	m map[K]V
}

var list = []T{ {1}, {2} }
-- p/q.go --
package p

func init() {}
func init() {}

func asm()
-- p/p_test.go --
package p

func onlyTest() {}
`

// unpack writes a module and returns its folder.
func unpack(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(text)).Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// An edit finds its place by syntax, and changes only that.
func TestEdit(t *testing.T) {
	get, dup := "(*Cache).Get", "twice"
	for _, test := range []struct {
		name     string
		edit     Edit
		old, new string // of the formatted file; an empty new: the edit does not fit
		why      string // why not
	}{
		{name: "expression", edit: Edit{Decl: get, Old: `*new(V)`, New: `zero`}, old: "*new(V)", new: "zero"},
		{name: "another name", edit: Edit{Decl: "(*cache).Get|" + get, Old: `*new(V)`, New: `zero`}, old: "*new(V)", new: "zero"},
		{name: "two names", edit: Edit{Decl: dup + "|" + get, New: `zero`}, why: "twice|(*Cache).Get of p is declared 2 times, not once"},
		{name: "layout and comments do not count", edit: Edit{Decl: get, Old: "if v, ok :=\nc.m[k]; ok { /* why */ return v, true }", New: "try()"},
			old: "if v, ok := c.m[k]; ok {\n\t\treturn v, true // found\n\t}", new: "try()"},
		{name: "comments about the place stay", edit: Edit{Decl: get, Old: "c.mu.Lock(); defer c.mu.Unlock()", New: "a()"},
			old: "c.mu.Lock()\n\tdefer c.mu.Unlock()", new: "a()"},
		{name: "before", edit: Edit{Decl: get, Old: "c.mu.Lock()\ndefer c.mu.Unlock()", At: Before, New: "a()\nb()"},
			old: "\tc.mu.Lock()", new: "\ta()\n\tb()\n\tc.mu.Lock()"},
		{name: "after", edit: Edit{Decl: get, Old: "c.mu.Lock()", At: After, New: "a()"},
			old: "c.mu.Lock()\n", new: "c.mu.Lock()\n\ta()\n\n"},
		{name: "start of a body", edit: Edit{Decl: get, New: "a()"}, old: "\t// It is", new: "\ta()\n\n\t// It is"},
		{name: "start of a struct", edit: Edit{Decl: "Cache", New: "n int"}, old: "\tmu, other", new: "\tn int\n\n\tmu, other"},
		{name: "field", edit: Edit{Decl: "Cache", Old: "m map[K]V", At: Before, New: "n int"}, old: "\tm         map", new: "\tn         int\n\tm         map"},
		{name: "elements", edit: Edit{Decl: "list", Old: "{1}, {2}", New: "{3}"}, old: "{1}, {2}", new: "{3}"},
		{name: "case", edit: Edit{Decl: dup, Old: "y = 2; x = 2", New: "a()"}, old: "y = 2\n\t\tx = 2", new: "a()"},
		{name: "trailing comma", edit: Edit{Decl: dup, Old: "x*y + f(x, y)", New: "1"}, old: "x*y + f(x,\n\t\ty,\n\t)", new: "1"},
		{name: "imports", edit: Edit{Decl: get, Old: `os.Getenv("X")`, New: `e.Getenv("X")`, Imports: []string{"e example.com/env", "strings"}},
			old: "import (\n\t\"os\"\n\t\"strings\"\n)|os.Getenv", new: "import (\n\te \"example.com/env\"\n\t\"strings\"\n)|e.Getenv"},

		{name: "twice", edit: Edit{Decl: dup, Old: "f(x, y)", New: "1"}, why: `twice of p: "f(x, y)" is in it 2 times, not once`},
		{name: "never", edit: Edit{Decl: get, Old: "c.mu.RLock()", New: "a()"}, why: `(*Cache).Get of p: "c.mu.RLock()" is in it 0 times, not once`},
		{name: "in another declaration", edit: Edit{Decl: dup, Old: "c.mu.Lock()", New: "a()"}, why: "0 times"},
		{name: "in a comment", edit: Edit{Decl: get, Old: "found", New: "a"}, why: "0 times"},
		{name: "part of a statement", edit: Edit{Decl: dup, Old: "y := 1", New: "a()"}, why: "0 times"},
		{name: "part of an expression", edit: Edit{Decl: dup, Old: "y + f(x, y)", New: "1"}, why: "0 times"},
		{name: "arguments and more", edit: Edit{Decl: dup, Old: "(x, y)", New: "()"}, why: "0 times"},
		{name: "another literal", edit: Edit{Decl: get, Old: `os.Getenv("Y")`, New: "a()"}, why: "0 times"},
		{name: "no such declaration", edit: Edit{Decl: "Get", New: "a()"}, why: "Get of p is declared 0 times, not once"},
		{name: "no pointer", edit: Edit{Decl: "(Cache).Get", New: "a()"}, why: "0 times"},
		{name: "only in a test", edit: Edit{Decl: "onlyTest", New: "a()"}, why: "0 times"},
		{name: "two declarations", edit: Edit{Decl: "init", New: "a()"}, why: "init of p is declared 2 times, not once"},
		{name: "no such package", edit: Edit{Package: "p/none", Decl: "init", New: "a()"}, why: "init of p/none is declared 0 times"},
		{name: "no body", edit: Edit{Decl: "asm", New: "a()"}, why: "asm of p: it has no body"},
		{name: "only a comment", edit: Edit{Decl: get, Old: "// It is locked.", New: "a()"}, why: "is no syntax"},
		{name: "no Go", edit: Edit{Decl: get, Old: "`", New: "a()"}, why: "line 1: raw string literal not terminated"},
		{name: "no Go with it", edit: Edit{Decl: get, Old: "*new(V)", New: "if"}, why: "the file is no Go with the change"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := unpack(t, module)
			// What an edit that changes nothing leaves is what to compare with.
			base := Edit{Package: "p", Decl: get, Old: "*new(V)", New: "*new(V)"}
			if _, out, err := Apply(dir, []*Graft{{Name: "format", Edits: []Edit{base}}}); err != nil || out != nil {
				t.Fatal(out, err)
			}
			before := read(t, dir, "p/p.go")
			if test.edit.Package == "" {
				test.edit.Package = "p"
			}
			in, out, err := Apply(dir, []*Graft{{Name: "g", Edits: []Edit{test.edit}}})
			if err != nil {
				t.Fatal(err)
			}
			after := read(t, dir, "p/p.go")
			if test.new == "" {
				if len(in) != 0 || len(out) != 1 || out[0].Name != "g" || !strings.Contains(out[0].Why, test.why) {
					t.Errorf("in %q, left out %q; want it left out for %q", in, out, test.why)
				}
				if after != before {
					t.Errorf("the file is now\n%s", after)
				}
				return
			}
			if !slices.Equal(in, []string{"g"}) || out != nil {
				t.Fatalf("in %q, left out %q", in, out)
			}
			want := before
			news := strings.Split(test.new, "|")
			for i, old := range strings.Split(test.old, "|") {
				if strings.Count(want, old) != 1 {
					t.Fatalf("the test's %q is not in\n%s", old, want)
				}
				want = strings.Replace(want, old, news[i], 1)
			}
			if after != want {
				t.Errorf("the file is\n%s\nwant\n%s", after, want)
			}
		})
	}
}

// A declaration may move, also to another file.
func TestMoved(t *testing.T) {
	edits := []Edit{{Package: "p", Decl: "f", Old: "a()", New: "b()"}}
	for name, text := range map[string]string{
		"alone": "-- p/p.go --\npackage p\n\nfunc f() { a() }\n",
		"last":  "-- p/p.go --\npackage p\n\nfunc g() { a() }\n\nfunc h() { a() }\n\nfunc f() { a() }\n",
		"file":  "-- p/p.go --\npackage p\n\nfunc g() { a() }\n-- p/z.go --\npackage p\n\nfunc f() { a() }\n",
	} {
		in, out, err := Apply(unpack(t, text), []*Graft{{Name: "g", Edits: edits}})
		if err != nil || len(in) != 1 {
			t.Errorf("%s: in %q, left out %q, %v", name, in, out, err)
		}
	}
}

// A graft is in with all that it is, or with nothing; the others are in.
func TestAllOrNothing(t *testing.T) {
	dir := unpack(t, module)
	before := read(t, dir, "p/p.go")
	fits := Edit{Package: "p", Decl: "twice", New: "a()"}
	glue := fstest.MapFS{"logic.go": {Data: []byte("package first\n")}, "files/p/glue.go.txt": {Data: []byte("package p\n")}}
	in, out, err := Apply(dir, []*Graft{
		{Name: "edit", Source: glue, Edits: []Edit{fits, {Package: "p", Decl: "none", New: "a()"}}},
		{Name: "taken", Source: fstest.MapFS{"files/p/q.go.txt": {}}, Edits: []Edit{fits}},
	})
	if err != nil || in != nil || len(out) != 2 || out[1].Why != "there is a p/q.go already" {
		t.Errorf("in %q, left out %q, %v", in, out, err)
	}
	if read(t, dir, "p/p.go") != before {
		t.Error("a graft that was left out changed a file")
	}
	if _, err := os.Stat(filepath.Join(dir, "p", "glue.go")); err == nil {
		t.Error("a graft that was left out added a file")
	}

	// The second edit of the same file finds what the first one made, and the
	// next graft both.
	in, out, err = Apply(dir, []*Graft{
		{Name: "both", Source: glue, Edits: []Edit{fits, {Package: "p", Decl: "twice", Old: "a()", New: "b()"}}},
		{Name: "next", Edits: []Edit{{Package: "p", Decl: "twice", Old: "b()", New: "c()"}}},
	})
	if err != nil || !slices.Equal(in, []string{"both", "next"}) || out != nil {
		t.Errorf("in %q, left out %q, %v", in, out, err)
	}
	if got := read(t, dir, "p/p.go"); !strings.Contains(got, "func twice() {\n\tc()\n") {
		t.Errorf("the file is\n%s", got)
	}
	if got := read(t, dir, "p/glue.go"); got != "package p\n" {
		t.Errorf("the added file is %q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "logic.go")); err == nil {
		t.Error("the linked package was added to gopls")
	}
}
