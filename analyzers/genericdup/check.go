package genericdup

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// constrain returns the weakest constraint with which one generic function can
// take the place of twins that differ in the types of list, or "". The type
// checker decides, on the function as it would be: rules about what a type
// parameter may be used for would restate the language, and miss some of it.
func constrain(pass *analysis.Pass, fn *function, m *match, list []types.Type) string {
	src := generic(pass, fn, m)
	if src == "" {
		return ""
	}
	sigs, ok := shared(pass.Pkg, m.methods, list)
	if !ok {
		return ""
	}
	embeds := [][]types.Type{nil, {types.Universe.Lookup("comparable").Type()}}
	if !slices.ContainsFunc(list, types.IsInterface) { // which no union may have
		embeds = append(embeds, []types.Type{union(list)})
	}
	for _, embed := range embeds {
		constraint := types.NewInterfaceType(methods(sigs), embed).Complete()
		if slices.ContainsFunc(list, func(t types.Type) bool { return !types.Satisfies(t, constraint) }) {
			continue
		}
		if !checks(pass, fn, src, constraint) {
			continue
		}
		switch {
		case len(sigs) > 0:
			return typeString(pass, constraint)
		case embed == nil:
			return "any"
		}
		return typeString(pass, embed[0])
	}
	return ""
}

// union returns the union of the types of list, each once.
func union(list []types.Type) *types.Union {
	var terms []*types.Term
	for i, t := range list {
		if !slices.ContainsFunc(list[:i], func(u types.Type) bool { return types.Identical(t, u) }) {
			terms = append(terms, types.NewTerm(false, t))
		}
	}
	return types.NewUnion(terms)
}

// shared returns the named methods, if the types of list have them all alike.
func shared(pkg *types.Package, names []string, list []types.Type) ([]*types.Func, bool) {
	var fns []*types.Func
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		var first *types.Func
		for _, t := range list {
			obj, _, _ := types.LookupFieldOrMethod(t, false, pkg, name)
			fn, ok := obj.(*types.Func)
			if !ok || first != nil && !types.Identical(first.Signature(), fn.Signature()) {
				return nil, false
			}
			first = cmp.Or(first, fn)
		}
		fns = append(fns, first)
	}
	return fns, true
}

// methods returns fns as methods of an interface that is to be.
func methods(fns []*types.Func) []*types.Func {
	var ms []*types.Func
	for _, fn := range fns {
		sig := fn.Signature()
		sig = types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
		ms = append(ms, types.NewFunc(token.NoPos, fn.Pkg(), fn.Name(), sig))
	}
	return ms
}

// checks reports whether the type checker accepts src as a file of the package.
//
// The package itself is neither changed nor checked again: its objects are lent
// to the scope of another of the same path. Unexported names go by the path.
func checks(pass *analysis.Pass, fn *function, src string, constraint *types.Interface) bool {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "generic.go", src, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	pkg := types.NewPackage(pass.Pkg.Path(), pass.Pkg.Name())
	for _, name := range pass.Pkg.Scope().Names() {
		pkg.Scope().Insert(pass.Pkg.Scope().Lookup(name))
	}
	name := types.NewTypeName(token.NoPos, pkg, constraintName, nil)
	types.NewNamed(name, constraint, nil)
	pkg.Scope().Insert(name)

	known := make(importer)
	for _, imp := range imports(pass.TypesInfo, fn) {
		known[imp.Imported().Path()] = imp.Imported()
	}
	ok := true
	conf := types.Config{
		Error: func(err error) {
			// fn was accepted in the real package. Only here is a literal
			// without keys compared by the package instead of its path.
			ok = ok && strings.Contains(err.Error(), "implicit assignment to unexported field")
		},
		GoVersion: cmp.Or(pass.TypesInfo.FileVersions[fn.file], pass.Pkg.GoVersion()),
		Importer:  known,
		Sizes:     pass.TypesSizes,
	}
	_ = types.NewChecker(&conf, fset, pkg, nil).Files([]*ast.File{file}) // the first of the errors
	return ok
}

// An importer has the packages that were loaded with the one under analysis.
type importer map[string]*types.Package

func (known importer) Import(path string) (*types.Package, error) {
	if pkg := known[path]; pkg != nil {
		return pkg, nil
	}
	return nil, fmt.Errorf("%s is not imported", path)
}
