package genericdup

import (
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// required reports whether fn is a method that an interface asks for: one of the
// package or of what it imports. Both twins then stay, and so do their doc
// comments; what could be shared is seldom worth a third name.
func required(pass *analysis.Pass, fn *function) bool {
	recv := fn.obj.Signature().Recv()
	if recv == nil {
		return false
	}
	if asksFor(pass.Pkg.Scope(), fn.obj, recv.Type()) {
		return true
	}
	for _, pkg := range pass.Pkg.Imports() {
		if fn.obj.Exported() && asksFor(pkg.Scope(), fn.obj, recv.Type()) {
			return true
		}
	}
	return false
}

// asksFor reports whether an interface in scope has the method and is
// implemented by its receiver.
func asksFor(scope *types.Scope, method *types.Func, recv types.Type) bool {
	for _, name := range scope.Names() {
		typ, ok := scope.Lookup(name).(*types.TypeName)
		if !ok {
			continue
		}
		iface, ok := typ.Type().Underlying().(*types.Interface)
		if !ok || !iface.IsMethodSet() {
			continue
		}
		if obj, _, _ := types.LookupFieldOrMethod(iface, false, method.Pkg(), method.Name()); obj == nil {
			continue
		}
		if types.Implements(recv, iface) || types.Implements(types.NewPointer(recv), iface) {
			return true
		}
	}
	return false
}
