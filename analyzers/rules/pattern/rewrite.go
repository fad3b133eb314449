package pattern

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
)

// Rewrite is what takes the place of a match.
type Rewrite struct {
	Text string // of the expression

	// Edit writes Text in the place of the match. Imports has what else is to
	// be edited; where there are several rewrites, after code.Settle.
	Edit    analysis.TextEdit
	Imports *code.Imports
}

// rewrite returns what takes the place of the match at cur, or nil.
func (m *matcher) rewrite(cur inspector.Cursor, file *ast.File) *Rewrite {
	e := cur.Node().(ast.Expr)
	to := m.pattern.to
	if to == nil || file == nil || !m.sameEvaluation() || !m.keepsComments(file, e) {
		return nil
	}
	src := m.source(file)
	if src == nil {
		return nil
	}
	imports := code.NewImports(m.env.Pass, file)
	names, ok := m.names(imports, e.Pos())
	if !ok {
		return nil
	}
	text := m.text(src, file.FileStart, names)
	around := surroundings(cur)
	if !m.fits(around, e) {
		return nil
	}
	result, err := parser.ParseExpr(text)
	if err != nil {
		return nil // "f($x)" where x has a comment at its end, or the like
	}
	before := byte(' ')
	if i := int(e.Pos() - file.FileStart); i > 0 {
		before = src[i-1]
	}
	if around.needs(result) || glues(before, text) || around.header && !around.delimited && bare(result) {
		text = "(" + text + ")"
	}
	imports.Drop(m.gone(e)...)
	return &Rewrite{
		Text:    text,
		Edit:    analysis.TextEdit{Pos: e.Pos(), End: e.End(), NewText: []byte(text)},
		Imports: imports,
	}
}

// source returns what file was parsed from.
func (m *matcher) source(file *ast.File) []byte {
	if src, ok := m.sources[file]; ok {
		return src
	}
	if m.sources == nil {
		m.sources = make(map[*ast.File][]byte)
	}
	var src []byte
	fset := m.env.Pass.Fset
	// What cgo made of a file, go vet has instead of it; nobody wants that edited.
	made := fset.PositionFor(file.Package, true).Filename != fset.PositionFor(file.Package, false).Filename
	if tf := fset.File(file.FileStart); tf != nil && !made && m.env.Pass.ReadFile != nil {
		if read, err := m.env.Pass.ReadFile(tf.Name()); err == nil && len(read) == tf.Size() {
			src = read
		}
	}
	m.sources[file] = src
	return src
}

// kept reports whether to has the placeholder.
func (m *matcher) kept(name string) bool {
	return slices.ContainsFunc(m.pattern.to.holes(), func(h *mark) bool { return h.name == name })
}

// keepsComments reports whether all comments within e are within what is kept.
func (m *matcher) keepsComments(file *ast.File, e ast.Expr) bool {
	for _, group := range file.Comments {
		if group.End() <= e.Pos() || e.End() <= group.Pos() {
			continue
		}
		if !slices.ContainsFunc(m.bound, func(b binding) bool {
			return len(b.list) > 0 && b.list[0].Pos() <= group.Pos() && group.End() <= b.list[len(b.list)-1].End() && m.kept(b.name)
		}) {
			return false
		}
	}
	return true
}

// gone returns the identifiers of e that are not within what is kept.
func (m *matcher) gone(e ast.Expr) (ids []*ast.Ident) {
	ast.Inspect(e, func(n ast.Node) bool {
		if n == nil || slices.ContainsFunc(m.bound, func(b binding) bool {
			return m.kept(b.name) && slices.ContainsFunc(b.list, func(x ast.Expr) bool { return within(n, x) })
		}) {
			return false
		}
		if id, ok := n.(*ast.Ident); ok {
			ids = append(ids, id)
		}
		return true
	})
	return ids
}

// names returns how code at pos refers to the symbols of to, by the expression
// there. It is false where it cannot, or where a name of the language means
// something else.
func (m *matcher) names(imports *code.Imports, pos token.Pos) (refs map[ast.Expr]string, ok bool) {
	refs, ok = make(map[ast.Expr]string), true
	scope := m.env.Pass.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return nil, false
	}
	to := m.pattern.to
	ast.Inspect(to.root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if path, name, is := to.symbol(n); is {
				ref, can := imports.Name(pos, path, "", name)
				refs[n] = ref
				ok = ok && can
				return false
			}
		case *ast.Ident:
			if obj := types.Universe.Lookup(n.Name); obj != nil && to.marks[n] == nil && !to.isSel(n) {
				if _, there := scope.LookupParent(n.Name, pos); there != obj {
					ok = false
				}
			}
		}
		return true
	})
	return refs, ok
}

