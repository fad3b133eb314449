package shadow

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"
)

// waiting says what a variable holds.
type waiting int

const (
	holds waiting = iota // a value that may be worth keeping
	may                  // the same, but nothing on some path
	waits                // nothing so far
	never                // nothing, ever
)

// idle tells whether the outer variable holds nothing worth keeping at the
// points at: the zero value it was declared with, a first value such as nil or
// 0, or an error that was tested and is nil.
//
// This is what tells a slip from a second variable that happens to have the
// same name. A variable that still waits for its value was declared to be
// assigned; one that has its value is likely to be needed with that value.
func (f *function) idle(v *types.Var, at []point) waiting {
	declared := f.result(v)
	idle := never
	if declared {
		idle = waits // the caller's to read, even if zero
	}
	empty, full := false, false // on some path to at
	for _, b := range f.graph.Blocks {
		if !b.Live {
			continue
		}
		for i, s := range f.steps[b] {
			if !f.effect(s, v).touch {
				continue
			}
			declared = declared || within(s.node, v.Pos())
			reaches := slices.ContainsFunc(at, func(q point) bool { return f.reaches(point{b, i + 1}, q, v) })
			if f.placeholder(s, v) {
				empty = empty || reaches
				continue
			}
			full = full || reaches
			idle = min(idle, waits)
		}
	}
	start := point{f.graph.Blocks[0], 0}
	starts := slices.ContainsFunc(at, func(q point) bool { return f.reaches(start, q, v) })
	if full && (empty || starts && f.result(v)) {
		return may
	}
	if full {
		return holds
	}
	if declared {
		return idle
	}
	// No step declares a parameter or the variable of a type switch: it has
	// its value from the start.
	if starts {
		return holds
	}
	return min(idle, waits)
}

// placeholder reports whether s gives v a value that only waits for a better.
func (f *function) placeholder(s step, v *types.Var) bool {
	if s.targets != nil {
		return false
	}
	switch n := s.node.(type) {
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
			if id, ok := lhs.(*ast.Ident); ok && f.denotes(id, v) {
				return f.empty(n.Rhs[i])
			}
		}
	}
	return false
}

// empty reports whether x is a value that says nothing: a constant, nil, or a
// container without elements.
func (p *program) empty(x ast.Expr) bool {
	x = ast.Unparen(x)
	if tv := p.info.Types[x]; tv.Value != nil || tv.IsNil() {
		return true
	}
	switch x := x.(type) {
	case *ast.CompositeLit:
		return len(x.Elts) == 0
	case *ast.UnaryExpr:
		return x.Op == token.AND && p.empty(x.X)
	case *ast.CallExpr:
		return p.emptyMake(x)
	}
	return false
}

// emptyMake reports whether call makes a map or a slice without elements. A
// channel is empty as well, but is whole.
func (p *program) emptyMake(call *ast.CallExpr) bool {
	if !p.isMake(call) {
		return false
	}
	if is[*types.Map](p.info.TypeOf(call)) {
		return true
	}
	if is[*types.Slice](p.info.TypeOf(call)) && len(call.Args) > 1 {
		size := p.info.Types[call.Args[1]].Value
		return size != nil && size.ExactString() == "0"
	}
	return false
}

func (p *program) isMake(call *ast.CallExpr) bool {
	b, ok := typeutil.Callee(p.info, call).(*types.Builtin)
	return ok && b.Name() == "make"
}

// fresh reports whether s gives v something that nothing else refers to.
func (p *program) fresh(v *types.Var, s step) bool {
	if s.targets != nil {
		return false
	}
	var left, right []ast.Expr
	switch n := s.node.(type) {
	case *ast.AssignStmt:
		left, right = n.Lhs, n.Rhs
	case *ast.ValueSpec:
		for _, name := range n.Names {
			left = append(left, name)
		}
		right = n.Values
	}
	for i, x := range left {
		if id, ok := x.(*ast.Ident); ok && p.denotes(id, v) && len(left) == len(right) {
			return p.makes(right[i])
		}
	}
	return false
}

func (p *program) makes(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		return x.Op == token.AND && p.makes(x.X)
	case *ast.CallExpr:
		b, ok := typeutil.Callee(p.info, x).(*types.Builtin)
		return ok && (b.Name() == "make" || b.Name() == "new")
	}
	return false
}
