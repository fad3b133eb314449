package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// run is one run of one server.
type run struct {
	*plan
	client  *lsp.Client
	started time.Time
	version int // of the open document
	samples samples

	mu        sync.Mutex
	published time.Time // when the file had its first diagnostics
}

// measure starts a server, measures it, and returns when its process is gone.
func measure(ctx context.Context, opts *Options, server Server, p *plan) (samples, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, opts.Timeout, fmt.Errorf("%w: over %s", errSlow, opts.Timeout))
	defer cancel()
	r := &run{plan: p, started: time.Now(), samples: make(samples)}
	var err error
	r.client, err = lsp.Start(lsp.Command{Args: server.Args, Dir: opts.Root, Env: server.Env}, lsp.Options{
		Settings: map[string]any{}, // an editor without any
		Observe:  r.observe,
	})
	if err != nil {
		return nil, err
	}
	defer r.client.Close()
	for _, phase := range []func(context.Context) error{
		func(ctx context.Context) error { return r.initialize(ctx, opts.Initialize) },
		r.first, r.steady, r.edits,
	} {
		if err := phase(ctx); err != nil {
			return nil, err
		}
	}
	if bytes := opts.Memory(r.client.Process().Pid()); bytes > 0 {
		r.samples[memory] = append(r.samples[memory], float64(bytes))
	}
	begun := time.Now()
	if err := r.client.Shutdown(ctx); err != nil {
		return nil, err
	}
	r.record(shutdown, begun)
	return r.samples, nil
}

// observe notes when the file had its first diagnostics. The client is woken a
// little later.
func (r *run) observe(method string, params json.RawMessage) {
	if method != "textDocument/publishDiagnostics" {
		return
	}
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	var uri lsp.URI
	if r.published.IsZero() && json.Unmarshal(lsp.Member(params, "uri"), &uri) == nil && uri.Clean() == r.uri {
		r.published = now
	}
}

func (r *run) record(metric string, since time.Time) {
	r.samples[metric] = append(r.samples[metric], time.Since(since).Seconds())
}

// ask sends a question and records the time from since to the answer.
func (r *run) ask(ctx context.Context, metric string, since time.Time, q question) error {
	var answer json.RawMessage
	err := r.client.Call(ctx, q.method, q.params, &answer)
	r.record(metric, since)
	if err == nil {
		if err = q.check(answer); err != nil {
			err = fmt.Errorf("%s: %w", q.method, err)
		}
	}
	if err != nil {
		return fmt.Errorf("%s (%s): %w", metric, q.about, err)
	}
	return nil
}

func (r *run) initialize(ctx context.Context, params json.RawMessage) error {
	if _, err := r.client.Initialize(ctx, params); err != nil {
		return err
	}
	r.record(initialize, r.started)
	r.version = 1
	return r.client.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
		URI: r.uri, LanguageID: "go", Version: r.version, Text: r.text,
	}})
}

// first is what a person waits for after opening the editor.
func (r *run) first(ctx context.Context) error {
	if err := r.ask(ctx, firstHover, r.started, r.hover(r.target)); err != nil {
		return err
	}
	if err := r.ask(ctx, firstDefinition, r.started, r.definition(r.target)); err != nil {
		return err
	}
	if r.dot != nil {
		if err := r.ask(ctx, firstCompletion, r.started, r.completion(*r.dot)); err != nil {
			return err
		}
	}
	if _, err := r.client.WaitDiagnostics(ctx, r.uri, nil); err != nil {
		return fmt.Errorf("%s: %w", firstDiagnostics, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.samples[firstDiagnostics] = append(r.samples[firstDiagnostics], r.published.Sub(r.started).Seconds())
	return nil
}

// steady is what a person does all day.
func (r *run) steady(ctx context.Context) error {
	symbols := make([]place, r.symbols) // wherever the cursor is
	for _, kind := range []struct {
		metric   string
		places   []place
		question func(place) question
	}{
		{hover, r.names, r.hover},
		{definition, r.names, r.definition},
		{completion, r.dots, r.completion},
		{documentSymbols, symbols, func(place) question { return r.documentSymbols() }},
		{references, r.decls, r.references},
	} {
		for _, p := range kind.places {
			if err := r.ask(ctx, kind.metric, time.Now(), kind.question(p)); err != nil {
				return err
			}
		}
	}
	return nil
}

// edits types at the end of a function, and takes it back each time.
func (r *run) edits(ctx context.Context) error {
	if r.edit == nil {
		return nil
	}
	name := r.hover(r.edit.name)
	for i := range r.rare {
		text := fmt.Sprintf("\n// hearth bench %d\n", i)
		for _, change := range []func(string) error{r.insert, r.remove} {
			begun := time.Now()
			if err := change(text); err != nil {
				return err
			}
			if err := r.ask(ctx, hoverAfterEdit, begun, name); err != nil {
				return err
			}
		}
	}
	for i := range r.rare {
		// A name of its own, lest what is said of the one before count.
		name := fmt.Sprintf("hearthBench%d", i)
		mentioned := func(list []lsp.Diagnostic) bool {
			for _, d := range list {
				if strings.Contains(d.Message, name) {
					return true
				}
			}
			return false
		}
		text := "\n_ = " + name + "\n"
		begun := time.Now()
		if err := r.insert(text); err != nil {
			return err
		}
		if _, err := r.client.WaitDiagnostics(ctx, r.uri, mentioned); err != nil {
			return fmt.Errorf("%s: no diagnostic mentions the undefined %s: %w", diagnosticsAfterEdit, name, err)
		}
		r.record(diagnosticsAfterEdit, begun)
		if err := r.remove(text); err != nil {
			return err
		}
		if _, err := r.client.WaitDiagnostics(ctx, r.uri, func(list []lsp.Diagnostic) bool { return !mentioned(list) }); err != nil {
			return fmt.Errorf("%s: a diagnostic still mentions %s, which is gone: %w", diagnosticsAfterEdit, name, err)
		}
	}
	return nil
}

func (r *run) insert(text string) error { return r.change(r.edit.at, r.edit.at, text) }

// remove takes back the insertion of text, which ends with a new line.
func (r *run) remove(text string) error {
	return r.change(r.edit.at, lsp.Position{Line: r.edit.at.Line + strings.Count(text, "\n")}, "")
}

func (r *run) change(from, to lsp.Position, text string) error {
	r.version++
	return r.client.Notify("textDocument/didChange", lsp.DidChangeParams{
		TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: r.uri, Version: r.version},
		ContentChanges: []lsp.ContentChange{{Range: &lsp.Range{Start: from, End: to}, Text: text}},
	})
}
