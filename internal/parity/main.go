// The parity command checks hearth's main promise on a real workspace: the
// editor shows what CI reports.
//
//	go run ./internal/parity [-hearth BINARY] DIR
//
// It opens every Go file of DIR in an editor's session with `hearth lsp`,
// collects the analyzers' diagnostics, runs `hearth vet --format=json` over the
// same packages, and prints each finding that only one of the two has. Exit
// status: 0 none, 1 some, 2 the comparison failed.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/vet"
)

func main() {
	binary := flag.String("hearth", "", "hearth binary (default: build it from this module)")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: parity [-hearth BINARY] DIR")
		os.Exit(2)
	}
	differ, err := run(context.Background(), *binary, flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, "parity:", err)
		os.Exit(2)
	}
	if differ {
		os.Exit(1)
	}
}

// finding is a diagnostic as both sides can name it.
type finding struct {
	file         string // relative to the workspace, with slashes
	line, column int    // from 1, column in bytes
	analyzer     string
	message      string
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s (%s)", f.file, f.line, f.column, f.message, f.analyzer)
}

func run(ctx context.Context, binary, dir string) (differ bool, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return false, err
	}
	if binary == "" {
		tmp, err := os.MkdirTemp("", "parity-*")
		if err != nil {
			return false, err
		}
		defer os.RemoveAll(tmp)
		binary = filepath.Join(tmp, "hearth")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/gohearth/hearth/cmd/hearth").CombinedOutput(); err != nil {
			return false, fmt.Errorf("building hearth: %w\n%s", err, out)
		}
	}
	inVet, err := vetFindings(ctx, binary, dir)
	if err != nil {
		return false, err
	}
	inEditor, err := editorFindings(ctx, binary, dir)
	if err != nil {
		return false, err
	}
	only := func(a, b map[finding]bool, where string) (n int) {
		for _, f := range slices.SortedFunc(maps.Keys(a), func(x, y finding) int { return strings.Compare(x.String(), y.String()) }) {
			if !b[f] {
				n++
				fmt.Printf("only in %s: %v\n", where, f)
			}
		}
		return n
	}
	n := only(inEditor, inVet, "the editor") + only(inVet, inEditor, "hearth vet")
	fmt.Printf("%s: %d in the editor, %d in hearth vet, %d differ\n", filepath.Base(dir), len(inEditor), len(inVet), n)
	return n > 0, nil
}

// vetFindings runs CI's door.
func vetFindings(ctx context.Context, binary, dir string) (map[finding]bool, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, "vet", "--format=json", "./...")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		return nil, err
	}
	var r vet.Report
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		return nil, fmt.Errorf("reading the output of hearth vet: %w\n%s", err, stderr.Bytes())
	}
	for _, e := range r.Errors {
		fmt.Printf("hearth vet could not analyse %s: %s\n", e.Package, e.Message)
	}
	found := make(map[finding]bool)
	for _, d := range r.Diagnostics {
		found[finding{d.File, d.Line, d.Column, d.Analyzer, d.Message}] = true
	}
	return found, nil
}

// notAnalyzers are sources of diagnostics other than analyzers; `go build` and
// `go mod tidy` report those in CI.
var notAnalyzers = []string{"compiler", "syntax", "go list", "go mod", "go mod tidy", "go work", "go vulncheck", ""}

// editorFindings opens every file as an editor would.
func editorFindings(ctx context.Context, binary, dir string) (map[finding]bool, error) {
	files, err := goFiles(ctx, dir)
	if err != nil {
		return nil, err
	}
	client, err := lsp.Start(lsp.Command{Args: []string{binary, "lsp"}, Dir: dir}, lsp.Options{})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	if _, err := client.Initialize(ctx, map[string]any{
		"rootUri": lsp.FileURI(dir),
		"capabilities": map[string]any{
			"workspace":    map[string]any{"configuration": true},
			"window":       map[string]any{"workDoneProgress": true},
			"textDocument": map[string]any{"publishDiagnostics": map[string]any{"relatedInformation": true}},
		},
	}); err != nil {
		return nil, err
	}
	var uris []lsp.URI
	texts := make(map[lsp.URI]string)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		uri := lsp.FileURI(file)
		uris, texts[uri] = append(uris, uri), string(text)
		if err := client.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{URI: uri, LanguageID: "go", Version: 1, Text: string(text)}}); err != nil {
			return nil, err
		}
	}
	// The command answers when every file was diagnosed and published.
	if err := client.Call(ctx, "workspace/executeCommand", map[string]any{
		"command":   "gopls.diagnose_files",
		"arguments": []any{map[string]any{"Files": uris}},
	}, nil); err != nil {
		return nil, err
	}
	found := make(map[finding]bool)
	for uri, list := range client.AllDiagnostics() {
		path, err := uri.Path()
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return nil, err
		}
		lines := strings.Split(texts[uri], "\n")
		for _, d := range list {
			if slices.Contains(notAnalyzers, d.Source) {
				continue
			}
			start := d.Range.Start
			column := start.Character + 1
			if start.Line < len(lines) {
				column = byteColumn(lines[start.Line], start.Character)
			}
			found[finding{filepath.ToSlash(rel), start.Line + 1, column, d.Source, d.Message}] = true
		}
	}
	return found, client.Shutdown(ctx)
}

// byteColumn returns the column in bytes, from 1, of a UTF-16 offset.
func byteColumn(line string, utf16Offset int) int {
	bytes := 0
	for _, r := range line {
		if utf16Offset <= 0 {
			break
		}
		utf16Offset -= utf16.RuneLen(r)
		bytes += utf8.RuneLen(r)
	}
	return bytes + 1
}

// goFiles lists the files that go vet would read.
func goFiles(ctx context.Context, dir string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-e", "-json=Dir,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles", "./...")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var files []string
	dec := json.NewDecoder(bytes.NewReader(out))
	for dec.More() {
		var p struct {
			Dir                                          string
			GoFiles, CgoFiles, TestGoFiles, XTestGoFiles []string
		}
		if err := dec.Decode(&p); err != nil {
			return nil, err
		}
		for _, name := range slices.Concat(p.GoFiles, p.CgoFiles, p.TestGoFiles, p.XTestGoFiles) {
			files = append(files, filepath.Join(p.Dir, name))
		}
	}
	return files, nil
}
