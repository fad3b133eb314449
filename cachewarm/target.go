package cachewarm

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gohearth/hearth/internal/lsp"
)

// Target is a function of the workspace that can be hovered over.
type Target struct {
	File     string // absolute
	Package  string // name
	Name     string // of the function
	Position lsp.Position
}

// FindTarget returns the first function that the workspace declares in a file
// written by hand. goCommand runs the go command in the workspace.
func FindTarget(ctx context.Context, goCommand func(ctx context.Context, args ...string) *exec.Cmd) (Target, error) {
	out, err := goCommand(ctx, "list", "-e", "-f", "{{range .GoFiles}}{{$.Dir}}/{{.}}\n{{end}}", "./...").Output()
	if err != nil {
		return Target{}, fmt.Errorf("listing the packages of the workspace: %w", err)
	}
	for path := range strings.Lines(string(out)) {
		path = filepath.FromSlash(strings.TrimSpace(path))
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil || ast.IsGenerated(f) {
			continue
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Name.Name == "_" || fn.Name.Name == "init" {
				continue
			}
			at := fset.Position(fn.Name.Pos())
			before, err := textBefore(path, at)
			if err != nil {
				return Target{}, err
			}
			return Target{path, f.Name.Name, fn.Name.Name, lsp.Position{Line: at.Line - 1, Character: before}}, nil
		}
	}
	return Target{}, errors.New("no package of the workspace declares a function")
}

// textBefore returns the length in UTF-16 of the line up to a position; a
// receiver's name may hold any letter.
func textBefore(path string, at token.Position) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, r := range string(data[at.Offset-at.Column+1 : at.Offset]) {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n, nil
}

// Hover opens the target's file in a client that has initialized, and hovers
// over the function. An answer that does not name the function is an error.
func (t Target) Hover(ctx context.Context, client *lsp.Client) error {
	if err := Open(client, t.File); err != nil {
		return err
	}
	var hover lsp.Hover
	if err := client.Call(ctx, "textDocument/hover", lsp.PositionParams{
		TextDocument: lsp.TextDocumentIdentifier{URI: lsp.FileURI(t.File)}, Position: t.Position,
	}, &hover); err != nil {
		return fmt.Errorf("hovering over %s: %w", t.Name, err)
	}
	if !strings.Contains(hover.Contents.Value, t.Name) {
		return fmt.Errorf("the hover over %s says %q", t.Name, hover.Contents.Value)
	}
	return nil
}

// Open opens a file as it is on disk.
func Open(client *lsp.Client, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return client.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
		URI: lsp.FileURI(file), LanguageID: "go", Version: 1, Text: string(text),
	}})
}
