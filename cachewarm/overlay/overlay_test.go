package overlay

import (
	"testing"

	"github.com/gohearth/hearth/internal/lsp"
)

func TestEdit(t *testing.T) {
	const text = "a\n😀é\r\nlast"
	pos := func(line, char int) lsp.Position { return lsp.Position{Line: line, Character: char} }
	for _, test := range []struct {
		name, encoding string
		start, end     lsp.Position
		want           string
	}{
		{"insert at the start", "utf-16", pos(0, 0), pos(0, 0), "|a\n😀é\r\nlast"},
		{"behind a surrogate pair", "utf-16", pos(1, 2), pos(1, 3), "a\n😀|\r\nlast"},
		{"behind it in utf-32", "utf-32", pos(1, 1), pos(1, 2), "a\n😀|\r\nlast"},
		{"behind it in utf-8", "utf-8", pos(1, 4), pos(1, 6), "a\n😀|\r\nlast"},
		{"over lines", "utf-16", pos(0, 1), pos(2, 1), "a|ast"},
		{"behind the end of the line", "utf-16", pos(0, 9), pos(0, 9), "a|\n😀é\r\nlast"},
		{"at the end", "utf-16", pos(2, 4), pos(2, 4), text + "|"},
		{"behind the last line", "utf-16", pos(9, 0), pos(9, 0), text + "|"},
		{"backwards", "utf-16", pos(2, 1), pos(0, 0), "a\n😀é\r\nl|ast"},
	} {
		got := edit(text, lsp.ContentChange{Range: &lsp.Range{Start: test.start, End: test.end}, Text: "|"}, test.encoding)
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
	if got := edit(text, lsp.ContentChange{Text: "new"}, "utf-16"); got != "new" {
		t.Errorf("all of it: got %q", got)
	}
}
