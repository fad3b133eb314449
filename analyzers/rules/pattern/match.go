package pattern

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"github.com/gohearth/hearth/analyzers/code"
)

// matcher matches patterns against the expressions of one package.
type matcher struct {
	env   Env
	info  *types.Info
	types map[ast.Expr]types.Type

	buffer []key

	// Of the match at hand:
	pattern *Pattern
	bound   []binding
	any     []ast.Expr // what $_ and $*_ matched
	sources map[*ast.File][]byte
}

// binding is what a placeholder stands for.
type binding struct {
	name string
	list []ast.Expr // one, unless many
	dots bool       // the last of them has dots behind it

	// addr: its address is meant, as the method that it is the receiver of has
	// a pointer receiver, and a condition says so.
	addr bool
}

// match reports whether e is an expression of the pattern; what its placeholders
// stand for is then in m.
func (m *matcher) match(p *Pattern, e ast.Expr) bool {
	m.pattern, m.bound, m.any = p, m.bound[:0], m.any[:0]
	return m.exact(p.from.root, ast.Unparen(e))
}

// attempt undoes what try bound if it fails.
func (m *matcher) attempt(try func() bool) bool {
	bound, any := len(m.bound), len(m.any)
	if try() {
		return true
	}
	m.bound, m.any = m.bound[:bound], m.any[:any]
	return false
}

// expr reports whether e matches p, where parentheses and conversions to the type
// that e has anyway do not matter.
func (m *matcher) expr(p, e ast.Expr) bool {
	p = ast.Unparen(p)
	for {
		e = ast.Unparen(e)
		if m.attempt(func() bool { return m.exact(p, e) }) {
			return true
		}
		if e = m.unconverted(e); e == nil {
			return false
		}
	}
}

// unconverted returns the operand of e if that is a conversion to the type that
// the operand has.
func (m *matcher) unconverted(e ast.Expr) ast.Expr {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || !m.info.Types[call.Fun].IsType() {
		return nil
	}
	from, to := m.info.TypeOf(call.Args[0]), m.info.TypeOf(call)
	if from == nil || to == nil || !types.Identical(from, to) {
		return nil
	}
	return call.Args[0]
}

// uninstantiated returns the generic function of which e is an instance, or e.
func (m *matcher) uninstantiated(e ast.Expr) ast.Expr {
	var x ast.Expr
	switch e := e.(type) {
	case *ast.IndexExpr:
		x = ast.Unparen(e.X)
	case *ast.IndexListExpr:
		x = ast.Unparen(e.X)
	}
	if _, ok := m.object(x).(*types.Func); ok {
		return x
	}
	return e
}

// object returns what a name denotes, with a package in front or without.
func (m *matcher) object(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.Ident:
		return m.info.Uses[e]
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			if _, ok := m.info.Uses[x].(*types.PkgName); ok {
				return m.info.Uses[e.Sel]
			}
		}
	}
	return nil
}

// exact reports whether e matches p. Neither has parentheses around it.
func (m *matcher) exact(p, e ast.Expr) bool {
	if h := m.pattern.from.hole(p); h != nil {
		return m.bind(h, e, nil)
	}
	if m.info.Types[e].IsType() {
		return m.typ(p, e)
	}
	if path, name, ok := m.pattern.from.symbol(p); ok {
		obj := m.object(m.uninstantiated(e))
		return obj != nil && obj.Pkg() != nil && obj.Name() == name && obj.Parent() == obj.Pkg().Scope() && code.Path(obj.Pkg()) == path
	}
	switch p.(type) {
	case *ast.IndexExpr, *ast.IndexListExpr:
	default:
		e = m.uninstantiated(e)
	}
	switch p := p.(type) {
	case *ast.Ident:
		id, ok := e.(*ast.Ident)
		return ok && id.Name == p.Name && m.info.Uses[id] == types.Universe.Lookup(p.Name)
	case *ast.BasicLit:
		return m.literal(p, e)
	case *ast.CallExpr:
		e, ok := e.(*ast.CallExpr)
		return ok && m.call(p, e)
	case *ast.SelectorExpr:
		e, ok := e.(*ast.SelectorExpr)
		return ok && e.Sel.Name == p.Sel.Name && m.object(e) == nil && m.receiver(p.X, e)
	case *ast.BinaryExpr:
		e, ok := e.(*ast.BinaryExpr)
		return ok && e.Op == p.Op && m.expr(p.X, e.X) && m.expr(p.Y, e.Y)
	case *ast.UnaryExpr:
		e, ok := e.(*ast.UnaryExpr)
		return ok && e.Op == p.Op && m.expr(p.X, e.X)
	case *ast.CompositeLit:
		e, ok := e.(*ast.CompositeLit)
		return ok && m.optional(p.Type, e.Type) && m.elements(p, e)
	case *ast.TypeAssertExpr:
		e, ok := e.(*ast.TypeAssertExpr)
		return ok && m.expr(p.X, e.X) && m.optional(p.Type, e.Type)
	case *ast.SliceExpr:
		e, ok := e.(*ast.SliceExpr)
		return ok && p.Slice3 == e.Slice3 && m.expr(p.X, e.X) && m.optional(p.Low, e.Low) && m.optional(p.High, e.High) && m.optional(p.Max, e.Max)
	}
	return m.form(p, e)
}

