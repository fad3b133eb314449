package signature

import (
	"go/types"
)

// methodsOf notes the unexported methods that an interface asks for. Nobody
// outside the package can ask for one, so that an interface of an imported
// package matters for exported methods alone, and those are nobody's to change.
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

// implements reports whether an interface has a method like fn. That the two
// ever meet is not asked: a conversion may be hidden in an any.
func (u *usage) implements(fn *types.Func) bool {
	for _, sig := range u.methods[fn.Name()] {
		if mayEqual(sig, fn.Signature()) {
			return true
		}
	}
	return false
}

// mayEqual reports whether some instances of two signatures are identical.
func mayEqual(x, y *types.Signature) bool {
	if x.Params().Len() != y.Params().Len() || x.Results().Len() != y.Results().Len() || x.Variadic() != y.Variadic() {
		return false
	}
	return types.Identical(x, y) || generic(x) || generic(y)
}

// generic reports whether sig mentions a type parameter, which an instance
// replaces by a type that nobody can foresee here.
func generic(sig *types.Signature) bool {
	return mentionsTypeParam(sig, make(map[types.Type]bool))
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
		return again(t.Params()) || again(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if again(v.Type()) {
				return true
			}
		}
		return false
	case *types.Basic:
		return false
	}
	return true // a struct or interface literal: rare, and the doubt is cheap
}
