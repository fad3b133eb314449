package pattern

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// occurrence is a placeholder where it is evaluated.
type occurrence struct {
	name        string
	conditional bool // in the right operand of && or ||
}

// occurrences returns the placeholders of s in the order of evaluation, which for
// what has effects is that of the source.
func (s *source) occurrences() (list []occurrence) {
	ast.PreorderStack(&ast.ParenExpr{X: s.root}, nil, func(n ast.Node, parents []ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if h := s.hole(e); h != nil && h.name != "_" {
				list = append(list, occurrence{h.name, conditional(append(parents, n))})
			}
		}
		return true
	})
	return list
}

func conditional(path []ast.Node) bool {
	for i, n := range path[:len(path)-1] {
		if b, ok := n.(*ast.BinaryExpr); ok && (b.Op == token.LAND || b.Op == token.LOR) && path[i+1] == ast.Node(b.Y) {
			return true
		}
	}
	return false
}

// sameEvaluation reports whether the rewrite evaluates what has effects as often as
// the match, in the same order, and nothing that can panic where the match may not
// have evaluated it.
func (m *matcher) sameEvaluation() bool {
	if m.effect(m.any...) == effects {
		return false
	}
	from, to := m.pattern.from.occurrences(), m.pattern.to.occurrences()
	var before []string // those with effects
	seen := make(map[string]bool)
	for _, o := range from {
		if seen[o.name] {
			continue // the same, so without effects
		}
		seen[o.name] = true
		worst := m.effect(m.bound[m.find(o.name)].list...)
		if worst == effects {
			before = append(before, o.name)
		}
		for _, other := range to {
			if other.name != o.name {
				continue
			}
			if worst == effects && (o.conditional || other.conditional) || worst == panics && o.conditional && !other.conditional {
				return false
			}
		}
	}
	order := slices.DeleteFunc(to, func(o occurrence) bool { return !slices.Contains(before, o.name) })
	return slices.EqualFunc(order, before, func(o occurrence, name string) bool { return o.name == name })
}

// fits reports whether the rewrite can stand where the match stands: it has the
// same type there. Where it names a package that this one does not import, however
// indirectly, that is for the compiler to say.
func (m *matcher) fits(at place, e ast.Expr) bool {
	_, call := m.pattern.to.root.(*ast.CallExpr)
	switch {
	case at.variable || at.embedded:
		return false
	case (at.statement || at.deferred) && !call:
		return false
	case at.deferred && !(m.pattern.from.plainCall() && m.pattern.to.plainCall()):
		return false // what is evaluated now and what later would change
	}
	is, known := m.check(e.Pos())
	if !known {
		return true
	}
	was := m.info.Types[e]
	switch {
	case is.Type == nil:
		return false
	case was.IsType() || is.IsType():
		return was.IsType() && is.IsType()
	case at.statement || at.deferred:
		return is.called
	case was.Value != nil && is.Value == nil, at.operand && was.Addressable() && !is.Addressable():
		return false
	}
	typ := types.Default(was.Type)
	return types.Identical(typ, types.Default(is.Type)) ||
		untyped(is.Type) && types.AssignableTo(is.Type, typ) && !types.IsInterface(typ)
}

func untyped(typ types.Type) bool {
	b, ok := typ.(*types.Basic)
	return ok && b.Info()&types.IsUntyped != 0
}

// plainCall reports whether s is a call with nothing but placeholders and literals
// for arguments.
func (s *source) plainCall() bool {
	call, ok := s.root.(*ast.CallExpr)
	return ok && !slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
		switch arg := arg.(type) {
		case *ast.BasicLit:
			return false
		case *ast.Ident:
			return s.hole(arg) == nil && types.Universe.Lookup(arg.Name) == nil
		}
		return true
	})
}

// checked is what the type checker says of a rewrite; without a type it does not
// compile.
type checked struct {
	types.TypeAndValue
	called bool // it can be a statement, as a call of a function or method
}

