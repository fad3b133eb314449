package rules

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
)

// checker looks at one package for all rules together.
type checker struct {
	*engine
	pass   *analysis.Pass
	active []bool // by rule: it speaks about the package
	chains map[*types.Package]*chains

	views map[*types.Package]*views
	funcs map[*types.Func]funcRules
	args  map[*ast.Ident][]int // calls whose arguments are to be looked at
	anys  []*ast.Ident         // uses of any

	through  map[*method]types.Type
	packages map[string]*types.Package // what the package imports, however indirectly; nil: not needed yet

	constructs map[string][]int // those of the active rules
	fixes      []importFix      // for finishFixes
}

// funcRules are the rules that name a function.
type funcRules struct{ call, args []int }

// views is what the rules say of one package.
type views struct {
	calls, types, args *view
	fields             map[*types.Var][]int
}

func newChecker(pass *analysis.Pass, e *engine, active []bool) *checker {
	c := &checker{
		engine: e, pass: pass, active: active,
		views:      make(map[*types.Package]*views),
		funcs:      make(map[*types.Func]funcRules),
		args:       make(map[*ast.Ident][]int),
		through:    make(map[*method]types.Type),
		constructs: make(map[string][]int),
	}
	if e.reach.pass != nil {
		c.chains = pass.ResultOf[e.reach.pass].(map[*types.Package]*chains)
	}
	for name, rules := range e.constructs {
		if rules = c.filter(rules); len(rules) > 0 {
			c.constructs[name] = rules
		}
	}
	return c
}

// filter returns the rules that are active.
func (c *checker) filter(rules []int) []int {
	return slices.DeleteFunc(slices.Clone(rules), func(r int) bool { return !c.active[r] })
}

// report reports node under some rules.
func (c *checker) report(rules []int, node analysis.Range, format string, args ...any) {
	for _, r := range rules {
		report(c.pass, c.rules[r], node, fmt.Sprintf(format, args...))
	}
}

// of returns what the rules say of the package that declares obj.
func (c *checker) of(pkg *types.Package) *views {
	v, ok := c.views[pkg]
	if !ok {
		path := ""
		if pkg != nil {
			path = code.Path(pkg)
		}
		v = &views{
			calls: c.calls.of(path, c.active),
			types: c.types.of(path, c.active),
			args:  c.engine.args.of(path, c.active),
		}
		if pkg != nil {
			v.fields = c.fields.of(path, c.active).fields(pkg)
		}
		c.views[pkg] = v
	}
	return v
}

// uses looks at every identifier that denotes something rather than at calls
// and declarations, so that a method value, a method expression and a function
// handed on count like the call that they become.
func (c *checker) uses() {
	builtins := len(c.constructs["panic"]) > 0 || len(c.constructs["recover"]) > 0 || len(c.constructs["print"]) > 0
	for id, obj := range c.pass.TypesInfo.Uses {
		switch obj := obj.(type) {
		case *types.Func:
			c.useFunc(id, obj)
		case *types.TypeName:
			c.useType(id, obj)
		case *types.Var:
			if obj.IsField() {
				if rules := c.of(obj.Pkg()).fields[obj.Origin()]; len(rules) > 0 {
					c.reportField(rules, id, obj)
				}
			}
		case *types.Builtin:
			if builtins {
				c.useBuiltin(id, obj)
			}
		}
	}
}

// useFunc looks at a function or method.
func (c *checker) useFunc(id *ast.Ident, fn *types.Func) {
	v := c.of(fn.Pkg())
	if v.calls == nil && v.args == nil {
		return
	}
	fn = fn.Origin()
	rules, ok := c.funcs[fn]
	if !ok {
		name := funcName(fn)
		rules = funcRules{v.calls.rules(name), v.args.rules(name)}
		c.funcs[fn] = rules
	}
	c.reportCall(rules.call, id, fn)
	c.addArgs(id, rules.args)
}

