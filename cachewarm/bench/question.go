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

// question is a request, and how to tell that the answer is right.
type question struct {
	method string
	params any
	about  string
	check  func(answer json.RawMessage) error
}

func (p *plan) document() lsp.TextDocumentIdentifier { return lsp.TextDocumentIdentifier{URI: p.uri} }

func (p *plan) at(pl place) lsp.PositionParams {
	return lsp.PositionParams{TextDocument: p.document(), Position: pl.pos}
}

// hover must say the name.
func (p *plan) hover(pl place) question {
	return question{"textDocument/hover", p.at(pl), pl.String(), func(answer json.RawMessage) error {
		var hover struct{ Contents any }
		if err := json.Unmarshal(answer, &hover); err != nil {
			return err
		}
		if text := hoverText(hover.Contents); !strings.Contains(text, pl.name) {
			return fmt.Errorf("the hover does not name %s: %q", pl.name, shorten(text))
		}
		return nil
	}}
}

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

// definition must lead to lines that hold the name.
func (p *plan) definition(pl place) question {
	return question{"textDocument/definition", p.at(pl), pl.String(), func(answer json.RawMessage) error {
		list, err := locations(answer)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errors.New("there is no definition")
		}
		for _, l := range list {
			if line, err := p.line(l); err != nil {
				return err
			} else if !strings.Contains(line, pl.name) {
				return fmt.Errorf("the definition is said to be %s:%d, but there stands %q", l.URI, l.Range.Start.Line+1, shorten(line))
			}
		}
		return nil
	}}
}

// references, with the declaration, must include the place itself.
func (p *plan) references(pl place) question {
	params := struct {
		lsp.PositionParams
		Context map[string]bool `json:"context"`
	}{p.at(pl), map[string]bool{"includeDeclaration": true}}
	return question{"textDocument/references", params, pl.String(), func(answer json.RawMessage) error {
		list, err := locations(answer)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(l lsp.Location) bool { return l.URI.Clean() == p.uri && l.Range.Start == pl.pos }) {
			return fmt.Errorf("the declaration is not among the %d references", len(list))
		}
		return nil
	}}
}

// completion must offer something. What comes first is the server's taste.
func (p *plan) completion(pl place) question {
	return question{"textDocument/completion", p.at(pl), "before " + pl.String(), func(answer json.RawMessage) error {
		var items []json.RawMessage
		if json.Unmarshal(answer, &items) != nil {
			var list struct{ Items []json.RawMessage }
			if err := json.Unmarshal(answer, &list); err != nil {
				return err
			}
			items = list.Items
		}
		if len(items) == 0 {
			return errors.New("there is no completion")
		}
		return nil
	}}
}

// documentSymbols must include the first thing that the file declares.
func (p *plan) documentSymbols() question {
	params := map[string]any{"textDocument": p.document()}
	return question{"textDocument/documentSymbol", params, string(p.uri), func(answer json.RawMessage) error {
		var list []symbol
		if err := json.Unmarshal(answer, &list); err != nil {
			return err
		}
		if len(p.decls) > 0 && !named(list, p.decls[0].name) {
			return fmt.Errorf("%s is not among the symbols", p.decls[0].name)
		}
		return nil
	}}
}

type symbol struct {
	Name     string
	Children []symbol
}

// named reports whether a symbol has this name. That of a method may come with
// its receiver.
func named(list []symbol, name string) bool {
	return slices.ContainsFunc(list, func(s symbol) bool {
		return strings.HasSuffix(s.Name, name) || named(s.Children, name)
	})
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
func (p *plan) line(l lsp.Location) (string, error) {
	text := p.text
	if l.URI.Clean() != p.uri {
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
