package syncmaprmw

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A place is an expression by what it denotes: two with the same name have the
// same value, unless something was assigned to one of their parts in between.
type place struct {
	name  string
	parts []string // names of everything that the expression reads
}

// env says what the parameters of a helper are at one call of it.
type env map[types.Object]place

// placeOf returns the place of x. It refuses what may have effects, or another
// value the next time.
func placeOf(info *types.Info, x ast.Expr, bound env) (place, bool) {
	x = ast.Unparen(x)
	if tv := info.Types[x]; tv.Value != nil {
		return place{name: "const " + tv.Value.ExactString()}, true
	}
	switch x := x.(type) {
	case *ast.Ident:
		obj := info.ObjectOf(x)
		if p, ok := bound[obj]; ok {
			return p, p.name != "" // an argument that is no place
		}
		return objectPlace(obj)
	case *ast.SelectorExpr:
		sel, ok := info.Selections[x]
		if !ok {
			return objectPlace(info.Uses[x.Sel]) // of another package
		}
		base, ok := placeOf(info, x.X, bound)
		if !ok || sel.Kind() != types.FieldVal {
			return place{}, false
		}
		return fieldPlace(base, sel.Recv(), sel.Index()), true
	case *ast.StarExpr:
		return combine(info, bound, "*", x.X)
	case *ast.UnaryExpr:
		if x.Op == token.ARROW {
			return place{}, false
		}
		return combine(info, bound, x.Op.String(), x.X)
	case *ast.BinaryExpr:
		return combine(info, bound, x.Op.String(), x.X, x.Y)
	case *ast.IndexExpr:
		return combine(info, bound, "[]", x.X, x.Index)
	case *ast.TypeAssertExpr:
		if x.Type != nil {
			return combine(info, bound, "."+typeString(info, x.Type), x.X)
		}
	case *ast.CallExpr:
		if info.Types[x.Fun].IsType() && len(x.Args) == 1 {
			return combine(info, bound, typeString(info, x.Fun), x.Args[0])
		}
	case *ast.CompositeLit:
		if _, ok := types.Unalias(underlying(info.TypeOf(x))).(*types.Struct); !ok {
			return place{}, false
		}
		op, elems := typeString(info, x), []ast.Expr(nil)
		for _, elt := range x.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				if field, ok := kv.Key.(*ast.Ident); ok {
					op += " " + field.Name
				}
				elt = kv.Value
			}
			elems = append(elems, elt)
		}
		return combine(info, bound, op, elems...)
	}
	return place{}, false
}

// mapPlace returns the place of a map, which is the same through a pointer.
func mapPlace(info *types.Info, x ast.Expr, bound env) (place, bool) {
	switch y := ast.Unparen(x).(type) {
	case *ast.StarExpr:
		return mapPlace(info, y.X, bound)
	case *ast.UnaryExpr:
		if y.Op == token.AND {
			return mapPlace(info, y.X, bound)
		}
	}
	return placeOf(info, x, bound)
}

func combine(info *types.Info, bound env, op string, operands ...ast.Expr) (place, bool) {
	var names, parts []string
	for _, x := range operands {
		p, ok := placeOf(info, x, bound)
		if !ok {
			return place{}, false
		}
		names, parts = append(names, p.name), append(parts, p.parts...)
	}
	name := op + "(" + strings.Join(names, ", ") + ")"
	return place{name, append(parts, name)}, true
}

func objectPlace(obj types.Object) (place, bool) {
	switch obj.(type) {
	case *types.Var, *types.Nil:
		name := objectName(obj)
		return place{name, []string{name}}, true
	}
	return place{}, false
}

// objectName tells objects of one package apart that are called the same.
func objectName(obj types.Object) string {
	if pkg := obj.Pkg(); pkg != nil {
		return fmt.Sprintf("%s.%s#%d", pkg.Path(), obj.Name(), obj.Pos())
	}
	return obj.Name()
}

// fieldPlace follows a selection, with the embedded fields that it leaves out.
func fieldPlace(base place, typ types.Type, index []int) place {
	name, parts := base.name, base.parts[:len(base.parts):len(base.parts)]
	for _, i := range index {
		if ptr, ok := underlying(typ).(*types.Pointer); ok {
			typ = ptr.Elem()
		}
		st, ok := underlying(typ).(*types.Struct)
		if !ok || i >= st.NumFields() {
			break
		}
		name += "." + st.Field(i).Name()
		parts = append(parts, name)
		typ = st.Field(i).Type()
	}
	return place{name, parts}
}

func underlying(typ types.Type) types.Type {
	if typ == nil {
		return types.Typ[types.Invalid]
	}
	return typ.Underlying()
}

func typeString(info *types.Info, x ast.Expr) string {
	if typ := info.TypeOf(x); typ != nil {
		return types.TypeString(typ, nil)
	}
	return "?"
}
