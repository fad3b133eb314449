package pattern

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// resolve returns the type that the pattern's e is, or nil: a package that declares
// it is not among those that can be seen, or it is none.
func (m *matcher) resolve(s *source, e ast.Expr) types.Type {
	e = ast.Unparen(e)
	if typ, ok := m.types[e]; ok {
		return typ
	}
	typ := m.resolveAnew(s, e)
	m.types[e] = typ
	return typ
}

func (m *matcher) resolveAnew(s *source, e ast.Expr) types.Type {
	if path, name, ok := s.symbol(e); ok {
		if pkg := m.env.Package(path); pkg != nil {
			if obj, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok {
				return obj.Type()
			}
		}
		return nil
	}
	switch e := e.(type) {
	case *ast.Ident:
		if obj, ok := types.Universe.Lookup(e.Name).(*types.TypeName); ok && s.marks[e] == nil {
			return obj.Type()
		}
	case *ast.StarExpr:
		if elem := m.resolve(s, e.X); elem != nil {
			return types.NewPointer(elem)
		}
	case *ast.ArrayType:
		elem := m.resolve(s, e.Elt)
		if elem == nil {
			return nil
		}
		if e.Len == nil {
			return types.NewSlice(elem)
		}
		if lit, ok := e.Len.(*ast.BasicLit); ok && lit.Kind == token.INT {
			if n, ok := constant.Int64Val(constant.MakeFromLiteral(lit.Value, lit.Kind, 0)); ok {
				return types.NewArray(elem, n)
			}
		}
	case *ast.MapType:
		if key, value := m.resolve(s, e.Key), m.resolve(s, e.Value); key != nil && value != nil {
			return types.NewMap(key, value)
		}
	case *ast.ChanType:
		if elem := m.resolve(s, e.Value); elem != nil {
			return types.NewChan(directions[e.Dir], elem)
		}
	case *ast.StructType:
		return types.NewStruct(nil, nil)
	case *ast.InterfaceType:
		return types.NewInterfaceType(nil, nil)
	case *ast.FuncType:
		return m.signature(s, e)
	case *ast.IndexExpr:
		return m.instance(s, e.X, []ast.Expr{e.Index})
	case *ast.IndexListExpr:
		return m.instance(s, e.X, e.Indices)
	}
	return nil
}

var directions = map[ast.ChanDir]types.ChanDir{
	ast.SEND | ast.RECV: types.SendRecv, ast.SEND: types.SendOnly, ast.RECV: types.RecvOnly,
}

func (m *matcher) signature(s *source, e *ast.FuncType) types.Type {
	variadic := false
	tuple := func(list *ast.FieldList) (*types.Tuple, bool) {
		var vars []*types.Var
		for i, f := range fields(list) {
			written := f.Type
			dots, ok := written.(*ast.Ellipsis)
			if ok {
				written = dots.Elt
			}
			typ := m.resolve(s, written)
			if typ == nil {
				return nil, false
			}
			if ok && list == e.Params && i == len(list.List)-1 {
				variadic, typ = true, types.NewSlice(typ)
			}
			vars = append(vars, types.NewParam(token.NoPos, nil, "", typ))
		}
		return types.NewTuple(vars...), true
	}
	params, ok := tuple(e.Params)
	results, is := tuple(e.Results)
	if !ok || !is {
		return nil
	}
	return types.NewSignatureType(nil, nil, nil, params, results, variadic)
}

func (m *matcher) instance(s *source, generic ast.Expr, args []ast.Expr) types.Type {
	list := make([]types.Type, len(args))
	for i, arg := range args {
		if list[i] = m.resolve(s, arg); list[i] == nil {
			return nil
		}
	}
	origin := m.resolve(s, generic)
	if origin == nil {
		return nil
	}
	typ, err := types.Instantiate(nil, origin, list, true)
	if err != nil {
		return nil
	}
	return typ
}

// same reports whether typ is what a pattern names. A generic type without its
// arguments is each of its instances.
func same(want, typ types.Type) bool {
	if want == nil || typ == nil {
		return false
	}
	if types.Identical(want, typ) {
		return true
	}
	want, typ = types.Unalias(want), types.Unalias(typ)
	if w, ok := want.(*types.Pointer); ok {
		t, ok := typ.(*types.Pointer)
		return ok && same(w.Elem(), t.Elem())
	}
	w, ok := want.(*types.Named)
	t, is := typ.(*types.Named)
	return ok && is && w.TypeParams().Len() > 0 && w.TypeArgs().Len() == 0 && t.Origin() == w
}

// equal reports whether x and y are the same expression, and have the same value:
// nothing in them has an effect.
func (m *matcher) equal(x, y ast.Expr) bool {
	return m.alike(x, y) && m.effect(x) < effects
}

