package signature

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// usage is what the package does with its functions and variables.
type usage struct {
	mentioned  map[types.Object]bool // is used other than by handing it on
	handedOn   map[types.Object]bool // is an argument for itself in a recursive call
	asValue    map[types.Object]bool // is used other than by calling it
	takesTuple map[types.Object]bool // is called like f(g()), g having several results
	calls      map[types.Object][]inspector.Cursor
	literals   map[types.Object][]*ast.FuncLit // what a variable is given
	methods    map[string][]*types.Signature   // unexported methods of interfaces
	linked     map[string]bool                 // names in //go:linkname and //export
}

func collect(pass *analysis.Pass, root inspector.Cursor) *usage {
	u := &usage{
		mentioned:  make(map[types.Object]bool),
		handedOn:   make(map[types.Object]bool),
		asValue:    make(map[types.Object]bool),
		takesTuple: make(map[types.Object]bool),
		calls:      make(map[types.Object][]inspector.Cursor),
		literals:   make(map[types.Object][]*ast.FuncLit),
		methods:    make(map[string][]*types.Signature),
		linked:     make(map[string]bool),
	}
	// A variable comes before the literal that it names, so the literal is
	// known when an identifier in its body is looked at.
	for c := range root.Preorder((*ast.Ident)(nil), (*ast.InterfaceType)(nil)) {
		switch n := c.Node().(type) {
		case *ast.Ident:
			u.ident(pass, c, n)
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
func (u *usage) ident(pass *analysis.Pass, c inspector.Cursor, id *ast.Ident) {
	info := pass.TypesInfo
	if lit := boundLiteral(c); lit != nil {
		obj := info.ObjectOf(id)
		u.literals[obj] = append(u.literals[obj], lit)
		return // f = func... names the literal; it is no use of f
	}
	obj := origin(info.Uses[id])
	if obj == nil || obj.Pkg() != pass.Pkg {
		return
	}
	if u.isHandedOn(info, c, obj) {
		u.handedOn[obj] = true
		return
	}
	u.mentioned[obj] = true
	call, ok := callAt(c)
	if !ok {
		u.asValue[obj] = true
		return
	}
	u.calls[obj] = append(u.calls[obj], call)
	if args := call.Node().(*ast.CallExpr).Args; len(args) == 1 {
		if tuple, ok := info.TypeOf(args[0]).(*types.Tuple); ok && tuple.Len() > 1 {
			u.takesTuple[obj] = true
		}
	}
}

// isHandedOn reports whether the variable at c is an argument for itself: the
// parameter of a function that the function, calling itself, passes unchanged.
func (u *usage) isHandedOn(info *types.Info, c inspector.Cursor, obj types.Object) bool {
	kind, i := c.ParentEdge()
	if kind != edge.CallExpr_Args {
		return false
	}
	var sig *types.Signature
	switch callee := origin(typeutil.Callee(info, c.Parent().Node().(*ast.CallExpr))).(type) {
	case *types.Func:
		sig = callee.Signature()
	case *types.Var:
		if lits := u.literals[callee]; len(lits) == 1 {
			sig, _ = info.TypeOf(lits[0]).(*types.Signature)
		}
	}
	return sig != nil && i < sig.Params().Len() && sig.Params().At(i) == obj
}

// fixed reports whether something in the package asks for fn's signature.
func (u *usage) fixed(fn *Function) bool {
	if fn.Obj == nil {
		return false // _ = func: nobody can
	}
	if u.asValue[fn.Obj] || u.linked[fn.Obj.Name()] || len(u.literals[fn.Obj]) > 1 {
		return true
	}
	switch obj := fn.Obj.(type) {
	case *types.Func:
		// A function that must not be inlined is about its call: a stack
		// frame, a register, a line in a trace.
		return hasDirective(fn.Decl.Doc, "//go:wasmexport") || hasDirective(fn.Decl.Doc, "//go:noinline") || fn.Decl.Recv != nil && u.implements(obj)
	case *types.Var:
		_, literal := types.Unalias(obj.Type()).(*types.Signature)
		return !literal // var h http.HandlerFunc = func...
	}
	return false
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

// boundLiteral returns the function literal that the identifier at c is given,
// or nil.
func boundLiteral(c inspector.Cursor) *ast.FuncLit {
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
	lit, _ := value.(*ast.FuncLit)
	return lit
}

// callAt returns the call whose function the identifier at c is: f(), x.f(),
// (f)(), f[int]().
func callAt(c inspector.Cursor) (call inspector.Cursor, ok bool) {
	for {
		switch kind, _ := c.ParentEdge(); kind {
		case edge.CallExpr_Fun:
			return c.Parent(), true
		case edge.SelectorExpr_Sel, edge.ParenExpr_X, edge.IndexExpr_X, edge.IndexListExpr_X:
			c = c.Parent()
		default:
			return c, false
		}
	}
}
