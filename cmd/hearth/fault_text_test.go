package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"github.com/gohearth/hearth/internal/lsp"
)

// source is a Go file as an editor holds it. It is one function to a line, or
// two, so that the symbols of the file tell nearly every byte of its text: any
// edit changes a name, or where one is.
type source struct {
	path    string
	text    string
	version int // 0: not open
	disk    string
}

// names makes names that occur nowhere else.
type names int

// function returns a function that takes one line, with characters that take
// one to four bytes, and one or two units of UTF-16.
func (n *names) function(r *rand.Rand) string {
	*n++
	return fmt.Sprintf("func F%s%d(s string) string { return s + %q }", pick(r, "", "é", "世", "𝒳"), *n, pick(r, "", "é", "世界", "😀", "a😀b"))
}

// file returns the text of a file of package p.
func (n *names) file(r *rand.Rand) string {
	text := "package p // " + pick(r, "é", "😀", "x") + "\n"
	for range 1 + r.IntN(8) {
		text += n.function(r) + pick(r, "\n", "\n\n", "; "+n.function(r)+"\n", " // 😀\n")
	}
	return text
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

// edits changes the text in a way that leaves it valid, and says how. A change
// of the whole text comes alone: gopls refuses it beside others.
func (n *names) edits(r *rand.Rand, s *source) (changes []lsp.ContentChange) {
	if r.IntN(15) == 0 {
		s.text = n.file(r)
		return []lsp.ContentChange{{Text: s.text}}
	}
	for range 1 + r.IntN(3) {
		changes = append(changes, n.edit(r, s))
	}
	return changes
}

func (n *names) edit(r *rand.Rand, s *source) lsp.ContentChange {
	header := strings.IndexByte(s.text, '\n') + 1
	starts := []int{header} // of lines
	for i := header; i < len(s.text)-1; i++ {
		if s.text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	line := r.IntN(len(starts))
	start := starts[line]
	end := len(s.text)
	if line+1 < len(starts) {
		end = starts[line+1]
	}
	row := s.text[start:end]
	switch name, quote := strings.Index(row, "func F"), strings.LastIndexByte(row, '"'); {
	case r.IntN(8) == 0 && len(starts) > 3:
		return s.replace(start, end, "")
	case name >= 0 && r.IntN(3) == 0: // in a name: the letter and what follows it
		at := start + name + len("func F")
		_, size := utf8.DecodeRuneInString(s.text[at:])
		if s.text[at] < utf8.RuneSelf {
			size = 0
		}
		return s.replace(at, at+size, pick(r, "é", "世", "𝒳"))
	case quote >= 0 && r.IntN(2) == 0:
		return s.replace(start+quote, start+quote, pick(r, "x", "é", "😀"))
	case r.IntN(4) == 0:
		return s.replace(start, end, n.function(r)+"\n")
	default:
		return s.replace(start, start, n.function(r)+pick(r, "\n", ";", "\n\n"))
	}
}

// replace replaces a part of the text, given in bytes.
func (s *source) replace(start, end int, text string) lsp.ContentChange {
	change := lsp.ContentChange{Range: &lsp.Range{Start: position(s.text, start), End: position(s.text, end)}, Text: text}
	s.text = s.text[:start] + text + s.text[end:]
	return change
}

// position is the place of a byte as the protocol counts. It shares nothing
// with the code that is tested.
func position(text string, offset int) lsp.Position {
	before := text[:offset]
	line := strings.Count(before, "\n")
	units := 0
	for _, r := range before[strings.LastIndexByte(before, '\n')+1:] {
		if units++; r > 0xffff {
			units++
		}
	}
	return lsp.Position{Line: line, Character: units}
}

// symbol is what gopls says of a function.
type symbol struct {
	Name           string    `json:"name"`
	Range          lsp.Range `json:"range"`
	SelectionRange lsp.Range `json:"selectionRange"`
}

// symbols are those that gopls must find in a text.
func symbols(text string) ([]symbol, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	at := func(pos, end token.Pos) lsp.Range {
		return lsp.Range{Start: position(text, set.Position(pos).Offset), End: position(text, set.Position(end).Offset)}
	}
	var list []symbol
	for _, decl := range file.Decls {
		f := decl.(*ast.FuncDecl)
		list = append(list, symbol{f.Name.Name, at(f.Pos(), f.End()), at(f.Name.Pos(), f.Name.End())})
	}
	return list, nil
}
