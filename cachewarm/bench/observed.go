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

// publications are the diagnostics that a server has published, with the time at
// which they were read.
type publications struct {
	mu      sync.Mutex
	changed chan struct{} // closed and replaced with each publication
	byURI   map[lsp.URI][]publication
}

type publication struct {
	lsp.PublishDiagnosticsParams
	at time.Time
}

func newPublications() *publications {
	return &publications{changed: make(chan struct{}), byURI: make(map[lsp.URI][]publication)}
}

func (p *publications) observe(params json.RawMessage) {
	now := time.Now()
	var got lsp.PublishDiagnosticsParams
	if json.Unmarshal(params, &got) != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	uri := got.URI.Clean()
	p.byURI[uri] = append(p.byURI[uri], publication{got, now})
	close(p.changed)
	p.changed = make(chan struct{})
}

// anyDiagnostics are as good as others.
func anyDiagnostics(publication) bool { return true }

// ofVersion are diagnostics of this version of a document or a later one, that
// mention a name or, if it is gone, do not.
func ofVersion(version int, name string, mentioned bool) func(publication) bool {
	return func(p publication) bool {
		if p.Version == nil || *p.Version < version {
			return false
		}
		for _, d := range p.Diagnostics {
			if strings.Contains(d.Message, name) {
				return mentioned
			}
		}
		return !mentioned
	}
}

// wait returns when the first publication since then arrived that is as wanted.
func (p *publications) wait(ctx context.Context, client *lsp.Client, uri lsp.URI, since time.Time, wanted func(publication) bool) (time.Time, error) {
	for {
		p.mu.Lock()
		changed, list := p.changed, p.byURI[uri]
		p.mu.Unlock()
		for _, got := range list {
			if !got.at.Before(since) && wanted(got) {
				return got.at, nil
			}
		}
		select {
		case <-changed:
		case <-client.Process().Done():
			return time.Time{}, fmt.Errorf("the server ended: %w", client.Process().Err())
		case <-ctx.Done():
			return time.Time{}, context.Cause(ctx)
		}
	}
}

// progress is the work of which a server has told.
type progress struct {
	mu   sync.Mutex
	open map[string]*work // by token
	all  []*work
}

type work struct {
	title        string
	begun, ended time.Time // ended is begun while it goes on
}

func newProgress() *progress { return &progress{open: make(map[string]*work)} }

func (p *progress) observe(params json.RawMessage) {
	now := time.Now()
	var got lsp.ProgressParams
	var value lsp.WorkDoneProgress
	if json.Unmarshal(params, &got) != nil || json.Unmarshal(got.Value, &value) != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch value.Kind {
	case "begin":
		w := &work{value.Title, now, now}
		p.open[string(got.Token)] = w
		p.all = append(p.all, w)
	case "end":
		if w := p.open[string(got.Token)]; w != nil {
			w.ended = now
		}
	}
}

func (p *progress) list() (list []work) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.all {
		list = append(list, *w)
	}
	return list
}
