package shadow

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/cfg"
)

// idle reports whether the outer variable holds nothing worth keeping wherever
// the inner one is declared: the zero value it was declared with, a first value
// such as nil or 0, or an error that was tested and is nil.
//
// This is what tells a slip from a second variable that happens to have the
// same name. A variable that still waits for its value was declared to be
// assigned; one that has its value is likely to be needed with that value.
func (f *flow) idle(g *cfg.CFG, s shadowing, outer effects) bool {
	declared := outer.result
	for _, b := range g.Blocks {
		for i, n := range b.Nodes {
			if !b.Live {
				continue
			}
			if _, write := outer.of(n); !write {
				continue
			}
			declared = declared || within(n, s.outer.Pos())
			if !f.placeholder(n, s.outer) && f.reaches(b, i+1, s.decl, outer) {
				return false
			}
		}
	}
	// A variable that no node declares is a parameter or that of a type
	// switch: it has its value from the start.
	return declared
}

// reaches reports whether a value that the outer variable has before node i of
// b may still be there at target.
func (f *flow) reaches(b *cfg.Block, i int, target ast.Node, outer effects) bool {
	seen := make(map[*cfg.Block]bool)
	var visit func(b *cfg.Block, i int) bool
	visit = func(b *cfg.Block, i int) bool {
		for _, n := range b.Nodes[i:] {
			if n == target {
				return true
			}
			if _, write := outer.of(n); write {
				return false // another value, which gets a search of its own
			}
		}
		for i, succ := range b.Succs {
			if seen[succ] || f.knownNil(b, i == 0, outer.v) {
				continue
			}
			seen[succ] = true
			if visit(succ, 0) {
				return true
			}
		}
		return false
	}
	return visit(b, i)
}

// placeholder reports whether n gives v a value that only waits for a better.
func (f *flow) placeholder(n ast.Node, v *types.Var) bool {
	switch n := n.(type) {
	case *ast.ValueSpec:
		if len(n.Values) == 0 {
			return true
		}
		for i, name := range n.Names {
			if f.info.Defs[name] == v {
				return len(n.Names) == len(n.Values) && f.empty(n.Values[i])
			}
		}
	case *ast.AssignStmt:
		if len(n.Lhs) != len(n.Rhs) || n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
			return false
		}
		for i, lhs := range n.Lhs {
			if id, ok := lhs.(*ast.Ident); ok && f.info.ObjectOf(id) == v {
				return f.empty(n.Rhs[i])
			}
		}
	}
	return false
}

// empty reports whether x is a value that says nothing: a constant, nil, or a
// container without elements.
func (f *flow) empty(x ast.Expr) bool {
	x = ast.Unparen(x)
	if tv := f.info.Types[x]; tv.Value != nil || tv.IsNil() {
		return true
	}
	switch x := x.(type) {
	case *ast.CompositeLit:
		return len(x.Elts) == 0
	case *ast.UnaryExpr:
		return x.Op == token.AND && f.empty(x.X)
	case *ast.CallExpr:
		return f.emptyMake(x)
	}
	return false
}

// emptyMake reports whether call makes a map or a slice without elements. A
// channel is empty as well, but is whole.
func (f *flow) emptyMake(call *ast.CallExpr) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || f.info.Uses[id] != types.Universe.Lookup("make") {
		return false
	}
	switch f.info.TypeOf(call).Underlying().(type) {
	case *types.Map:
		return true
	case *types.Slice:
		size := f.info.Types[call.Args[1]].Value
		return size != nil && size.ExactString() == "0"
	}
	return false
}