func (m *matcher) alike(x, y ast.Expr) bool {
	x, y = ast.Unparen(x), ast.Unparen(y)
	tx, ty := m.info.Types[x], m.info.Types[y]
	if tx.IsType() || ty.IsType() {
		return tx.IsType() && ty.IsType() && types.Identical(tx.Type, ty.Type)
	}
	if tx.Value != nil && ty.Value != nil {
		return tx.Value.ExactString() == ty.Value.ExactString() && types.Identical(tx.Type, ty.Type)
	}
	switch x := x.(type) {
	case *ast.Ident:
		y, ok := y.(*ast.Ident)
		return ok && m.info.Uses[x] != nil && m.info.Uses[x] == m.info.Uses[y]
	case *ast.SelectorExpr:
		y, ok := y.(*ast.SelectorExpr)
		if !ok || m.info.Uses[x.Sel] == nil || m.info.Uses[x.Sel] != m.info.Uses[y.Sel] {
			return false
		}
		return m.object(x) != nil && m.object(y) != nil || m.alike(x.X, y.X)
	case *ast.CallExpr:
		y, ok := y.(*ast.CallExpr)
		return ok && m.alike(x.Fun, y.Fun) && m.allAlike(x.Args, y.Args) && x.Ellipsis.IsValid() == y.Ellipsis.IsValid()
	case *ast.BinaryExpr:
		y, ok := y.(*ast.BinaryExpr)
		return ok && x.Op == y.Op && m.alike(x.X, y.X) && m.alike(x.Y, y.Y)
	case *ast.UnaryExpr:
		y, ok := y.(*ast.UnaryExpr)
		return ok && x.Op == y.Op && m.alike(x.X, y.X)
	case *ast.StarExpr:
		y, ok := y.(*ast.StarExpr)
		return ok && m.alike(x.X, y.X)
	case *ast.IndexExpr:
		y, ok := y.(*ast.IndexExpr)
		return ok && m.alike(x.X, y.X) && m.alike(x.Index, y.Index)
	case *ast.SliceExpr:
		y, ok := y.(*ast.SliceExpr)
		return ok && m.allAlike([]ast.Expr{x.X, x.Low, x.High, x.Max}, []ast.Expr{y.X, y.Low, y.High, y.Max})
	case *ast.TypeAssertExpr:
		y, ok := y.(*ast.TypeAssertExpr)
		return ok && x.Type != nil && y.Type != nil && m.alike(x.X, y.X) && m.alike(x.Type, y.Type)
	}
	return false
}

func (m *matcher) allAlike(x, y []ast.Expr) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] == nil || y[i] == nil {
			if x[i] != y[i] {
				return false
			}
		} else if !m.alike(x[i], y[i]) {
			return false
		}
	}
	return true
}

// effect is what evaluating an expression can do besides having a value.
type effect int

const (
	nothing effect = iota
	panics         // it can panic
	effects        // it can change something, or be changed; or the value is another each time
)

// quiet are the built-in functions that have no effects.
var quiet = map[string]bool{"len": true, "cap": true, "min": true, "max": true, "real": true, "imag": true, "complex": true}

// effect says what evaluating the expressions can do.
func (m *matcher) effect(list ...ast.Expr) (worst effect) {
	for _, e := range list {
		if e == nil {
			continue
		}
		ast.Inspect(e, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok || worst == effects {
				return false
			}
			if tv := m.info.Types[e]; tv.Value != nil || tv.IsType() {
				return false
			}
			worst = max(worst, m.effectOf(e))
			_, function := n.(*ast.FuncLit)
			return !function
		})
	}
	return worst
}

// effectOf says what e itself can do, without its operands.
func (m *matcher) effectOf(e ast.Expr) effect {
	switch e := e.(type) {
	case *ast.CallExpr:
		if m.info.Types[e.Fun].IsType() {
			return nothing
		}
		if b, ok := m.object(ast.Unparen(e.Fun)).(*types.Builtin); ok && quiet[b.Name()] {
			return nothing
		}
		return effects
	case *ast.FuncLit:
		return effects // two of them are not one
	case *ast.UnaryExpr:
		if _, lit := ast.Unparen(e.X).(*ast.CompositeLit); e.Op == token.ARROW || e.Op == token.AND && lit {
			return effects
		}
	case *ast.IndexExpr, *ast.SliceExpr, *ast.StarExpr, *ast.TypeAssertExpr:
		return panics
	case *ast.SelectorExpr:
		if sel := m.info.Selections[e]; sel != nil && sel.Indirect() {
			return panics
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.QUO, token.REM, token.SHL, token.SHR, token.EQL, token.NEQ:
			return panics
		}
	}
	return nothing
}
