package lsp

import (
	"context"
	"encoding/json"
)

// observe remembers what a notification of the server says.
func (c *Client) observe(m *Message) {
	if c.opts.Observe != nil {
		c.opts.Observe(m.Method, m.Params)
	}
	switch m.Method {
	case "textDocument/publishDiagnostics":
		var p PublishDiagnosticsParams
		if json.Unmarshal(m.Params, &p) != nil {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.diags[p.URI.Clean()] = p
		c.broadcast()
	case "$/progress":
		var p ProgressParams
		var work WorkDoneProgress
		if json.Unmarshal(m.Params, &p) != nil || json.Unmarshal(p.Value, &work) != nil {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		switch token := string(p.Token); work.Kind {
		case "begin":
			c.progress[token] = work.Title
		case "end":
			if title, ok := c.progress[token]; ok {
				delete(c.progress, token)
				c.ended[title] = work.Message
			}
		}
		c.broadcast()
	case "window/logMessage", "window/showMessage":
		var p MessageParams
		if c.opts.Log != nil && json.Unmarshal(m.Params, &p) == nil {
			c.opts.Log(p.Type, p.Message)
		}
	}
}

// broadcast wakes everyone who waits. c.mu is held.
func (c *Client) broadcast() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// wait returns when done does not return false any more. It calls done with
// c.mu held.
func (c *Client) wait(ctx context.Context, done func() bool) error {
	for {
		c.mu.Lock()
		ok, changed, closed := done(), c.changed, c.closed
		c.mu.Unlock()
		switch {
		case ok:
			return nil
		case closed != nil:
			return closed
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Diagnostics returns what the server published last for uri; ok is false if it
// never did.
func (c *Client) Diagnostics(uri URI) (d []Diagnostic, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.diags[uri.Clean()]
	return p.Diagnostics, ok
}

// AllDiagnostics returns what the server published last for each document.
func (c *Client) AllDiagnostics() map[URI][]Diagnostic {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make(map[URI][]Diagnostic, len(c.diags))
	for uri, p := range c.diags {
		all[uri] = p.Diagnostics
	}
	return all
}

// WaitDiagnostics waits until the diagnostics of uri are as want wants them, and
// returns them, or the last ones with an error. A nil want accepts any that the
// server published.
func (c *Client) WaitDiagnostics(ctx context.Context, uri URI, want func([]Diagnostic) bool) ([]Diagnostic, error) {
	uri = uri.Clean()
	var last []Diagnostic
	err := c.wait(ctx, func() bool {
		p, ok := c.diags[uri]
		last = p.Diagnostics
		return ok && (want == nil || want(last))
	})
	return last, err
}

// WaitProgress waits until work with this title has ended and none with this
// title is under way, and returns the message it ended with. The server only
// reports progress to clients with the capability window.workDoneProgress.
func (c *Client) WaitProgress(ctx context.Context, title string) (string, error) {
	var message string
	err := c.wait(ctx, func() bool {
		for _, open := range c.progress {
			if open == title {
				return false
			}
		}
		var ok bool
		message, ok = c.ended[title]
		return ok
	})
	return message, err
}

// Idle waits until no progress is open, for a caller that knows that some began.
func (c *Client) Idle(ctx context.Context) error {
	return c.wait(ctx, func() bool { return len(c.progress) == 0 })
}
