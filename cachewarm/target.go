package cachewarm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/gohearth/hearth/internal/lsp"
)

// Target is something in the workspace that can be hovered over.
type Target struct {
	File     string // absolute
	Package  string // name
	Name     string // of the identifier
	Position lsp.Position
	Version  int // of the document when it is opened
}

// maxCandidates bounds the search for a file. So many take some 100 ms.
const maxCandidates = 1000

// FindTarget chooses a file of the workspace and an identifier in it: of the
// files written by hand the one with the most imports, where a cold start hurts
// most, and there the first use of something imported, which needs the types of
// a dependency. The same tree gives the same target. goCommand runs the go
// command in the workspace; it is asked for its environment only.
func FindTarget(ctx context.Context, goCommand func(ctx context.Context, args ...string) *exec.Cmd) (Target, error) {
	w, err := discover(ctx, goCommand)
	if err != nil {
		return Target{}, err
	}
	return w.target(ctx)
}

func (w *workspace) target(ctx context.Context) (Target, error) {
	s := w.sources()
	for _, dir := range append([]string{w.root}, w.modules...) {
		t, ok, err := s.targetBelow(ctx, dir)
		if ok || err != nil {
			return t, err
		}
	}
	return Target{}, errors.New("no package of the workspace declares a function")
}

// targetBelow looks into the folders that the go command would look into.
func (s *Sources) targetBelow(ctx context.Context, root string) (best Target, ok bool, err error) {
	imports, candidates := -1, 0
	err = s.walk(ctx, root, func(path string) error {
		if candidates++; candidates > maxCandidates {
			return fs.SkipAll
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil || len(f.Imports) <= imports || ast.IsGenerated(f) {
			return nil
		}
		if t, found := targetIn(path); found {
			best, imports, ok = t, len(f.Imports), true
		}
		return nil
	})
	return best, ok, err
}

// targetIn returns an identifier of the file to hover over.
func targetIn(file string) (Target, bool) {
	src, err := os.ReadFile(file)
	if err != nil {
		return Target{}, false
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, src, 0)
	if err != nil {
		return Target{}, false
	}
	imported := make(map[string]bool)
	for _, spec := range f.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		switch {
		case err != nil || importPath == "C":
		case spec.Name != nil:
			imported[spec.Name.Name] = true
		default:
			imported[path.Base(importPath)] = true
		}
	}
	var id *ast.Ident
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && id == nil {
			// One that has an object is a variable of the package's name.
			if x, ok := sel.X.(*ast.Ident); ok && x.Obj == nil && imported[x.Name] {
				id = sel.Sel
			}
		}
		return id == nil
	})
	for _, decl := range f.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && id == nil && fn.Name.Name != "_" && fn.Name.Name != "init" {
			id = fn.Name
		}
	}
	if id == nil {
		return Target{}, false
	}
	pos := fset.PositionFor(id.Pos(), false) // where it is, whatever a line directive says
	before := src[pos.Offset-(pos.Column-1) : pos.Offset]
	return Target{File: file, Package: f.Name.Name, Name: id.Name, Version: 1, Position: lsp.Position{
		Line:      pos.Line - 1,
		Character: len(utf16.Encode([]rune(string(before)))),
	}}, true
}

// Hover opens the target's file in a client that has initialized, and hovers
// over the identifier. An answer that does not name it is an error.
func (t Target) Hover(ctx context.Context, client *lsp.Client) error {
	if err := open(client, t.File, t.Version); err != nil {
		return err
	}
	var hover json.RawMessage // old clients get other forms of it
	if err := client.Call(ctx, "textDocument/hover", lsp.PositionParams{
		TextDocument: lsp.TextDocumentIdentifier{URI: lsp.FileURI(t.File)}, Position: t.Position,
	}, &hover); err != nil {
		return fmt.Errorf("hovering over %s: %w", t.Name, err)
	}
	if !strings.Contains(string(hover), t.Name) {
		return fmt.Errorf("the hover over %s in %q says %q", t.Name, t.File, hover)
	}
	return nil
}

// Open opens a file as it is on disk.
func Open(client *lsp.Client, file string) error { return open(client, file, 1) }

func open(client *lsp.Client, file string, version int) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return client.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
		URI: lsp.FileURI(file), LanguageID: "go", Version: version, Text: string(text),
	}})
}
