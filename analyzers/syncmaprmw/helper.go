package syncmaprmw

import (
	"go/ast"
	"go/types"
)

// A helper is a function that makes one call of a sync.Map first and little
// else after: a call of it is that call.
type helper struct {
	recv   types.Object // nil if none
	params []types.Object
	call   *ast.CallExpr
}

// maxHelper bounds the statements of a helper: load, miss, assert, return.
const maxHelper = 4

// findHelpers finds the helpers of the package, by the function or variable
// that names them.
func (p *pkg) findHelpers() {
	p.helpers = make(map[types.Object]helper)
	assigned := make(map[types.Object]int)
	for c := range p.root.Preorder((*ast.FuncDecl)(nil), (*ast.AssignStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.FuncDecl:
			p.addHelper(p.info.Defs[n.Name], n.Recv, n.Type, n.Body)
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				id, ok := lhs.(*ast.Ident)
				if !ok || len(n.Lhs) != len(n.Rhs) {
					continue
				}
				obj := p.info.ObjectOf(id)
				assigned[obj]++
				if lit, ok := n.Rhs[i].(*ast.FuncLit); ok {
					p.addHelper(obj, nil, lit.Type, lit.Body)
				}
			}
		}
	}
	for obj, n := range assigned {
		if n > 1 {
			delete(p.helpers, obj) // which of its values is called is not known
		}
	}
}

func (p *pkg) addHelper(obj types.Object, recv *ast.FieldList, typ *ast.FuncType, body *ast.BlockStmt) {
	if obj == nil || body == nil || len(body.List) == 0 || len(body.List) > maxHelper {
		return
	}
	var calls []*ast.CallExpr
	simple := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt, *ast.GoStmt, *ast.DeferStmt:
			simple = false
		case *ast.CallExpr:
			if method(p.info, n) != nil {
				calls = append(calls, n)
			}
			simple = simple && lockName(n) == neither
		}
		return simple
	})
	if !simple || len(calls) != 1 || !runsAlways(body.List[0], calls[0]) || p.dependsOn(body, calls[0]) {
		return
	}
	if onlyBool(p.info, typ) && !returnsName(body) {
		return // perhaps that the key is missing
	}
	h := helper{call: calls[0], params: p.names(typ.Params)}
	if recv != nil {
		if names := p.names(recv); len(names) == 1 {
			h.recv = names[0]
		}
	}
	p.helpers[obj] = h
}

// runsAlways reports whether stmt, the first of a function, makes the call
// whatever happens.
func runsAlways(stmt ast.Stmt, call *ast.CallExpr) bool {
	if s, ok := stmt.(*ast.IfStmt); ok {
		stmt = s.Init
	}
	switch stmt.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.ReturnStmt:
		return stmt.Pos() <= call.Pos() && call.End() <= stmt.End()
	}
	return false
}

// onlyBool reports whether a function returns a bool, and nothing else.
func onlyBool(info *types.Info, typ *ast.FuncType) bool {
	if typ.Results.NumFields() != 1 {
		return false
	}
	basic, ok := underlying(info.TypeOf(typ.Results.List[0].Type)).(*types.Basic)
	return ok && basic.Kind() == types.Bool
}

// returnsName reports whether body ends in the return of a variable.
func returnsName(body *ast.BlockStmt) bool {
	ret, ok := body.List[len(body.List)-1].(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 {
		return false
	}
	_, ok = ret.Results[0].(*ast.Ident)
	return ok
}

// dependsOn reports whether the call mentions variables of the body. What they
// are at one call of the helper says nothing of the next.
func (p *pkg) dependsOn(body *ast.BlockStmt, call *ast.CallExpr) (found bool) {
	ast.Inspect(call, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj, ok := p.info.ObjectOf(id).(*types.Var); ok && !obj.IsField() {
				found = found || body.Pos() <= obj.Pos() && obj.Pos() < body.End()
			}
		}
		return !found
	})
	return found
}

func (p *pkg) names(list *ast.FieldList) (objs []types.Object) {
	if list == nil {
		return nil
	}
	for _, field := range list.List {
		for _, name := range field.Names {
			objs = append(objs, p.info.Defs[name])
		}
		if len(field.Names) == 0 {
			objs = append(objs, nil)
		}
	}
	return objs
}

// opOf returns what a call does to a sync.Map, by itself or through a helper.
func (p *pkg) opOf(call *ast.CallExpr) (op, bool) {
	if o, ok := direct(p.info, call, nil); ok {
		return o, true
	}
	var obj types.Object
	bound := make(env)
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		obj = p.info.Uses[fun]
	case *ast.SelectorExpr:
		obj = p.info.Uses[fun.Sel]
	}
	if fn, ok := obj.(*types.Func); ok {
		obj = fn.Origin()
	}
	h, ok := p.helpers[obj]
	if !ok || call.Ellipsis.IsValid() {
		return op{}, false
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && h.recv != nil {
		s, ok := p.info.Selections[sel]
		recv, isPlace := mapPlace(p.info, sel.X, nil)
		if !ok || !isPlace || s.Kind() != types.MethodVal {
			return op{}, false
		}
		bound[h.recv] = fieldPlace(recv, s.Recv(), s.Index()[:len(s.Index())-1])
	}
	var value ast.Expr
	for i, param := range h.params {
		if param == nil {
			continue
		}
		bound[param] = place{} // none, unless the next lines find one
		if i < len(call.Args) {
			bound[param], _ = placeOf(p.info, call.Args[i], nil)
			if len(h.call.Args) == 2 && p.isUse(h.call.Args[1], param) {
				value = call.Args[i]
			}
		}
	}
	o, ok := direct(p.info, h.call, bound)
	o.call, o.sel, o.value = call, nil, value
	return o, ok && o.kind != whole
}

func (p *pkg) isUse(x ast.Expr, obj types.Object) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	return ok && p.info.Uses[id] == obj
}
