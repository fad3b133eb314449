package unusedparams

import (
	"go/ast"
	"go/types"
)

// isStub reports whether body is a placeholder: empty, or one statement that
// gives up or returns what no parameter could change. Its parameters wait for
// the code that is to come, or for a signature that is asked for elsewhere.
func isStub(info *types.Info, body *ast.BlockStmt) bool {
	if len(body.List) == 0 {
		return true
	}
	if len(body.List) > 1 {
		return false
	}
	switch stmt := body.List[0].(type) {
	case *ast.ExprStmt:
		call, ok := stmt.X.(*ast.CallExpr)
		return ok && givesUp(info, call)
	case *ast.ReturnStmt:
		for _, result := range stmt.Results {
			if !fixedResult(info, result) {
				return false
			}
		}
		return len(stmt.Results) > 0
	}
	return false
}

// exits are the functions of the standard library that end a program.
var exits = map[string]bool{
	"log.Fatal":   true,
	"log.Fatalf":  true,
	"log.Fatalln": true,
	"os.Exit":     true,
}

func givesUp(info *types.Info, call *ast.CallExpr) bool {
	switch obj := callee(info, call).(type) {
	case *types.Builtin:
		return obj.Name() == "panic"
	case *types.Func:
		return exits[obj.FullName()]
	}
	return false
}

// fixedResult reports whether x is a constant, nil, a zero value, or an error
// that says no more than that there is nothing here.
func fixedResult(info *types.Info, x ast.Expr) bool {
	x = ast.Unparen(x)
	if tv := info.Types[x]; tv.Value != nil || tv.IsNil() {
		return true
	}
	switch x := x.(type) {
	case *ast.CompositeLit:
		return len(x.Elts) == 0
	case *ast.UnaryExpr:
		lit, ok := x.X.(*ast.CompositeLit)
		return ok && len(lit.Elts) == 0
	case *ast.Ident:
		return isErrorVar(info.Uses[x])
	case *ast.SelectorExpr:
		return isErrorVar(info.Uses[x.Sel])
	case *ast.CallExpr:
		return isFixedError(info, x)
	}
	return false
}

// isErrorVar reports whether obj is an error such as errors.ErrUnsupported.
func isErrorVar(obj types.Object) bool {
	v, ok := obj.(*types.Var)
	return ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() && isError(v.Type())
}

// isFixedError reports whether call makes an error of constants alone.
func isFixedError(info *types.Info, call *ast.CallExpr) bool {
	if !isError(info.TypeOf(call)) {
		return false
	}
	fn, ok := callee(info, call).(*types.Func)
	if !ok || fn.FullName() != "errors.New" && fn.FullName() != "fmt.Errorf" {
		return false // f(...) may matter for what it does
	}
	for _, arg := range call.Args {
		if !fixedResult(info, arg) {
			return false
		}
	}
	return true
}

func isError(typ types.Type) bool {
	return types.Identical(typ, types.Universe.Lookup("error").Type())
}

func callee(info *types.Info, call *ast.CallExpr) types.Object {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return info.Uses[fun]
	case *ast.SelectorExpr:
		return info.Uses[fun.Sel]
	}
	return nil
}
