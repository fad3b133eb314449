package genericdup

import (
	"go/ast"
	"go/types"
)

// A match compares two functions of one shape. It finds the one type from that
// all differences in types replace by the type to.
type match struct {
	info     *types.Info
	pointers bool // let *A and *B differ as a whole, rather than A and B
	from, to types.Type

	there, back map[types.Object]types.Object // local objects and their twins

	sites   []ast.Expr // type expressions of the first function that are from
	self    []ast.Expr // its mentions of itself
	methods []string   // names of methods that it uses of from
}

// compare reports whether f and g are twins, and how.
func (m *match) compare(f, g *function) bool {
	m.there = make(map[types.Object]types.Object)
	m.back = make(map[types.Object]types.Object)
	if len(f.steps) != len(g.steps) {
		return false // same hash by accident
	}
	for i := range f.steps {
		x, y := f.steps[i], g.steps[i]
		if x.kind != y.kind || x.text != y.text || !m.step(x, y) {
			return false
		}
	}
	if m.from == nil {
		return false // equal
	}
	if f.decl.Recv != nil && !types.Identical(f.obj.Signature().Recv().Type(), g.obj.Signature().Recv().Type()) {
		return false // each type needs its method, whoever does the work
	}
	for i := range f.steps {
		if x, y := f.steps[i], g.steps[i]; x.typ != nil && !m.site(x.node.(ast.Expr), y.typ) {
			return false
		}
	}
	return true
}

// step compares what steps of the same kind and text mention.
func (m *match) step(x, y step) bool {
	switch x.kind {
	case typeExpr:
		return m.unify(x.typ, y.typ)
	case local:
		if x.obj == nil || y.obj == nil {
			return x.obj == y.obj
		}
		if m.there[x.obj] == nil && m.back[y.obj] == nil {
			m.there[x.obj], m.back[y.obj] = y.obj, x.obj
		}
		return m.there[x.obj] == y.obj && m.back[y.obj] == x.obj
	case self:
		m.self = append(m.self, x.node.(*ast.Ident))
		return true
	case name:
		return m.name(x, y)
	}
	return true
}

// name compares names that are declared elsewhere.
func (m *match) name(x, y step) bool {
	if x.obj == y.obj {
		return true
	}
	switch x.obj.(type) {
	case *types.PkgName:
		_, ok := y.obj.(*types.PkgName)
		return ok // same path
	case *types.Func: // same name
		yf, ok := y.obj.(*types.Func)
		if !ok || yf.Signature().Recv() == nil || x.obj.(*types.Func).Signature().Recv() == nil {
			return false
		}
		m.methods = append(m.methods, x.text)
		return true // the type checker will tell whether they are methods of from
	}
	return false
}

// unify reports whether t becomes u when from is replaced by to. The first
// difference that it meets sets the two.
func (m *match) unify(t, u types.Type) bool {
	if types.Identical(t, u) {
		return true
	}
	if m.from != nil && types.Identical(t, m.from) && types.Identical(u, m.to) {
		return true
	}
	if ts, us := m.parts(t, u); len(ts) > 0 && len(ts) == len(us) {
		for i := range ts {
			if !m.unify(ts[i], us[i]) {
				return false
			}
		}
		return true
	}
	if m.from != nil {
		return false
	}
	m.from, m.to = t, u
	return true
}

// parts returns the types that t and u are made of, if they are made alike.
func (m *match) parts(t, u types.Type) (ts, us []types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		if u, ok := types.Unalias(u).(*types.Pointer); ok && !m.pointers {
			return []types.Type{t.Elem()}, []types.Type{u.Elem()}
		}
	case *types.Slice:
		if u, ok := types.Unalias(u).(*types.Slice); ok {
			return []types.Type{t.Elem()}, []types.Type{u.Elem()}
		}
	case *types.Array:
		if u, ok := types.Unalias(u).(*types.Array); ok && t.Len() == u.Len() {
			return []types.Type{t.Elem()}, []types.Type{u.Elem()}
		}
	case *types.Chan:
		if u, ok := types.Unalias(u).(*types.Chan); ok && t.Dir() == u.Dir() {
			return []types.Type{t.Elem()}, []types.Type{u.Elem()}
		}
	case *types.Map:
		if u, ok := types.Unalias(u).(*types.Map); ok {
			return []types.Type{t.Key(), t.Elem()}, []types.Type{u.Key(), u.Elem()}
		}
	case *types.Signature:
		if u, ok := types.Unalias(u).(*types.Signature); ok && t.Variadic() == u.Variadic() && t.Params().Len() == u.Params().Len() {
			return tupleTypes(t), tupleTypes(u)
		}
	case *types.Named:
		if u, ok := types.Unalias(u).(*types.Named); ok && t.Origin() == u.Origin() {
			return listTypes(t.TypeArgs()), listTypes(u.TypeArgs())
		}
	}
	return nil, nil
}

func tupleTypes(sig *types.Signature) []types.Type {
	var ts []types.Type
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			ts = append(ts, v.Type())
		}
	}
	return ts
}

func listTypes(list *types.TypeList) []types.Type {
	var ts []types.Type
	for t := range list.Types() {
		ts = append(ts, t)
	}
	return ts
}

// site notes the parts of the type expression x that must become the type
// parameter, so that x becomes u. It fails where a name hides them.
func (m *match) site(x ast.Expr, u types.Type) bool {
	t := m.info.TypeOf(x)
	if t == nil || u == nil {
		return false
	}
	if types.Identical(t, u) {
		return true
	}
	if types.Identical(t, m.from) && types.Identical(u, m.to) {
		m.sites = append(m.sites, x)
		return true
	}
	u = types.Unalias(u)
	switch x := x.(type) {
	case *ast.ParenExpr:
		return m.site(x.X, u)
	case *ast.StarExpr:
		u, ok := u.(*types.Pointer)
		return ok && m.site(x.X, u.Elem())
	case *ast.ArrayType:
		u, ok := u.(interface{ Elem() types.Type })
		return ok && m.site(x.Elt, u.Elem())
	case *ast.ChanType:
		u, ok := u.(*types.Chan)
		return ok && m.site(x.Value, u.Elem())
	case *ast.MapType:
		u, ok := u.(*types.Map)
		return ok && m.site(x.Key, u.Key()) && m.site(x.Value, u.Elem())
	case *ast.IndexExpr:
		u, ok := u.(*types.Named)
		return ok && u.TypeArgs().Len() == 1 && m.site(x.Index, u.TypeArgs().At(0))
	case *ast.IndexListExpr:
		u, ok := u.(*types.Named)
		if !ok || u.TypeArgs().Len() != len(x.Indices) {
			return false
		}
		for i, index := range x.Indices {
			if !m.site(index, u.TypeArgs().At(i)) {
				return false
			}
		}
		return true
	case *ast.FuncType:
		u, ok := u.(*types.Signature)
		return ok && m.fields(x.Params, u.Params()) && m.fields(x.Results, u.Results())
	}
	return false
}

func (m *match) fields(list *ast.FieldList, tuple *types.Tuple) bool {
	if list == nil {
		return tuple.Len() == 0
	}
	i := 0
	for _, field := range list.List {
		n := max(len(field.Names), 1)
		if i+n > tuple.Len() {
			return false
		}
		typ, u := field.Type, tuple.At(i).Type()
		if dots, ok := typ.(*ast.Ellipsis); ok {
			slice, ok := u.(*types.Slice)
			if !ok {
				return false
			}
			typ, u = dots.Elt, slice.Elem()
		}
		if !m.site(typ, u) {
			return false
		}
		i += n
	}
	return i == tuple.Len()
}