// form matches what is written alike as an expression and as a type.
func (m *matcher) form(p, e ast.Expr) bool {
	switch p := p.(type) {
	case *ast.StarExpr:
		e, ok := e.(*ast.StarExpr)
		return ok && m.expr(p.X, e.X)
	case *ast.IndexExpr:
		e, ok := e.(*ast.IndexExpr)
		return ok && m.expr(p.X, e.X) && m.expr(p.Index, e.Index)
	case *ast.IndexListExpr:
		e, ok := e.(*ast.IndexListExpr)
		return ok && m.expr(p.X, e.X) && slices.EqualFunc(p.Indices, e.Indices, m.expr)
	case *ast.ArrayType:
		e, ok := e.(*ast.ArrayType)
		return ok && m.optional(p.Len, e.Len) && m.expr(p.Elt, e.Elt)
	case *ast.MapType:
		e, ok := e.(*ast.MapType)
		return ok && m.expr(p.Key, e.Key) && m.expr(p.Value, e.Value)
	case *ast.ChanType:
		e, ok := e.(*ast.ChanType)
		return ok && p.Dir == e.Dir && m.expr(p.Value, e.Value)
	}
	return false
}

// typ matches a type: one without placeholders by what it is, one with them by how
// it is written.
func (m *matcher) typ(p, e ast.Expr) bool {
	if m.pattern.from.hasHole(p) {
		return m.form(p, e)
	}
	return same(m.resolve(m.pattern.from, p), m.info.TypeOf(e))
}

func (m *matcher) optional(p, e ast.Expr) bool {
	if p == nil || e == nil {
		return p == nil && e == nil
	}
	return m.expr(p, e)
}

// literal matches literals by value: 0x10 is 16.
func (m *matcher) literal(p *ast.BasicLit, e ast.Expr) bool {
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		return false
	}
	want, got := constant.MakeFromLiteral(p.Value, p.Kind, 0), constant.MakeFromLiteral(lit.Value, lit.Kind, 0)
	if (want.Kind() == constant.String) != (got.Kind() == constant.String) || want.Kind() == constant.Unknown || got.Kind() == constant.Unknown {
		return false
	}
	return constant.Compare(want, token.EQL, got)
}

// elements matches those of a composite literal, in order.
func (m *matcher) elements(p, e *ast.CompositeLit) bool {
	return slices.EqualFunc(p.Elts, e.Elts, func(p, e ast.Expr) bool {
		pkv, ok := p.(*ast.KeyValueExpr)
		ekv, is := e.(*ast.KeyValueExpr)
		if !ok || !is {
			return ok == is && m.expr(p, e)
		}
		if id, ok := pkv.Key.(*ast.Ident); ok && m.pattern.from.marks[id] == nil && types.Universe.Lookup(id.Name) == nil {
			field, ok := ekv.Key.(*ast.Ident)
			if v, is := m.info.Uses[field].(*types.Var); !ok || !is || !v.IsField() || field.Name != id.Name {
				return false
			}
		} else if !m.expr(pkv.Key, ekv.Key) {
			return false
		}
		return m.expr(pkv.Value, ekv.Value)
	})
}

// call matches calls. One of a method expression, (*T).M($t, $x), also matches that
// of the method, t.M(x), which is the same.
func (m *matcher) call(p, e *ast.CallExpr) bool {
	if m.attempt(func() bool { return m.expr(p.Fun, e.Fun) && m.arguments(p.Args, p.Ellipsis, e) }) {
		return true
	}
	pf, ok := ast.Unparen(p.Fun).(*ast.SelectorExpr)
	ef, is := ast.Unparen(e.Fun).(*ast.SelectorExpr)
	if !ok || !is || len(p.Args) == 0 || pf.Sel.Name != ef.Sel.Name {
		return false
	}
	sel := m.info.Selections[ef]
	if sel == nil || sel.Kind() != types.MethodVal || m.pattern.from.hasHole(pf.X) {
		return false
	}
	recv := m.resolve(m.pattern.from, pf.X)
	if recv == nil || !same(recv, sel.Recv()) && !(addressed(sel) && same(recv, types.NewPointer(sel.Recv()))) {
		return false
	}
	if h := m.pattern.from.hole(ast.Unparen(p.Args[0])); h != nil && !h.many {
		if !m.bind(h, ast.Unparen(ef.X), sel) {
			return false
		}
		if h.name != "_" && !same(recv, sel.Recv()) {
			m.bound[m.find(h.name)].addr = true
		}
	} else if h != nil || !m.expr(p.Args[0], ef.X) {
		return false
	}
	return m.arguments(p.Args[1:], p.Ellipsis, e)
}

