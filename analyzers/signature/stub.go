package signature

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/gohearth/hearth/analyzers/code"
)

// isStub reports whether body is a placeholder: it does no work before it ends,
// gives up, or returns what no parameter could change. Its parameters wait for
// the code that is to come, or for a signature that is asked for elsewhere.
func isStub(info *types.Info, body *ast.BlockStmt) bool {
	for _, stmt := range body.List {
		switch stmt := stmt.(type) {
		case *ast.ReturnStmt:
			return every(stmt.Results, func(x ast.Expr) bool { return fixedResult(info, x) })
		case *ast.ExprStmt:
			call, ok := stmt.X.(*ast.CallExpr)
			if !ok || !every(call.Args, func(x ast.Expr) bool { return idle(info, x) }) {
				return false
			}
			obj := typeutil.Callee(info, call)
			if givesUp(obj) {
				return true
			}
			if !logs(obj) {
				return false
			}
		case *ast.DeclStmt:
			if !declaresZero(stmt) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// isCalledStub reports whether fn's name says that it stands in for another.
func isCalledStub(fn *Function) bool {
	name := fn.Name()
	return strings.HasSuffix(name, "Stub") || strings.HasSuffix(name, "_stub") || name == "stub"
}

func every(list []ast.Expr, ok func(ast.Expr) bool) bool {
	for _, x := range list {
		if !ok(x) {
			return false
		}
	}
	return true
}

// declaresZero reports whether stmt is like "var zero T".
func declaresZero(stmt *ast.DeclStmt) bool {
	decl, ok := stmt.Decl.(*ast.GenDecl)
	if !ok || decl.Tok != token.VAR {
		return false
	}
	for _, spec := range decl.Specs {
		if spec, ok := spec.(*ast.ValueSpec); !ok || len(spec.Values) > 0 {
			return false
		}
	}
	return true
}

// exits are the functions of the standard library that end a program.
var exits = map[string]bool{
	"log.Fatal":   true,
	"log.Fatalf":  true,
	"log.Fatalln": true,
	"os.Exit":     true,
}

func givesUp(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Builtin:
		return obj.Name() == "panic"
	case *types.Func:
		return exits[obj.FullName()] || obj.Name() == "throw" // the runtime's panic
	}
	return false
}

// logger matches the package or type that a logging function belongs to.
var logger = regexp.MustCompile(`(?i)^([kgs]?log|logrus|logr|zap|zerolog|.*logger)$`)

// logs reports whether obj only tells somebody that it was called: it logs, or
// it complains to a test.
func logs(obj types.Object) bool {
	fn, ok := obj.(*types.Func)
	if !ok || fn.Pkg() == nil {
		return false
	}
	if fn.Pkg().Path() == "testing" {
		return fn.Signature().Recv() != nil
	}
	return logger.MatchString(fn.Pkg().Name()) || logger.MatchString(receiverName(fn))
}

// receiverName returns the name of the type that fn is a method of, or "".
func receiverName(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return ""
	}
	typ := recv.Type()
	if ptr, ok := types.Unalias(typ).(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	if named, ok := types.Unalias(typ).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

// idle reports whether evaluating x calls nothing but what makes an error.
func idle(info *types.Info, x ast.Expr) bool {
	ok := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if tv := info.Types[n]; tv.Value == nil && !isFixedError(info, n) {
				ok = false
			}
			return false
		case *ast.FuncLit, *ast.BinaryExpr:
			if tv := info.Types[n.(ast.Expr)]; tv.Value == nil {
				ok = false
			}
			return false
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				ok = false
			}
		}
		return ok
	})
	return ok
}

// fixedResult reports whether x is a constant, a zero value, a variable
// that no caller gave, or an error that says no more than that there is nothing here.
func fixedResult(info *types.Info, x ast.Expr) bool {
	x = ast.Unparen(x)
	if tv := info.Types[x]; tv.Value != nil || tv.IsNil() {
		return true
	}
	switch x := x.(type) {
	case *ast.Ident:
		v, ok := info.Uses[x].(*types.Var)
		return ok && v.Kind() != types.ParamVar // what it was given is a choice
	case *ast.SelectorExpr:
		_, ok := info.Selections[x]
		return !ok // qualified by a package; a field may be the point of the method
	case *ast.CompositeLit:
		return fixedLiteral(info, x, isError(info.TypeOf(x)))
	case *ast.UnaryExpr:
		lit, ok := ast.Unparen(x.X).(*ast.CompositeLit)
		return ok && fixedLiteral(info, lit, isError(info.TypeOf(x)))
	case *ast.CallExpr:
		return isFixedError(info, x) || isZeroMade(info, x)
	}
	return false
}

func fixedLiteral(info *types.Info, lit *ast.CompositeLit, isError bool) bool {
	return len(lit.Elts) == 0 || isError && every(lit.Elts, func(x ast.Expr) bool { return idle(info, x) })
}

// isZeroMade reports whether call is new(T), make(T, 0), T(nil) or the like of
// unsafe.Pointer(uintptr(0)).
func isZeroMade(info *types.Info, call *ast.CallExpr) bool {
	if tv := info.Types[call.Fun]; tv.IsType() && len(call.Args) == 1 {
		arg := info.Types[call.Args[0]]
		return arg.IsNil() || arg.Value != nil
	}
	obj, ok := typeutil.Callee(info, call).(*types.Builtin)
	return ok && len(call.Args) > 0 && (obj.Name() == "new" || obj.Name() == "make") &&
		every(call.Args[1:], func(x ast.Expr) bool { return info.Types[x].Value != nil })
}

// failing matches the name of a function that makes an error, or that says that
// something is missing.
var failing = regexp.MustCompile(`(?i)errorf?$|un(implemented|supported)|not_?(implemented|supported)`)

// isFixedError reports whether call makes an error without any work.
func isFixedError(info *types.Info, call *ast.CallExpr) bool {
	fn, ok := typeutil.Callee(info, call).(*types.Func)
	if !ok || fn.Pkg() == nil || !isError(info.TypeOf(call)) {
		return false
	}
	if !failing.MatchString(fn.Name()) && !strings.HasSuffix(fn.Pkg().Name(), "errors") {
		return false
	}
	return every(call.Args, func(x ast.Expr) bool { return idle(info, x) })
}

// isError reports whether typ is an error of any kind.
func isError(typ types.Type) bool {
	return typ != nil && types.Implements(typ, code.ErrorType.Underlying().(*types.Interface))
}
