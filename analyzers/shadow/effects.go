package shadow

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gohearth/hearth/analyzers/code"
)

// An effect is what a step does to one variable. Reads come first: Go
// evaluates what it assigns before it assigns.
type effect struct {
	read     token.Pos // where the variable is read, if it is
	assigned bool      // the variable is assigned by name
	kill     bool      // so it is, or it may have a new value by other means
	touch    bool      // at least part of it may have been modified
}

// effect returns what a step of f does to v.
//
// An address that is passed to a call counts as a new value, since that is
// mostly what it is passed for. The doubt costs a finding, never a false one.
func (f *function) effect(s step, v *types.Var) effect {
	w := &walker{f: f, v: v, skip: make(map[ast.Node]bool)}
	if s.targets != nil {
		for _, x := range s.targets {
			w.target(x)
		}
		return w.effect
	}
	if ret, ok := s.node.(*ast.ReturnStmt); ok && f.result(v) {
		if len(ret.Results) == 0 {
			return effect{read: ret.Pos()} // the caller reads it
		}
		w.kill, w.touch = true, true
	}
	if f.mentioned(v, s.node) || f.callsBound(s.node, v) {
		ast.Inspect(s.node, w.visit)
	}
	return w.effect
}

// A walker finds the effect of a node.
type walker struct {
	effect
	f    *function
	v    *types.Var
	skip map[ast.Node]bool // identifiers that are not read where they stand
}

func (w *walker) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncLit:
		w.literal(n)
		return false
	case *ast.AssignStmt:
		w.assign(n)
	case *ast.ValueSpec:
		for _, name := range n.Names {
			w.target(name)
		}
	case *ast.IncDecStmt:
		w.modify(n.X)
	case *ast.UnaryExpr:
		if id := base(w.f.info, n.X); n.Op == token.AND && w.is(id) {
			w.skip[id] = true
			w.kill, w.touch = true, true
		}
	case *ast.ExprStmt:
		// A method that changes the variable through its address, for its
		// effect alone, neither reads what matters nor assigns all of it.
		if call, ok := n.X.(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && addresses(w.f.info, sel) {
				if id := base(w.f.info, sel.X); w.is(id) {
					w.skip[id] = true
					w.touch = true
				}
			}
		}
	case *ast.SelectorExpr:
		if id := base(w.f.info, n.X); addresses(w.f.info, n) && w.is(id) {
			w.touch = true
		}
	case *ast.Ident:
		if w.is(n) && !w.skip[n] && !w.read.IsValid() {
			w.read = n.Pos()
		}
		w.bound(n)
	}
	return true
}

// assign notes the names that n writes, as x = y does, or parts of which it
// writes, as x.f = y does for a struct.
func (w *walker) assign(n *ast.AssignStmt) {
	if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
		w.modify(n.Lhs[0]) // x += y reads x first, so it is not skipped
		return
	}
	for i, x := range n.Lhs {
		if blank(x) && len(n.Lhs) == len(n.Rhs) {
			w.skip[ast.Unparen(n.Rhs[i])] = true // _ = x only silences the compiler
		}
		w.target(x)
	}
}

// target notes an assignment to x.
func (w *walker) target(x ast.Expr) {
	id := base(w.f.info, x)
	if !w.is(id) {
		return
	}
	w.skip[id] = true
	w.write(ast.Unparen(x) == ast.Expr(id))
}

func (w *walker) write(whole bool) {
	w.touch = true
	w.kill = w.kill || whole
	w.assigned = w.assigned || whole
}

// modify notes x++ and x += y.
func (w *walker) modify(x ast.Expr) {
	if id := base(w.f.info, x); w.is(id) {
		w.write(ast.Unparen(x) == ast.Expr(id))
	}
}

func (w *walker) is(id *ast.Ident) bool { return id != nil && w.f.denotes(id, w.v) }

func (p *program) denotes(id *ast.Ident, v *types.Var) bool {
	return p.info.Uses[id] == v || p.info.Defs[id] == v
}

