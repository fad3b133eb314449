package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/lsp"
)

// outcome is what a step led to.
type outcome struct {
	about       string
	result      string             // in normal form
	diagnostics map[lsp.URI]string // instead, in normal form, where all is compared that gopls published
}

// maxFollow is how many of what an answer lists are asked about further.
const maxFollow = 3

// play plays a script. Each request is answered before the next one is sent:
// what a server makes of requests that overtake each other is its affair.
func (c *client) play(ctx context.Context, steps []step) (list []outcome, err error) {
	for _, s := range steps {
		if s.write != nil {
			if err := os.WriteFile(s.write.path, []byte(s.write.text), 0o644); err != nil {
				return nil, err
			}
		}
		switch {
		case s.settle:
			if err := c.settle(ctx); err != nil {
				return nil, err
			}
			list = append(list, outcome{about: s.about, diagnostics: c.diagnostics()})
		case s.notify:
			m, err := lsp.NewNotification(s.method, s.params)
			if err != nil {
				return nil, err
			}
			c.open.Apply(m)
			if err := c.Notify(s.method, s.params); err != nil {
				return nil, err
			}
		default:
			answer, o, err := c.ask(ctx, s.about, s.method, s.params)
			if err != nil {
				return nil, err
			}
			list = append(list, o)
			follow, err := c.follow(ctx, s, answer)
			if err != nil {
				return nil, err
			}
			list = append(list, follow...)
		}
	}
	return list, nil
}

// ask sends a request. An error of the server is an outcome as well.
func (c *client) ask(ctx context.Context, about, method string, params any) (json.RawMessage, outcome, error) {
	var answer json.RawMessage
	err := c.Call(ctx, method, params, &answer)
	if e, ok := errors.AsType[*lsp.ResponseError](err); ok {
		return nil, outcome{about: about, result: "error: " + plain(method, e.Message)}, nil
	}
	if err != nil {
		return nil, outcome{}, fmt.Errorf("%s: %w", about, err)
	}
	if method == "workspace/symbol" {
		return answer, outcome{about: about, result: normalSymbols(answer)}, nil
	}
	return answer, outcome{about: about, result: normal(answer)}, nil
}

// follow asks about the first few of what an answer lists.
func (c *client) follow(ctx context.Context, s step, answer json.RawMessage) (list []outcome, err error) {
	if s.then == "" {
		return nil, nil
	}
	var items []json.RawMessage
	if json.Unmarshal(answer, &items) != nil {
		_ = json.Unmarshal(lsp.Member(answer, "items"), &items)
	}
	slices.SortFunc(items, func(a, b json.RawMessage) int { return strings.Compare(normal(a), normal(b)) })
	for i, item := range items[:min(len(items), maxFollow)] {
		for method := range strings.FieldsSeq(s.then) {
			params := any(item)
			if strings.Contains(method, "Hierarchy/") {
				params = map[string]any{"item": item}
			}
			_, o, err := c.ask(ctx, fmt.Sprintf("%s, %s of number %d", s.about, method, i+1), method, params)
			if err != nil {
				return nil, err
			}
			list = append(list, o)
		}
	}
	return list, nil
}

// diagnostics returns those of all files in normal form. A file without any is
// not mentioned: gopls says so of some and not of others, to the same effect.
// The version of a closed file is the one that it had when its diagnostics
// changed last, of no use to anybody.
func (c *client) diagnostics() map[lsp.URI]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make(map[lsp.URI]string)
	for uri, params := range c.last {
		if string(lsp.Member(params, "diagnostics")) == "[]" {
			continue
		}
		if c.open.Find(uri) == nil {
			params = lsp.Member(params, "diagnostics")
		}
		all[uri] = normal(params)
	}
	return all
}

// text returns all of an outcome.
func (o outcome) text() string {
	var b strings.Builder
	b.WriteString(o.result)
	for _, uri := range slices.Sorted(maps.Keys(o.diagnostics)) {
		fmt.Fprintf(&b, "%s\n%s\n", uri, o.diagnostics[uri])
	}
	return b.String()
}
