package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/internal/lsp"
)

// probe is a file that holds the mistakes which our own analyzers find. It is
// opened as an unsaved file of a package and never written.
const probe = `package %s

func hearthProof(unused int) (err error) {
	if true {
		err := hearthProofCall()
		_ = err
	}
	return err
}

func hearthProofCall() error { return hearthProof(1) }
`

// proof is what an editor saw.
type proof struct {
	hover      time.Duration // from the start of hearth lsp to the first hover
	analyzer   string        // of ours, whose diagnostic was shown
	diagnostic string
}

// prove starts the installed launcher as an editor does, and waits for a hover
// and for a diagnostic of one of hearth's own analyzers.
func prove(ctx context.Context, launcher string, w *workspace, r *resolved) (*proof, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute) // a cold kubernetes takes a fifth of this
	defer cancel()
	file, name, at, err := hoverTarget(ctx, w)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	client, err := lsp.Start(lsp.Command{Args: []string{launcher}, Dir: w.dir}, lsp.Options{})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	if _, err := client.Initialize(ctx, json.RawMessage(profile.Builtin("vscode").Initialize(w.dir, nil))); err != nil {
		return nil, fmt.Errorf("initializing: %w", err)
	}
	if err := open(client, file); err != nil {
		return nil, err
	}
	var hover lsp.Hover
	if err := client.Call(ctx, "textDocument/hover", lsp.PositionParams{
		TextDocument: lsp.TextDocumentIdentifier{URI: lsp.FileURI(file)}, Position: at,
	}, &hover); err != nil {
		return nil, fmt.Errorf("hovering over %s: %w", name, err)
	}
	if !strings.Contains(hover.Contents.Value, name) {
		return nil, fmt.Errorf("the hover over %s says %q", name, hover.Contents.Value)
	}
	p := &proof{hover: time.Since(start)}
	if err := p.diagnose(ctx, client, file, r); err != nil {
		return nil, err
	}
	return p, client.Shutdown(ctx)
}

// diagnose opens the probe beside file and waits for a diagnostic of ours.
func (p *proof) diagnose(ctx context.Context, client *lsp.Client, file string, r *resolved) error {
	var ours []string
	for _, name := range []string{"shadow", "unusedparams"} {
		if r.Policy.Analyzers[name].Enabled {
			ours = append(ours, name)
		}
	}
	if len(ours) == 0 {
		p.diagnostic = "the policy has hearth's own analyzers off"
		return nil
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
	if err != nil {
		return err
	}
	uri := lsp.FileURI(filepath.Join(filepath.Dir(file), "hearth_proof_unsaved.go"))
	if err := client.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
		URI: uri, LanguageID: "go", Version: 1, Text: fmt.Sprintf(probe, parsed.Name.Name),
	}}); err != nil {
		return err
	}
	list, err := client.WaitDiagnostics(ctx, uri, func(list []lsp.Diagnostic) bool {
		return slices.ContainsFunc(list, func(d lsp.Diagnostic) bool { return slices.Contains(ours, d.Source) })
	})
	if err != nil {
		return fmt.Errorf("waiting for a diagnostic of %s: %w", strings.Join(ours, " or "), err)
	}
	for _, d := range list {
		if slices.Contains(ours, d.Source) {
			p.analyzer, p.diagnostic = d.Source, d.Message
		}
	}
	return nil
}

func open(client *lsp.Client, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return client.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
		URI: lsp.FileURI(file), LanguageID: "go", Version: 1, Text: string(text),
	}})
}

// hoverTarget finds a declared function of the workspace to hover over.
func hoverTarget(ctx context.Context, w *workspace) (file, name string, at lsp.Position, err error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-e", "-f", "{{range .GoFiles}}{{$.Dir}}/{{.}}\n{{end}}", "./...")
	cmd.Dir = w.dir
	out, err := cmd.Output()
	if err != nil {
		return "", "", at, fmt.Errorf("listing packages: %w", err)
	}
	for path := range strings.Lines(string(out)) {
		path = strings.TrimSpace(path)
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil || ast.IsGenerated(f) {
			continue
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name != "_" {
				pos := fset.Position(fn.Name.Pos())
				// The column is in bytes; on a line that starts with func that is UTF-16 as well.
				return filepath.FromSlash(path), fn.Name.Name, lsp.Position{Line: pos.Line - 1, Character: pos.Column - 1}, nil
			}
		}
	}
	return "", "", at, errors.New("no package here declares a function")
}
