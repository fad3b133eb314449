package goerr

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/gohearth/hearth/analyzers/code"
)

type pkg struct {
	pkg   *types.Package
	info  *types.Info
	root  inspector.Cursor
	decls map[*types.Func]*ast.FuncDecl // filled when first needed
}

// body returns the body of what call calls, if the package has it.
func (p *pkg) body(call *ast.CallExpr) (*ast.BlockStmt, bool) {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.FuncLit:
		return fun.Body, fun.Body != nil
	case *ast.Ident:
		return p.decl(p.info.Uses[fun])
	case *ast.SelectorExpr:
		return p.decl(p.info.Uses[fun.Sel])
	}
	return nil, false
}

func (p *pkg) decl(obj types.Object) (*ast.BlockStmt, bool) {
	fn, ok := obj.(*types.Func)
	if !ok {
		return nil, false
	}
	if p.decls == nil {
		p.decls = make(map[*types.Func]*ast.FuncDecl)
		for c := range p.root.Preorder((*ast.FuncDecl)(nil)) {
			decl := c.Node().(*ast.FuncDecl)
			if fn, ok := p.info.Defs[decl.Name].(*types.Func); ok && decl.Body != nil {
				p.decls[fn] = decl
			}
		}
	}
	decl, ok := p.decls[fn.Origin()]
	if !ok {
		return nil, false
	}
	return decl.Body, true
}

// maxDepth bounds how far a function is followed that returns what another one
// returns.
const maxDepth = 3

// harmless reports whether nobody misses the error of a function: it has none
// but nil, or shows it to somebody before it returns.
func (p *pkg) harmless(body *ast.BlockStmt, depth int) bool {
	if depth > maxDepth {
		return false
	}
	fails, shows := false, false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			shows = shows || p.literalShows(n)
			return false // its returns are its own
		case *ast.ReturnStmt:
			fails = fails || p.returnsError(n, body, depth)
		}
		shows = shows || p.shows(n)
		return !shows
	})
	return shows || !fails
}

// literalShows reports whether a literal shows an error, as a deferred one does
// with a named result.
func (p *pkg) literalShows(lit *ast.FuncLit) (found bool) {
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		found = found || p.shows(n)
		return !found
	})
	return found
}

// returnsError reports whether ret, in body, may return an error.
func (p *pkg) returnsError(ret *ast.ReturnStmt, body *ast.BlockStmt, depth int) bool {
	if len(ret.Results) == 0 {
		return true // named results
	}
	for _, x := range ret.Results {
		if p.mayBeError(x) && !p.excused(x, body, depth) {
			return true
		}
	}
	return false
}

// excused reports whether the error x in body is none, or only says that a
// context has ended, by itself or joined with others, or comes from a function
// that is harmless.
func (p *pkg) excused(x ast.Expr, body *ast.BlockStmt, depth int) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return p.info.Types[x].IsNil() || depth < maxDepth && p.onlyAssignedExcused(x, body, depth+1)
	case *ast.CallExpr:
		if p.ofContext(x) {
			return true
		}
		if fn, ok := typeutil.Callee(p.info, x).(*types.Func); ok && fn.FullName() == "errors.Join" {
			fails := func(arg ast.Expr) bool { return !p.excused(arg, body, depth) }
			return !x.Ellipsis.IsValid() && !slices.ContainsFunc(x.Args, fails)
		}
		callee, ok := p.body(x)
		return ok && p.harmless(callee, depth+1)
	}
	return false
}

// onlyAssignedExcused reports whether id is a variable of body that nobody else
// writes to, and body assigns nothing to it but what is excused.
func (p *pkg) onlyAssignedExcused(id *ast.Ident, body *ast.BlockStmt, depth int) bool {
	obj := p.info.Uses[id]
	if obj == nil || obj.Pos() < body.Pos() || body.End() <= obj.Pos() {
		return false
	}
	is := func(x ast.Expr) bool {
		id, ok := x.(*ast.Ident)
		return ok && p.info.ObjectOf(id) == obj
	}
	assigned, ok := false, true
	assign := func(lhs, rhs []ast.Expr) {
		for i, x := range lhs {
			if is(x) && len(rhs) > 0 {
				assigned = true
				ok = ok && p.excused(rhs[min(i, len(rhs)-1)], body, depth)
			}
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			assign(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if len(n.Values) > 0 {
					assign([]ast.Expr{name}, n.Values[min(i, len(n.Values)-1):])
				}
			}
		case *ast.RangeStmt:
			ok = ok && !is(n.Key) && !is(n.Value)
		case *ast.UnaryExpr:
			ok = ok && (n.Op != token.AND || !is(ast.Unparen(n.X)))
		}
		return ok
	})
	return assigned && ok
}

// mayBeError reports whether x is an error, by itself or among others. What
// implements error is converted to one by the return.
func (p *pkg) mayBeError(x ast.Expr) bool {
	for _, typ := range results(p.info.TypeOf(x)) {
		if types.AssignableTo(typ, code.ErrorType) {
			return true
		}
	}
	return false
}

// ofContext reports whether call asks a context why it has ended. Whoever ended
// it knows.
func (p *pkg) ofContext(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := p.info.Uses[sel.Sel].(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == "context" && (fn.Name() == "Err" || fn.Name() == "Cause")
}

// shows reports whether n hands an error to somebody else: a log, a channel, a
// field, a variable that is not its own. A call that makes an error of an error
// does not.
func (p *pkg) shows(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SendStmt:
		return code.IsError(p.info.TypeOf(n.Value))
	case *ast.AssignStmt:
		for _, lhs := range n.Lhs {
			if sel, ok := ast.Unparen(lhs).(*ast.SelectorExpr); ok && code.IsError(p.info.TypeOf(sel)) {
				return true
			}
		}
	case *ast.CallExpr:
		for _, typ := range results(p.info.TypeOf(n)) {
			if code.IsError(typ) || types.Identical(typ, types.Typ[types.Bool]) {
				return false // fmt.Errorf, errors.Is
			}
		}
		for _, arg := range n.Args {
			if code.IsError(p.info.TypeOf(arg)) || isErrorPointer(p.info.TypeOf(arg)) || p.errorText(arg) {
				return true
			}
		}
	}
	return false
}

// isErrorPointer reports whether typ is *error: who gets one has a use for it.
func isErrorPointer(typ types.Type) bool {
	ptr, ok := typ.(*types.Pointer)
	return ok && code.IsError(ptr.Elem())
}

// errorText reports whether x is err.Error().
func (p *pkg) errorText(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Error" && code.IsError(p.info.TypeOf(sel.X))
}
