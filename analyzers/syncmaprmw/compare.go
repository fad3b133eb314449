package syncmaprmw

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
)

// use words an advice. Methods that compare panic on what cannot be compared,
// such as a slice, with what the map has as well as with what it gets.
func (p *pkg) use(fn inspector.Cursor, s *search, f *finding, advice string) string {
	at := strings.Index(advice, "Compare")
	if at < 0 {
		return "use " + advice
	}
	typ := p.incomparable(fn, s, f)
	if typ == nil {
		return "use " + advice
	}
	method, _, _ := strings.Cut(advice[at:], " ")
	name := types.TypeString(typ, func(pkg *types.Package) string {
		if pkg == p.pass.Pkg {
			return ""
		}
		return pkg.Name()
	})
	return fmt.Sprintf("hold a lock over both, or store a pointer, since %s panics on %s", method, name)
}

// incomparable returns a type that values of the map are known to have, because
// it is stored or expected in fn, and that cannot be compared.
func (p *pkg) incomparable(fn inspector.Cursor, s *search, f *finding) types.Type {
	if f.value != nil && panics(p.info.TypeOf(f.value)) {
		return p.info.TypeOf(f.value)
	}
	if s.value != nil && panics(s.value.Type()) {
		return s.value.Type() // of a helper
	}
	var typ types.Type
	expect := func(x ast.Expr) {
		if t := p.info.TypeOf(x); typ == nil && panics(t) {
			typ = t
		}
	}
	ast.Inspect(body(fn), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.TypeAssertExpr:
			if n.Type != nil && s.isValue(n.X) {
				expect(n.Type)
			}
		case *ast.TypeSwitchStmt:
			if !s.isValue(switched(n)) {
				break
			}
			for _, clause := range n.Body.List {
				if clause, ok := clause.(*ast.CaseClause); ok {
					for _, x := range clause.List {
						expect(x)
					}
				}
			}
		}
		return typ == nil
	})
	return typ
}

// isValue reports whether x is what was loaded.
func (s *search) isValue(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		return x == s.load.call
	case *ast.Ident:
		return s.value != nil && s.info.Uses[x] == s.value
	}
	return false
}

// switched returns the operand of a type switch.
func switched(stmt *ast.TypeSwitchStmt) ast.Expr {
	var x ast.Expr
	switch assign := stmt.Assign.(type) {
	case *ast.ExprStmt:
		x = assign.X
	case *ast.AssignStmt:
		if len(assign.Rhs) == 1 {
			x = assign.Rhs[0]
		}
	}
	if assert, ok := ast.Unparen(x).(*ast.TypeAssertExpr); ok {
		return assert.X
	}
	return nil
}

// panics reports whether comparing two values of typ does for certain. What an
// interface holds, or a type parameter is, nobody knows.
func panics(typ types.Type) bool {
	if typ == nil || types.Comparable(typ) {
		return false
	}
	if _, ok := types.Unalias(typ).(*types.TypeParam); ok {
		return false
	}
	switch t := underlying(typ).(type) {
	case *types.Basic, *types.Tuple: // nil, invalid
		return false
	case *types.Struct, *types.Array:
		return !parameterized(t, 0)
	}
	return true
}

// parameterized reports whether a type parameter decides if typ can be compared.
func parameterized(typ types.Type, depth int) bool {
	if _, ok := types.Unalias(typ).(*types.TypeParam); ok || depth > 16 {
		return true
	}
	switch t := underlying(typ).(type) {
	case *types.Array:
		return parameterized(t.Elem(), depth+1)
	case *types.Struct:
		for f := range t.Fields() {
			if parameterized(f.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}
