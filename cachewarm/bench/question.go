package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/gohearth/hearth/cachewarm/overlay"
	"github.com/gohearth/hearth/internal/lsp"
)

// question is a request, and how to tell that the answer is right.
type question struct {
	method string
	params any
	about  string
	check  func(answer json.RawMessage) error
}

// kind is a kind of question of the steady state. ask returns one about the
// place that the dice choose, or ok is false if the file has no place for it.
type kind struct {
	metric string
	ask    func(d *document, dice *rand.Rand) (q question, ok bool)
}

// kinds are those of the steady state, in the order of a report.
var kinds = []kind{
	{hover, at((*document).hover, func(d *document) []place { return d.names })},
	{definition, at((*document).definition, func(d *document) []place { return d.names })},
	{completion, at((*document).completion, func(d *document) []place { return d.dots })},
	{signatureHelp, at((*document).signatureHelp, func(d *document) []place { return d.calls })},
	{references, at((*document).references, func(d *document) []place { return d.decls })},
	{implementation, func(d *document, dice *rand.Rand) (q question, ok bool) {
		if len(d.methods) == 0 {
			return q, false
		}
		return d.implementation(d.methods[dice.IntN(len(d.methods))]), true
	}},
	{documentSymbols, at((*document).documentSymbols, func(d *document) []place { return d.decls })},
	{workspaceSymbols, at((*document).workspaceSymbols, func(d *document) []place { return d.symbols })},
	{prepareRename, at((*document).prepareRename, func(d *document) []place { return d.renames })},
	{rename, at((*document).rename, func(d *document) []place { return d.renames })},
	{codeActions, at((*document).codeActions, func(d *document) []place { return d.decls })},
	{semanticTokens, at((*document).semanticTokens, func(d *document) []place {
		if len(d.text) > maxTokens {
			return nil
		}
		return d.decls
	})},
	{inlayHints, at((*document).inlayHints, func(d *document) []place { return d.assigns })},
	{formatting, func(d *document, _ *rand.Rand) (question, bool) { return d.formatting(), true }},
}

// maxTokens is the size of a file beyond which gopls gives no tokens of the
// whole, and editors ask for those of a screen.
const maxTokens = 100_000

// at asks about one of the places that a file has.
func at(ask func(*document, place) question, places func(*document) []place) func(*document, *rand.Rand) (question, bool) {
	return func(d *document, dice *rand.Rand) (question, bool) {
		list := places(d)
		if len(list) == 0 {
			return question{}, false
		}
		return ask(d, list[dice.IntN(len(list))]), true
	}
}

func (d *document) id() lsp.TextDocumentIdentifier { return lsp.TextDocumentIdentifier{URI: d.uri} }

func (d *document) at(p place) lsp.PositionParams {
	return lsp.PositionParams{TextDocument: d.id(), Position: p.pos}
}

func (d *document) about(p place) string { return d.name + ", " + p.String() }

// hover must say the name.
func (d *document) hover(p place) question {
	return question{"textDocument/hover", d.at(p), d.about(p), func(answer json.RawMessage) error {
		var hover struct{ Contents any }
		if err := json.Unmarshal(answer, &hover); err != nil {
			return err
		}
		if text := hoverText(hover.Contents); !strings.Contains(text, p.name) {
			return fmt.Errorf("the hover does not name %s: %q", p.name, shorten(text))
		}
		return nil
	}}
}

// definition must lead to lines that hold the name.
func (d *document) definition(p place) question {
	return question{"textDocument/definition", d.at(p), d.about(p), func(answer json.RawMessage) error {
		list, err := locations(answer)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errors.New("there is no definition")
		}
		for _, l := range list {
			if line, err := d.line(l); err != nil {
				return err
			} else if !strings.Contains(line, p.name) {
				return fmt.Errorf("the definition is said to be %s:%d, but there stands %q", l.URI, l.Range.Start.Line+1, shorten(line))
			}
		}
		return nil
	}}
}

