// Package overlay follows the texts that are open in an editor, from the
// notifications that the editor sends.
//
// It exists so that a language server can be told again what it knew: hearth
// restarts and swaps servers under a running editor. A [Set] is not safe for
// concurrent use.
package overlay

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gohearth/hearth/internal/lsp"
)

// Set is what is open, in the order in which it was opened.
type Set struct {
	Encoding string // of positions: "utf-8", "utf-32"; anything else is utf-16
	Open     []*lsp.TextDocumentItem
	Changes  int // how often any of them changed
}

// Apply follows a notification about a document, and ignores all others.
//
// A message that cannot be decoded changes nothing, as it will change nothing
// in the server.
func (d *Set) Apply(m *lsp.Message) {
	switch m.Method {
	case "textDocument/didOpen":
		var p lsp.DidOpenParams
		if json.Unmarshal(m.Params, &p) != nil {
			return
		}
		if doc := d.Find(p.TextDocument.URI); doc != nil {
			*doc = p.TextDocument
			d.Changes++
			return
		}
		d.Open = append(d.Open, &p.TextDocument)
	case "textDocument/didChange":
		var p lsp.DidChangeParams
		if json.Unmarshal(m.Params, &p) != nil {
			return
		}
		doc := d.Find(p.TextDocument.URI)
		if doc == nil {
			return
		}
		d.Changes++
		doc.Version = p.TextDocument.Version
		for _, change := range p.ContentChanges {
			doc.Text = edit(doc.Text, change, d.Encoding)
		}
	case "textDocument/didClose":
		var p lsp.DidCloseParams
		if json.Unmarshal(m.Params, &p) != nil {
			return
		}
		d.Forget(p.TextDocument.URI)
	}
}

// Forget takes a document out of the set.
func (d *Set) Forget(uri lsp.URI) {
	if doc := d.Find(uri); doc != nil {
		d.Open = slices.DeleteFunc(d.Open, func(other *lsp.TextDocumentItem) bool { return other == doc })
	}
}

// Find returns the document with this URI, however it is spelt, or nil.
func (d *Set) Find(uri lsp.URI) *lsp.TextDocumentItem {
	for _, doc := range d.Open {
		if doc.URI == uri {
			return doc
		}
	}
	// Editors keep to one spelling, so this is for a document that is not open,
	// and for one that another editor has opened.
	uri = uri.Clean()
	for _, doc := range d.Open {
		if doc.URI.Clean() == uri {
			return doc
		}
	}
	return nil
}

// edit returns text after one change.
func edit(text string, change lsp.ContentChange, encoding string) string {
	if change.Range == nil {
		return change.Text
	}
	start := Offset(text, change.Range.Start, encoding)
	end := max(start, Offset(text, change.Range.End, encoding))
	return text[:start] + change.Text + text[end:]
}

// Offset returns the place of pos in text, in bytes. A position behind the end
// of its line is the end of that line, as the protocol has it. encoding is "utf-8",
// "utf-32", or anything else for UTF-16.
//
// Only a line feed ends a line: the protocol would let a lone carriage return
// do so as well, but gopls does not, and the text must be the one it has.
func Offset(text string, pos lsp.Position, encoding string) int {
	start := 0
	for range pos.Line {
		i := strings.IndexByte(text[start:], '\n')
		if i < 0 {
			return len(text)
		}
		start += i + 1
	}
	line := text[start:]
	if i := strings.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	if encoding == "utf-8" {
		return start + min(max(pos.Character, 0), len(line))
	}
	units := 0
	for i, r := range line {
		if units >= pos.Character {
			return start + i
		}
		units++
		if encoding != "utf-32" && r > 0xffff && utf8.ValidRune(r) {
			units++
		}
	}
	return start + len(line)
}