// check type-checks the rewrite in a scope made for it, in which each placeholder
// is a variable, constant, type or function of the type that it has in the match,
// and each package is imported. It is not known what that gives where a package is
// not at hand.
func (m *matcher) check(pos token.Pos) (result checked, known bool) {
	own := m.env.Pass.Pkg
	pkg := types.NewPackage(own.Path(), own.Name())
	scope := types.NewScope(pkg.Scope(), pos, pos+1, "rewrite")
	known, ok := true, true
	to, n := m.pattern.to, 0
	text := to.fill(func(p part, _ byte) (string, bool) {
		n++
		h := to.hole(p.node)
		if h == nil {
			path, name, _ := to.symbol(p.node)
			dep := m.env.Package(path)
			if dep == nil || dep != own && !dep.Complete() && dep.Scope().Lookup(name) == nil {
				known = false
				return "", true
			}
			if dep != own {
				local := fmt.Sprintf("import%d_", n)
				scope.Insert(types.NewPkgName(token.NoPos, pkg, local, dep))
				return local + "." + name, true
			}
			if obj := own.Scope().Lookup(name); obj != nil {
				scope.Insert(obj)
			}
			return name, true
		}
		b := m.bound[m.find(h.name)]
		list := make([]string, len(b.list))
		for i, e := range b.list {
			list[i] = m.declare(scope, pkg, fmt.Sprintf("operand%d_%d_", n, i), e)
			ok = ok && list[i] != ""
			if b.addressed(p) {
				list[i] = "(&" + list[i] + ")"
			}
		}
		if b.dots {
			list[len(list)-1] += "..."
		}
		return strings.Join(list, ", "), len(list) > 0
	})
	if !known || !ok {
		return checked{}, known
	}
	expr, err := parser.ParseExpr(text)
	if err != nil {
		return checked{}, true
	}
	info := &types.Info{Types: make(map[ast.Expr]types.TypeAndValue)}
	if types.CheckExpr(token.NewFileSet(), pkg, pos, expr, info) != nil {
		return checked{}, true
	}
	expr = ast.Unparen(expr)
	result.TypeAndValue = info.Types[expr]
	if call, is := expr.(*ast.CallExpr); is {
		fun := info.Types[call.Fun]
		result.called = !fun.IsType() && !(fun.IsBuiltin() && valued[types.ExprString(call.Fun)])
	}
	return result, true
}

// valued are the built-in functions that cannot be called for nothing but their
// effects.
var valued = map[string]bool{
	"append": true, "cap": true, "complex": true, "imag": true, "len": true,
	"make": true, "max": true, "min": true, "new": true, "real": true,
}

// declare declares what e is, and returns how to write it; "" if it cannot be.
func (m *matcher) declare(scope *types.Scope, pkg *types.Package, name string, e ast.Expr) string {
	tv := m.info.Types[e]
	switch {
	case tv.Type == nil || tv.IsBuiltin():
		return ""
	case tv.IsType():
		obj := types.NewTypeName(token.NoPos, pkg, name, nil)
		types.NewAlias(obj, tv.Type)
		scope.Insert(obj)
		return name
	case m.object(ast.Unparen(e)) == types.Universe.Lookup("nil"):
		return "nil"
	case tv.Value != nil:
		scope.Insert(types.NewConst(token.NoPos, pkg, name, m.constantType(e, tv), tv.Value))
		return name
	case tv.Addressable():
		scope.Insert(types.NewVar(token.NoPos, pkg, name, tv.Type))
		return name
	}
	if sig, ok := tv.Type.(*types.Signature); ok && sig.TypeParams().Len() > 0 {
		return "" // a generic function without its arguments
	}
	results, ok := tv.Type.(*types.Tuple)
	if !ok {
		results = types.NewTuple(types.NewParam(token.NoPos, pkg, "", types.Default(tv.Type)))
	}
	scope.Insert(types.NewFunc(token.NoPos, pkg, name, types.NewSignatureType(nil, nil, nil, nil, results, false)))
	return name + "()"
}

// constantType returns the type of a constant as it is elsewhere: the type checker
// notes of an untyped one that it has the type that it was converted to.
func (m *matcher) constantType(e ast.Expr, tv types.TypeAndValue) types.Type {
	isTyped, kind := false, types.Invalid
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			isTyped = true
		case *ast.Ident:
			if c, ok := m.info.Uses[n].(*types.Const); ok && !untyped(c.Type()) {
				isTyped = true
			}
		case *ast.BasicLit:
			if n.Kind == token.CHAR {
				kind = types.UntypedRune
			}
		}
		return !isTyped
	})
	if isTyped {
		return tv.Type
	}
	switch tv.Value.Kind() {
	case constant.Bool:
		kind = types.UntypedBool
	case constant.String:
		kind = types.UntypedString
	case constant.Int:
		if kind != types.UntypedRune {
			kind = types.UntypedInt
		}
	case constant.Float:
		kind = types.UntypedFloat
	default:
		kind = types.UntypedComplex
	}
	return types.Typ[kind]
}
