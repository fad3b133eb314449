package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

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
	every := max(30, requests/5) // diagnostics take the longest
	next := every
	for a.asked < requests {
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
		if a.asked >= next {
			next += every
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

func (a *author) rel(uri lsp.URI) string {
	if path, err := uri.Path(); err == nil {
		if rel, err := filepath.Rel(a.dir, path); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return string(uri)
}
