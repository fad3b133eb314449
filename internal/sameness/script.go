package main

import (
	"encoding/json"
	"fmt"
	"go/scanner"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/gohearth/hearth/cachewarm/overlay"
	"github.com/gohearth/hearth/internal/lsp"
)

// step is one thing that an editor does.
type step struct {
	about  string
	method string
	params any
	notify bool
	write  *write // the file that is saved before
	settle bool   // diagnostics are compared instead
	then   string // is asked about what the answer lists
}

type write struct{ path, text string }

// maxFiles is how many files the script opens at most.
const maxFiles = 16

// author writes a script.
type author struct {
	dir   string
	rand  *rand.Rand
	files []string
	disk  map[string]string // of those, as found
	saved map[string]string // as the script left them
	open  overlay.Set
	steps []step
	asked int
	names int // of what was made up
}

// newScript returns a script of so many requests for the files as they are on
// disk. It leaves the disk as it was.
func newScript(dir string, requests int, seed uint64) ([]step, error) {
	files, err := goFiles(dir)
	if err != nil {
		return nil, err
	}
	a := &author{dir: dir, rand: rand.New(rand.NewPCG(seed, 0)), disk: make(map[string]string), saved: make(map[string]string)}
	a.choose(files)
	if len(a.files) < 2 {
		return nil, fmt.Errorf("%s has too few Go files", dir)
	}
	for _, file := range a.files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		a.disk[file], a.saved[file] = string(data), string(data)
	}
	every := max(20, requests/5) // diagnostics take the longest
	for i := 0; a.asked < requests; i++ {
		switch n := a.rand.IntN(100); {
		case len(a.open.Open) < 2 || n < 7 && len(a.open.Open) < 8:
			a.openFile()
		case n < 9:
			a.closeFile()
		case n < 20:
			a.edit()
		case n < 23:
			a.save(a.any())
		default:
			a.ask()
		}
		if a.asked/every > (a.asked-1)/every {
			a.settle()
		}
	}
	a.settle()
	a.leave()
	return a.steps, nil
}

// choose picks files of packages that are far from each other, and tests.
func (a *author) choose(files []string) {
	perm := a.rand.Perm(len(files))
	packages := make(map[string]int)
	tests := 0
	for _, i := range perm {
		dir, test := filepath.Dir(files[i]), strings.HasSuffix(files[i], "_test.go")
		if len(a.files) == maxFiles || packages[dir] == 2 || test && tests == maxFiles/3 {
			continue
		}
		if test {
			tests++
		}
		packages[dir]++
		a.files = append(a.files, files[i])
	}
}

// goFiles lists the files that gopls loads.
func goFiles(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		name := ""
		if err == nil && path != dir {
			name = d.Name()
		}
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")):
			return filepath.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, ".go"):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

func (a *author) add(s step) {
	if s.method != "" && !s.notify {
		a.asked++
	}
	a.steps = append(a.steps, s)
}

func (a *author) settle() { a.add(step{about: "diagnostics", settle: true}) }

// notify adds a notification and follows it.
func (a *author) notify(about, method string, params any, w *write) {
	a.add(step{about: about, method: method, params: params, notify: true, write: w})
	if m, err := lsp.NewNotification(method, params); err == nil {
		a.open.Apply(m)
	}
}

func (a *author) openFile() {
	for _, i := range a.rand.Perm(len(a.files)) {
		file := a.files[i]
		uri := lsp.FileURI(file)
		if a.open.Find(uri) == nil {
			a.notify("open "+a.rel(uri), "textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
				URI: uri, LanguageID: "go", Version: 1, Text: a.saved[file],
			}}, nil)
			return
		}
	}
}

func (a *author) any() *lsp.TextDocumentItem { return a.open.Open[a.rand.IntN(len(a.open.Open))] }

// closeFile closes one, with what is unsaved in it.
func (a *author) closeFile() {
	uri := a.any().URI
	a.notify("close "+a.rel(uri), "textDocument/didClose", lsp.DidCloseParams{TextDocument: lsp.TextDocumentIdentifier{URI: uri}}, nil)
}

