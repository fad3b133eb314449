package session

import (
	"encoding/json"
	"path/filepath"
	"slices"

	"github.com/gohearth/hearth/internal/lsp"
)

// document follows what the editor does to a document, and returns what gopls
// is to be told, or nil.
func (s *Session) document(f *front, m *lsp.Message) *lsp.Message {
	uri := documentURI(m)
	clean := uri.Clean()
	s.touch(clean)
	switch m.Method {
	case "textDocument/didOpen":
		var version int
		if json.Unmarshal(lsp.Member(lsp.Member(m.Params, "textDocument"), "version"), &version) == nil {
			s.version = version
		}
		if s.ghosts[clean] {
			return s.openGhost(f, m, clean)
		}
		if s.haunted(dirOf(clean)) {
			s.relieve(f, m, clean)
			return nil
		}
	case "textDocument/didClose":
		defer s.reveal(f, clean)
	}
	s.docs.Apply(m)
	return m
}

func documentURI(m *lsp.Message) (uri lsp.URI) {
	_ = json.Unmarshal(lsp.Member(lsp.Member(m.Params, "textDocument"), "uri"), &uri)
	return uri
}

// openGhost handles that the editor opens what gopls has open already. gopls is
// told nothing if it is the same text, so that its package stays type-checked.
func (s *Session) openGhost(f *front, m *lsp.Message, clean lsp.URI) *lsp.Message {
	var p lsp.DidOpenParams
	ghost := s.docs.Find(clean)
	if json.Unmarshal(m.Params, &p) != nil || ghost == nil {
		return m
	}
	delete(s.ghosts, clean)
	defer s.reveal(f, clean)
	doc := p.TextDocument
	same := *ghost == lsp.TextDocumentItem{URI: ghost.URI, LanguageID: doc.LanguageID, Version: doc.Version, Text: doc.Text}
	again := ghost.LanguageID != doc.LanguageID
	*ghost = doc
	switch {
	case same:
		return nil
	case again: // which decides what kind of file it is
		s.notify("textDocument/didClose", lsp.DidCloseParams{TextDocument: lsp.TextDocumentIdentifier{URI: doc.URI}})
		return m
	}
	s.sync(ghost)
	return nil
}

// relieve opens a document in a folder that only ghosts held open, and closes
// those: it keeps the package in memory now. They could do more than that, such
// as to have gopls analyse the package for a platform that is not the
// document's.
func (s *Session) relieve(f *front, m *lsp.Message, clean lsp.URI) {
	s.docs.Apply(m)
	s.out.Send(m.Bytes())
	for _, doc := range slices.Clone(s.docs.Open) {
		if uri := doc.URI.Clean(); s.ghosts[uri] && dirOf(uri) == dirOf(clean) {
			s.closeDocument(doc)
		}
	}
	s.reveal(f, clean) // as gopls had the package open all along
}

// sync tells gopls the whole text of a document that it has open.
func (s *Session) sync(doc *lsp.TextDocumentItem) {
	s.notify("textDocument/didChange", lsp.DidChangeParams{
		TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: doc.URI, Version: doc.Version},
		ContentChanges: []lsp.ContentChange{{Text: doc.Text}},
	})
}

// maxRecent bounds the memory of what was used.
const maxRecent = 100

// touch says that an editor uses a document.
func (s *Session) touch(clean lsp.URI) {
	if i := slices.Index(s.recent, clean); i == 0 {
		return
	} else if i > 0 {
		s.recent = slices.Delete(s.recent, i, i+1)
	}
	s.recent = slices.Insert(s.recent, 0, clean)
	s.recent = s.recent[:min(len(s.recent), maxRecent)]
}

// used says that a request is about a document.
func (s *Session) used(m *lsp.Message) {
	if uri := documentURI(m); uri != "" {
		s.touch(uri.Clean())
	}
}

// publication is what gopls said last about a document.
type publication struct {
	uri    lsp.URI // clean
	params json.RawMessage
	dir    string
}

// publish handles diagnostics of gopls.
func (s *Session) publish(m *lsp.Message) {
	var uri lsp.URI
	if json.Unmarshal(lsp.Member(m.Params, "uri"), &uri) != nil {
		return
	}
	clean := uri.Clean()
	p := &publication{uri: clean, params: m.Params, dir: dirOf(clean)}
	s.published[clean] = p
	if empty(m.Params) && s.docs.Find(clean) == nil {
		delete(s.published, clean)
	}
	if f := s.front; f != nil && f.ready {
		s.show(f, p)
	}
}

func empty(params json.RawMessage) bool {
	d := lsp.Member(params, "diagnostics")
	return len(d) == 0 || string(d) == "[]" || string(d) == "null"
}

func dirOf(uri lsp.URI) string {
	path, err := uri.Path()
	if err != nil {
		return string(uri)
	}
	return filepath.Dir(path)
}

// show sends the editor diagnostics, as far as it would see them had it a gopls
// of its own: that one would not analyse the packages of our ghosts.
func (s *Session) show(f *front, p *publication) {
	params := p.params
	if s.haunted(p.dir) {
		params = withoutAnalysis(params)
	}
	if s.unopened(p.uri) {
		params = withoutVersion(params)
	}
	delete(f.owed, p.uri)
	m, err := lsp.NewNotification("textDocument/publishDiagnostics", params)
	if err == nil {
		f.out.Send(m.Bytes())
	}
}

// haunted reports whether only ghosts are open in a folder.
func (s *Session) haunted(dir string) bool {
	ghost := false
	for _, doc := range s.docs.Open {
		clean := doc.URI.Clean()
		if dirOf(clean) != dir {
			continue
		}
		if !s.ghosts[clean] {
			return false
		}
		ghost = true
	}
	return ghost
}

// loaded are the sources of the diagnostics that gopls has for packages with
// and without an open file. The names of all others are those of analyzers.
var loaded = []string{
	"<Unknown source>", "go list", "syntax", "compiler", "go mod tidy", "go.work file", "template",
	"optimizer details", "upgrade available", "vulncheck imports", "govulncheck",
}

// withoutAnalysis returns publishDiagnostics parameters without the findings of
// analyzers.
func withoutAnalysis(params json.RawMessage) json.RawMessage {
	kept := []json.RawMessage{}
	for _, d := range elements(lsp.Member(params, "diagnostics")) {
		var source string
		_ = json.Unmarshal(lsp.Member(d, "source"), &source)
		if slices.Contains(loaded, source) {
			kept = append(kept, d)
		}
	}
	list, err := json.Marshal(kept)
	if err != nil {
		return params
	}
	if params, err := lsp.SetMember(params, "diagnostics", list); err == nil {
		return params
	}
	return params
}

// reveal shows the diagnostics of a folder anew after the editor has opened or
// closed a file in it, where gopls has no reason to.
func (s *Session) reveal(f *front, clean lsp.URI) {
	if !f.ready {
		return
	}
	dir, found := dirOf(clean), false
	for uri, p := range s.published {
		if p.dir == dir {
			found = found || uri == clean
			s.show(f, p)
		}
	}
	if doc := s.docs.Find(clean); doc != nil && !found {
		// gopls says of each opened file what is wrong with it, also if nothing is.
		params, err := json.Marshal(lsp.PublishDiagnosticsParams{URI: doc.URI, Version: &doc.Version, Diagnostics: []lsp.Diagnostic{}})
		if err == nil {
			s.show(f, &publication{uri: clean, params: params, dir: dir})
		}
	}
}
