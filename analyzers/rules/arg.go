package rules

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
)

// onArgs has calls looked at whose arguments some rule is about.
func (c *checker) onArgs(v *visitors) {
	if len(c.args) == 0 {
		return
	}
	v.on((*ast.CallExpr)(nil), func(cur inspector.Cursor) {
		id, sel := callee(cur.Node().(*ast.CallExpr))
		rules := slices.Clone(c.args[id])
		slices.Sort(rules)
		for _, r := range slices.Compact(rules) {
			c.requireArg(&c.rules[r], cur, c.pass.TypesInfo.Uses[id].(*types.Func), c.pass.TypesInfo.Selections[sel])
		}
	})
}

// callee returns the name of what call calls, and the selection that it ends, or
// nil.
func callee(call *ast.CallExpr) (*ast.Ident, *ast.SelectorExpr) {
	switch x := code.Callee(call).(type) {
	case *ast.Ident:
		return x, nil
	case *ast.SelectorExpr:
		return x.Sel, x
	}
	return nil, nil
}

// conditions are what an argument can be required to be: whether the one at hand
// is provably not that, and how to say so.
var conditions = map[string]struct {
	broken func(c *checker, arg ast.Expr, at inspector.Cursor) bool
	must   string
}{
	"constant":     {func(c *checker, arg ast.Expr, _ inspector.Cursor) bool { return c.value(arg) == nil }, "be constant"},
	"non-constant": {func(c *checker, arg ast.Expr, _ inspector.Cursor) bool { return c.value(arg) != nil }, "not be constant"},
	"non-nil":      {func(c *checker, arg ast.Expr, _ inspector.Cursor) bool { return c.isNil(arg) }, "not be nil"},
	"non-zero":     {func(c *checker, arg ast.Expr, _ inspector.Cursor) bool { return c.isZero(arg) }, "not be zero"},
	"deadline":     {(*checker).endless, "have a deadline"},
}

// requireArg checks one call. An argument that the call does not show, since it is
// one of several results of another call or part of a slice, is only required to
// be what no such value is: constant.
//
// A parameter ... that is named stands for all of its arguments; where there are
// none, it is nil.
func (c *checker) requireArg(r *rule, cur inspector.Cursor, fn *types.Func, sel *types.Selection) {
	call, sig := cur.Node().(*ast.CallExpr), fn.Signature()
	condition, ok := conditions[r.RequireArg.Must]
	at, named := place(sig, r.RequireArg.Arg)
	if !ok || at < 0 {
		return // refused when the policy was resolved, or a function of a pattern that has no such parameter
	}
	first := 0
	if sel != nil && sel.Kind() == types.MethodExpr {
		first = 1 // the receiver
	}
	variadic, last := sig.Variadic(), sig.Params().Len()-1
	var shown []ast.Expr // what the argument is
	var hidden ast.Expr  // what it is a part of
	switch args := call.Args; {
	case len(args) == 1 && sig.Params().Len()+first > 1 && c.isTuple(args[0]):
		hidden = args[0]
	case variadic && call.Ellipsis.IsValid() && at >= last:
		hidden = args[len(args)-1]
		if named && c.isNil(hidden) {
			shown, hidden = []ast.Expr{hidden}, nil
		}
	case first+at < len(args) && variadic && named && at == last:
		shown = args[first+at:]
	case first+at < len(args):
		shown = args[first+at : first+at+1]
	case r.RequireArg.Must == "non-nil" || r.RequireArg.Must == "non-zero":
		hidden = call.Fun
	default:
		return
	}
	say := func(node ast.Node) {
		report(c.pass, *r, node, fmt.Sprintf("argument %s of %s must %s", r.RequireArg.Arg, spell(pathOf(fn), funcName(fn.Origin())), condition.must))
	}
	if hidden != nil && (r.RequireArg.Must == "constant" || hidden == call.Fun) {
		say(hidden)
	}
	for _, arg := range shown {
		if condition.broken(c, arg, cur) {
			say(arg)
		}
	}
}

// place returns the index of the parameter that arg means, or -1, and whether arg
// is its name. A number may mean one of the arguments of a parameter ....
func place(sig *types.Signature, arg string) (at int, named bool) {
	if n, err := strconv.Atoi(arg); err == nil {
		if n < 1 || n > sig.Params().Len() && !sig.Variadic() {
			return -1, false
		}
		return n - 1, false
	}
	for i := range sig.Params().Len() {
		if sig.Params().At(i).Name() == arg {
			return i, true
		}
	}
	return -1, true
}

