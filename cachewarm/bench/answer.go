package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/lsp"
)

// hoverText returns the text of a hover in any of the protocol's forms.
func hoverText(contents any) string {
	switch c := contents.(type) {
	case string:
		return c
	case map[string]any:
		return hoverText(c["value"])
	case []any:
		var text strings.Builder
		for _, part := range c {
			text.WriteString(hoverText(part) + "\n")
		}
		return text.String()
	}
	return ""
}

// offers checks that a completion offers something, and the name if there is
// one. A list may be cut where there is too much.
func offers(answer json.RawMessage, name string) error {
	type item struct{ Label string }
	var items []item
	if json.Unmarshal(answer, &items) != nil {
		var list struct{ Items []item }
		if err := json.Unmarshal(answer, &list); err != nil {
			return err
		}
		items = list.Items
	}
	if len(items) == 0 {
		return errors.New("there is no completion")
	}
	if name != "" && !slices.ContainsFunc(items, func(i item) bool { return strings.HasPrefix(i.Label, name) }) {
		return fmt.Errorf("%s is not among the %d completions", name, len(items))
	}
	return nil
}

// symbol is one of a document or, without children, of a workspace.
type symbol struct {
	Name     string
	Children []symbol
}

// named reports whether a symbol has this name. That of a method may come with
// its receiver, and that of a function with its package.
func named(list []symbol, name string) bool {
	return slices.ContainsFunc(list, func(s symbol) bool {
		return strings.HasSuffix(s.Name, name) || named(s.Children, name)
	})
}

type textEdit struct {
	Range   lsp.Range
	NewText string
}

// workspaceEdits reads the edits of each file, in either of the protocol's forms.
func workspaceEdits(answer json.RawMessage) (map[lsp.URI][]textEdit, error) {
	var e struct {
		Changes         map[lsp.URI][]textEdit
		DocumentChanges []struct {
			TextDocument lsp.TextDocumentIdentifier
			Edits        []textEdit
		}
	}
	if err := json.Unmarshal(answer, &e); err != nil {
		return nil, err
	}
	all := make(map[lsp.URI][]textEdit)
	for uri, edits := range e.Changes {
		all[uri.Clean()] = edits
	}
	for _, c := range e.DocumentChanges {
		uri := c.TextDocument.URI.Clean()
		all[uri] = append(all[uri], c.Edits...)
	}
	return all, nil
}

// locations reads a Location, or a list of them or of LocationLinks.
func locations(answer json.RawMessage) ([]lsp.Location, error) {
	type link struct {
		lsp.Location
		TargetURI            lsp.URI
		TargetSelectionRange lsp.Range
	}
	var links []link
	if json.Unmarshal(answer, &links) != nil {
		links = make([]link, 1)
		if err := json.Unmarshal(answer, &links[0]); err != nil {
			return nil, err
		}
	}
	var list []lsp.Location
	for _, l := range links {
		if l.TargetURI != "" {
			l.Location = lsp.Location{URI: l.TargetURI, Range: l.TargetSelectionRange}
		}
		list = append(list, l.Location)
	}
	return list, nil
}

// line returns the line on which a location begins.
func (d *document) line(l lsp.Location) (string, error) {
	text := d.text
	if l.URI.Clean() != d.uri {
		path, err := l.URI.Path()
		if err != nil {
			return "", err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		text = string(data)
	}
	n := 0
	for line := range strings.Lines(text) {
		if n == l.Range.Start.Line {
			return strings.TrimSpace(line), nil
		}
		n++
	}
	return "", fmt.Errorf("%s has no line %d", l.URI, l.Range.Start.Line+1)
}

// shorten makes an answer fit an error message.
func shorten(s string) string {
	if len(s) > 100 {
		s = s[:100] + "..."
	}
	return s
}
