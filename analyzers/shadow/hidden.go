package shadow

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
)

// runPackageVar reports locals that hide a variable or constant of the
// package. There is no flow to follow: a variable of the package is read by
// whoever runs later.
func runPackageVar(pass *analysis.Pass, ignore map[string]bool) {
	p := &program{info: pass.TypesInfo, ignore: ignore}
	for file := range written(pass) {
		x := &fixer{pass: pass, file: file.Node().(*ast.File)}
		for c := range file.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.RangeStmt)(nil)) {
			names, values := declared(c)
			for _, name := range names {
				inner, ok := p.info.Defs[name].(*types.Var)
				if !ok || name.Name == "_" || ignore[name.Name] {
					continue
				}
				outer := hidden(inner)
				kind := packageLevel(inner, outer)
				if kind == "" || slices.ContainsFunc(values, func(e ast.Expr) bool { return mentions(p.info, e, outer) }) {
					continue // x := x is a copy on purpose
				}
				advice := "assign to that, or rename this"
				if _, ok := outer.(*types.Const); ok {
					advice = "rename this"
				}
				pass.Report(analysis.Diagnostic{
					Pos: name.Pos(),
					End: name.End(),
					Message: fmt.Sprintf("this %s hides the package's %s declared at %s: %s",
						name.Name, kind, place(pass, name.Pos(), outer.Pos()), advice),
					Related:        []analysis.RelatedInformation{related(outer, "the hidden "+kind+" is declared here")},
					SuggestedFixes: x.rename(name.Name, inner),
				})
			}
		}
	}
}

// packageLevel returns what outer is to the package if inner could have been
// meant for it, or "".
func packageLevel(inner *types.Var, outer types.Object) string {
	if outer == nil || inner.Pkg() == nil || outer.Parent() != inner.Pkg().Scope() {
		return ""
	}
	switch outer := outer.(type) {
	case *types.Var:
		if assignable(inner, outer) {
			return "variable"
		}
	case *types.Const:
		if types.AssignableTo(inner.Type(), types.Default(outer.Type())) {
			return "constant"
		}
	}
	return ""
}

// runImport reports locals that hide an import of their file.
func runImport(pass *analysis.Pass, ignore map[string]bool) {
	for d := range declarations(pass, ignore) {
		imp, ok := hidden(d.objs[0]).(*types.PkgName)
		if !ok {
			continue
		}
		pass.Report(analysis.Diagnostic{
			Pos:            d.name.Pos(),
			End:            d.name.End(),
			Message:        fmt.Sprintf("this %s hides the import of %q in its scope: rename it", d.name.Name, imp.Imported().Path()),
			Related:        []analysis.RelatedInformation{{Pos: imp.Pos(), Message: "the package is imported here"}},
			SuggestedFixes: d.fixer.rename(d.name.Name, d.objs...),
		})
	}
}

// runBuiltin reports declarations that hide a predeclared identifier.
func runBuiltin(pass *analysis.Pass, ignore map[string]bool) {
	for d := range declarations(pass, ignore) {
		obj := d.objs[0]
		local := obj.Parent() != pass.Pkg.Scope()
		outer := types.Universe.Lookup(d.name.Name)
		if outer == nil || local && hidden(obj) != outer {
			continue // or the package hides it already
		}
		diag := analysis.Diagnostic{
			Pos:     d.name.Pos(),
			End:     d.name.End(),
			Message: fmt.Sprintf("this %s hides the predeclared %s of that name: rename it", d.name.Name, predeclared(outer)),
		}
		if local { // another file may use what is not
			diag.SuggestedFixes = d.fixer.rename(d.name.Name, d.objs...)
		}
		pass.Report(diag)
	}
}

func predeclared(obj types.Object) string {
	switch obj.(type) {
	case *types.Builtin:
		return "function"
	case *types.TypeName:
		return "type"
	case *types.Const:
		return "constant"
	}
	return "value"
}

// A declaration is a name with what it denotes: one object, or one for each
// clause of a type switch.
type declaration struct {
	name  *ast.Ident
	objs  []types.Object
	fixer *fixer
}

// declarations yields what the package declares, in the order of its source,
// but for fields, methods, labels and the parameters of what has no body:
// nothing is in their way.
func declarations(pass *analysis.Pass, ignore map[string]bool) func(func(declaration) bool) {
	return func(yield func(declaration) bool) {
		for file := range written(pass) {
			x := &fixer{pass: pass, file: file.Node().(*ast.File)}
			for c := range file.Preorder((*ast.Ident)(nil)) {
				name := c.Node().(*ast.Ident)
				if name.Name == "_" || ignore[name.Name] {
					continue
				}
				objs := objects(pass.TypesInfo, c)
				if len(objs) > 0 && objs[0].Parent() != nil && !bodiless(c) && !yield(declaration{name, objs, x}) {
					return
				}
			}
		}
	}
}

// objects returns what the identifier at c declares.
func objects(info *types.Info, c inspector.Cursor) []types.Object {
	id := c.Node().(*ast.Ident)
	obj, declares := info.Defs[id]
	if !declares {
		return nil
	}
	if obj != nil {
		if _, label := obj.(*types.Label); label {
			return nil
		}
		return []types.Object{obj}
	}
	var objs []types.Object
	for sw := range c.Enclosing((*ast.TypeSwitchStmt)(nil)) {
		for _, clause := range sw.Node().(*ast.TypeSwitchStmt).Body.List {
			if obj := info.Implicits[clause]; obj != nil && obj.Pos() == id.Pos() {
				objs = append(objs, obj)
			}
		}
		break
	}
	return objs
}

// bodiless reports whether the identifier at c is a parameter of a function
// type rather than of a function.
func bodiless(c inspector.Cursor) bool {
	for typ := range c.Enclosing((*ast.FuncType)(nil)) {
		switch n := typ.Parent().Node().(type) {
		case *ast.FuncLit:
			return false
		case *ast.FuncDecl:
			return n.Body == nil
		}
		return true
	}
	return false
}

// written yields the files of the package that people write.
func written(pass *analysis.Pass) func(func(inspector.Cursor) bool) {
	return func(yield func(inspector.Cursor) bool) {
		root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
		for file := range root.Children() {
			if f, ok := file.Node().(*ast.File); ok && !code.Generated(pass.Fset, f) && !yield(file) {
				return
			}
		}
	}
}

// place says where pos is to a reader who is at from: the line, and the file
// if it is another.
func place(pass *analysis.Pass, from, pos token.Pos) string {
	at := pass.Fset.Position(pos)
	if at.Filename == pass.Fset.Position(from).Filename {
		return fmt.Sprintf("line %d", at.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)
}

func related(obj types.Object, message string) analysis.RelatedInformation {
	return analysis.RelatedInformation{Pos: obj.Pos(), End: obj.Pos() + token.Pos(len(obj.Name())), Message: message}
}
