package grafts

import (
	"errors"
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"slices"
)

// declarations returns what a file declares under a name: functions, methods
// and the specs of types, variables and constants.
func declarations(f *ast.File, name string) (list []ast.Node) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if funcName(d) == name {
				list = append(list, d)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if names(spec, name) {
					list = append(list, spec)
				}
			}
		}
	}
	return list
}

func names(spec ast.Spec, name string) bool {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		return spec.Name.Name == name
	case *ast.ValueSpec:
		return slices.ContainsFunc(spec.Names, func(id *ast.Ident) bool { return id.Name == name })
	}
	return false
}

// funcName returns the name of a function, that of a method with its receiver,
// whose type parameters do not count.
func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	star, typ := "", ast.Unparen(d.Recv.List[0].Type)
	if p, ok := typ.(*ast.StarExpr); ok {
		star, typ = "*", p.X
	}
	switch t := typ.(type) {
	case *ast.IndexExpr:
		typ = t.X
	case *ast.IndexListExpr:
		typ = t.X
	}
	id, ok := typ.(*ast.Ident)
	if !ok {
		return "" // no Go
	}
	return "(" + star + id.Name + ")." + d.Name.Name
}

// decl is a declaration in the text of its file.
type decl struct {
	node ast.Node
	file *ast.File
	path string
	src  []byte
	base int // what a token.Pos is more than an offset in src
}

func (d *decl) offset(p token.Pos) int { return int(p) - d.base }

// place returns the offsets of the place of e in the file. The error says what
// is wrong with it.
func (d *decl) place(e Edit) (from, to int, err error) {
	if e.Old == "" {
		start, ok := d.start()
		if !ok {
			return 0, 0, errors.New("it has no body")
		}
		return start, start, nil
	}
	old, err := scan([]byte(e.Old))
	if err != nil {
		return 0, 0, fmt.Errorf("scanning %q: %w", e.Old, err)
	}
	if old = trimmed(old); len(old) == 0 {
		return 0, 0, fmt.Errorf("%q is no syntax", e.Old)
	}
	begin := d.offset(d.node.Pos())
	text, err := scan(d.src[begin:d.offset(d.node.End())])
	if err != nil {
		return 0, 0, err
	}
	n := 0
	for i := range len(text) - len(old) + 1 {
		if !slices.EqualFunc(text[i:i+len(old)], old, lexeme.same) {
			continue
		}
		start, end := begin+text[i].from, begin+text[i+len(old)-1].to
		if d.whole(token.Pos(start+d.base), token.Pos(end+d.base)) {
			from, to = start, end
			n++
		}
	}
	if n != 1 {
		return 0, 0, fmt.Errorf("%q is in it %d times, not once", e.Old, n)
	}
	return from, to, nil
}

// start returns the offset of the start of a function's body, or of the fields
// of a struct, or of the methods of an interface.
func (d *decl) start() (int, bool) {
	switch n := d.node.(type) {
	case *ast.FuncDecl:
		if n.Body != nil {
			return d.offset(n.Body.Lbrace) + 1, true
		}
	case *ast.TypeSpec:
		switch t := n.Type.(type) {
		case *ast.StructType:
			return d.offset(t.Fields.Opening) + 1, true
		case *ast.InterfaceType:
			return d.offset(t.Methods.Opening) + 1, true
		}
	}
	return 0, false
}

// whole reports whether the syntax from one position to another is a node of
// the declaration, or a run of neighbours in a list. Tokens alone would find
// "y = 1" in "x, y = 2, y = 1" and "b + c" in "a*b + c".
func (d *decl) whole(from, to token.Pos) (ok bool) {
	ast.Inspect(d.node, func(n ast.Node) bool {
		if ok || n == nil {
			return false
		}
		ok = n.Pos() == from && n.End() == to
		switch n := n.(type) {
		case *ast.BlockStmt:
			ok = ok || run(n.List, from, to)
		case *ast.CaseClause:
			ok = ok || run(n.Body, from, to)
		case *ast.CommClause:
			ok = ok || run(n.Body, from, to)
		case *ast.FieldList:
			ok = ok || run(n.List, from, to)
		case *ast.CompositeLit:
			ok = ok || run(n.Elts, from, to)
		case *ast.CallExpr:
			ok = ok || run(n.Args, from, to)
		}
		return !ok
	})
	return ok
}

// run reports whether some neighbours in a list begin and end there.
func run[N ast.Node](list []N, from, to token.Pos) bool {
	return slices.ContainsFunc(list, func(n N) bool { return n.Pos() == from }) &&
		slices.ContainsFunc(list, func(n N) bool { return n.End() == to })
}

// lexeme is a token in a text.
type lexeme struct {
	tok      token.Token
	lit      string // of a name or a literal
	from, to int
}

func (l lexeme) same(m lexeme) bool { return l.tok == m.tok && l.lit == m.lit }

// trimmed returns a list without the semicolons at its end.
func trimmed(list []lexeme) []lexeme {
	for len(list) > 0 && list[len(list)-1].tok == token.SEMICOLON {
		list = list[:len(list)-1]
	}
	return list
}

// scan returns the tokens of some Go source without those that only its layout
// asks for: comments, and what may stand or not before a closing bracket.
//
// Comparing syntax trees takes as many lines, and has to know of each position
// in a node whether it means something, as that of the dots in f(x...) does.
func scan(src []byte) (list []lexeme, err error) {
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, func(at token.Position, msg string) {
		err = errors.Join(err, fmt.Errorf("line %d: %s", at.Line, msg))
	}, 0)
	for {
		pos, tok, lit := s.Scan()
		from := file.Offset(pos)
		l := lexeme{tok, lit, from, from + max(len(lit), 1)}
		switch tok {
		case token.EOF:
			return list, err
		case token.SEMICOLON:
			l.lit = "" // ";", or the end of a line
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if i := len(list) - 1; i >= 0 && (list[i].tok == token.SEMICOLON || list[i].tok == token.COMMA) {
				list = list[:i]
			}
		}
		if tok.IsOperator() && tok != token.SEMICOLON {
			l.to = from + len(tok.String())
		}
		list = append(list, l)
	}
}
