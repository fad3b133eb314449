package main

import (
	"encoding/json"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/gohearth/hearth/internal/lsp"
)

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