// arguments matches the arguments of a call.
func (m *matcher) arguments(p []ast.Expr, dots token.Pos, e *ast.CallExpr) bool {
	many := slices.IndexFunc(p, func(arg ast.Expr) bool {
		h := m.pattern.from.hole(ast.Unparen(arg))
		return h != nil && h.many
	})
	if many < 0 {
		return dots.IsValid() == e.Ellipsis.IsValid() && slices.EqualFunc(p, e.Args, m.expr)
	}
	after := len(p) - many - 1
	rest := len(e.Args) - after // where what comes after begins
	if rest < many || dots.IsValid() && !e.Ellipsis.IsValid() || !dots.IsValid() && e.Ellipsis.IsValid() && (after > 0 || rest == many) {
		return false
	}
	return slices.EqualFunc(p[:many], e.Args[:many], m.expr) &&
		m.bindMany(m.pattern.from.hole(ast.Unparen(p[many])), e.Args[many:rest], e.Ellipsis.IsValid() && after == 0) &&
		slices.EqualFunc(p[many+1:], e.Args[rest:], m.expr)
}

// receiver matches what is in front of the dot.
func (m *matcher) receiver(p ast.Expr, e *ast.SelectorExpr) bool {
	if h := m.pattern.from.hole(ast.Unparen(p)); h != nil {
		return m.bind(h, ast.Unparen(e.X), m.info.Selections[e])
	}
	return m.expr(p, e.X)
}

// addressed reports whether a selection takes the address of its operand.
func addressed(sel *types.Selection) bool {
	if sel == nil || sel.Kind() != types.MethodVal || len(sel.Index()) != 1 || types.IsInterface(sel.Recv()) {
		return false
	}
	_, is := types.Unalias(sel.Recv()).(*types.Pointer)
	recv := sel.Obj().(*types.Func).Signature().Recv()
	_, want := types.Unalias(recv.Type()).(*types.Pointer)
	return want && !is
}

func (m *matcher) find(name string) int {
	return slices.IndexFunc(m.bound, func(b binding) bool { return b.name == name })
}

// bind binds a placeholder to e, which in sel may be the receiver.
func (m *matcher) bind(h *mark, e ast.Expr, sel *types.Selection) bool {
	typ := m.info.TypeOf(e)
	if typ == nil {
		return false // incomplete code, or the name of a package
	}
	if _, several := typ.(*types.Tuple); several {
		return false
	}
	if h.name == "_" {
		m.any = append(m.any, e)
		return true
	}
	if i := m.find(h.name); i >= 0 {
		return m.equal(m.bound[i].list[0], e)
	}
	b := binding{name: h.name, list: []ast.Expr{e}}
	if conditions := m.pattern.where[h.name]; !m.holds(conditions, e, typ) {
		if !addressed(sel) || !m.holds(conditions, e, types.NewPointer(typ)) {
			return false
		}
		b.addr = true
	}
	m.bound = append(m.bound, b)
	return true
}

// bindMany binds a placeholder for any number of arguments.
func (m *matcher) bindMany(h *mark, list []ast.Expr, dots bool) bool {
	if h.name == "_" {
		m.any = append(m.any, list...)
		return true
	}
	if i := m.find(h.name); i >= 0 {
		return m.bound[i].dots == dots && slices.EqualFunc(m.bound[i].list, list, m.equal)
	}
	conditions := m.pattern.where[h.name]
	for _, e := range list {
		if typ := m.info.TypeOf(e); typ == nil || !m.holds(conditions, ast.Unparen(e), typ) {
			return false
		}
	}
	m.bound = append(m.bound, binding{name: h.name, list: list, dots: dots})
	return true
}

// holds reports whether all conditions hold of an expression of a type.
func (m *matcher) holds(conditions []condition, e ast.Expr, typ types.Type) bool {
	return !slices.ContainsFunc(conditions, func(c condition) bool {
		if c.kind == "constant" {
			return m.info.Types[e].Value == nil
		}
		if b, ok := types.Unalias(typ).(*types.Basic); ok && b.Kind() == types.UntypedNil {
			return true
		}
		typ := types.Default(typ)
		want := m.resolve(c.typ, c.typ.root)
		switch {
		case want == nil:
			return true
		case c.kind == "implements":
			iface, ok := want.Underlying().(*types.Interface)
			return !ok || !m.imported(want) || !types.Implements(typ, iface)
		case c.kind == "underlying":
			return !types.Identical(typ.Underlying(), want.Underlying())
		}
		return !same(want, typ)
	})
}

// imported reports whether the package that declares a named type is this one or
// imported by it. Types implement interfaces that are never mentioned, of which
// gopls knows more than go vet; a type that a value has is known to both.
func (m *matcher) imported(typ types.Type) bool {
	named, ok := types.Unalias(typ).(*types.Named)
	return !ok || named.Obj().Pkg() == nil || code.Imported(m.env.Pass.Pkg, code.Path(named.Obj().Pkg())) != nil
}