// addArgs notes that the arguments of a call of id are to be looked at.
func (c *checker) addArgs(id *ast.Ident, rules []int) {
	if len(rules) > 0 {
		c.args[id] = append(c.args[id], rules...)
	}
}

// reportCall reports a use of fn.
func (c *checker) reportCall(rules []int, id *ast.Ident, fn *types.Func) {
	for _, r := range rules {
		report(c.pass, c.rules[r], id, fmt.Sprintf("use of %s is forbidden", spell(pathOf(fn), funcName(fn))), c.fixCall(&c.rules[r], id, fn)...)
	}
}

// useType looks at a type and, where that is an alias, at what it stands for.
func (c *checker) useType(id *ast.Ident, obj *types.TypeName) {
	if obj == anyType {
		c.anys = append(c.anys, id)
		return
	}
	for obj != nil {
		if obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() {
			for _, r := range c.of(obj.Pkg()).types.rules(obj.Name()) {
				report(c.pass, c.rules[r], id, fmt.Sprintf("use of type %s is forbidden", spell(pathOf(obj), obj.Name())), c.fixType(&c.rules[r], id, obj)...)
			}
		}
		alias, ok := obj.Type().(*types.Alias)
		if !ok || !obj.IsAlias() {
			return
		}
		switch rhs := alias.Rhs().(type) {
		case *types.Alias:
			obj = rhs.Obj()
		case *types.Named:
			obj = rhs.Obj()
		default:
			return
		}
	}
}

// reportField reports a use of a field, by a selection or as the key of a literal.
func (c *checker) reportField(rules []int, id *ast.Ident, field *types.Var) {
	for _, r := range rules {
		report(c.pass, c.rules[r], id, fmt.Sprintf("use of field %s is forbidden", field.Name()), c.fixField(&c.rules[r], id, field)...)
	}
}

// selections looks at methods that rules mean through interfaces.
func (c *checker) selections() {
	if !c.some(func(r *rule) bool { return r.ThroughInterfaces }) {
		return
	}
	for expr, sel := range c.pass.TypesInfo.Selections {
		if fn, ok := sel.Obj().(*types.Func); ok {
			c.reportCall(c.throughRules(sel, fn, false), expr.Sel, fn.Origin())
			c.addArgs(expr.Sel, c.throughRules(sel, fn, true))
		}
	}
}

// throughRules returns the rules that mean the selected method because of an
// interface.
func (c *checker) throughRules(sel *types.Selection, fn *types.Func, arg bool) (rules []int) {
	try := func(m *method) {
		if m.arg == arg && c.active[m.rule] && strings.HasPrefix(fn.Name(), m.name) && c.means(m, sel, fn) {
			rules = append(rules, m.rule)
		}
	}
	for _, m := range c.engine.through[fn.Name()] {
		try(m)
	}
	for _, m := range c.throughAny {
		try(m)
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}

// means reports whether a call of fn may be one of m, or m may be one of fn: fn is
// a method of an interface that the type of m implements, or belongs to a type
// that implements the interface of m.
//
// The type of m is looked for in what the package itself imports. gopls knows all of
// the packages behind those as well, go vet what happens to be in their export data:
// the editor would find more than CI.
func (c *checker) means(m *method, sel *types.Selection, fn *types.Func) bool {
	typ, ok := c.through[m]
	if !ok {
		if pkg := code.Imported(c.pass.Pkg, m.path); pkg != nil {
			if obj, ok := pkg.Scope().Lookup(m.typ).(*types.TypeName); ok {
				typ = obj.Type()
			}
		} else if m.path == "" && m.typ == "error" {
			typ = code.ErrorType
		}
		c.through[m] = typ
	}
	if typ == nil {
		return false
	}
	if iface, ok := typ.Underlying().(*types.Interface); ok {
		return hasMethod(typ, fn) && implements(sel.Recv(), iface)
	}
	iface, ok := sel.Recv().Underlying().(*types.Interface)
	if !ok { // a struct that embeds an interface
		iface, ok = fn.Signature().Recv().Type().Underlying().(*types.Interface)
	}
	return ok && hasMethod(typ, fn) && implements(typ, iface)
}

// dependency returns the package at path, if this one is or imports it.
func (c *checker) dependency(path string) *types.Package {
	if c.packages == nil {
		c.packages = code.Dependencies(c.pass.Pkg)
	}
	return c.packages[path]
}

// hasMethod reports whether typ, or a pointer to it, has a method of fn's name.
func hasMethod(typ types.Type, fn *types.Func) bool {
	obj, _, _ := types.LookupFieldOrMethod(typ, true, fn.Pkg(), fn.Name())
	_, ok := obj.(*types.Func)
	return ok
}

// implements reports whether typ, or a pointer to it, implements iface.
func implements(typ types.Type, iface *types.Interface) bool {
	if types.Implements(typ, iface) {
		return true
	}
	switch typ.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return false
	}
	return types.Implements(types.NewPointer(typ), iface)
}

