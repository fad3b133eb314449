//go:build unix

package shim

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gohearth/hearth/internal/lsp"
)

// gopls returns a real gopls. Building one takes minutes, so the test uses what
// is there.
func gopls(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("HEARTH_TEST_GOPLS"); path != "" {
		return path
	}
	path, err := exec.LookPath("gopls")
	if err != nil {
		t.Skip("no gopls: set HEARTH_TEST_GOPLS or put one on PATH")
	}
	return path
}

func TestGopls(t *testing.T) {
	exe := gopls(t)
	dir := t.TempDir()
	const text = `package p

import "fmt"

func f() { fmt.Println(1); return }
`
	file := filepath.Join(dir, "p.go")
	for name, content := range map[string]string{file: text, filepath.Join(dir, "go.mod"): "module p\n\ngo 1.26\n"} {
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	backend := func(key string, settings map[string]any) Backend {
		return Backend{
			Command:  []string{exe},
			Env:      append(os.Environ(), "GOPLSCACHE="+filepath.Join(dir, "cache"), "GOFLAGS=-mod=mod"),
			Settings: func(map[string]any) map[string]any { return settings },
			Key:      key,
		}
	}
	off := backend("off", map[string]any{"staticcheck": false})
	r := newRig(t, &provider{backend: off}, Options{}, nil)
	if _, err := r.Initialize(r.ctx, json.RawMessage(`{
		"rootUri": "`+string(lsp.FileURI(dir))+`",
		"capabilities": {
			"workspace": {"configuration": true, "didChangeWatchedFiles": {"dynamicRegistration": true}},
			"textDocument": {"hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {"relatedInformation": true}},
			"window": {"workDoneProgress": true}
		}}`)); err != nil {
		t.Fatal(err)
	}
	uri := lsp.FileURI(file)
	r.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{URI: uri, LanguageID: "go", Version: 1, Text: text}})
	at := func(line, char int) string {
		t.Helper()
		var h *lsp.Hover
		r.call("textDocument/hover", lsp.PositionParams{
			TextDocument: lsp.TextDocumentIdentifier{URI: uri},
			Position:     lsp.Position{Line: line, Character: char},
		}, &h)
		if h == nil {
			return ""
		}
		return h.Contents.Value
	}
	if got := at(4, 16); !strings.Contains(got, "func fmt.Println") {
		t.Fatalf("hover = %q", got)
	}

	r.Notify("textDocument/didChange", lsp.DidChangeParams{
		TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: uri, Version: 2},
		ContentChanges: []lsp.ContentChange{{Range: &lsp.Range{Start: lsp.Position{Line: 5}, End: lsp.Position{Line: 5}}, Text: "\nvar 世界 = f\n"}},
	})
	if got := at(6, 5); !strings.Contains(got, "var 世界 func()") {
		t.Fatalf("hover over unsaved text = %q", got)
	}
	// The server has no request that tells its pid; there is one child of ours.
	out, err := exec.Command("pgrep", "-P", strconv.Itoa(os.Getpid()), "-f", exe).Output()
	if err != nil {
		t.Skipf("finding gopls with pgrep: %v", err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatalf("one gopls, please: %v", err)
	}
	r.kill(pid)
	if got := at(6, 5); !strings.Contains(got, "var 世界 func()") {
		t.Errorf("after the crash, hover over unsaved text = %q", got)
	}
	r.await("client/unregisterCapability", 1)

	if _, err := r.WaitDiagnostics(r.ctx, uri, nil); err != nil {
		t.Fatal(err)
	}
	if d, _ := r.Diagnostics(uri); has(d, "S1023") {
		t.Errorf("staticcheck is off and says %v", d)
	}
	r.provider.set(backend("on", map[string]any{"staticcheck": true, "analyses": map[string]any{"S1023": true}}), nil)
	if d, err := r.WaitDiagnostics(r.ctx, uri, func(d []lsp.Diagnostic) bool { return has(d, "S1023") }); err != nil {
		t.Errorf("other settings: %v; the diagnostics are %v", err, d)
	}
	r.provider.set(off, nil)
	if d, err := r.WaitDiagnostics(r.ctx, uri, func(d []lsp.Diagnostic) bool { return !has(d, "S1023") }); err != nil {
		t.Errorf("the old settings: %v; the diagnostics are %v", err, d)
	}
	if err := r.Shutdown(r.ctx); err != nil {
		t.Error(err)
	}
}

// has reports whether there is a diagnostic from the source: gopls puts
// the name of a staticcheck analyzer there, and "default" into the code.
func has(diagnostics []lsp.Diagnostic, source string) bool {
	for _, d := range diagnostics {
		if d.Source == source {
			return true
		}
	}
	return false
}