func (c *checker) isTuple(e ast.Expr) bool {
	t, ok := c.pass.TypesInfo.TypeOf(e).(*types.Tuple)
	return ok && t.Len() > 1
}

// value returns the value of a constant, or nil.
func (c *checker) value(e ast.Expr) constant.Value { return c.pass.TypesInfo.Types[e].Value }

// isNil reports whether e is nil, as it is or converted.
func (c *checker) isNil(e ast.Expr) bool {
	e = ast.Unparen(e)
	if c.pass.TypesInfo.Types[e].IsNil() {
		return true
	}
	x := c.converted(e)
	return x != nil && c.isNil(x)
}

// isZero reports whether e is the zero value of its type.
func (c *checker) isZero(e ast.Expr) bool {
	e = ast.Unparen(e)
	if c.isNil(e) {
		return true
	}
	if v := c.value(e); v != nil {
		switch v.Kind() {
		case constant.Bool:
			return !constant.BoolVal(v)
		case constant.String:
			return constant.StringVal(v) == ""
		case constant.Int, constant.Float, constant.Complex:
			return constant.Sign(v) == 0
		}
		return false
	}
	if lit, ok := e.(*ast.CompositeLit); ok && len(lit.Elts) == 0 {
		if typ := c.pass.TypesInfo.TypeOf(lit); typ != nil {
			switch typ.Underlying().(type) {
			case *types.Struct, *types.Array:
				return true
			}
		}
		return false
	}
	x, typ := c.converted(e), c.pass.TypesInfo.TypeOf(e)
	return x != nil && typ != nil && !types.IsInterface(typ) && c.isZero(x)
}

// converted returns what e converts to another type, or nil.
func (c *checker) converted(e ast.Expr) ast.Expr {
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 1 && c.pass.TypesInfo.Types[ast.Unparen(call.Fun)].IsType() {
		return call.Args[0]
	}
	return nil
}

// endless reports whether e is a context that has no deadline for sure:
// context.Background, context.TODO, and what is derived of such without one. It
// follows local variables that are assigned once. A context of unknown origin, as
// that of a parameter, may have one.
func (c *checker) endless(e ast.Expr, at inspector.Cursor) bool { return c.isEndless(e, at, 0) }

func (c *checker) isEndless(e ast.Expr, at inspector.Cursor, depth int) bool {
	if depth > 20 {
		return false // x := f(x), which does not compile, and what nobody writes
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		id, _ := callee(e)
		fn, ok := c.pass.TypesInfo.Uses[id].(*types.Func)
		if !ok || pathOf(fn) != "context" {
			return false
		}
		switch fn.Name() {
		case "Background", "TODO", "WithoutCancel":
			return true
		case "WithCancel", "WithCancelCause", "WithValue":
			return len(e.Args) > 0 && c.isEndless(e.Args[0], at, depth+1)
		}
	case *ast.Ident:
		v, ok := c.pass.TypesInfo.Uses[e].(*types.Var)
		if !ok || v.Pkg() == nil || v.Parent() == nil || v.Parent() == v.Pkg().Scope() {
			return false
		}
		value := c.onlyValue(v, at)
		return value != nil && c.isEndless(value, at, depth+1)
	}
	return false
}

// onlyValue returns the expression that local variable v gets its value from, of
// several results the first, or nil if that is not the only way.
func (c *checker) onlyValue(v *types.Var, at inspector.Cursor) (value ast.Expr) {
	info, times := c.pass.TypesInfo, 0
	assign := func(names []ast.Expr, values []ast.Expr) {
		for i, name := range names {
			id, ok := ast.Unparen(name).(*ast.Ident)
			if !ok || cmp.Or(info.Defs[id], info.Uses[id]) != types.Object(v) {
				continue
			}
			times++
			switch {
			case len(values) == len(names):
				value = values[i]
			case i == 0 && len(values) == 1:
				value = values[0]
			default:
				times++ // unknown
			}
		}
	}
	var function inspector.Cursor
	for fn := range at.Enclosing((*ast.FuncDecl)(nil)) {
		function = fn
	}
	if !function.Valid() {
		return nil
	}
	for cur := range function.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.RangeStmt)(nil), (*ast.UnaryExpr)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.AssignStmt:
			assign(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			names := make([]ast.Expr, len(n.Names))
			for i, id := range n.Names {
				names[i] = id
			}
			assign(names, n.Values)
		case *ast.RangeStmt:
			assign([]ast.Expr{n.Key, n.Value}, nil)
		case *ast.UnaryExpr:
			assign([]ast.Expr{n.X}, nil) // &v; no other operator is for contexts
		}
	}
	if times != 1 {
		return nil
	}
	return value
}
