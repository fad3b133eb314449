package maxprocs

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// caps reports whether the call at c depends on how many CPUs there are, as in
//
//	if runtime.NumCPU() > 8 {
//		runtime.GOMAXPROCS(8)
//	}
func caps(info *types.Info, c inspector.Cursor) bool {
	var outer inspector.Cursor
	for fn := range c.Enclosing((*ast.FuncDecl)(nil)) {
		outer = fn
	}
	for c := range c.Enclosing((*ast.IfStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.CaseClause)(nil)) {
		var conds []ast.Expr
		switch n := c.Node().(type) {
		case *ast.IfStmt:
			conds = []ast.Expr{n.Cond}
		case *ast.SwitchStmt:
			conds = []ast.Expr{n.Tag}
		case *ast.CaseClause:
			conds = n.List
		}
		for _, cond := range conds {
			if cond != nil && (counts(info, cond) || ofCount(info, cond, outer)) {
				return true
			}
		}
	}
	return false
}

// counts reports whether x asks the runtime for the number of CPUs.
func counts(info *types.Info, x ast.Node) (found bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if fn, ok := typeutil.Callee(info, call).(*types.Func); ok {
				name := fn.FullName()
				found = found || name == "runtime.NumCPU" || name == "runtime.GOMAXPROCS"
			}
		}
		return !found
	})
	return found
}

// ofCount reports whether cond has a variable to which fn assigns what counts.
func ofCount(info *types.Info, cond ast.Expr, fn inspector.Cursor) bool {
	used := make(map[types.Object]bool)
	ast.Inspect(cond, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := info.Uses[id].(*types.Var); ok {
				used[v] = true
			}
		}
		return true
	})
	if len(used) == 0 || !fn.Valid() {
		return false
	}
	for c := range fn.Preorder((*ast.AssignStmt)(nil)) {
		assign := c.Node().(*ast.AssignStmt)
		if len(assign.Lhs) != len(assign.Rhs) {
			continue
		}
		for i, lhs := range assign.Lhs {
			if id, ok := lhs.(*ast.Ident); ok && used[info.ObjectOf(id)] && counts(info, assign.Rhs[i]) {
				return true
			}
		}
	}
	return false
}
