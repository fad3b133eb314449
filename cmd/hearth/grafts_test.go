package main

import (
	"context"
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
		c, err := lsp.Start(lsp.Command{Args: []string{gopls}, Dir: dir, Env: append(os.Environ(), "GOPLSCACHE="+cache)}, lsp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		folder := lsp.FileURI(dir)
		if err := c.Call(ctx, "initialize", map[string]any{
			"rootUri": folder, "workspaceFolders": []map[string]any{{"uri": folder, "name": "m"}}, "capabilities": map[string]any{},
		}, nil); err != nil {
			t.Fatal(err)
		}
		c.Notify("initialized", struct{}{})
		for _, name := range strings.Split(order, "") {
			file := filepath.Join(dir, name, name+".go")
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			document := map[string]any{"uri": lsp.FileURI(file), "languageId": "go", "version": 1, "text": string(text)}
			c.Notify("textDocument/didOpen", map[string]any{"textDocument": document})
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
