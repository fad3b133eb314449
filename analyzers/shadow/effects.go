package shadow

import (
	"go/ast"
	"go/token"
	"go/types"
)

// effects tells what a node of a control-flow graph does to one variable.
type effects struct {
	info    *types.Info
	v       *types.Var
	result  bool              // v is a named result of the function
	targets map[ast.Node]bool // see [targets]
	ignore  *ast.ValueSpec    // a declaration that counts for nothing
}

// of returns the first read of the variable in n, and whether n writes it.
// Reads come first: Go evaluates what it assigns before it assigns.
//
// Taking the address counts as a write, since that is mostly what it is for, and
// so does a method with a pointer receiver on a variable that is no pointer. A
// path that meets a write is settled, so the doubt costs a finding, never a
// false one.
func (e effects) of(n ast.Node) (read token.Pos, write bool) {
	if ret, ok := n.(*ast.ReturnStmt); ok && e.result {
		if len(ret.Results) == 0 {
			return ret.Pos(), true // the caller reads it
		}
		write = true
	}
	skip := make(map[ast.Node]bool) // identifiers that are not read where they stand
	if x, ok := n.(ast.Expr); ok && e.targets[n] {
		write = e.skipBase(x, skip)
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if n == ast.Node(e.ignore) {
			return false
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			write = e.assign(n, skip) || write
		case *ast.ValueSpec:
			for _, name := range n.Names {
				write = e.skipName(name, skip) || write
			}
		case *ast.IncDecStmt:
			write = e.writes(n.X) || write
		case *ast.RangeStmt: // only inside function literals: the graph takes others apart
			write = e.skipName(n.Key, skip) || e.skipName(n.Value, skip) || write
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				write = e.skipBase(n.X, skip) || write
			}
		case *ast.SelectorExpr:
			if sel, ok := e.info.Selections[n]; ok && addresses(sel) {
				write = e.skipBase(n.X, skip) || write
			}
		case *ast.Ident:
			if e.is(n) && !skip[n] && !read.IsValid() {
				read = n.Pos()
			}
		}
		return true
	})
	return read, write
}

// assign notes the names that n writes, as x = y does, or parts of which it
// writes, as x.f = y does for a struct.
func (e effects) assign(n *ast.AssignStmt, skip map[ast.Node]bool) (write bool) {
	if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
		return e.writes(n.Lhs[0]) // x += y reads x first, so it is not skipped
	}
	for i, lhs := range n.Lhs {
		if id, ok := lhs.(*ast.Ident); ok && id.Name == "_" && len(n.Lhs) == len(n.Rhs) {
			e.skipName(n.Rhs[i], skip) // _ = x only silences the compiler
		}
		write = e.skipBase(lhs, skip) || write
	}
	return write
}

// writes reports whether an assignment to x writes the variable.
func (e effects) writes(x ast.Expr) bool { return e.skipBase(x, make(map[ast.Node]bool)) }

// skipName notes x if it is the variable's name.
func (e effects) skipName(x ast.Expr, skip map[ast.Node]bool) bool {
	id, ok := x.(*ast.Ident)
	if ok && e.is(id) {
		skip[id] = true
		return true
	}
	return false
}

// skipBase notes the variable's name if x is a part of the variable itself,
// rather than of something that it points to.
func (e effects) skipBase(x ast.Expr, skip map[ast.Node]bool) bool {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return e.skipBase(x.X, skip)
	case *ast.SelectorExpr:
		if _, ok := e.info.TypeOf(x.X).Underlying().(*types.Struct); ok {
			return e.skipBase(x.X, skip)
		}
	case *ast.IndexExpr:
		if _, ok := e.info.TypeOf(x.X).Underlying().(*types.Array); ok {
			return e.skipBase(x.X, skip)
		}
	}
	return e.skipName(x, skip)
}

func (e effects) is(id *ast.Ident) bool {
	return e.info.Uses[id] == e.v || e.info.Defs[id] == e.v
}

// addresses reports whether sel takes the address of its operand unasked.
func addresses(sel *types.Selection) bool {
	fn, ok := sel.Obj().(*types.Func)
	if !ok {
		return false
	}
	_, pointerRecv := fn.Signature().Recv().Type().(*types.Pointer)
	_, pointer := sel.Recv().Underlying().(*types.Pointer)
	return pointerRecv && !pointer
}

// writtenInClosure reports whether a function literal in fn writes v.
func writtenInClosure(info *types.Info, fn ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(funcBody(fn), func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			_, write := effects{info: info, v: v}.of(lit.Body)
			found = found || write
			return false
		}
		return true
	})
	return found
}

// isStatus reports whether values of typ are looked at and then done with, as
// an error or an ok is. Such a value is lost only where nobody looked.
func isStatus(typ types.Type) bool {
	if types.Identical(typ, types.Universe.Lookup("error").Type()) {
		return true
	}
	basic, ok := typ.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsBoolean != 0
}

// isNilTest reports whether n compares v with nil and does nothing else to it.
func isNilTest(info *types.Info, n ast.Node, v *types.Var) bool {
	uses, tests := 0, 0
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if comparesNil(info, n, v) {
				tests++
			}
		case *ast.Ident:
			if info.Uses[n] == v {
				uses++
			}
		}
		return true
	})
	return uses == tests
}

// comparesNil reports whether x is v == nil or v != nil.
func comparesNil(info *types.Info, x *ast.BinaryExpr, v *types.Var) bool {
	id, ok := ast.Unparen(x.X).(*ast.Ident)
	return ok && info.Uses[id] == v && info.Types[x.Y].IsNil() && (x.Op == token.EQL || x.Op == token.NEQ)
}

// impliesNil reports whether v is nil when cond has the outcome.
func impliesNil(info *types.Info, cond ast.Expr, outcome bool, v *types.Var) bool {
	switch cond := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		return cond.Op == token.NOT && impliesNil(info, cond.X, !outcome, v)
	case *ast.BinaryExpr:
		x := func() bool { return impliesNil(info, cond.X, outcome, v) }
		y := func() bool { return impliesNil(info, cond.Y, outcome, v) }
		switch cond.Op {
		case token.EQL:
			return outcome && comparesNil(info, cond, v)
		case token.NEQ:
			return !outcome && comparesNil(info, cond, v)
		case token.LAND:
			return outcome && (x() || y()) || x() && y()
		case token.LOR:
			return !outcome && (x() || y()) || x() && y()
		}
	}
	return false
}
