package retrydeadline

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"

	"github.com/gohearth/hearth/analyzers/code"
)

// A state is what is known about an error.
type state int

const (
	unknown state = iota
	isNil
	notNil
)

// A truth is what is known about a condition.
type truth int

const (
	maybe truth = iota
	yes
	no
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	}
	return maybe
}

// eval returns the truth of cond, given what is known about the error of a.
func (p *paths) eval(a attempt, cond ast.Expr, s state) truth {
	if cond == nil {
		return maybe
	}
	switch x := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return p.eval(a, x.X, s).not()
		}
	case *ast.BinaryExpr:
		switch x.Op {
		case token.LAND, token.LOR:
			l, r := p.eval(a, x.X, s), p.eval(a, x.Y, s)
			decides := truthOf(x.Op == token.LOR) // either side does, by having this value
			switch {
			case l == decides || r == decides:
				return decides
			case l == r:
				return l
			}
			return maybe
		}
		return p.evalComparison(a, x, s)
	case *ast.CallExpr:
		// errors.Is(err, x) and the like are false of no error.
		if s == isNil && p.aboutError(a, x, notNil) {
			return no
		}
	}
	return maybe
}

// evalComparison answers for err == nil and, since it is false of no error,
// for err == io.EOF.
func (p *paths) evalComparison(a attempt, x *ast.BinaryExpr, s state) truth {
	if x.Op != token.EQL && x.Op != token.NEQ || s == unknown {
		return maybe
	}
	if !(x == a.test || a.v != nil && p.is(x.X, a.v)) {
		return maybe
	}
	switch {
	case x == a.test || p.isNilTest(x):
		return truthOf((s == isNil) == (x.Op == token.EQL))
	case s == isNil:
		return truthOf(x.Op == token.NEQ)
	}
	return maybe
}

// after returns what is known about the error of a behind n.
func (p *paths) after(a attempt, n ast.Node, s state) state {
	assign, ok := n.(*ast.AssignStmt)
	if !ok || a.v == nil {
		return s
	}
	for i, lhs := range assign.Lhs {
		if !p.is(lhs, a.v) {
			continue
		}
		if len(assign.Lhs) == len(assign.Rhs) {
			rhs := ast.Unparen(assign.Rhs[i])
			if p.info.Types[rhs].IsNil() {
				return isNil
			}
			if call, ok := rhs.(*ast.CallExpr); ok && (isFunc(p.info, call, "fmt", "Errorf") || isFunc(p.info, call, "errors", "New")) {
				return notNil
			}
		}
		return unknown
	}
	return s
}

// aboutError reports whether x depends on the error of a and on nothing else
// that could change: not on another variable, nor on a method of one, which may
// count or look at a clock. An end of a context is more than an error.
func (p *paths) aboutError(a attempt, x ast.Expr, s state) bool {
	if x == nil || s != notNil {
		return false // or it is the error of something else by now
	}
	about, other := false, false
	for leaf := range leaves(x) {
		if p.eval(a, leaf, s) != maybe {
			about = true
			continue
		}
		mentions := false
		ast.Inspect(leaf, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				other = true
				return false
			case *ast.SelectorExpr:
				if obj := p.info.Uses[n.Sel]; obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "context" {
					other = true
				}
			case *ast.Ident:
				v, ok := p.info.Uses[n].(*types.Var)
				switch {
				case !ok || v.IsField():
				case a.about[v]:
					mentions = true
				case v.Pkg() == nil || v.Parent() != v.Pkg().Scope() || !code.IsError(v.Type()):
					other = true // only an error such as io.EOF is as good as a constant
				}
			}
			return true
		})
		if mentions {
			about = true
		} else {
			other = true
		}
	}
	return about && !other
}

// derived returns v and the variables of the loop that are computed from it
// alone, as temporary := isTemporary(err), or filled by errors.As(err, &ne).
func (p *paths) derived(v types.Object) map[types.Object]bool {
	about := make(map[types.Object]bool)
	if v == nil {
		return about
	}
	about[v] = true
	a := attempt{v: v, about: about}
	for range 3 { // a chain that is longer than this counts as something else, which is silent
		ast.Inspect(p.body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if len(n.Rhs) == 1 && p.aboutError(a, n.Rhs[0], notNil) {
					for _, lhs := range n.Lhs {
						if id, ok := lhs.(*ast.Ident); ok && p.info.Defs[id] != nil {
							about[p.info.Defs[id]] = true
						}
					}
				}
			case *ast.CallExpr:
				if len(n.Args) == 2 && isErrorsAs(p.info, n) && p.is(n.Args[0], v) {
					if ref, ok := n.Args[1].(*ast.UnaryExpr); ok && ref.Op == token.AND {
						if id, ok := ref.X.(*ast.Ident); ok && p.info.Uses[id] != nil {
							about[p.info.Uses[id]] = true
						}
					}
				}
			}
			return true
		})
	}
	return about
}

// leaves yields the operands of &&, || and ! in cond.
func leaves(cond ast.Expr) iter.Seq[ast.Expr] {
	return func(yield func(ast.Expr) bool) { eachLeaf(cond, yield) }
}

func eachLeaf(cond ast.Expr, yield func(ast.Expr) bool) bool {
	switch x := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return eachLeaf(x.X, yield)
		}
	case *ast.BinaryExpr:
		if x.Op == token.LAND || x.Op == token.LOR {
			return eachLeaf(x.X, yield) && eachLeaf(x.Y, yield)
		}
	}
	return yield(ast.Unparen(cond))
}

// is reports whether x is the name of v.
func (p *paths) is(x ast.Expr, v types.Object) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	return ok && p.info.ObjectOf(id) == v
}

// isNilTest reports whether x compares with nil.
func (p *paths) isNilTest(x *ast.BinaryExpr) bool {
	return (x.Op == token.EQL || x.Op == token.NEQ) && p.info.Types[x.Y].IsNil()
}