// completion must offer something. What comes first is the server's taste.
func (d *document) completion(p place) question {
	return question{"textDocument/completion", d.at(p), d.name + ", before " + p.String(), func(answer json.RawMessage) error {
		return offers(answer, "")
	}}
}

// signatureHelp must have a signature. One of a variable has no name.
func (d *document) signatureHelp(p place) question {
	params := map[string]any{"textDocument": d.id(), "position": p.pos, "context": map[string]any{"triggerKind": 1, "isRetrigger": false}}
	return question{"textDocument/signatureHelp", params, d.about(p), func(answer json.RawMessage) error {
		var help struct{ Signatures []struct{ Label string } }
		if err := json.Unmarshal(answer, &help); err != nil {
			return err
		}
		if len(help.Signatures) == 0 || !strings.Contains(help.Signatures[0].Label, "(") {
			return fmt.Errorf("there is no signature of %s", p.name)
		}
		return nil
	}}
}

// references, with the declaration, must include the place itself.
func (d *document) references(p place) question {
	params := map[string]any{"textDocument": d.id(), "position": p.pos, "context": map[string]bool{"includeDeclaration": true}}
	return question{"textDocument/references", params, d.about(p), func(answer json.RawMessage) error {
		list, err := locations(answer)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(l lsp.Location) bool { return l.URI.Clean() == d.uri && l.Range.Start == p.pos }) {
			return fmt.Errorf("the declaration is not among the %d references", len(list))
		}
		return nil
	}}
}

// implementation, asked of a method, must name that of the interface.
func (d *document) implementation(m implementor) question {
	return question{"textDocument/implementation", d.at(m.place), d.about(m.place), func(answer json.RawMessage) error {
		list, err := locations(answer)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(list, func(l lsp.Location) bool { return strings.HasSuffix(string(l.URI), m.file) }) {
			return fmt.Errorf("none of the %d that are implemented is of %s", len(list), m.file)
		}
		return nil
	}}
}

// documentSymbols must include what the file declares.
func (d *document) documentSymbols(p place) question {
	params := map[string]any{"textDocument": d.id()}
	return question{"textDocument/documentSymbol", params, d.name, func(answer json.RawMessage) error {
		var list []symbol
		if err := json.Unmarshal(answer, &list); err != nil {
			return err
		}
		if !named(list, p.name) {
			return fmt.Errorf("%s is not among the symbols", p.name)
		}
		return nil
	}}
}

// workspaceSymbols must find something of exactly this name. There may be more
// of them than a server lists.
func (d *document) workspaceSymbols(p place) question {
	return question{"workspace/symbol", map[string]any{"query": p.name}, p.name, func(answer json.RawMessage) error {
		var list []symbol
		if err := json.Unmarshal(answer, &list); err != nil {
			return err
		}
		if !named(list, p.name) {
			return fmt.Errorf("%s is not among the %d symbols", p.name, len(list))
		}
		return nil
	}}
}

// prepareRename must find the name.
func (d *document) prepareRename(p place) question {
	return question{"textDocument/prepareRename", d.at(p), d.about(p), func(answer json.RawMessage) error {
		var r struct {
			lsp.Range
			Nested *lsp.Range `json:"range"`
		}
		if err := json.Unmarshal(answer, &r); err != nil {
			return err
		}
		if r.Nested != nil {
			r.Range = *r.Nested
		}
		if r.Start != p.pos || r.End != behind(p.pos, p.name) {
			return fmt.Errorf("it would rename %v", r.Range)
		}
		return nil
	}}
}

// rename must change the declaration. The answer is a preview: nobody applies it.
func (d *document) rename(p place) question {
	name := p.name + "HearthBench"
	params := map[string]any{"textDocument": d.id(), "position": p.pos, "newName": name}
	return question{"textDocument/rename", params, d.about(p), func(answer json.RawMessage) error {
		all, err := workspaceEdits(answer)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all[d.uri], func(e textEdit) bool {
			return comparePositions(e.Range.Start, p.pos) <= 0 && strings.Contains(e.NewText, "HearthBench") || e.Range.Start == p.pos
		}) {
			return fmt.Errorf("the declaration is not renamed; there are edits of %q", slices.Sorted(maps.Keys(all)))
		}
		return nil
	}}
}

