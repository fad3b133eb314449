package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// edits edits the files that are open, in their last function, and takes back
// each edit: nothing is ever written.
func (r *run) edits(ctx context.Context) error {
	for _, d := range r.open {
		if d.edit == nil {
			continue
		}
		for range r.Edits {
			for _, edit := range []func(context.Context, *document) error{r.editHover, r.editCompletion, r.editDiagnostics, r.saveHover} {
				if err := edit(ctx, d); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// token makes a text one that no server has seen, neither in this file nor in an
// earlier benchmark with the same seed: whoever types writes something new, and
// servers remember in their file caches what they once made of a text.
func (r *run) token() string { return fmt.Sprintf("%012x", rand.Uint64()>>16) }

// editHover writes a comment and takes it back, and hovers each time.
func (r *run) editHover(ctx context.Context, d *document) error {
	text := "\n// hearth bench " + r.token() + "\n"
	for _, change := range []func(*document, string) error{r.insert, r.remove} {
		begun := time.Now()
		if err := change(d, text); err != nil {
			return err
		}
		if err := r.ask(ctx, metric{edits, editHover}, begun, d.hover(d.edit.name)); err != nil {
			return err
		}
	}
	return nil
}

// editCompletion writes a package's name and a dot, and asks what there is.
func (r *run) editCompletion(ctx context.Context, d *document) error {
	if len(d.words) == 0 {
		return nil
	}
	pkg, name, _ := strings.Cut(d.words[r.dice.IntN(len(d.words))], ".")
	text := fmt.Sprintf("\n\t// %s\n\t%s.\n", r.token(), pkg)
	end := behind(d.edit.at, strings.TrimSuffix(text, "\n"))
	begun := time.Now()
	if err := r.insert(d, text); err != nil {
		return err
	}
	if err := r.ask(ctx, metric{edits, editCompletion}, begun, d.completion(place{name, end})); err != nil {
		return err
	}
	return r.remove(d, text)
}

// editDiagnostics uses an undefined name of its own, lest what is said of
// another one count, until the diagnostics of this very version mention it.
func (r *run) editDiagnostics(ctx context.Context, d *document) error {
	name := "hearthBench" + r.token()
	text := "\n_ = " + name + "\n"
	begun := time.Now()
	if err := r.insert(d, text); err != nil {
		return err
	}
	at, err := r.published.wait(ctx, r.client, d.uri, begun, ofVersion(r.versions[d], name, true))
	if err != nil {
		return fmt.Errorf("%s: no diagnostic of version %d of %s mentions the undefined %s: %w", editDiagnostics, r.versions[d], d.name, name, err)
	}
	r.record(metric{edits, editDiagnostics}, at.Sub(begun).Seconds())
	begun = time.Now()
	if err := r.remove(d, text); err != nil {
		return err
	}
	if _, err := r.published.wait(ctx, r.client, d.uri, begun, ofVersion(r.versions[d], name, false)); err != nil {
		return fmt.Errorf("%s: the diagnostics of version %d of %s still mention %s, which is gone: %w", editDiagnostics, r.versions[d], d.name, name, err)
	}
	return nil
}

// saveHover says that the file was saved. That is true: its text is what the
// disk has, as every edit was taken back.
func (r *run) saveHover(ctx context.Context, d *document) error {
	begun := time.Now()
	if err := r.client.Notify("textDocument/didSave", map[string]lsp.TextDocumentIdentifier{"textDocument": d.id()}); err != nil {
		return err
	}
	return r.ask(ctx, metric{edits, saveHover}, begun, d.hover(d.edit.name))
}