// isSel reports whether id is behind a dot.
func (s *source) isSel(id *ast.Ident) (is bool) {
	ast.Inspect(s.root, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel == id {
			is = true
		}
		return !is
	})
	return is
}

// part is a place of to in which something else is written.
type part struct {
	from, to int
	node     ast.Expr
	parent   ast.Node
}

// parts returns those of to, in order.
func (s *source) parts() (list []part) {
	ast.PreorderStack(&ast.ParenExpr{X: s.root}, nil, func(n ast.Node, parents []ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		if h := s.hole(e); h != nil {
			list = append(list, part{h.from, h.to, e, parents[len(parents)-1]})
		} else if _, _, ok := s.symbol(e); ok {
			list = append(list, part{s.offset(e.Pos()), s.offset(e.End()), e, nil})
			return false
		}
		return true
	})
	slices.SortFunc(list, func(x, y part) int { return cmp.Compare(x.from, y.from) })
	return list
}

// fill returns to with something else written in its parts. What write returns for
// no arguments at all, false, takes a comma along.
func (s *source) fill(write func(p part, before byte) (text string, ok bool)) string {
	var out []byte
	at := 0
	for _, p := range s.parts() {
		out = append(out, s.text[at:p.from]...)
		at = p.to
		before := byte(' ')
		if len(out) > 0 {
			before = out[len(out)-1]
		}
		text, ok := write(p, before)
		if !ok {
			const space = " \t\r\n"
			if rest, found := strings.CutPrefix(strings.TrimLeft(s.text[at:], space), ","); found {
				at = len(s.text) - len(strings.TrimLeft(rest, space))
			} else {
				out = bytes.TrimSuffix(bytes.TrimRight(out, space), []byte(","))
			}
		}
		out = append(out, text...)
	}
	return strings.TrimSpace(string(append(out, s.text[at:]...)))
}

// text returns what takes the place of the match, in a file with the text src.
func (m *matcher) text(src []byte, base token.Pos, names map[ast.Expr]string) string {
	to := m.pattern.to
	between := func(from, to ast.Expr) string { return string(src[from.Pos()-base : to.End()-base]) }
	return to.fill(func(p part, before byte) (string, bool) {
		h := to.hole(p.node)
		if h == nil {
			return names[p.node], true
		}
		b := m.bound[m.find(h.name)]
		if len(b.list) == 0 {
			return "", false
		}
		e := b.list[0]
		if h.many {
			dots := ""
			if b.dots {
				dots = "..."
			}
			return between(e, b.list[len(b.list)-1]) + dots, true
		}
		text := between(e, e)
		if b.addressed(p) {
			text, e = "&"+text, &ast.UnaryExpr{Op: token.AND, X: e}
		}
		if c := contextOf(p.parent, p.node); c.needs(e) || glues(before, text) || !c.delimited && bare(e) {
			text = "(" + text + ")"
		}
		return text, true
	})
}

// addressed reports whether the address of the operand is to be written at p.
func (b binding) addressed(p part) bool {
	_, selected := p.parent.(*ast.SelectorExpr)
	return b.addr && !selected
}

// Precedences beyond those of binary operators.
const (
	prefix  = token.UnaryPrec
	primary = token.HighestPrec
)

// precedence says how tightly e holds together.
func precedence(e ast.Expr) int {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return e.Op.Precedence()
	case *ast.UnaryExpr, *ast.StarExpr, *ast.FuncType, *ast.ChanType, *ast.ArrayType, *ast.MapType:
		return prefix
	}
	return primary
}

// context is what is around an expression.
type context struct {
	least     int  // precedence that it must have
	delimited bool // by parentheses, brackets or commas
	base      bool // of a selection
}

// needs reports whether e needs parentheses there.
func (c context) needs(e ast.Expr) bool {
	if lit, ok := e.(*ast.BasicLit); ok && c.base && (lit.Kind == token.INT || lit.Kind == token.FLOAT) {
		return true
	}
	switch e.(type) {
	case *ast.ArrayType, *ast.MapType:
		if !c.base {
			return false // []byte(x), map[string]int{}
		}
	}
	return precedence(e) < c.least
}

