// The parity command checks hearth's main promise on a real workspace: the
// editor shows what CI reports.
//
//	go run ./internal/parity [-hearth BINARY] DIR [PACKAGES]
//
// It opens every Go file of the packages (default ./...) in an editor's session
// with `hearth lsp`, collects the analyzers' diagnostics and asks for their quick
// fixes, runs `hearth vet --format=json` over the same packages, and prints each
// finding that only one of the two has: place, message and fixes are the same, or
// it is another finding. Exit status: 0 none, 1 some, 2 the comparison failed.
//
// gopls offers no fixes in generated files, whatever the analyzers say, so fixes
// there are left out.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/cachewarm/overlay"
	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/vet"
)

func main() {
	binary := flag.String("hearth", "", "hearth binary (default: build it from this module)")
	flag.Parse()
	if flag.NArg() < 1 {
		fmt.Fprintln(os.Stderr, "usage: parity [-hearth BINARY] DIR [PACKAGES]")
		os.Exit(2)
	}
	differ, err := run(context.Background(), *binary, flag.Arg(0), flag.Args()[1:])
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
	fixes        string // as fixText writes them
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s (%s)%s", f.file, f.line, f.column, f.message, f.analyzer, f.fixes)
}

func run(ctx context.Context, binary, dir string, packages []string) (differ bool, err error) {
	if len(packages) == 0 {
		packages = []string{"./..."}
	}
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
	inVet, err := vetFindings(ctx, binary, dir, packages)
	if err != nil {
		return false, err
	}
	inEditor, err := editorFindings(ctx, binary, dir, packages)
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
func vetFindings(ctx context.Context, binary, dir string, packages []string) (map[finding]bool, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, append([]string{"vet", "--format=json", "--"}, packages...)...)
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
		var fixes []vet.Fix
		if !generated(filepath.Join(dir, filepath.FromSlash(d.File))) {
			fixes = d.Fixes
		}
		found[finding{d.File, d.Line, d.Column, d.Analyzer, d.Message, fixText(fixes)}] = true
	}
	return found, nil
}

// notAnalyzers are sources of diagnostics other than analyzers; `go build` and
// `go mod tidy` report those in CI.
var notAnalyzers = []string{"compiler", "syntax", "go list", "go mod", "go mod tidy", "go work", "go vulncheck", ""}

// editorFindings opens every file as an editor would.
func editorFindings(ctx context.Context, binary, dir string, packages []string) (map[finding]bool, error) {
	files, err := goFiles(ctx, dir, packages)
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
			"workspace": map[string]any{"configuration": true},
			"window":    map[string]any{"workDoneProgress": true},
			"textDocument": map[string]any{
				"publishDiagnostics": map[string]any{"relatedInformation": true, "dataSupport": true},
				"codeAction": map[string]any{"codeActionLiteralSupport": map[string]any{
					"codeActionKind": map[string]any{"valueSet": []string{"quickfix"}},
				}},
			},
		},
	}); err != nil {
		return nil, err
	}
	docs := make(documents)
	var uris []lsp.URI
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		uri := lsp.FileURI(file)
		uris, docs[uri] = append(uris, uri), string(text)
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
	published := client.AllDiagnostics()
	for _, uri := range uris {
		if err := docs.collect(ctx, client, dir, uri, published[uri], found); err != nil {
			return nil, err
		}
	}
	return found, client.Shutdown(ctx)
}

// documents holds the texts of the open files.
type documents map[lsp.URI]string

// collect adds the findings of one file, with their fixes.
func (docs documents) collect(ctx context.Context, client *lsp.Client, dir string, uri lsp.URI, list []lsp.Diagnostic, found map[finding]bool) error {
	list = slices.DeleteFunc(slices.Clone(list), func(d lsp.Diagnostic) bool { return slices.Contains(notAnalyzers, d.Source) })
	if len(list) == 0 {
		return nil
	}
	path, err := uri.Path()
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return err
	}
	fixes, err := docs.fixes(ctx, client, dir, uri, list)
	if err != nil {
		return err
	}
	text := docs[uri]
	for _, d := range list {
		at := overlay.Offset(text, d.Range.Start, "")
		column := at - strings.LastIndexByte(text[:at], '\n')
		found[finding{filepath.ToSlash(rel), d.Range.Start.Line + 1, column, d.Source, d.Message, fixText(fixes[keyOf(d)])}] = true
	}
	return nil
}

// keyOf is what a quick fix and its diagnostic agree in.
func keyOf(d lsp.Diagnostic) string { return fmt.Sprint(d.Range, d.Source, d.Message) }

// fixes asks for the quick fixes of the diagnostics of one file.
func (docs documents) fixes(ctx context.Context, client *lsp.Client, dir string, uri lsp.URI, list []lsp.Diagnostic) (map[string][]vet.Fix, error) {
	var actions []struct {
		Title       string
		Diagnostics []lsp.Diagnostic
		Edit        *struct {
			DocumentChanges []struct {
				TextDocument lsp.TextDocumentIdentifier
				Edits        []struct {
					Range   lsp.Range
					NewText string
				}
			}
		}
	}
	if err := client.Call(ctx, "textDocument/codeAction", map[string]any{
		"textDocument": lsp.TextDocumentIdentifier{URI: uri},
		"range":        lsp.Range{},
		"context":      map[string]any{"diagnostics": list, "only": []string{"quickfix"}, "triggerKind": 1},
	}, &actions); err != nil {
		return nil, err
	}
	fixes := make(map[string][]vet.Fix)
	for _, a := range actions {
		if len(a.Diagnostics) != 1 {
			continue // not of an analyzer
		}
		fix := vet.Fix{Message: a.Title}
		if a.Edit != nil {
			for _, change := range a.Edit.DocumentChanges {
				text, file, err := docs.read(dir, change.TextDocument.URI)
				if err != nil {
					return nil, err
				}
				for _, e := range change.Edits {
					fix.Edits = append(fix.Edits, vet.Edit{File: file, Start: overlay.Offset(text, e.Range.Start, ""), End: overlay.Offset(text, e.Range.End, ""), New: e.NewText})
				}
			}
		}
		key := keyOf(a.Diagnostics[0])
		fixes[key] = append(fixes[key], fix)
	}
	return fixes, nil
}

// read returns the text of a document, open or not, and its name in a report.
func (docs documents) read(dir string, uri lsp.URI) (text, file string, err error) {
	path, err := uri.Path()
	if err != nil {
		return "", "", err
	}
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return "", "", err
	}
	text, ok := docs[uri]
	if !ok {
		data, err := os.ReadFile(path)
		if err != nil {
			return "", "", err
		}
		text = string(data)
	}
	return text, filepath.ToSlash(rel), nil
}

// fixText writes fixes in one line, in an order that does not depend on who asks.
// A fix without edits is one that is computed when somebody asks for it.
func fixText(fixes []vet.Fix) string {
	var all []string
	for _, f := range fixes {
		var edits []string
		for _, e := range f.Edits {
			edits = append(edits, fmt.Sprintf("%s:%d-%d:%q", e.File, e.Start, e.End, e.New))
		}
		slices.Sort(edits)
		all = append(all, fmt.Sprintf(" [fix %q: %s]", f.Message, strings.Join(edits, " ")))
	}
	slices.Sort(all)
	return strings.Join(all, "")
}

// generated reports whether a file says that it is.
func generated(file string) bool {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
	return err == nil && ast.IsGenerated(f)
}

// goFiles lists the files that go vet would read.
func goFiles(ctx context.Context, dir string, packages []string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"list", "-e", "-json=Dir,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles", "--"}, packages...)...)
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
