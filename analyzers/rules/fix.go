package rules

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/gohearth/hearth/analyzers/code"
)

// fixCall returns the fix that puts the function or method of the rule in the
// place of fn, if it has the same signature or nobody knows what it has.
func (c *checker) fixCall(r *rule, id *ast.Ident, fn *types.Func) []analysis.SuggestedFix {
	if r.Fix == "" {
		return nil
	}
	sel, use := c.use(id)
	if fn.Signature().Recv() != nil {
		name := r.Fix
		if _, method := splitFunc(name); strings.HasPrefix(method, "(") {
			_, name, _ = strings.Cut(method, ").")
		}
		s := c.pass.TypesInfo.Selections[sel]
		if sel == nil || s == nil || !token.IsIdentifier(name) {
			return nil
		}
		other, _, _ := types.LookupFieldOrMethod(s.Recv(), true, c.pass.Pkg, name)
		if other, ok := other.(*types.Func); !ok || !sameSignature(s.Obj().(*types.Func), other) {
			return nil
		}
		return rename(id, name)
	}
	path, name := splitFunc(r.Fix)
	if path == "" {
		path = pathOf(fn)
	}
	return c.fixSymbol(use, sel, path, name, func(obj types.Object) bool {
		other, ok := obj.(*types.Func)
		return ok && sameSignature(fn, other)
	})
}

// sameSignature reports whether one function can stand where the other stands.
func sameSignature(x, y *types.Func) bool {
	return types.Identical(withoutRecv(x.Signature()), withoutRecv(y.Signature()))
}

func withoutRecv(sig *types.Signature) types.Type {
	if sig.Recv() == nil {
		return sig
	}
	return types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
}

// fixType returns the fix that puts the type of the rule in the place of obj.
// Whether the code then compiles is more than a look at the two can tell, but an
// embedded field would get another name for sure.
func (c *checker) fixType(r *rule, id *ast.Ident, obj *types.TypeName) []analysis.SuggestedFix {
	if r.Fix == "" || c.pass.TypesInfo.Uses[id] != types.Object(obj) { // an alias of it, which may have other uses
		return nil
	}
	sel, use := c.use(id)
	path, name := splitType(r.Fix)
	if path == "" {
		path = pathOf(obj)
	}
	if c.pass.TypesInfo.Defs[id] != nil && name != id.Name {
		return nil // embedded
	}
	return c.fixSymbol(use, sel, path, name, func(other types.Object) bool {
		_, ok := other.(*types.TypeName)
		return ok && typeParams(obj.Type()) == typeParams(other.Type()) &&
			types.IsInterface(obj.Type()) == types.IsInterface(other.Type())
	})
}

func typeParams(typ types.Type) int {
	switch typ := typ.(type) {
	case *types.Named:
		return typ.TypeParams().Len()
	case *types.Alias:
		return typ.TypeParams().Len()
	}
	return 0
}

// fixField returns the fix that puts the field of the rule in the place of
// another of the same struct and type.
func (c *checker) fixField(r *rule, id *ast.Ident, field *types.Var) []analysis.SuggestedFix {
	if !token.IsIdentifier(r.Fix) {
		return nil
	}
	file := fileOf(c.pass, id.Pos())
	if file == nil {
		return nil
	}
	var in types.Type
	path, _ := astutil.PathEnclosingInterval(file, id.Pos(), id.End())
	for _, n := range path {
		switch n := n.(type) {
		case *ast.Ident, *ast.KeyValueExpr:
			continue
		case *ast.SelectorExpr:
			in = c.pass.TypesInfo.TypeOf(n.X)
		case *ast.CompositeLit:
			in = c.pass.TypesInfo.TypeOf(n)
			for _, elt := range n.Elts {
				if kv, ok := elt.(*ast.KeyValueExpr); ok {
					if key, ok := kv.Key.(*ast.Ident); ok && key.Name == r.Fix {
						return nil // it has one already
					}
				}
			}
		}
		break
	}
	if in == nil {
		return nil
	}
	other, _, _ := types.LookupFieldOrMethod(in, true, c.pass.Pkg, r.Fix)
	if other, ok := other.(*types.Var); !ok || !types.Identical(field.Type(), other.Type()) {
		return nil
	}
	return rename(id, r.Fix)
}

// use returns the selection that id is the end of, if it is, and all of what
// stands for the object: id, or "name.id" if that is a package's name.
func (c *checker) use(id *ast.Ident) (sel *ast.SelectorExpr, use ast.Expr) {
	file := fileOf(c.pass, id.Pos())
	if file == nil {
		return nil, id
	}
	path, _ := astutil.PathEnclosingInterval(file, id.Pos(), id.End())
	for _, n := range path {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel == id {
			if x, ok := s.X.(*ast.Ident); ok {
				if _, ok := c.pass.TypesInfo.Uses[x].(*types.PkgName); ok {
					return s, s
				}
			}
			return s, id
		}
	}
	return nil, id
}

// fixSymbol returns the fix that writes another symbol of a package in the place
// of use, if the file can import it. fits is asked where the symbol is known.
func (c *checker) fixSymbol(use ast.Expr, sel *ast.SelectorExpr, path, name string, fits func(types.Object) bool) []analysis.SuggestedFix {
	file := fileOf(c.pass, use.Pos())
	if file == nil || !token.IsIdentifier(name) {
		return nil
	}
	if pkg := c.dependency(path); pkg != nil {
		if obj := pkg.Scope().Lookup(name); obj == nil && (pkg.Complete() || pkg == c.pass.Pkg) || obj != nil && !fits(obj) {
			return nil
		}
	}
	imports := code.NewImports(c.pass, file)
	ref, ok := imports.Name(use.Pos(), path, "", name)
	if !ok {
		return nil
	}
	if sel != nil && use == ast.Expr(sel) && !strings.HasPrefix(ref, types.ExprString(sel.X)+".") {
		imports.Drop(sel.X.(*ast.Ident))
	}
	fixes := []analysis.SuggestedFix{{
		Message:   "Replace with " + ref,
		TextEdits: []analysis.TextEdit{{Pos: use.Pos(), End: use.End(), NewText: []byte(ref)}},
	}}
	c.fixes = append(c.fixes, importFix{imports, &fixes[0]})
	return fixes
}

// importFix is a fix that lacks the edits of the imports.
type importFix struct {
	imports *code.Imports
	fix     *analysis.SuggestedFix
}

// finishFixes completes the fixes, when all are known.
func (c *checker) finishFixes() {
	all := make([]*code.Imports, len(c.fixes))
	for i, f := range c.fixes {
		all[i] = f.imports
	}
	code.Settle(all)
	for _, f := range c.fixes {
		if edits, ok := f.imports.Edits(); ok {
			f.fix.TextEdits = append(edits, f.fix.TextEdits...)
		} else {
			f.fix.TextEdits = nil // findings.report leaves it out
		}
	}
}

func rename(id *ast.Ident, name string) []analysis.SuggestedFix {
	return []analysis.SuggestedFix{{
		Message:   "Replace with " + name,
		TextEdits: []analysis.TextEdit{{Pos: id.Pos(), End: id.End(), NewText: []byte(name)}},
	}}
}
