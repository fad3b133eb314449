package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/gohearth/hearth/cachewarm/bench/report"
)

// settings are those of an editor that shows what is measured. gopls has both
// of these off.
func (b *bench) settings() map[string]any {
	shown := map[string]any{"semanticTokens": true, "hints": map[string]any{"assignVariableTypes": true}}
	merge(shown, b.Settings)
	return shown
}

// capabilities are those without which gopls would not tell what is measured,
// and which any editor has that shows it.
const capabilities = `{"capabilities": {"textDocument": {
	"publishDiagnostics": {"versionSupport": true},
	"rename": {"prepareSupport": true},
	"implementation": {}, "inlayHint": {}, "signatureHelp": {},
	"semanticTokens": {
		"requests": {"full": true}, "formats": ["relative"], "tokenModifiers": [],
		"tokenTypes": ["namespace", "type", "typeParameter", "parameter", "variable", "function", "method", "macro", "keyword", "comment", "string", "number", "operator", "label"]
	}
}}}`

// withCapabilities adds them to an editor's parameters.
func withCapabilities(params json.RawMessage) (any, error) {
	var editor, ours any
	if err := json.Unmarshal(params, &editor); err != nil {
		return nil, fmt.Errorf("reading the editor's parameters: %w", err)
	}
	if err := json.Unmarshal([]byte(capabilities), &ours); err != nil {
		return nil, err
	}
	return merge(editor, ours), nil
}

// merge adds to a what it lacks of b.
func merge(a, b any) any {
	to, ok := a.(map[string]any)
	from, ok2 := b.(map[string]any)
	if !ok || !ok2 {
		return cmp.Or(a, b)
	}
	for name, value := range from {
		to[name] = merge(to[name], value)
	}
	return to
}

func (r *run) initialize(ctx context.Context) error {
	params, err := withCapabilities(r.Initialize)
	if err != nil {
		return err
	}
	begun := time.Now()
	answer, err := r.client.Initialize(ctx, params)
	if err != nil {
		return err
	}
	r.event("process started", r.begun, r.begun)
	r.sinceStart(initialize, begun)
	r.info = readServerInfo(answer)
	now := time.Now()
	if err := r.bring(r.visits[0]); err != nil {
		return err
	}
	r.event("didOpen", now, now)
	return nil
}

// first is what a person waits for after opening the editor.
func (r *run) first(ctx context.Context) error {
	d := r.visits[0]
	place := d.names[r.dice.IntN(len(d.names))]
	ask := func(name string, q question) error {
		begun := time.Now()
		if err := r.ask(ctx, metric{r.start.scenario, name}, r.begun, q); err != nil {
			return err
		}
		r.event(name, begun, time.Now())
		return nil
	}
	if err := ask(firstHover, d.hover(place)); err != nil {
		return err
	}
	if err := ask(firstDefinition, d.definition(place)); err != nil {
		return err
	}
	if len(d.dots) > 0 {
		if err := ask(firstCompletion, d.completion(d.dots[r.dice.IntN(len(d.dots))])); err != nil {
			return err
		}
	}
	at, err := r.published.wait(ctx, r.client, d.uri, r.begun, anyDiagnostics)
	if err != nil {
		return fmt.Errorf("%s of %s: %w", firstDiagnostics, d.name, err)
	}
	r.record(metric{r.start.scenario, firstDiagnostics}, at.Sub(r.begun).Seconds())
	r.event(firstDiagnostics, at, at)
	if !r.start.counts {
		clear(r.samples)
		r.asked = nil
	}
	return nil
}

// sinceStart records that something was had, which was asked for at begun.
func (r *run) sinceStart(name string, begun time.Time) {
	now := time.Now()
	r.record(metric{r.start.scenario, name}, now.Sub(r.begun).Seconds())
	r.event(name, begun, now)
}

func (r *run) event(name string, at, until time.Time) {
	r.events = append(r.events, report.Event{Name: name, At: at.Sub(r.begun).Seconds(), Until: until.Sub(r.begun).Seconds()})
}

// timeline is what happened, with the work that the server told of, by time.
func (r *run) timeline() []report.Event {
	for _, w := range r.progress.list() {
		r.event(w.title, w.begun, w.ended)
	}
	slices.SortStableFunc(r.events, func(a, b report.Event) int { return cmp.Compare(a.At, b.At) })
	return r.events
}
