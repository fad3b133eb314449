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

// The packages that are offered though they are not imported are those that a gopls
// offers that goes through the module cache for each completion.
func TestImportCandidates(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a gopls without grafts")
	}
	asUser(t)
	with, without := offers(t, ""), offers(t, "none")
	several := 0
	for i, want := range without {
		if with[i] != want {
			t.Errorf("%s\nwithout grafts:\n%s", with[i], want)
		}
		if strings.Contains(want, `"example.org/`) {
			several++
		}
	}
	t.Logf("%d completions, %d of them offer packages of the module cache", len(without), several)
	if several < 8 {
		t.Error("too few completions offer packages of the module cache")
	}
}

// offers returns what is offered for the starts of names of packages, twice in each
// of a few states.
func offers(t *testing.T, grafts string) (list []string) {
	t.Setenv("HEARTH_GRAFTS", grafts)
	dir, modules := realDir(t), realDir(t)
	writeFiles(t, modules,
		"example.org/zqalpha@v1.0.0/a.go", "package zqalpha\n",
		"example.org/mod@v1.2.0/zqbeta/b.go", "package zqbeta\n",
		"example.org/mod@v1.2.0/internal/zqhidden/h.go", "package zqhidden\n",
		"example.org/zqver/v2@v2.0.0/v.go", "package zqver\n",
		"example.org/go-zqother@v0.1.0/o.go", "package zqother\n",
		"example.org/odd@v1.0.0/zqdir/d.go", "package zqelse\n",
		"example.org/odd@v1.0.0/elsewhere/e.go", "package zqwhere\n",
		"example.org/odd@v1.0.0/zqmain/m.go", "package main\n",
	)
	const source = "package a\n\nfunc f() {\n\t\n}\n"
	writeFiles(t, dir, "go.mod", goMod, "a/a.go", source, "b/b.go", strings.Replace(source, "package a", "package b", 1),
		"a/a_test.go", "package a_test\n\nfunc f() {\n\t\n}\n",
		"internal/zqseen/s.go", "package zqseen\n", "x/internal/zqunseen/u.go", "package zqunseen\n",
		"zqtagged/t.go", "//go:build never\n\npackage zqtagged\n")
	gopls := strings.TrimSpace(mustHearth(t, dir, "which", "gopls"))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	client := startGopls(t, dir, lsp.Command{Args: []string{gopls}, Dir: dir, Env: append(os.Environ(),
		"GOPLSCACHE="+t.TempDir(), "GOMODCACHE="+modules, "GOPROXY=off", "GOTOOLCHAIN=local")}, lsp.Options{})
	version := 1
	ask := func(when, name string) {
		t.Helper()
		document := openFile(t, client, filepath.Join(dir, filepath.FromSlash(name)))
		text := document["text"].(string)
		for _, word := range []string{"zqa", "zqb", "zqh", "zqv", "zqo", "zqd", "zqe", "zqw", "zqm", "zqs", "zqu", "zqt", "Zqa", "strin", "zqq"} {
			version++
			changeFile(t, client, document, version, strings.Replace(text, "\t\n", "\t"+word+"\n", 1))
			var answer struct{ Items []map[string]json.RawMessage }
			if err := client.Call(ctx, "textDocument/completion", map[string]any{"textDocument": document, "position": lsp.Position{Line: 3, Character: 1 + len(word)}}, &answer); err != nil {
				t.Fatal(err)
			}
			var items []string
			for _, item := range answer.Items {
				items = append(items, fmt.Sprintf("%s %s %s", item["label"], item["detail"], item["additionalTextEdits"]))
			}
			slices.Sort(items)
			list = append(list, fmt.Sprintf("%s in %s %s:\n%s", word, name, when, strings.Join(items, "\n")))
		}
		if err := client.Notify("textDocument/didClose", map[string]any{"textDocument": document}); err != nil {
			t.Fatal(err)
		}
	}
	files := []string{"a/a.go", "a/a_test.go", "b/b.go", "x/internal/zqunseen/u.go"}
	if err := os.WriteFile(filepath.Join(dir, "x/internal/zqunseen/u.go"), []byte(strings.Replace(source, "package a", "package zqunseen", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	all := func(when string) {
		t.Helper()
		for _, name := range files {
			ask(when, name)
		}
		if grafts == "" {
			time.Sleep(2 * time.Second) // until there are lists
		}
		for _, name := range files {
			ask(when+", again", name)
		}
	}
	all("at first")
	writeFiles(t, dir, "go.mod", goMod+"\n// It has changed.\n")
	if err := client.Notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []map[string]any{{"uri": lsp.FileURI(filepath.Join(dir, "go.mod")), "type": 2}}}); err != nil {
		t.Fatal(err)
	}
	all("with another go.mod")
	if err := client.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	return list
}