func (a *author) save(doc *lsp.TextDocumentItem) {
	path, err := doc.URI.Path()
	if err != nil || a.saved[path] == doc.Text {
		return
	}
	a.saved[path] = doc.Text
	a.notify("save "+a.rel(doc.URI), "textDocument/didSave", map[string]any{"textDocument": lsp.TextDocumentIdentifier{URI: doc.URI}}, &write{path, doc.Text})
}

// leave takes back what was saved, as an editor would, and closes all but a few.
func (a *author) leave() {
	for _, file := range a.files {
		if a.saved[file] == a.disk[file] {
			continue
		}
		uri := lsp.FileURI(file)
		doc := a.open.Find(uri)
		if doc == nil {
			a.notify("open "+a.rel(uri), "textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
				URI: uri, LanguageID: "go", Version: 1, Text: a.saved[file],
			}}, nil)
			doc = a.open.Find(uri)
		}
		a.change(doc, "all of", lsp.ContentChange{Text: a.disk[file]})
		a.save(doc)
	}
	for len(a.open.Open) > 2 {
		a.closeFile()
	}
	a.settle()
}

func (a *author) change(doc *lsp.TextDocumentItem, what string, changes ...lsp.ContentChange) {
	a.notify("change "+what+" "+a.rel(doc.URI), "textDocument/didChange", lsp.DidChangeParams{
		TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: doc.URI, Version: doc.Version + 1},
		ContentChanges: changes,
	}, nil)
}

// edit types something: text in many scripts, mistakes, and what mends them.
func (a *author) edit() {
	doc := a.any()
	path, err := doc.URI.Path()
	if err != nil {
		return
	}
	text := doc.Text
	a.names++
	insert := func(what string, at int, s string) {
		pos := position(text, at)
		a.change(doc, what, lsp.ContentChange{Range: &lsp.Range{Start: pos, End: pos}, Text: s})
	}
	end := len(text)
	switch a.rand.IntN(7) {
	case 0:
		insert("by adding a function to", end, fmt.Sprintf("\n// Gruß%d says 👋 日本.\nfunc Gruß%[1]d(größe int) string {\n\tä := \"👋🏽 é 日本\"; _ = ä; return ä[größe:]\n}\n", a.names))
	case 1:
		insert("by an undefined name in", end, fmt.Sprintf("\nvar _ = /* 👋 */ undefinedÄ%d\n", a.names))
	case 2:
		insert("by bad format in", end, fmt.Sprintf("\nfunc   unused%d( ) {\n  if  x:=1;x>0{ /* ß */ println( \"😀\",x )}\n}\n", a.names))
	case 3: // a syntax error, where a statement may begin
		if i := strings.LastIndex(text, "{\n"); i >= 0 {
			insert("by half a call in", i+2, "\t\"日本\".x(\n")
		}
	case 4: // the last lines go
		lines := strings.SplitAfter(text, "\n")
		from := len(strings.Join(lines[:len(lines)-min(len(lines), 9)], ""))
		a.change(doc, "by cutting", lsp.ContentChange{Range: &lsp.Range{Start: position(text, from), End: position(text, end)}})
	case 5: // one import less
		if i := strings.Index(text, "\n\t\""); i >= 0 {
			j := i + 1 + strings.IndexByte(text[i+1:], '\n')
			a.change(doc, "an import of", lsp.ContentChange{Range: &lsp.Range{Start: position(text, i), End: position(text, j)}})
		}
	default: // undo
		a.change(doc, "back", lsp.ContentChange{Text: a.disk[path]})
	}
}

