package widesignature

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/analyzers/signature"
)

// forwarded reports whether a call of fn gives its results, as they are, to a
// caller or to another call: "return fn()" or "g(fn())". Then they are not
// fn's alone.
func forwarded(fn *signature.Function) bool {
	for _, c := range fn.Calls {
		switch kind, _ := c.ParentEdge(); kind {
		case edge.ReturnStmt_Results:
			if len(c.Parent().Node().(*ast.ReturnStmt).Results) == 1 {
				return true
			}
		case edge.CallExpr_Args:
			if fn.Signature().Results().Len() > 1 {
				return true
			}
		}
	}
	return false
}

// sameResults reports the results that are one constant wherever fn returns.
func sameResults(info *types.Info, fn *signature.Function) []analysis.Diagnostic {
	results := fn.Signature().Results()
	returns := returnsOf(fn.Body)
	if results.Len() == 0 || len(returns) == 0 {
		return nil
	}
	var found []analysis.Diagnostic
	for i := range results.Len() {
		if mentions(info, fn.Body, results.At(i)) {
			continue // a deferred function may set it after the return statement
		}
		tv, ok := sameResult(info, returns, i, results.Len())
		if !ok || len(returns) == 1 && !tv.IsNil() {
			continue // a function that returns a constant once gives it a name
		}
		found = append(found, at(results.At(i), "%s is always %s: drop it", describe(i, results.At(i)), constantText(tv)))
	}
	return found
}

// sameResult returns the constant that all returns have in place i of n.
func sameResult(info *types.Info, returns []*ast.ReturnStmt, i, n int) (seen types.TypeAndValue, ok bool) {
	for k, ret := range returns {
		if len(ret.Results) != n {
			return seen, false // naked, or "return f()"
		}
		tv := info.Types[ast.Unparen(ret.Results[i])]
		if tv.Value == nil && !tv.IsNil() || k > 0 && !equal(seen, tv) {
			return seen, false
		}
		seen = tv
	}
	return seen, true
}

// droppedResults reports the results that no call of fn uses, other than those
// in known.
func droppedResults(fn *signature.Function, known []analysis.Diagnostic) []analysis.Diagnostic {
	results := fn.Signature().Results()
	if len(fn.Calls) < 2 || results.Len() == 0 || forwards(fn) {
		return nil
	}
	var found []analysis.Diagnostic
	for i := range results.Len() {
		r := results.At(i)
		if code.IsError(r.Type()) || reported(known, r) {
			continue
		}
		if every(fn.Calls, func(c inspector.Cursor) bool { return drops(c, i) }) {
			d := at(r, "%s is never used: drop it", describe(i, r))
			call := fn.Calls[0].Node()
			d.Related = []analysis.RelatedInformation{{Pos: call.Pos(), End: call.End(), Message: "one of the calls that drop it"}}
			found = append(found, d)
		}
	}
	return found
}

func reported(known []analysis.Diagnostic, v *types.Var) bool {
	for _, d := range known {
		if d.Pos == v.Pos() {
			return true
		}
	}
	return false
}

func every(calls []inspector.Cursor, ok func(inspector.Cursor) bool) bool {
	for _, c := range calls {
		if !ok(c) {
			return false
		}
	}
	return true
}

// forwards reports whether all that fn returns is what another call gives it,
// so that its results are that function's.
func forwards(fn *signature.Function) bool {
	returns := returnsOf(fn.Body)
	for _, ret := range returns {
		if len(ret.Results) != 1 || fn.Signature().Results().Len() < 2 {
			return false
		}
	}
	return len(returns) > 0
}

// drops reports whether nothing receives the i'th result of the call at c.
func drops(c inspector.Cursor, i int) bool {
	for {
		kind, _ := c.ParentEdge()
		if kind != edge.ParenExpr_X {
			break
		}
		c = c.Parent()
	}
	switch parent := c.Parent().Node().(type) {
	case *ast.ExprStmt, *ast.GoStmt, *ast.DeferStmt:
		return true
	case *ast.AssignStmt:
		return len(parent.Rhs) == 1 && i < len(parent.Lhs) && isBlank(parent.Lhs[i])
	case *ast.ValueSpec:
		return len(parent.Values) == 1 && i < len(parent.Names) && isBlank(parent.Names[i])
	}
	return false
}

func isBlank(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "_"
}

// returnsOf returns the return statements of body, without those of the
// literals in it.
func returnsOf(body *ast.BlockStmt) []*ast.ReturnStmt {
	var returns []*ast.ReturnStmt
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			returns = append(returns, n)
		}
		return true
	})
	return returns
}

func mentions(info *types.Info, body *ast.BlockStmt, v *types.Var) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}
