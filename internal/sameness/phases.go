package main

import (
	"context"
	"fmt"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// phase is something that happens to a session before it is compared.
type phase struct {
	name   string
	before func(context.Context, *trial) error          // while it is parked; may be nil
	during func(context.Context, *trial, *client) error // while an editor is attached; may be nil
}

var phases = []phase{
	{name: "warm", before: func(ctx context.Context, t *trial) error { return t.useAndLeave(ctx, false) }},
	{name: "outside", before: func(ctx context.Context, t *trial) error { return t.editOutside(1) }},
	{name: "branch", before: func(ctx context.Context, t *trial) error { return t.switchTo(ctx, other) }},
	{name: "attached", during: func(ctx context.Context, t *trial, c *client) error { return t.changeUnder(ctx, c) }},
	{name: "unsaved", before: func(ctx context.Context, t *trial) error { return t.useAndLeave(ctx, true) }},
}

// trial is one run of the command.
type trial struct {
	options
	*servers
}

// playTime bounds one play.
const playTime = 10 * time.Minute

// phase compares both sides after something happened.
func (t *trial) phase(ctx context.Context, p phase) (steps, differ int, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, playTime, fmt.Errorf("it takes more than %s", playTime))
	defer cancel()
	if p.before != nil {
		if err := p.before(ctx, t); err != nil {
			return 0, 0, err
		}
	}
	// The first side may be in the middle of something, so the files, which
	// decide the script, are changed while it is.
	start := t.attach
	if t.stock {
		start = func(ctx context.Context) (*client, error) { return t.direct(ctx, "") }
	}
	c, err := start(ctx)
	if err != nil {
		return 0, 0, err
	}
	if p.during != nil {
		if err := p.during(ctx, t, c); err != nil {
			c.Close()
			return 0, 0, err
		}
	}
	script, err := newScript(t.dir, t.requests, t.seed)
	if err != nil {
		c.Close()
		return 0, 0, err
	}
	warm, err := t.finish(ctx, c, script)
	if err != nil {
		return 0, 0, fmt.Errorf("the session: %w", err)
	}
	if c, err = t.direct(ctx, t.grafts); err != nil {
		return 0, 0, err
	}
	fresh, err := t.finish(ctx, c, script)
	if err != nil {
		return 0, 0, fmt.Errorf("a fresh gopls: %w", err)
	}
	return len(fresh), compare(warm, fresh), nil
}

// finish plays a script and leaves in order.
func (t *trial) finish(ctx context.Context, c *client, script []step) ([]outcome, error) {
	defer c.Close()
	list, err := c.play(ctx, script)
	if err != nil {
		return nil, err
	}
	if err := c.Shutdown(ctx); err != nil {
		return nil, err
	}
	if t.stock || t.warm == 0 {
		return list, nil
	}
	return list, t.parked(ctx)
}

// useAndLeave is an editor that comes, does other things than will be compared,
// and leaves; with crash, it does so in the middle, with unsaved text.
func (t *trial) useAndLeave(ctx context.Context, crash bool) error {
	if t.stock {
		return nil
	}
	c, err := t.attach(ctx)
	if err != nil {
		return err
	}
	script, err := newScript(t.dir, t.requests/2, t.seed+1)
	if err != nil {
		c.Close()
		return err
	}
	if !crash {
		_, err := t.finish(ctx, c, script)
		return err
	}
	defer c.Close()
	if _, err := c.play(ctx, spoil(script)); err != nil {
		return err
	}
	c.Close()
	return t.parked(ctx)
}

// spoil returns a script without what it saves, and with all files open at the
// end, with text that does not even parse.
func spoil(script []step) (spoilt []step) {
	var uris []lsp.URI
	versions := make(map[lsp.URI]int)
	for _, s := range script {
		switch p := s.params.(type) {
		case lsp.DidCloseParams:
			continue
		case lsp.DidOpenParams:
			if versions[p.TextDocument.URI] > 0 {
				continue // it was not closed
			}
			uris = append(uris, p.TextDocument.URI)
			versions[p.TextDocument.URI] = p.TextDocument.Version
		case lsp.DidChangeParams:
			versions[p.TextDocument.URI] = p.TextDocument.Version
		}
		if s.write == nil && !s.settle {
			spoilt = append(spoilt, s)
		}
	}
	for _, uri := range uris {
		spoilt = append(spoilt, step{method: "textDocument/didChange", notify: true, params: lsp.DidChangeParams{
			TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: uri, Version: versions[uri] + 1},
			ContentChanges: []lsp.ContentChange{{Text: "package spoilt\n\nfunc Ünsaved( {\n"}},
		}})
	}
	return spoilt
}

// changeUnder changes branch and files under an editor that has files open and
// says nothing. Then it closes them, as their text is not that of the disk.
func (t *trial) changeUnder(ctx context.Context, c *client) error {
	script, err := newScript(t.dir, 10, t.seed+2)
	if err != nil {
		return err
	}
	var closing []step
	for _, s := range script {
		if p, ok := s.params.(lsp.DidOpenParams); ok {
			closing = append(closing, step{method: "textDocument/didClose", notify: true,
				params: lsp.DidCloseParams{TextDocument: lsp.TextDocumentIdentifier{URI: p.TextDocument.URI}}})
		}
	}
	opening := spoil(script)
	opening = opening[:len(opening)-len(closing)] // unspoilt
	if _, err := c.play(ctx, append(opening, step{settle: true})); err != nil {
		return err
	}
	if err := t.switchTo(ctx, first); err != nil {
		return err
	}
	if _, err := c.play(ctx, append([]step{{settle: true}}, closing...)); err != nil {
		return err
	}
	if err := t.editOutside(2); err != nil {
		return err
	}
	time.Sleep(quiet) // the news takes a while to arrive
	return c.settle(ctx)
}