// ask adds one request, or a few about the same place.
func (a *author) ask() {
	doc := a.any()
	id := lsp.TextDocumentIdentifier{URI: doc.URI}
	t := tokens(doc.Text)
	at := func(offsets []int) lsp.PositionParams {
		o := 0
		if len(offsets) > 0 {
			o = offsets[a.rand.IntN(len(offsets))]
		}
		return lsp.PositionParams{TextDocument: id, Position: position(doc.Text, o)}
	}
	with := func(p lsp.PositionParams, name string, value any) map[string]any {
		return map[string]any{"textDocument": p.TextDocument, "position": p.Position, name: value}
	}
	document := map[string]any{"textDocument": id}
	all := lsp.Range{End: position(doc.Text, len(doc.Text))}
	request := func(method string, params any, then string) {
		about := method + " " + a.rel(doc.URI)
		if data, err := json.Marshal(params); err == nil {
			if pos := lsp.Member(data, "position"); pos != nil {
				about += " " + string(pos)
			}
		}
		a.add(step{about: about, method: method, params: params, then: then})
	}
	place := at(t.names)
	switch n := a.rand.IntN(26); n {
	case 0, 1, 2:
		request("textDocument/hover", place, "")
	case 3, 4:
		request("textDocument/definition", place, "")
	case 5:
		request("textDocument/typeDefinition", place, "")
	case 6:
		request("textDocument/implementation", place, "")
	case 7, 8:
		request("textDocument/references", with(place, "context", map[string]bool{"includeDeclaration": true}), "")
	case 9:
		request("textDocument/documentSymbol", document, "")
	case 10:
		if words := strings.Fields(t.words); len(words) > 0 {
			query := words[a.rand.IntN(len(words))]
			a.add(step{about: "workspace/symbol " + query, method: "workspace/symbol", params: map[string]any{"query": query}})
		}
	case 11, 12:
		request("textDocument/completion", at(t.dots), "completionItem/resolve")
	case 13:
		request("textDocument/completion", at(t.ends), "")
	case 14:
		request("textDocument/signatureHelp", at(t.calls), "")
	case 15:
		request("textDocument/documentHighlight", place, "")
	case 16:
		request("textDocument/foldingRange", document, "")
	case 17:
		request("textDocument/semanticTokens/full", document, "")
	case 18:
		request("textDocument/inlayHint", map[string]any{"textDocument": id, "range": all}, "")
	case 19, 20:
		r := lsp.Range{Start: place.Position, End: place.Position}
		if n == 20 {
			r = all
		}
		request("textDocument/codeAction", map[string]any{"textDocument": id, "range": r, "context": map[string]any{"diagnostics": []any{}}}, "codeAction/resolve")
	case 21:
		request("textDocument/codeLens", document, "")
	case 22:
		request("textDocument/prepareRename", place, "")
		request("textDocument/rename", with(place, "newName", "neuerÑame"), "")
	case 23:
		request("textDocument/formatting", map[string]any{"textDocument": id, "options": map[string]any{"tabSize": 8, "insertSpaces": false}}, "")
	case 24:
		request("textDocument/prepareCallHierarchy", place, "callHierarchy/incomingCalls callHierarchy/outgoingCalls")
		request("textDocument/prepareTypeHierarchy", place, "typeHierarchy/subtypes typeHierarchy/supertypes")
	case 25:
		request("textDocument/documentLink", document, "")
	}
}

func (a *author) rel(uri lsp.URI) string {
	if path, err := uri.Path(); err == nil {
		if rel, err := filepath.Rel(a.dir, path); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return string(uri)
}

// places are offsets in a text that may not parse.
type places struct {
	names []int // of identifiers
	ends  []int // of their ends
	dots  []int // after a dot
	calls []int // after the parenthesis of a call
	words string
}

func tokens(text string) (p places) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), func(token.Position, string) {}, 0)
	var words []string
	for before := token.ILLEGAL; ; {
		pos, tok, lit := s.Scan()
		at := file.Offset(pos)
		switch {
		case tok == token.EOF:
			slices.Sort(words)
			p.words = strings.Join(slices.Compact(words), " ")
			return p
		case tok == token.IDENT:
			p.names = append(p.names, at)
			p.ends = append(p.ends, at+len(lit))
			if before == token.PERIOD {
				p.dots = append(p.dots, at)
			}
			if len(lit) > 6 {
				words = append(words, lit)
			}
		case tok == token.LPAREN && before == token.IDENT:
			p.calls = append(p.calls, at+1)
		}
		before = tok
	}
}

// position returns where an offset of text is for the protocol.
func position(text string, offset int) lsp.Position {
	before := text[:offset]
	start := strings.LastIndexByte(before, '\n') + 1
	return lsp.Position{Line: strings.Count(before, "\n"), Character: len(utf16.Encode([]rune(before[start:])))}
}
