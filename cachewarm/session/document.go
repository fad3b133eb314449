package session

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/gohearth/hearth/internal/lsp"
)

// documents are the texts that are open in the editor, as the server that was
// last told knows them.
type documents struct {
	encoding string // of positions: "utf-8", "utf-16" or "utf-32"
	open     []*lsp.TextDocumentItem
	changes  int // how often any of them changed
}

// apply follows a notification of the editor about a document.
//
// A message that cannot be decoded changes nothing, as it will change nothing
// in the server.
func (d *documents) apply(m *lsp.Message) {
	switch m.Method {
	case "textDocument/didOpen":
		var p lsp.DidOpenParams
		if json.Unmarshal(m.Params, &p) != nil {
			return
		}
		if doc := d.find(p.TextDocument.URI); doc != nil {
			*doc = p.TextDocument
			d.changes++
			return
		}
		d.open = append(d.open, &p.TextDocument)
	case "textDocument/didChange":
		var p lsp.DidChangeParams
		if json.Unmarshal(m.Params, &p) != nil {
			return
		}
		doc := d.find(p.TextDocument.URI)
		if doc == nil {
			return
		}
		d.changes++
		doc.Version = p.TextDocument.Version
		for _, change := range p.ContentChanges {
			doc.Text = edit(doc.Text, change, d.encoding)
		}
	case "textDocument/didClose":
		var p lsp.DidCloseParams
		if json.Unmarshal(m.Params, &p) != nil {
			return
		}
		for i, doc := range d.open {
			if doc.URI == p.TextDocument.URI {
				d.open = append(d.open[:i:i], d.open[i+1:]...)
				return
			}
		}
	}
}

func (d *documents) find(uri lsp.URI) *lsp.TextDocumentItem {
	for _, doc := range d.open {
		if doc.URI == uri {
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
	start := offset(text, change.Range.Start, encoding)
	end := max(start, offset(text, change.Range.End, encoding))
	return text[:start] + change.Text + text[end:]
}

// offset returns the place of pos in text, in bytes. A position behind the end
// of its line is the end of that line, as the protocol has it.
//
// Only a line feed ends a line: the protocol would let a lone carriage return
// do so as well, but gopls does not, and the text must be the one it has.
func offset(text string, pos lsp.Position, encoding string) int {
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
