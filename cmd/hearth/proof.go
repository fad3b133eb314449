package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gohearth/hearth/cachewarm"
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
	target, err := cachewarm.FindTarget(ctx, w.goCommand(r))
	if err != nil {
		return nil, err
	}
	start := time.Now()
	client, err := lsp.Start(lsp.Command{Args: []string{launcher}, Dir: w.dir, Env: append(os.Environ(), noProfile+"=1")}, lsp.Options{})
	if err != nil {
		return nil, err
	}
	defer client.Close()
	if _, err := client.Initialize(ctx, w.likely()[0].Initialize(w.dir, nil)); err != nil {
		return nil, fmt.Errorf("initializing: %w", err)
	}
	if err := target.Hover(ctx, client); err != nil {
		return nil, err
	}
	p := &proof{hover: time.Since(start)}
	if err := p.diagnose(ctx, client, target, r); err != nil {
		return nil, err
	}
	return p, client.Shutdown(ctx)
}

// diagnose opens the probe beside a target and waits for a diagnostic of ours.
func (p *proof) diagnose(ctx context.Context, client *lsp.Client, beside cachewarm.Target, r *resolved) error {
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
	uri := lsp.FileURI(filepath.Join(filepath.Dir(beside.File), "hearth_proof_unsaved.go"))
	if err := client.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
		URI: uri, LanguageID: "go", Version: 1, Text: fmt.Sprintf(probe, beside.Package),
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