// visitors are what is to be done at nodes, by their type.
type visitors struct {
	nodes []ast.Node
	visit map[reflect.Type][]func(inspector.Cursor)
	after []func()
}

// on has nodes of the type of node visited.
func (v *visitors) on(node ast.Node, visit func(inspector.Cursor)) {
	typ := reflect.TypeOf(node)
	if v.visit[typ] == nil {
		v.nodes = append(v.nodes, node)
	}
	v.visit[typ] = append(v.visit[typ], visit)
}

// walk visits the nodes that active rules are about, and no others.
func (c *checker) walk() {
	v := &visitors{visit: make(map[reflect.Type][]func(inspector.Cursor))}
	c.onConstructs(v)
	c.onArgs(v)
	c.onParams(v)
	c.onLiterals(v)
	if len(v.nodes) == 0 {
		return
	}
	in := c.pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	for cur := range in.Root().Preorder(v.nodes...) {
		for _, visit := range v.visit[reflect.TypeOf(cur.Node())] {
			visit(cur)
		}
	}
	for _, do := range v.after {
		do()
	}
}

// onLiterals has literals without keys looked at, if some rule is about fields.
func (c *checker) onLiterals(v *visitors) {
	if !c.some(func(r *rule) bool { return len(r.ForbidField) > 0 }) {
		return
	}
	v.on((*ast.CompositeLit)(nil), func(cur inspector.Cursor) {
		lit := cur.Node().(*ast.CompositeLit)
		if len(lit.Elts) == 0 {
			return
		}
		if _, keyed := lit.Elts[0].(*ast.KeyValueExpr); keyed {
			return
		}
		typ := c.pass.TypesInfo.TypeOf(lit)
		if typ == nil {
			return
		}
		if p, ok := typ.Underlying().(*types.Pointer); ok {
			typ = p.Elem() // &T{} in a list of *T, where &T is left out
		}
		s, ok := typ.Underlying().(*types.Struct)
		if !ok {
			return
		}
		for i, value := range lit.Elts {
			if i < s.NumFields() {
				f := s.Field(i)
				c.report(c.of(f.Pkg()).fields[f.Origin()], value, "use of field %s is forbidden", f.Name())
			}
		}
	})
}

// some reports whether an active rule is of some kind.
func (c *checker) some(is func(*rule) bool) bool {
	for i := range c.rules {
		if c.active[i] && is(&c.rules[i]) {
			return true
		}
	}
	return false
}

// span is a range of its own.
type span struct{ from, to token.Pos }

func (s span) Pos() token.Pos { return s.from }
func (s span) End() token.Pos { return s.to }

// keyword returns the range of a keyword at pos.
func keyword(pos token.Pos, tok token.Token) span {
	return span{pos, pos + token.Pos(len(tok.String()))}
}
