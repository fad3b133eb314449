package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// A package has one key, in whatever order files are opened: gopls stores export
// data once for each package, however many sessions there are.
func TestExactKeys(t *testing.T) {
	asUser(t)
	dir, cache := realDir(t), t.TempDir()
	writeFiles(t, dir, "go.mod", goMod,
		"a/a.go", "package a\n\nimport \"net/http/httptest\"\n\nvar V httptest.ResponseRecorder\n",
		"b/b.go", "package b\n\nimport \"crypto/x509\"\n\nvar V x509.Certificate\n",
		"c/c.go", "package c\n\nimport \"text/template\"\n\nvar V template.Template\n")
	gopls := strings.TrimSpace(mustHearth(t, dir, "which", "gopls"))
	list := exec.Command("go", "list", "-deps", "./...")
	list.Dir = dir
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := len(strings.Fields(string(out))) - 1 // unsafe has no export data
	stored := func() int {
		files, err := filepath.Glob(filepath.Join(cache, "gopls", "*", "*", "*-export"))
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	for _, order := range []string{"abc", "bac", "cba"} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c := startGopls(t, dir, lsp.Command{Args: []string{gopls}, Dir: dir, Env: append(os.Environ(), "GOPLSCACHE="+cache)}, lsp.Options{})
		for _, name := range strings.Split(order, "") {
			file := filepath.Join(dir, name, name+".go")
			document := openFile(t, c, file)
			if err := c.Call(ctx, "textDocument/hover", map[string]any{"textDocument": document, "position": lsp.Position{Line: 4, Character: 4}}, nil); err != nil {
				t.Fatal(err)
			}
		}
		// They are stored in the background, so that a wrong one may be missed,
		// and a right one is never too many.
		for end := time.Now().Add(2 * time.Second); time.Now().Before(end) && stored() <= packages; {
			time.Sleep(20 * time.Millisecond)
		}
		if n := stored(); n > packages || n == 0 {
			t.Errorf("after %s export data is stored under %d keys for %d packages", order, n, packages)
		}
		if err := c.Shutdown(ctx); err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d keys for %d packages", stored(), packages)
}

// startGopls starts a gopls in a folder, and introduces an editor to it.
func startGopls(t *testing.T, dir string, command lsp.Command, opts lsp.Options) *lsp.Client {
	t.Helper()
	c, err := lsp.Start(command, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	folder := lsp.FileURI(dir)
	if err := c.Call(ctx, "initialize", map[string]any{
		"rootUri": folder, "workspaceFolders": []map[string]any{{"uri": folder, "name": "m"}}, "capabilities": map[string]any{},
		"initializationOptions": map[string]any{"completionBudget": "0s"}, // no answer may depend on the time it took
	}, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Notify("initialized", struct{}{}); err != nil {
		t.Fatal(err)
	}
	return c
}

// openFile opens a file as it is on disk, and returns its identifier.
func openFile(t *testing.T, c *lsp.Client, file string) (document map[string]any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	document = map[string]any{"uri": lsp.FileURI(file), "languageId": "go", "version": 1, "text": string(text)}
	if err := c.Notify("textDocument/didOpen", map[string]any{"textDocument": document}); err != nil {
		t.Fatal(err)
	}
	return document
}

// changeFile gives an open file another text.
func changeFile(t *testing.T, c *lsp.Client, document map[string]any, version int, text string) {
	t.Helper()
	document["version"] = version
	if err := c.Notify("textDocument/didChange", map[string]any{"textDocument": document, "contentChanges": []map[string]any{{"text": text}}}); err != nil {
		t.Fatal(err)
	}
}

// What is asked right after an edit, when only the declarations and one body have been
// checked, is answered as by a gopls that has checked all; and so is a hover into
// another package, whether or not the comment there has links.
func TestOneBody(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a gopls without grafts")
	}
	asUser(t)
	dir := realDir(t)
	const source = `package a

import (
	"fmt"
	"strings"

	"example.com/m/b"
)

type T struct{ F, G int }

func (t *T) M() string { return fmt.Sprint(t.F) }

func first(t *T) int {
	n := t.G
	s := strings.Repeat(t.M(), n)
	label := func(x int) int { return x + len(s) }
loop:
	for i := range n {
		if i > 2 {
			break loop
		}
	}
	return label(b.Plain(n)) + b.Linked(n)
}

var _ = func() int {
	t := &T{F: 1}
	return first(t) + len(t.M())
}()

var (
	_ = first
	v = func() *T { t := new(T); return t }()
)

func init() { v.F = second(v) }

func second[P any](p P) int {
	q := []P{p}
	return len(q)
}
`
	writeFiles(t, dir, "go.mod", goMod, "a/a.go", source,
		"b/b.go", `package b

import "strings"

// Plain is plain.
func Plain(n int) int { return n }

// Linked is not [Plain], nor [Type.Method], [Type.Field], [raw], [nothing] or
// [strings.Builder.Len].
func Linked(n int) int { return len(strings.Repeat("", n)) }

// Several have one comment.
var (
	One int
	// Two has its own.
	Two, Three string
	Four       = 4 // Four is four.
)

type (
	// Type is in a group.
	Type struct {
		// Field is documented.
		Field int
	}
	Alias = Type // Alias is another.
)

// Method is one.
//
//go:noinline
func (Type) Method() {}

// Not of Bare.

func Bare() {} // Bare's own.
func Next() {}

/* Block is in a block. */
func Block() {}

/*
// In is in a block.
*/
func In() {}

var raw = "" + `+"`"+`
// a string`+"`"+`

const other = `+"`"+`
// a string`+"`"+`
func Raw() {}

// Deprecated: use `+"`Next`"+`, or `+"``"+`.
func Old() {}
`)
	answers := func(grafts string) map[string]string {
		t.Setenv("HEARTH_GRAFTS", grafts)
		gopls := strings.TrimSpace(mustHearth(t, dir, "which", "gopls"))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		c := startGopls(t, dir, lsp.Command{Args: []string{gopls}, Dir: dir, Env: append(os.Environ(), "GOPLSCACHE="+t.TempDir())}, lsp.Options{})
		document := openFile(t, c, filepath.Join(dir, "a", "a.go"))
		list, version := make(map[string]string), 1
		for line, text := range strings.Split(source, "\n") {
			for column := range len(text) {
				if column > 0 && isLetter(text[column-1]) || !isLetter(text[column]) {
					continue // the start of each word
				}
				for _, method := range []string{"hover", "definition", "completion", "signatureHelp"} {
					version++
					changeFile(t, c, document, version, fmt.Sprintf("%s\n// %d\n", source, version))
					var answer json.RawMessage
					err := c.Call(ctx, "textDocument/"+method, map[string]any{"textDocument": document, "position": lsp.Position{Line: line, Character: column}}, &answer)
					list[fmt.Sprintf("%s at %d:%d, %q", method, line+1, column+1, text[column:])] = fmt.Sprint(string(answer), err)
				}
			}
		}
		if err := c.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		return list
	}
	with, without := answers(""), answers("none")
	for what, want := range without {
		if got := with[what]; got != want {
			t.Errorf("%s:\n%s\nwithout grafts:\n%s", what, got, want)
		}
	}
	t.Logf("%d answers", len(without))
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// The first diagnostics after an edit, which may come of one body alone, are those of a
// gopls that checks the whole package.
func TestChangedBody(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a gopls without grafts")
	}
	asUser(t)
	dir := realDir(t)
	const source = `package a

import (
	"fmt"
	"os"
	str "strings"

	"example.com/m/b"
)

type T struct{ f, g int }

func (t *T) M() string { return fmt.Sprint(t.f) }

type (
	G[P any] struct{ p P }
	I interface{ M() string }
)

func (g *G[P]) M() { g.p = *new(P) }

func first(t T) int {
	t = T{1, 2}
	return t.g + len(str.Repeat(t.M(), 2))
}

var x, z = second(), 1

var array [4]int = fill()

const length = len(array)

func fill() (a [4]int) {
	return
}

func long() [length]int { return [length]int{} }

var (
	_   = first
	_ I = func() I { t := &T{}; return t }()
)

func second() int { return third() + 1 }

func third() int {
	return b.Plain(2)
}

func generic[P any](p P) int { return 0 }

func lone() { os.Exit(1) }

func empty() {}

func init() { fmt.Println(x, y) }
`
	writeFiles(t, dir, "go.mod", goMod, "a/a.go", source,
		"a/y.go", "package a\n\nvar y = 1\n\nvar w = x\n\nfunc other() { _ = first(T{}) }\n\nfunc again[P any](p P) { generic(p) }\n",
		"b/b.go", "package b\n\nfunc Plain(n int) int { return n }\n")
	edits := []struct{ old, new string }{ // each of the source, but for those of the same text
		{"t = T{1, 2}", "t = T{1, 2}\n\tunused := 1"},
		{"t = T{1, 2}", "t = T{1, 2}\n\treturn"},
		{"t = T{1, 2}", "t = T{1, undefined}"},
		{"t = T{1, 2}", "t = T{1, 2, 3}"},
		{"t = T{1, 2}", "t = T{1, 2}\n\tvar i I = t"},
		{"t = T{1, 2}", "t = T{1, 2}\n\tt.missing()"},
		{"t = T{1, 2}", "goto end\n\tn := 1\nend:"},
		{"t = T{1, 2}", "t = T{1, 2}\n\ttype U T\n\tvar u U = t"},
		{"t = T{1, 2}", "t = T{1, 2}\n\tos.Exit(0)"},
		{"t = T{1, 2}", "t = T{1, 2}\n\tb.Missing(first, second)"},
		{"t = T{1, 2}", "t = T{1, 2}\n\tb.Plain(\"\")"},
		{"t = T{1, 2}", "t = T{1, 2}\n\tt."},
		{"t = T{1, 2}", "t = T{1, 2}\n\tif t {"},
		{"t = T{1, 2}", "t = T{1, 2}\n}\n\nfunc more() {"},
		{"t = T{1, 2}", "t = T{1, 2}\n}"},
		{"t = T{1, 2}", "t = T{1, 2}\n\t/*"},
		{"t = T{1, 2}", "t = T{1, 2}\n\t_ = `"},
		{"len(str.Repeat(t.M(), 2))", "0"},
		{"len(str.Repeat(t.M(), 2))", "len(str.Repeat(t.M(), t))"},
		{"os.Exit(1)", ""},
		{"os.Exit(1)", "lone()"},
		{"os.Exit(1)", "var fmt int"},
		{"fmt.Sprint(t.f)", "\"\""},
		{"{}\n\nfunc init", "{ b := b.Plain }\n\nfunc init"},
		{"{}\n\nfunc init", "{ empty(1); init() }\n\nfunc init"},
		{"third() + 1", "third() + x"},
		{"third() + 1", "third() + y"},
		{"third() + 1", "third() + z"},
		{"b.Plain(2)", "x"},
		{"b.Plain(2)", "b.Plain(2) + undefined"},
		{"b.Plain(2)", "b.Plain(2) + second()"},
		{"b.Plain(2)", "b.Plain(2)\n\tb."},
		{"b.Plain(2)", "second()\n\tb."},
		{"_   = first", "_   = first(1)"},
		{"_   = first", "_   = x + third() + undefined"},
		{"_   = first", "_   = 1, 2"},
		{"_   = first", "a   = first"},
		{"_   = first", "_   = first\n\tx = 1"},
		{"t := &T{}; return t", "t := T{}; return t"},
		{"t := &T{}; return t", "t := &T{}"},
		{"{ return 0 }", "{ return generic(&p) }"},
		{"{ return 0 }", "{ return p }"},
		{"g.p = *new(P)", "g.p = 1"},
		{"\treturn\n}", "\tfor i := range length {\n\t\ta[i] = i\n\t}\n\treturn\n}"},
		{"third() + 1", "w\n\tn := 1 2"},
		{"third() + 1", "n := w +\n\treturn 1"},
		{"third() + 1", "third()\n\tn := 1 2"},
		{"os.Exit(1)", "os.Exit(1)\n\ttype L[P any] struct{ f *L[*P] }\n\tvar l L[int]\n\t_ = l"},
		{"_   = first", "_   = func() {\n\t\ttype L[P any] struct{ f *L[*P] }\n\t\tvar l L[int]\n\t\t_ = l\n\t}"},
		{"{ return 0 }", "{\n\tfmt.Println()\n\tagain(&p)\n\t_ = 1 2\n\treturn 0\n}"},
		{"fmt.Println(x, y)", "fmt.Println(x, y, undefined); return 1"},
		{"func first(t T) int", "func first(t T, n int) int"},
		{"f, g int", "f int"},
	}
	type found struct{ start, first, again string }
	diagnose := func(grafts string) (list []found, others []string) {
		t.Setenv("HEARTH_GRAFTS", grafts)
		gopls := strings.TrimSpace(mustHearth(t, dir, "which", "gopls"))
		published := make(chan lsp.PublishDiagnosticsParams, 100)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		c := startGopls(t, dir, lsp.Command{Args: []string{gopls}, Dir: dir, Env: append(os.Environ(), "GOPLSCACHE="+t.TempDir())}, lsp.Options{
			Observe: func(method string, params json.RawMessage) {
				var p lsp.PublishDiagnosticsParams
				if method == "textDocument/publishDiagnostics" && json.Unmarshal(params, &p) == nil {
					published <- p
				}
			},
		})
		document := openFile(t, c, filepath.Join(dir, "a", "a.go"))
		wait := func(version int) string {
			for {
				select {
				case p := <-published:
					text, err := json.MarshalIndent(p.Diagnostics, "", "  ")
					if err != nil {
						t.Fatal(err)
					}
					if p.URI != document["uri"] {
						others = append(others, string(text))
					} else if p.Version != nil && *p.Version == version {
						return string(text)
					}
				case <-ctx.Done():
					t.Fatalf("no diagnostics of version %d", version)
				}
			}
		}
		version := 1
		change := func(text string) {
			version++
			changeFile(t, c, document, version, text)
		}
		wait(1)
		time.Sleep(3 * time.Second)
		for _, e := range edits {
			if strings.Count(source, e.old) != 1 {
				t.Fatalf("%q is not there once", e.old)
			}
			var f found
			changed := strings.Replace(source, e.old, e.new, 1)
			change(changed)
			f.first = wait(version)
			change(changed + "\n") // two places
			f.again = wait(version)
			change(source)
			f.start = wait(version)
			list = append(list, f)
		}
		if err := c.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		return list, slices.Compact(others)
	}
	with, othersWith := diagnose("")
	without, othersWithout := diagnose("none")
	if !slices.Equal(othersWith, othersWithout) {
		t.Errorf("of other files:\n%s\nwithout grafts:\n%s", strings.Join(othersWith, "\n"), strings.Join(othersWithout, "\n"))
	}
	for i, e := range edits {
		if with[i] != without[i] {
			t.Errorf("%q to %q:\n%s\nwithout grafts:\n%s", e.old, e.new, with[i], without[i])
		}
	}
}