// base returns the name in x if x is that variable or a part of it, rather
// than of something that it points to.
func base(info *types.Info, x ast.Expr) *ast.Ident {
	switch x := x.(type) {
	case *ast.Ident:
		return x
	case *ast.ParenExpr:
		return base(info, x.X)
	case *ast.SelectorExpr:
		if is[*types.Struct](info.TypeOf(x.X)) {
			return base(info, x.X)
		}
	case *ast.IndexExpr:
		if is[*types.Array](info.TypeOf(x.X)) {
			return base(info, x.X)
		}
	}
	return nil
}

// is reports whether the underlying type of typ is a T.
func is[T types.Type](typ types.Type) bool {
	if typ == nil {
		return false
	}
	_, ok := typ.Underlying().(T)
	return ok
}

// addresses reports whether sel takes the address of its operand unasked.
func addresses(info *types.Info, sel *ast.SelectorExpr) bool {
	s, ok := info.Selections[sel]
	if !ok {
		return false
	}
	fn, ok := s.Obj().(*types.Func)
	if !ok || fn.Signature().Recv() == nil {
		return false
	}
	_, pointer := fn.Signature().Recv().Type().(*types.Pointer)
	return pointer && !is[*types.Pointer](s.Recv())
}

func blank(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "_"
}

// consumes reports whether n uses the value of v for anything.
//
// To assign v uses nothing of it, nor does to assign into what it refers to, if
// that is fresh: nobody else sees it. The comparison of an error uses nothing
// either: what it says is then still unknown to everybody.
func (p *program) consumes(n ast.Node, v *types.Var, fresh bool) bool {
	if !p.mentioned(v, n) {
		return false
	}
	uses, excused := 0, 0
	excuse := func(x ast.Expr) {
		if id, ok := ast.Unparen(x).(*ast.Ident); ok && p.info.Uses[id] == v {
			excused++
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if code.IsError(v.Type()) && (n.Op == token.EQL || n.Op == token.NEQ) {
				excuse(n.X)
				excuse(n.Y)
			}
		case *ast.AssignStmt:
			for i, x := range n.Lhs {
				if id := base(p.info, x); id != nil {
					excuse(id)
				} else if fresh {
					excuse(into(x))
				}
				if blank(x) && len(n.Lhs) == len(n.Rhs) {
					excuse(n.Rhs[i])
				}
			}
		case *ast.IncDecStmt:
			if id := base(p.info, n.X); id != nil {
				excuse(id)
			} else if fresh {
				excuse(into(n.X))
			}
		case *ast.Ident:
			if p.info.Uses[n] == v {
				uses++
			}
		}
		return true
	})
	return uses > excused
}

// into returns the variable that an assignment to x changes what is in: m for
// m[k], x for x.f.
func into(x ast.Expr) ast.Expr {
	switch y := ast.Unparen(x).(type) {
	case *ast.IndexExpr:
		return into(y.X)
	case *ast.SelectorExpr:
		return into(y.X)
	}
	return x
}

// comparesNil reports whether x is v == nil or v != nil.
func (p *program) comparesNil(x *ast.BinaryExpr, v *types.Var) bool {
	id, ok := ast.Unparen(x.X).(*ast.Ident)
	return ok && p.info.Uses[id] == v && p.info.Types[x.Y].IsNil() && (x.Op == token.EQL || x.Op == token.NEQ)
}

// impliesNil reports whether v is nil when cond has the outcome.
func (p *program) impliesNil(cond ast.Expr, outcome bool, v *types.Var) bool {
	switch cond := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		return cond.Op == token.NOT && p.impliesNil(cond.X, !outcome, v)
	case *ast.BinaryExpr:
		switch cond.Op {
		case token.EQL:
			return outcome && p.comparesNil(cond, v)
		case token.NEQ:
			return !outcome && p.comparesNil(cond, v)
		case token.LAND, token.LOR:
			// Both sides once, or a chain of n conditions takes 2ⁿ steps.
			x, y := p.impliesNil(cond.X, outcome, v), p.impliesNil(cond.Y, outcome, v)
			if outcome == (cond.Op == token.LAND) {
				return x || y // both sides have the outcome
			}
			return x && y // either has
		}
	}
	return false
}
