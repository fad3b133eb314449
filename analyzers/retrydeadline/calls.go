package retrydeadline

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// loopSleep returns the first place in loop that does nothing but wait, or nil
// if there is none or the loop ends by itself, as most that range over something.
func loopSleep(info *types.Info, loop ast.Stmt) ast.Node {
	if loop, ok := loop.(*ast.RangeStmt); ok {
		if isTimer(info, loop.X) {
			return loop.X
		}
		return nil
	}
	return findSleep(info, loop)
}

// findSleep returns the first place below n that does nothing but wait, or nil.
// What function literals, goroutines and deferred calls do is not n's time.
func findSleep(info *types.Info, n ast.Node) (sleep ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt:
			return false
		case *ast.CallExpr:
			if sleep == nil && isSleep(info, n) {
				sleep = n
			}
		case *ast.UnaryExpr:
			if sleep == nil && n.Op == token.ARROW && isTimer(info, n.X) {
				sleep = n
			}
		}
		return sleep == nil
	})
	return sleep
}

// isSleep reports whether call is time.Sleep, or something of that name that
// cannot be interrupted: it takes no context and has no result to say so.
func isSleep(info *types.Info, call *ast.CallExpr) bool {
	fn, ok := typeutil.Callee(info, call).(*types.Func)
	if !ok || !strings.EqualFold(fn.Name(), "sleep") || fn.Signature().Results().Len() > 0 {
		return false
	}
	for v := range fn.Signature().Params().Variables() {
		if isContext(v.Type()) {
			return false
		}
	}
	return true
}

// isTimer reports whether a receive from ch waits for a timer or a ticker.
func isTimer(info *types.Info, ch ast.Expr) bool {
	switch ch := ast.Unparen(ch).(type) {
	case *ast.CallExpr:
		return isFunc(info, ch, "time", "After") || isFunc(info, ch, "time", "Tick")
	case *ast.SelectorExpr:
		v, ok := info.Uses[ch.Sel].(*types.Var)
		return ok && v.Name() == "C" && v.Pkg() != nil && v.Pkg().Path() == "time"
	}
	return false
}

// isLocal reports whether call makes or hands out an error rather than trying
// something.
func (p *paths) isLocal(call *ast.CallExpr) bool {
	if p.info.Types[call.Fun].IsType() {
		return true
	}
	fn, ok := typeutil.Callee(p.info, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "errors", "context":
		return true
	case "fmt":
		return fn.Name() == "Errorf"
	}
	return false
}

// takesContext reports whether a call in the loop takes a context, so that the
// end of that context becomes an error of the call.
func (p *paths) takesContext() bool {
	found := false
	ast.Inspect(p.loop, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && !found {
			for _, arg := range call.Args {
				found = found || isContext(p.info.TypeOf(arg))
			}
		}
		return !found
	})
	return found
}

func isErrorsAs(info *types.Info, call *ast.CallExpr) bool { return isFunc(info, call, "errors", "As") }

func isFunc(info *types.Info, call *ast.CallExpr, pkg, name string) bool {
	fn, ok := typeutil.Callee(info, call).(*types.Func)
	return ok && fn.Name() == name && fn.Pkg() != nil && fn.Pkg().Path() == pkg && fn.Signature().Recv() == nil
}

func isContext(typ types.Type) bool {
	named, ok := types.Unalias(typ).(*types.Named)
	if !ok {
		return false
	}
	obj := named.Obj()
	return obj.Name() == "Context" && obj.Pkg() != nil && obj.Pkg().Path() == "context"
}
