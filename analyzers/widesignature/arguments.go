package widesignature

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/signature"
)

// minCalls is how many calls make a habit. Fewer are a coincidence, or a
// function that has just been written; unparam asks for as many.
const minCalls = 4

// sameArguments reports the parameters for which every call of fn passes one
// constant. Those that nothing reads are left to unusedparams.
func sameArguments(info *types.Info, fns *signature.Functions, fn *signature.Function) []analysis.Diagnostic {
	params := fn.Signature().Params()
	var found []analysis.Diagnostic
	for i := range params.Len() {
		p := params.At(i)
		if p.Name() == "" || strings.HasPrefix(p.Name(), "_") || !fns.Mentioned(p) {
			continue
		}
		if fn.Signature().Variadic() && i == params.Len()-1 {
			continue // may be given any number of times
		}
		if call, value := sameArgument(info, fn, p, i); call != nil {
			d := at(p, "parameter %s always receives %s: let %s use the constant", p.Name(), value, fn.Name())
			d.Related = []analysis.RelatedInformation{{
				Pos: call.Pos(), End: call.End(),
				Message: fmt.Sprintf("one of %d calls that pass %s", len(fn.Calls), value),
			}}
			found = append(found, d)
		}
	}
	return found
}

// sameArgument returns the first call of fn, and the constant that all of them
// pass for p, the i'th parameter; or nil if they differ.
func sameArgument(info *types.Info, fn *signature.Function, p *types.Var, i int) (first *ast.CallExpr, value string) {
	var seen types.TypeAndValue
	n := 0
	for _, c := range fn.Calls {
		call := c.Node().(*ast.CallExpr)
		if i >= len(call.Args) || isMethodExpr(info, call) {
			return nil, "" // incomplete, or shifted by the receiver
		}
		arg := ast.Unparen(call.Args[i])
		if id, ok := arg.(*ast.Ident); ok && info.Uses[id] == p && !written(info, fn.Body, p) {
			continue // a recursive call hands it on
		}
		tv := info.Types[arg]
		switch {
		case tv.Value == nil && !tv.IsNil():
			return nil, ""
		case first == nil:
			first, seen, value = call, tv, describeArg(arg, tv)
		case !equal(seen, tv):
			return nil, ""
		case value != describeArg(arg, tv):
			value = constantText(tv) // one value under several names
		}
		n++
	}
	if n < minCalls {
		return nil, ""
	}
	return first, value
}

// written reports whether body may give p another value.
func written(info *types.Info, body *ast.BlockStmt, p *types.Var) bool {
	is := func(x ast.Expr) bool {
		id, ok := x.(*ast.Ident)
		return ok && info.Uses[id] == p
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Lhs, is)
		case *ast.IncDecStmt:
			found = found || is(n.X)
		case *ast.RangeStmt:
			found = found || is(n.Key) || is(n.Value)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && is(n.X)
		}
		return !found
	})
	return found
}

func isMethodExpr(info *types.Info, call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && info.Selections[sel] != nil && info.Selections[sel].Kind() == types.MethodExpr
}

// equal reports whether two constants, or nils, are the same for whoever gets
// them, possibly in an interface.
func equal(x, y types.TypeAndValue) bool {
	if x.Value == nil || y.Value == nil {
		return x.IsNil() && y.IsNil()
	}
	return types.Identical(types.Default(x.Type), types.Default(y.Type)) &&
		x.Value.Kind() == y.Value.Kind() && x.Value.Kind() != constant.Unknown &&
		constant.Compare(x.Value, token.EQL, y.Value)
}

// describeArg returns a constant as it is written: a literal, or a name and its
// value.
func describeArg(arg ast.Expr, tv types.TypeAndValue) string {
	switch arg := arg.(type) {
	case *ast.BasicLit:
		if len(arg.Value) < 40 {
			return arg.Value // 'a' says more than 97
		}
	case *ast.Ident, *ast.SelectorExpr:
		if name := types.ExprString(arg); name != constantText(tv) {
			return fmt.Sprintf("%s (%s)", name, constantText(tv))
		}
	}
	return constantText(tv)
}

// constantText returns the value of a constant, shortened to what fits a line.
func constantText(tv types.TypeAndValue) string {
	if tv.Value == nil {
		return "nil"
	}
	return tv.Value.String()
}
