package unusedparams

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// usage is what the package does with its functions and variables.
type usage struct {
	mentioned map[types.Object]bool // is used at all
	asValue   map[types.Object]bool // is used other than by calling it
	bound     map[types.Object]int  // number of values that a variable is given
	methods   map[string][]*types.Signature
	linked    map[string]bool // names in //go:linkname and //export
}

func collect(pass *analysis.Pass, root inspector.Cursor) *usage {
	u := &usage{
		mentioned: make(map[types.Object]bool),
		asValue:   make(map[types.Object]bool),
		bound:     make(map[types.Object]int),
		methods:   make(map[string][]*types.Signature),
		linked:    make(map[string]bool),
	}
	for c := range root.Preorder((*ast.Ident)(nil), (*ast.InterfaceType)(nil)) {
		switch n := c.Node().(type) {
		case *ast.Ident:
			u.ident(pass.TypesInfo, c, n)
		case *ast.InterfaceType:
			u.methodsOf(pass.TypesInfo.TypeOf(n))
		}
	}
	for _, file := range pass.Files {
		addLinked(u.linked, file)
	}
	return u
}

// ident notes what a mention of a function or variable says about it.
func (u *usage) ident(info *types.Info, c inspector.Cursor, id *ast.Ident) {
	if bindsFunc(c) {
		u.bound[info.ObjectOf(id)]++ // f = func... names the literal; it is no use of f
		return
	}
	obj := origin(info.Uses[id])
	if obj == nil {
		return
	}
	u.mentioned[obj] = true
	if !called(c) {
		u.asValue[obj] = true
	}
}

// methodsOf notes the unexported methods that an interface asks for. Nobody
// outside the package can ask for one.
func (u *usage) methodsOf(typ types.Type) {
	iface, ok := typ.(*types.Interface)
	if !ok {
		return
	}
	for m := range iface.ExplicitMethods() {
		if !m.Exported() {
			u.methods[m.Name()] = append(u.methods[m.Name()], m.Signature())
		}
	}
}

// fixed reports whether something in the package asks for fn's signature.
func (u *usage) fixed(fn function) bool {
	if fn.obj == nil {
		return false // _ = func: nobody can
	}
	if u.asValue[fn.obj] || u.linked[fn.obj.Name()] || u.bound[fn.obj] > 1 {
		return true
	}
	switch obj := fn.obj.(type) {
	case *types.Func:
		return fn.decl.Recv != nil && u.implements(obj)
	case *types.Var:
		_, literal := types.Unalias(obj.Type()).(*types.Signature)
		return !literal // var h http.HandlerFunc = func...
	}
	return false
}

// implements reports whether an interface has a method like fn.
func (u *usage) implements(fn *types.Func) bool {
	for _, sig := range u.methods[fn.Name()] {
		if generic(sig) || generic(fn.Signature()) || types.Identical(sig, fn.Signature()) {
			return true
		}
	}
	return false
}

// generic reports whether sig mentions a type parameter, which an instance
// replaces by a type that nobody can foresee here.
func generic(sig *types.Signature) bool {
	for tuple := range tuples(sig) {
		for v := range tuple.Variables() {
			if mentionsTypeParam(v.Type(), make(map[types.Type]bool)) {
				return true
			}
		}
	}
	return false
}

func tuples(sig *types.Signature) func(yield func(*types.Tuple) bool) {
	return func(yield func(*types.Tuple) bool) {
		_ = yield(sig.Params()) && yield(sig.Results())
	}
}

func mentionsTypeParam(typ types.Type, seen map[types.Type]bool) bool {
	if seen[typ] {
		return false
	}
	seen[typ] = true
	again := func(t types.Type) bool { return mentionsTypeParam(t, seen) }
	switch t := types.Unalias(typ).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			if again(arg) {
				return true
			}
		}
		return false
	case *types.Map:
		return again(t.Key()) || again(t.Elem())
	case interface{ Elem() types.Type }: // pointer, slice, array, channel
		return again(t.Elem())
	case *types.Signature:
		return generic(t)
	case *types.Basic:
		return false
	}
	return true // a struct or interface literal: rare, and the doubt is cheap
}

// origin returns the declared function or variable behind an instance.
func origin(obj types.Object) types.Object {
	switch obj := obj.(type) {
	case *types.Func:
		return obj.Origin()
	case *types.Var:
		return obj.Origin()
	}
	return nil
}

// boundName returns the name that the function literal at c is given, or nil.
func boundName(c inspector.Cursor) *ast.Ident {
	kind, i := c.ParentEdge()
	switch kind {
	case edge.AssignStmt_Rhs:
		if assign := c.Parent().Node().(*ast.AssignStmt); i < len(assign.Lhs) {
			id, _ := assign.Lhs[i].(*ast.Ident)
			return id
		}
	case edge.ValueSpec_Values:
		if spec := c.Parent().Node().(*ast.ValueSpec); i < len(spec.Names) {
			return spec.Names[i]
		}
	}
	return nil
}

// bindsFunc reports whether the identifier at c gets a function literal.
func bindsFunc(c inspector.Cursor) bool {
	var value ast.Expr
	kind, i := c.ParentEdge()
	switch kind {
	case edge.AssignStmt_Lhs:
		if assign := c.Parent().Node().(*ast.AssignStmt); len(assign.Lhs) == len(assign.Rhs) {
			value = assign.Rhs[i]
		}
	case edge.ValueSpec_Names:
		if spec := c.Parent().Node().(*ast.ValueSpec); i < len(spec.Values) {
			value = spec.Values[i]
		}
	}
	_, ok := value.(*ast.FuncLit)
	return ok
}

// called reports whether the identifier at c is what a call calls: f(), x.f(),
// (f)(), f[int]().
func called(c inspector.Cursor) bool {
	for {
		switch kind, _ := c.ParentEdge(); kind {
		case edge.CallExpr_Fun:
			return true
		case edge.SelectorExpr_Sel, edge.ParenExpr_X, edge.IndexExpr_X, edge.IndexListExpr_X:
			c = c.Parent()
		default:
			return false
		}
	}
}
