package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// What is searched for in all packages is found as by a gopls that keeps nothing of
// them, whatever has changed since the last search.
func TestAcrossPackages(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a gopls without grafts")
	}
	asUser(t)
	with, without := searches(t, ""), searches(t, "none")
	for i, want := range without {
		if with[i] != want {
			t.Errorf("%s\nwithout grafts:\n%s", with[i], want)
		}
	}
	if n := slices.IndexFunc(without, func(s string) bool { return strings.HasPrefix(s, "qzw: 100\n") }); n < 0 {
		t.Error("the search that has more than it lists does not list 100")
	}
	t.Logf("%d searches", len(without))
}

// searches returns what is found in a workspace that changes.
func searches(t *testing.T, grafts string) (found []string) {
	t.Setenv("HEARTH_GRAFTS", grafts)
	dir := realDir(t)
	const (
		b = "package b\n\nimport \"fmt\"\n\ntype Zqi interface{ Zqm() }\n\ntype Zqb struct{ Zqf struct{ Zqg int } }\n\nfunc (Zqb) Zqm() { fmt.Print() }\n"
		c = "package c\n\nimport \"example.com/m/b\"\n\ntype Zqc int\n\nfunc (Zqc) Zqm() {}\n\nvar zqv b.Zqi = Zqc(1)\n\nfunc init() { zqv.Zqm() }\n"
	)
	writeFiles(t, dir, "go.mod", goMod, "b/b.go", b, "c/c.go", c,
		"c/c_test.go", "package c\n\nfunc zqTest() { zqv.Zqm() }\n",
		"v2/d.go", "package zqd\n\nvar Zq\u212a, \u00c4zq, Zq"+strings.Repeat("long", 40)+" int\n",
		"skip/s.go", "package skip\n\nvar Zqskipped int\n",
		"cmd/x/main.go", "package main\n\nfunc zqmain() {}\n\nfunc main() { zqmain() }\n",
		// 60 that have the letters in their name, 40 in that of their package, and
		// more, looked at before those, that have them in their path only.
		"qzw/qzw.go", declare("qzw", "A", 40), "names/n.go", declare("names", "Qzw", 60),
		"qzw/deep/1.go", declare("deep", "B", 90), "qzw/deep/2.go", declare("deep", "C", 90), "qzw/deep/3.go", declare("deep", "D", 90),
		"nested/go.mod", "module example.com/nested\n\ngo 1.26\n\nrequire example.com/m v0.0.0\n\nreplace example.com/m => ../\n",
		"nested/n.go", "package nested\n\nimport \"example.com/m/b\"\n\ntype Zqn struct{ b.Zqb }\n\nfunc (Zqn) Zqm() {}\n")
	gopls := strings.TrimSpace(mustHearth(t, dir, "which", "gopls"))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	client := startGopls(t, dir, lsp.Command{Args: []string{gopls}, Dir: dir, Env: append(os.Environ(), "GOPLSCACHE="+t.TempDir())}, lsp.Options{})
	path := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	notify := func(method string, params any) {
		t.Helper()
		if err := client.Notify(method, params); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(about, method string, params any) {
		t.Helper()
		var list []json.RawMessage
		if err := client.Call(ctx, method, params, &list); err != nil {
			t.Fatalf("%s: %v", about, err)
		}
		var lines []string
		for _, item := range list {
			lines = append(lines, strings.ReplaceAll(string(item), string(lsp.FileURI(dir)), ""))
		}
		slices.Sort(lines) // those of the same score are in any order
		found = append(found, fmt.Sprintf("%s: %d\n%s", about, len(lines), strings.Join(lines, "\n")))
	}
	document := openFile(t, client, path("b/b.go"))
	search := func(when string) {
		t.Helper()
		for _, query := range []string{
			"qzw", "zqm", "Zq", "ZQB", "zqi zqb", "b.Zqb", "^zq", "zqm$", "'Zqm", "zqk", "\u00e4zq", "zqlong", "zqd.zq", "zqbzqfzqg", "example.com/m/b.Zq", "zqqqz", "zqmain", "zqnew", "",
		} {
			ask(query, "workspace/symbol", map[string]string{"query": query})
		}
		at := map[string]any{"textDocument": document, "position": lsp.Position{Line: 4, Character: 21}, "context": map[string]bool{"includeDeclaration": true}}
		ask("implementations "+when, "textDocument/implementation", at)
		ask("references "+when, "textDocument/references", at)
	}
	onDisk := func(name string, change int, text string) {
		t.Helper()
		if text == "" {
			if err := os.Remove(path(name)); err != nil {
				t.Fatal(err)
			}
		} else {
			writeFiles(t, dir, name, text)
		}
		notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []map[string]any{{"uri": lsp.FileURI(path(name)), "type": change}}})
	}
	const created, changed, deleted = 1, 2, 3

	search("at first")
	if grafts == "" {
		time.Sleep(5 * time.Second) // until what was not asked for is read
	}
	search("when all is read")
	other := openFile(t, client, path("c/c.go"))
	edit := func(version int, old, new string) {
		t.Helper()
		changeFile(t, client, other, version, strings.Replace(c, old, new, 1))
	}
	search("with another file open")
	edit(2, "type Zqc int", "type Zqc int\n\ntype Zqnew struct{ Zqc }")
	search("with a type that was typed")
	edit(3, "import \"example.com/m/b\"", "import (\n\t_ \"strings\"\n\n\t\"example.com/m/b\"\n)")
	search("with an import that was typed")
	edit(4, "func (Zqc) Zqm() {}", "func (Zqc) Zqmissing() {}")
	search("with a method that was renamed")
	onDisk("b/new.go", created, "package b\n\ntype Zqnewer int\n\nfunc (*Zqnewer) Zqm() {}\n")
	search("with a new file")
	onDisk("b/new.go", changed, "package b\n\ntype Zqnewest int\n\nfunc (*Zqnewest) Zqm() {}\n")
	search("with a file that was written")
	onDisk("e/e.go", created, "package e\n\ntype ZqnewE int\n\nfunc (*ZqnewE) Zqm() {}\n")
	search("with a new package")
	onDisk("b/new.go", deleted, "")
	search("without a file")
	openFile(t, client, path("nested/n.go"))
	if grafts == "" {
		time.Sleep(6 * time.Second) // until it is looked at by whoever lists ahead
	}
	search("in two modules")
	if err := client.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	return found
}

// declare returns a file that declares so many types.
func declare(pkg, prefix string, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n", pkg)
	for i := range n {
		fmt.Fprintf(&b, "\ntype %s%d int\n", prefix, i)
	}
	return b.String()
}