// codeActions, asked of a name as by a menu, must offer something: there is
// always the documentation to read.
func (d *document) codeActions(p place) question {
	params := map[string]any{
		"textDocument": d.id(), "range": lsp.Range{Start: p.pos, End: p.pos},
		"context": map[string]any{"diagnostics": []any{}, "triggerKind": 1},
	}
	return question{"textDocument/codeAction", params, d.about(p), func(answer json.RawMessage) error {
		var list []struct{ Title string }
		if err := json.Unmarshal(answer, &list); err != nil {
			return err
		}
		if len(list) == 0 || list[0].Title == "" {
			return errors.New("there is no action")
		}
		return nil
	}}
}

// semanticTokens must include the place.
func (d *document) semanticTokens(p place) question {
	params := map[string]any{"textDocument": d.id()}
	return question{"textDocument/semanticTokens/full", params, d.name, func(answer json.RawMessage) error {
		var tokens struct{ Data []int }
		if err := json.Unmarshal(answer, &tokens); err != nil {
			return err
		}
		var pos lsp.Position
		for token := range slices.Chunk(tokens.Data, 5) {
			if token[0] > 0 {
				pos.Character = 0
			}
			pos.Line += token[0]
			if len(token) == 5 {
				pos.Character += token[1]
			}
			if pos == p.pos {
				return nil
			}
		}
		return fmt.Errorf("%s is not among the %d tokens", p, len(tokens.Data)/5)
	}}
}

// inScreen is how many lines an editor shows above and below the cursor.
const inScreen = 25

// inlayHints are asked for a screen, and must tell the variable's type.
func (d *document) inlayHints(p place) question {
	screen := lsp.Range{
		Start: lsp.Position{Line: max(0, p.pos.Line-inScreen)},
		End:   lsp.Position{Line: min(p.pos.Line+inScreen, strings.Count(d.text, "\n"))},
	}
	params := map[string]any{"textDocument": d.id(), "range": screen}
	return question{"textDocument/inlayHint", params, d.about(p), func(answer json.RawMessage) error {
		var list []struct{ Position lsp.Position }
		if err := json.Unmarshal(answer, &list); err != nil {
			return err
		}
		want := behind(p.pos, p.name)
		for _, hint := range list {
			if hint.Position == want {
				return nil
			}
		}
		return fmt.Errorf("the type of %s is not among the %d hints", p.name, len(list))
	}}
}

// formatting must leave a file that is formatted as it is, or at least Go: a
// policy may want another format.
func (d *document) formatting() question {
	params := map[string]any{"textDocument": d.id(), "options": map[string]any{"tabSize": 8, "insertSpaces": false}}
	return question{"textDocument/formatting", params, d.name, func(answer json.RawMessage) error {
		var edits []textEdit
		if err := json.Unmarshal(answer, &edits); err != nil {
			return err
		}
		text := apply(d.text, edits)
		if _, err := parser.ParseFile(token.NewFileSet(), "formatted", text, parser.SkipObjectResolution); err != nil {
			return fmt.Errorf("after %d edits it is no Go: %w", len(edits), err)
		}
		if formatted, err := format.Source([]byte(text)); err != nil || string(formatted) != text {
			return fmt.Errorf("after %d edits it is not formatted", len(edits))
		}
		return nil
	}}
}

// apply returns a text after edits, which do not overlap.
func apply(text string, edits []textEdit) string {
	edits = slices.SortedStableFunc(slices.Values(edits), func(a, b textEdit) int { return comparePositions(a.Range.Start, b.Range.Start) })
	for _, e := range slices.Backward(edits) {
		start, end := overlay.Offset(text, e.Range.Start, ""), overlay.Offset(text, e.Range.End, "")
		text = text[:start] + e.NewText + text[max(start, end):]
	}
	return text
}