// contextOf returns what is around child in parent.
func contextOf(parent ast.Node, child ast.Expr) context {
	switch p := parent.(type) {
	case *ast.BinaryExpr:
		if p.X == child {
			return context{least: p.Op.Precedence()}
		}
		return context{least: p.Op.Precedence() + 1}
	case *ast.UnaryExpr, *ast.StarExpr:
		return context{least: primary}
	case *ast.SelectorExpr:
		return context{least: primary, base: true}
	case *ast.CallExpr:
		if p.Fun == child {
			return context{least: primary}
		}
	case *ast.IndexExpr:
		if p.X == child {
			return context{least: primary}
		}
	case *ast.IndexListExpr:
		if p.X == child {
			return context{least: primary}
		}
	case *ast.SliceExpr:
		if p.X == child {
			return context{least: primary}
		}
	case *ast.TypeAssertExpr:
		if p.X == child {
			return context{least: primary}
		}
	case *ast.CompositeLit:
		if p.Type == child {
			return context{least: primary}
		}
	case *ast.ParenExpr:
		if !p.Lparen.IsValid() {
			return context{} // the root of a pattern
		}
	case ast.Expr:
	default:
		return context{} // a statement
	}
	return context{delimited: true}
}

// glues reports whether text, written after a byte, would make another token of
// it: "-" and "-x", or "/" and "*x".
func glues(before byte, text string) bool {
	return strings.IndexByte("+-*/&|^<>=!%", before) >= 0 && text != "" && strings.IndexByte("+-*&^<!=", text[0]) >= 0
}

// bare reports whether e has a composite literal in the open, which the parser
// takes for a block in the header of a statement.
func bare(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.CompositeLit:
		switch e.Type.(type) {
		case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr, *ast.IndexListExpr:
			return true
		}
	case *ast.BinaryExpr:
		return bare(e.X) || bare(e.Y)
	case *ast.UnaryExpr:
		return bare(e.X)
	case *ast.StarExpr:
		return bare(e.X)
	case *ast.SelectorExpr:
		return bare(e.X)
	case *ast.IndexExpr:
		return bare(e.X)
	case *ast.SliceExpr:
		return bare(e.X)
	case *ast.TypeAssertExpr:
		return bare(e.X)
	case *ast.CallExpr:
		return bare(e.Fun)
	}
	return false
}

// place is where a match stands.
type place struct {
	context
	header    bool // of an if, for or switch statement
	statement bool // it is a statement of its own
	deferred  bool // by defer or go
	variable  bool // it is assigned to, or its address is taken
	embedded  bool // it is the type of an embedded field
	operand   bool // its address may be taken, for a method or a slice
}

func surroundings(cur inspector.Cursor) place {
	e := cur.Node().(ast.Expr)
	p := place{context: contextOf(cur.Parent().Node(), e)}
	outer := cur
	for outer.ParentEdgeKind() == edge.ParenExpr_X {
		outer = outer.Parent()
	}
	switch kind := outer.ParentEdgeKind(); kind {
	case edge.ExprStmt_X:
		p.statement = true
	case edge.DeferStmt_Call, edge.GoStmt_Call:
		p.deferred = true
	case edge.AssignStmt_Lhs, edge.IncDecStmt_X, edge.RangeStmt_Key, edge.RangeStmt_Value:
		p.variable = true
	case edge.UnaryExpr_X:
		p.variable = outer.Parent().Node().(*ast.UnaryExpr).Op == token.AND
	case edge.SelectorExpr_X, edge.SliceExpr_X, edge.IndexExpr_X:
		p.operand = true
	case edge.Field_Type:
		p.embedded = embeds(outer.Parent())
	case edge.StarExpr_X:
		p.embedded = outer.Parent().ParentEdgeKind() == edge.Field_Type && embeds(outer.Parent().Parent())
	}
	for c := range cur.Enclosing((*ast.BlockStmt)(nil), (*ast.FuncLit)(nil), (*ast.IfStmt)(nil), (*ast.ForStmt)(nil),
		(*ast.RangeStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.TypeSwitchStmt)(nil)) {
		switch c.Node().(type) {
		case *ast.BlockStmt, *ast.FuncLit:
		default:
			p.header = true
		}
		break
	}
	return p
}

// embeds reports whether a field is an embedded one.
func embeds(field inspector.Cursor) bool {
	_, inStruct := field.Parent().Parent().Node().(*ast.StructType)
	return inStruct && len(field.Node().(*ast.Field).Names) == 0
}
