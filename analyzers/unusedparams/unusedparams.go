package unusedparams

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/passdoc"
)

//go:embed doc.go
var doc string

var Analyzer = &analysis.Analyzer{
	Name:     "unusedparams",
	Doc:      passdoc.Must(doc, "unusedparams"),
	URL:      passdoc.URL("unusedparams"),
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

// category is what gopls knows its own pass by: a diagnostic of this category
// gets its "remove unused parameter" refactoring for the fix without edits.
const category = "unusedparams"

// A function is a candidate: its parameters may be unused.
type function struct {
	obj  types.Object // *types.Func, or the *types.Var that names a literal; nil for _
	typ  *ast.FuncType
	body *ast.BlockStmt
	decl *ast.FuncDecl // nil for a literal
}

// run relies on seeing the package together with its in-package tests, which
// may use a function as a value. gopls and go vet both see to that.
func run(pass *analysis.Pass) (any, error) {
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	uses := collect(pass, root)
	elsewhere := siblings(pass)
	for file := range root.Children() {
		if ast.IsGenerated(file.Node().(*ast.File)) {
			continue // its uses count, its parameters are the generator's
		}
		for c := range file.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
			fn, ok := candidate(pass, c)
			if !ok || uses.fixed(fn) || isStub(pass.TypesInfo, fn.body) {
				continue
			}
			// The folder is read last, and only when there is something to report.
			if unused := uses.unused(pass.TypesInfo, fn); len(unused) > 0 && !elsewhere().fixed(fn) {
				for _, p := range unused {
					report(pass, p)
				}
			}
		}
	}
	return nil, nil
}

// candidate returns the function at c if all its callers can be known: an
// exported one may be used as a value by any package.
func candidate(pass *analysis.Pass, c inspector.Cursor) (function, bool) {
	switch n := c.Node().(type) {
	case *ast.FuncDecl:
		obj := pass.TypesInfo.Defs[n.Name]
		return function{obj, n.Type, n.Body, n}, n.Body != nil && !n.Name.IsExported() && obj != nil
	case *ast.FuncLit:
		name := boundName(c)
		if name == nil {
			return function{}, false // passed on, returned or stored: its type is asked for
		}
		obj := pass.TypesInfo.ObjectOf(name)
		if obj != nil && obj.Exported() && obj.Parent() == pass.Pkg.Scope() {
			return function{}, false
		}
		return function{obj, n.Type, n.Body, nil}, obj != nil || name.Name == "_"
	}
	return function{}, false
}

// A param is one unused parameter in the field that declares it.
type param struct {
	name  *ast.Ident
	field *ast.Field
}

// unused returns the parameters of fn that nothing mentions.
func (u *usage) unused(info *types.Info, fn function) []param {
	var unused []param
	for _, field := range fn.typ.Params.List {
		for _, name := range field.Names {
			if !strings.HasPrefix(name.Name, "_") && !u.mentioned[info.Defs[name]] {
				unused = append(unused, param{name, field})
			}
		}
	}
	return unused
}

func report(pass *analysis.Pass, p param) {
	var at ast.Node = p.field
	if len(p.field.Names) > 1 {
		at = p.name // "a, b int": the type belongs to both
	}
	pass.Report(analysis.Diagnostic{
		Pos:      at.Pos(),
		End:      at.End(),
		Category: category,
		Message:  fmt.Sprintf("unused parameter: %s", p.name.Name),
		SuggestedFixes: []analysis.SuggestedFix{
			{
				Message: `Rename parameter to "_"`,
				TextEdits: []analysis.TextEdit{
					{Pos: p.name.Pos(), End: p.name.End(), NewText: []byte("_")},
				},
			},
			// No edits: gopls works them out when the fix is chosen, since
			// calls in other packages change as well. Elsewhere the fix is
			// inert, and never the first, which is what go fix applies.
			{Message: fmt.Sprintf("Remove unused parameter %q", p.name.Name)},
		},
	})
}
