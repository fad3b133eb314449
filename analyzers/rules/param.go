package rules

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
)

// onParams has the signatures of functions, methods and methods of interfaces
// looked at, if some rule is about first parameters. Function literals and function
// types are left alone: they are what somebody else asks for.
func (c *checker) onParams(v *visitors) {
	if !c.some(func(r *rule) bool { return r.RequireFirstParam != nil }) {
		return
	}
	named := c.params.of(code.Path(c.pass.Pkg), c.active)
	free := c.filter(c.firstParam)
	if named == nil && len(free) == 0 {
		return
	}
	check := func(id *ast.Ident, params *ast.FieldList) {
		fn, ok := c.pass.TypesInfo.Defs[id].(*types.Func)
		if !ok {
			return
		}
		for _, r := range named.rules(funcName(fn)) {
			c.requireFirst(&c.rules[r], fn, id, params, true)
		}
		for _, r := range free {
			c.requireFirst(&c.rules[r], fn, id, params, false)
		}
	}
	v.on((*ast.FuncDecl)(nil), func(cur inspector.Cursor) {
		if decl := cur.Node().(*ast.FuncDecl); decl.Recv != nil || !c.isEntry(decl) {
			check(decl.Name, decl.Type.Params)
		}
	})
	v.on((*ast.InterfaceType)(nil), func(cur inspector.Cursor) {
		for _, m := range cur.Node().(*ast.InterfaceType).Methods.List {
			if typ, ok := m.Type.(*ast.FuncType); ok && len(m.Names) == 1 {
				check(m.Names[0], typ.Params)
			}
		}
	})
}

var testName = regexp.MustCompile(`^(Test|Benchmark|Fuzz|Example)([^a-z]|$)`)

// isEntry reports whether the language or go test says what the parameters of a
// function are.
func (c *checker) isEntry(decl *ast.FuncDecl) bool {
	switch decl.Name.Name {
	case "init":
		return true
	case "main":
		return c.pass.Pkg.Name() == "main"
	}
	file := fileOf(c.pass, decl.Pos())
	return file != nil && code.InTest(c.pass.Fset, file) && testName.MatchString(decl.Name.Name)
}

// requireFirst checks one signature. must says that the parameter may not be
// missing.
func (c *checker) requireFirst(r *rule, fn *types.Func, id *ast.Ident, params *ast.FieldList, must bool) {
	p, at := r.RequireFirstParam, -1
	list := fn.Signature().Params()
	for i := range list.Len() {
		if isType(list.At(i).Type(), p.Type) {
			at = i
			break
		}
	}
	var where ast.Node = id
	var say string
	switch {
	case at < 0 && !must:
		return
	case at < 0:
		say = fmt.Sprintf("%s must take a %s first", fn.Name(), p.Type)
	case at > 0:
		where = paramAt(params, at, id)
		say = fmt.Sprintf("%s must be the first parameter of %s", p.Type, fn.Name())
	default:
		name := list.At(0).Name()
		if p.Name == "" || name == "" || name == "_" || name == p.Name {
			return
		}
		where = paramAt(params, 0, id)
		say = fmt.Sprintf("the first parameter of %s must be called %s", fn.Name(), p.Name)
	}
	if at != 0 && c.dictated(fn) {
		return
	}
	report(c.pass, *r, where, say)
}

// paramAt returns the name of parameter i, or its type if it has none.
func paramAt(params *ast.FieldList, i int, otherwise ast.Node) ast.Node {
	for _, f := range params.List {
		if len(f.Names) == 0 {
			if i == 0 {
				return f.Type
			}
			i--
			continue
		}
		if i < len(f.Names) {
			return f.Names[i]
		}
		i -= len(f.Names)
	}
	return otherwise
}

// isType reports whether typ is the type that a policy calls symbol, which may
// begin with *.
func isType(typ types.Type, symbol string) bool {
	elem, pointer := strings.CutPrefix(symbol, "*")
	if p, ok := types.Unalias(typ).(*types.Pointer); ok != pointer {
		return false
	} else if ok {
		typ = p.Elem()
	}
	path, name := splitType(withoutTypeParams(elem))
	named, ok := types.Unalias(typ).(*types.Named)
	return ok && named.Obj().Name() == name && pathOf(named.Obj()) == path
}

// dictated reports whether a package that this one imports says what fn looks
// like: it has an interface with the method, and the receiver implements that.
func (c *checker) dictated(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil {
		return false
	}
	for _, pkg := range c.pass.Pkg.Imports() {
		for _, name := range pkg.Scope().Names() {
			obj, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || !obj.Exported() {
				continue
			}
			iface, ok := obj.Type().Underlying().(*types.Interface)
			if !ok {
				continue
			}
			for m := range iface.Methods() {
				if m.Id() == fn.Id() && implements(cmp.Or(elem(recv.Type()), recv.Type()), iface) {
					return true
				}
			}
		}
	}
	return false
}

// elem returns what a pointer points to, or nil.
func elem(typ types.Type) types.Type {
	if p, ok := types.Unalias(typ).(*types.Pointer); ok {
		return p.Elem()
	}
	return nil
}
