package syncmaprmw

import (
	"go/ast"
	"go/types"
	"strings"
)

type kind int

const (
	load   kind = iota
	store       // Store
	remove      // Delete
	whole       // Range, Clear
	atomic      // what does two steps in one: LoadOrStore, Swap and their like
)

// An op is a call that does one thing to one key of a sync.Map.
type op struct {
	kind   kind
	m, key place
	call   *ast.CallExpr
	sel    *ast.SelectorExpr // of the method, nil for a helper
	value  ast.Expr          // what Store stores, if known
}

var kinds = map[string]kind{
	"Load": load, "Store": store, "Delete": remove, "Range": whole, "Clear": whole,
	"LoadOrStore": atomic, "LoadAndDelete": atomic, "Swap": atomic,
	"CompareAndSwap": atomic, "CompareAndDelete": atomic,
}

// method returns the selector of a call of a method of sync.Map.
func method(info *types.Info, call *ast.CallExpr) *ast.SelectorExpr {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	fn, ok := info.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "sync" || !strings.HasPrefix(fn.FullName(), "(*sync.Map).") {
		return nil
	}
	if s, ok := info.Selections[sel]; !ok || s.Kind() != types.MethodVal {
		return nil // (*sync.Map).Load(m, k): nobody writes that
	}
	return sel
}

// direct returns what a call of a method of sync.Map does.
func direct(info *types.Info, call *ast.CallExpr, bound env) (op, bool) {
	sel := method(info, call)
	if sel == nil {
		return op{}, false
	}
	k, known := kinds[sel.Sel.Name]
	m, ok := mapPlace(info, sel.X, bound)
	if !known || !ok {
		return op{}, false
	}
	s := info.Selections[sel]
	m = fieldPlace(m, s.Recv(), s.Index()[:len(s.Index())-1]) // embedded
	o := op{kind: k, m: m, call: call, sel: sel}
	if k == whole {
		return o, true
	}
	if len(call.Args) == 0 {
		return op{}, false // incomplete code
	}
	o.key, ok = placeOf(info, call.Args[0], bound)
	if k == store && len(call.Args) == 2 {
		o.value = call.Args[1]
	}
	return o, ok
}
