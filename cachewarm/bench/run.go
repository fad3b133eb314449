package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/gohearth/hearth/cachewarm/bench/report"
	"github.com/gohearth/hearth/internal/lsp"
)

// run is one run of one server.
type run struct {
	*bench
	server    Server
	start     start
	client    *lsp.Client
	dice      *rand.Rand // both sides throw the same
	visits    []*document
	open      []*document // the last one is in front
	versions  map[*document]int
	published *publications
	progress  *progress

	begun   time.Time
	events  []report.Event
	samples map[metric][]float64
	asked   []asked
	info    serverInfo
}

// asked is a request that was answered, for the spans that a server tells of it.
type asked struct {
	metric
	method     string
	sent, done time.Time
}

// measure starts a server, measures it, and returns when its process is gone.
// A warm-up also opens all files, so that the caches hold what they will be
// asked for.
func (b *bench) measure(ctx context.Context, server Server, start start, round int, warmup bool) (*run, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, b.Timeout, fmt.Errorf("%w: over %s", errSlow, b.Timeout))
	defer cancel()
	r := &run{
		bench: b, server: server, start: start,
		dice:      rand.New(rand.NewPCG(b.Seed, uint64(round))),
		versions:  make(map[*document]int),
		published: newPublications(), progress: newProgress(),
		begun: time.Now(), samples: make(map[metric][]float64),
	}
	for i := range min(b.Visits, len(b.documents)) {
		r.visits = append(r.visits, b.documents[(round+i)%len(b.documents)])
	}
	var err error
	r.client, err = lsp.Start(lsp.Command{Args: server.Args, Dir: b.Root, Env: server.Env}, lsp.Options{
		Settings: b.settings(),
		Observe:  r.observe,
	})
	if err != nil {
		return nil, err
	}
	defer r.client.Close()
	phases := []func(context.Context) error{r.initialize, r.first}
	if warmup {
		phases = append(phases, r.tour)
	}
	for _, name := range start.plays {
		phases = append(phases, map[string]func(context.Context) error{
			steady: r.steady, edits: r.edits, typing: r.typing, idle: r.memory,
		}[name])
	}
	for _, phase := range append(phases, r.shutdown) {
		if err := phase(ctx); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *run) observe(method string, params json.RawMessage) {
	switch method {
	case "textDocument/publishDiagnostics":
		r.published.observe(params)
	case "$/progress":
		r.progress.observe(params)
	}
}

func (r *run) record(m metric, value float64) { r.samples[m] = append(r.samples[m], value) }

// ask sends a question and records the time from since to the answer.
func (r *run) ask(ctx context.Context, m metric, since time.Time, q question) error {
	var answer json.RawMessage
	sent := time.Now()
	err := r.client.Call(ctx, q.method, q.params, &answer)
	done := time.Now()
	r.record(m, done.Sub(since).Seconds())
	r.asked = append(r.asked, asked{m, q.method, sent, done})
	if err == nil {
		if err = q.check(answer); err != nil {
			err = fmt.Errorf("%s: %w", q.method, err)
		}
	}
	if err != nil {
		return fmt.Errorf("%s (%s): %w", m, q.about, err)
	}
	return nil
}

// bring brings a document to the front, opening it if it is not open.
func (r *run) bring(d *document) error {
	r.versions[d]++
	r.open = append(r.open, d)
	return r.client.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
		URI: d.uri, LanguageID: "go", Version: r.versions[d], Text: d.text,
	}})
}

// keepOpen closes the documents that were opened first, but for n.
func (r *run) keepOpen(n int) error {
	for len(r.open) > n {
		d := r.open[0]
		r.open = r.open[1:]
		if err := r.client.Notify("textDocument/didClose", lsp.DidCloseParams{TextDocument: d.id()}); err != nil {
			return err
		}
	}
	return nil
}

// change replaces a part of a document.
func (r *run) change(d *document, from, to lsp.Position, text string) error {
	r.versions[d]++
	return r.client.Notify("textDocument/didChange", lsp.DidChangeParams{
		TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: d.uri, Version: r.versions[d]},
		ContentChanges: []lsp.ContentChange{{Range: &lsp.Range{Start: from, End: to}, Text: text}},
	})
}

// insert writes a text where the document is edited, and remove takes it back.
func (r *run) insert(d *document, text string) error {
	return r.change(d, d.edit.at, d.edit.at, text)
}

func (r *run) remove(d *document, text string) error {
	return r.change(d, d.edit.at, behind(d.edit.at, text), "")
}

func (r *run) shutdown(ctx context.Context) error {
	if r.start.traced {
		select {
		case <-time.After(flushed):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	begun := time.Now()
	if err := r.client.Shutdown(ctx); err != nil {
		return err
	}
	r.event(shutdown, begun, time.Now())
	if r.start.counts {
		r.record(metric{r.start.scenario, shutdown}, time.Since(begun).Seconds())
	}
	return nil
}
