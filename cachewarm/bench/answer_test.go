package bench

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/internal/lsp"
)

// TestLocations is about the forms that the protocol allows.
func TestLocations(t *testing.T) {
	const at = `{"start": {"line": 3, "character": 1}, "end": {"line": 3, "character": 2}}`
	want := []lsp.Location{{URI: "file:///a.go", Range: lsp.Range{Start: lsp.Position{Line: 3, Character: 1}, End: lsp.Position{Line: 3, Character: 2}}}}
	for _, answer := range []string{
		`{"uri": "file:///a.go", "range": ` + at + `}`,
		`[{"uri": "file:///a.go", "range": ` + at + `}]`,
		`[{"targetUri": "file:///a.go", "targetRange": {}, "targetSelectionRange": ` + at + `}]`,
	} {
		got, err := locations([]byte(answer))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", answer, diff)
		}
	}
	if got, err := locations([]byte("null")); err != nil || len(got) != 0 {
		t.Errorf("null: %v, %v", got, err)
	}
}

func TestHoverText(t *testing.T) {
	for _, contents := range []any{
		"func F",
		map[string]any{"kind": "markdown", "value": "func F"},
		[]any{"x", map[string]any{"language": "go", "value": "func F"}},
	} {
		if text := hoverText(contents); !strings.Contains(text, "func F") {
			t.Errorf("%v: %q", contents, text)
		}
	}
}

func TestOffers(t *testing.T) {
	for _, test := range []struct {
		answer, name string
		ok           bool
	}{
		{`[{"label": "Println"}]`, "", true},
		{`{"isIncomplete": true, "items": [{"label": "Print"}, {"label": "Println"}]}`, "Println", true},
		{`{"items": [{"label": "Print"}]}`, "Println", false},
		{`{"items": []}`, "", false},
		{`[]`, "", false},
		{`null`, "", false},
	} {
		if err := offers(json.RawMessage(test.answer), test.name); (err == nil) != test.ok {
			t.Errorf("%s offers %q: %v", test.answer, test.name, err)
		}
	}
}

func TestWorkspaceEdits(t *testing.T) {
	const edits = `[{"range": {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 2}}, "newText": "x"}]`
	want := map[lsp.URI][]textEdit{"file:///a.go": {{lsp.Range{Start: lsp.Position{Line: 1}, End: lsp.Position{Line: 1, Character: 2}}, "x"}}}
	for _, answer := range []string{
		`{"changes": {"file:///a.go": ` + edits + `}}`,
		`{"documentChanges": [{"textDocument": {"uri": "file:///a.go", "version": 1}, "edits": ` + edits + `}]}`,
	} {
		got, err := workspaceEdits([]byte(answer))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", answer, diff)
		}
	}
}

func TestApply(t *testing.T) {
	at := func(line, from, to int) lsp.Range {
		return lsp.Range{Start: lsp.Position{Line: line, Character: from}, End: lsp.Position{Line: line, Character: to}}
	}
	got := apply("😀 ab\ncd\n", []textEdit{{at(1, 0, 1), "C"}, {at(0, 3, 5), "AB!"}, {at(1, 1, 1), "-"}})
	if want := "😀 AB!\nC-d\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
