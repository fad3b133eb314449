package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
		c := startGopls(t, dir, lsp.Command{Args: []string{gopls}, Dir: dir, Env: append(os.Environ(), "GOPLSCACHE="+cache)})
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
func startGopls(t *testing.T, dir string, command lsp.Command) *lsp.Client {
	t.Helper()
	c, err := lsp.Start(command, lsp.Options{})
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
		"b/b.go", "package b\n\n// Plain is plain.\nfunc Plain(n int) int { return n }\n\n// Linked is not [Plain].\nfunc Linked(n int) int { return n }\n")
	answers := func(grafts string) map[string]string {
		t.Setenv("HEARTH_GRAFTS", grafts)
		gopls := strings.TrimSpace(mustHearth(t, dir, "which", "gopls"))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		c := startGopls(t, dir, lsp.Command{Args: []string{gopls}, Dir: dir, Env: append(os.Environ(), "GOPLSCACHE="+t.TempDir())})
		document := openFile(t, c, filepath.Join(dir, "a", "a.go"))
		list, version := make(map[string]string), 1
		for line, text := range strings.Split(source, "\n") {
			for column := range len(text) {
				if column > 0 && isLetter(text[column-1]) || !isLetter(text[column]) {
					continue // the start of each word
				}
				for _, method := range []string{"hover", "definition", "completion", "signatureHelp"} {
					version++
					document["version"] = version
					edited := fmt.Sprintf("%s\n// %d\n", source, version)
					if err := c.Notify("textDocument/didChange", map[string]any{"textDocument": document, "contentChanges": []map[string]any{{"text": edited}}}); err != nil {
						t.Fatal(err)
					}
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
