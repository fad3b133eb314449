package shadow

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/gohearth/hearth/analyzers/code"
)

// judge returns the read that misses the value which s takes away, if that is
// worth a comment. That a value is lost says that
// the shadowing can be the bug; what is asked then tells whether it may as
// well be what the author wanted:
//
//   - A deferred closure that is there already sees the outer variable, and was
//     written to see what it holds at the end.
//   - A write that nobody uses can only have been meant for the outer variable.
//   - An outer variable that holds nothing yet was declared to be assigned.
//   - Where one branch assigns the outer variable, the others were to do so.
//
// Everything else is a second variable that happens to have the same name.
func (p *program) judge(s shadowing) token.Pos {
	home, at := p.home(s)
	if len(at) == 0 || p.aliased(home, s.outer) || home.unsettled(s.outer) {
		return token.NoPos
	}
	idle := home.idle(s.outer, at)
	s.narrow = s.narrow || home != s.fn
	var read token.Pos
	for _, w := range s.fn.writes(s.inner) {
		losses := s.fn.losses(s, w)
		dead := len(losses) > 0 && s.fn.deadWrite(s.inner, w)
		for _, l := range losses {
			if counts(s, l, idle, dead) {
				read = nearer(read, l.read, s.name.Pos())
			}
		}
	}
	return read
}

// counts reports whether a loss is worth a comment.
func counts(s shadowing, l loss, idle waiting, dead bool) bool {
	// Whoever scopes an error to the if that looks at it, or to a closure, has
	// asked for a second one, unless nothing is done about it there.
	second := s.narrow && (l.consumed || l.handled)
	switch {
	case s.derived:
		return s.normalizes && !l.deferred // the raw value is used, the better one forgotten
	case l.deferred:
		return l.returned || !second
	case dead:
		return true
	case s.sibling && idle >= may:
		return !second || !code.IsError(s.inner.Type())
	case idle <= may:
		return false
	case idle == never:
		return true
	case code.IsError(s.inner.Type()) || isBool(s.inner.Type()):
		return !second
	default:
		// A result that is returned where it is found need not be assigned:
		// that a bare return elsewhere delivers zero says "not found".
		return !l.bare || !s.fn.returns(s.inner)
	}
}

func isBool(typ types.Type) bool {
	basic, ok := typ.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsBoolean != 0
}

// nearer returns the read to name: the first behind pos, or else, for a loop,
// the first before it.
func nearer(x, y, pos token.Pos) token.Pos {
	if !x.IsValid() || (y > pos) != (x > pos) {
		if !x.IsValid() || y > pos {
			return y
		}
		return x
	}
	return min(x, y)
}

// home returns the function that declares the outer variable, and where in it
// the inner one comes to life: at its declaration or, for one in a function
// literal, where that runs.
func (p *program) home(s shadowing) (*function, []point) {
	f := s.fn
	at, ok := f.before(s.decl)
	if !ok {
		return nil, nil // unreachable
	}
	points := []point{at}
	for ; !f.contains(s.outer); f = f.parent {
		if f.parent == nil {
			return nil, nil
		}
		points = f.parent.runs(f)
	}
	return f, points
}

// runs returns the points of f at which its function literal lit runs.
func (f *function) runs(lit *function) []point {
	var points []point
	for _, l := range f.literals {
		if l.fn != lit {
			continue
		}
		if l.when != bound {
			if at, ok := f.at(lit.node.Pos()); ok {
				points = append(points, at)
			}
			continue
		}
		for _, b := range f.graph.Blocks {
			for i, s := range f.steps[b] {
				if b.Live && s.targets == nil && f.mentioned(l.name, s.node) && !within(s.node, lit.node.Pos()) {
					points = append(points, point{b, i})
				}
			}
		}
	}
	return points
}

// writes returns the points at which f gives v a value.
func (f *function) writes(v *types.Var) []point {
	var points []point
	for _, b := range f.graph.Blocks {
		for i, s := range f.steps[b] {
			if spec, ok := s.node.(*ast.ValueSpec); ok && len(spec.Values) == 0 {
				continue
			}
			if b.Live && f.effect(s, v).touch {
				points = append(points, point{b, i})
			}
		}
	}
	return points
}

// deadWrite reports whether what w assigns to v is of no use to anybody.
func (f *function) deadWrite(v *types.Var, w point) bool {
	written := f.steps[w.block][w.i]
	if !f.effect(written, v).assigned || slices.ContainsFunc(f.literals, func(l *literal) bool { return f.mentioned(v, l.node) }) {
		return false
	}
	dead := true
	f.walk(point{w.block, w.i + 1}, nil, func(s step) bool {
		e := f.effect(s, v)
		if s.targets == nil && (e.read.IsValid() || e.touch && !e.assigned) && f.consumes(s.node, v, f.fresh(v, written)) {
			dead = false
		}
		if code.IsError(v.Type()) && e.read.IsValid() {
			dead = false // somebody looked
		}
		return dead && !e.assigned
	})
	return dead
}

// returns reports whether a return statement of f mentions v.
func (f *function) returns(v *types.Var) bool {
	for _, b := range f.graph.Blocks {
		if ret := b.Return(); ret != nil && len(ret.Results) > 0 && f.mentioned(v, ret) {
			return true
		}
	}
	return false
}

// aliased reports whether f keeps the address of v, so that anything may
// write it.
func (p *program) aliased(f *function, v *types.Var) bool {
	kept := false
	args := make(map[ast.Expr]bool)
	ast.Inspect(f.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			for _, arg := range n.Args {
				args[arg] = true
			}
		case *ast.UnaryExpr:
			if id := base(p.info, n.X); n.Op == token.AND && !args[n] && id != nil && p.denotes(id, v) {
				kept = true
			}
		}
		return !kept
	})
	return kept
}
