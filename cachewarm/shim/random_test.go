//go:build unix

package shim

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/gohearth/hearth/internal/lsp"
)

// buffer is a text as an editor might hold it: in UTF-16, not in bytes.
type buffer struct {
	units   []uint16
	version int
}

func (b *buffer) String() string { return string(utf16.Decode(b.units)) }

// boundary returns i or, if that is amid a surrogate pair, i-1.
func (b *buffer) boundary(i int) int {
	if i > 0 && i < len(b.units) && 0xdc00 <= b.units[i] && b.units[i] < 0xe000 {
		i--
	}
	return i
}

func (b *buffer) position(i int) (p lsp.Position) {
	for _, u := range b.units[:i] {
		p.Character++
		if u == '\n' {
			p.Line, p.Character = p.Line+1, 0
		}
	}
	return p
}

func (b *buffer) edit(r *rand.Rand) lsp.ContentChange {
	pieces := []string{"x", "\n", "\r\n", "é", "😀", "func f() {\n}\n", ""}
	text := pieces[r.IntN(len(pieces))] + pieces[r.IntN(len(pieces))]
	if r.IntN(20) == 0 {
		b.units = utf16.Encode([]rune(text))
		return lsp.ContentChange{Text: text}
	}
	i := b.boundary(r.IntN(len(b.units) + 1))
	j := b.boundary(min(len(b.units), i+r.IntN(5)))
	j = max(i, j)
	change := lsp.ContentChange{Range: &lsp.Range{Start: b.position(i), End: b.position(j)}, Text: text}
	b.units = append(append(append([]uint16(nil), b.units[:i]...), utf16.Encode([]rune(text))...), b.units[j:]...)
	return change
}

// TestRandom edits while the server is killed again and again: in the end it
// has the text that the editor has.
func TestRandom(t *testing.T) {
	rounds := 30
	if testing.Short() {
		rounds = 5
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	r := start(t, fakeBackend(t, "a"))
	uris := []lsp.URI{"file:///a.go", "file:///b.go", "file:///c.go"}
	open := make(map[lsp.URI]*buffer)
	for range rounds {
		pid, killed := r.pid(), false
		for range random.IntN(60) {
			uri := uris[random.IntN(len(uris))]
			b := open[uri]
			switch {
			case b == nil:
				open[uri] = &buffer{version: 1}
				r.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{URI: uri, LanguageID: "go", Version: 1}})
			case random.IntN(30) == 0:
				delete(open, uri)
				r.Notify("textDocument/didClose", lsp.DidCloseParams{TextDocument: lsp.TextDocumentIdentifier{URI: uri}})
			default:
				b.version++
				var changes []lsp.ContentChange
				for range 1 + random.IntN(3) {
					changes = append(changes, b.edit(random))
				}
				r.Notify("textDocument/didChange", lsp.DidChangeParams{
					TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: uri, Version: b.version},
					ContentChanges: changes,
				})
			}
			if !killed && random.IntN(40) == 0 {
				r.kill(pid)
				killed = true
			}
		}
		if killed { // or it would give up at the third
			old := r.pid()
			r.provider.set(fakeBackend(t, fmt.Sprint("after ", old)), nil)
			for r.pid() == old {
				time.Sleep(time.Millisecond)
			}
		}
		for _, uri := range uris {
			var got json.RawMessage
			r.retry("test/text", string(uri), &got)
			b := open[uri]
			if b == nil {
				if string(got) != "null" {
					t.Fatalf("%s is closed, the server has %s", uri, got)
				}
				continue
			}
			var doc lsp.TextDocumentItem
			if err := json.Unmarshal(got, &doc); err != nil {
				t.Fatal(err)
			}
			if doc.Text != b.String() || doc.Version != b.version {
				t.Fatalf("%s: the server has version %d, %q; the editor has version %d, %q", uri, doc.Version, doc.Text, b.version, b)
			}
		}
	}
}
