package ctxfield

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/analyzers/passdoc"
)

//go:embed doc.go
var doc string

var Analyzer = &analysis.Analyzer{
	Name:     "ctxfield",
	Doc:      passdoc.Must(doc, "ctxfield"),
	URL:      passdoc.URL("ctxfield"),
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	if !reaches(pass.Pkg) {
		return nil, nil
	}
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	for c := range root.Children() {
		if code.Generated(pass.Fset, c.Node().(*ast.File)) {
			continue
		}
		for c := range c.Preorder((*ast.CallExpr)(nil)) {
			checkCall(pass, c.Node().(*ast.CallExpr))
		}
	}
	return nil, nil
}

// reaches reports whether pkg imports one of the packages that the pass knows;
// most do not.
func reaches(pkg *types.Package) bool {
	for _, imp := range pkg.Imports() {
		if _, ok := sinks[imp.Path()]; ok {
			return true
		}
	}
	return false
}

// checkCall reports the arguments of call that take a context to an encoder.
func checkCall(pass *analysis.Pass, call *ast.CallExpr) {
	fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return
	}
	sink, ok := sinks[fn.Pkg().Path()]
	if !ok {
		return
	}
	values, decode := sink.values(fn, call.Args)
	for _, x := range values {
		typ := pass.TypesInfo.TypeOf(x)
		search := search{codec: sink.codec, decode: decode, seen: make(map[types.Type]bool)}
		if search.find(typ) {
			report(pass, x, rootName(typ), &search)
		}
	}
}

func report(pass *analysis.Pass, x ast.Expr, root string, s *search) {
	field := s.field()
	pass.Report(analysis.Diagnostic{
		Pos:     x.Pos(),
		End:     x.End(),
		Message: fmt.Sprintf("%s%s is a context, which %s cannot carry: %s", root, s.path(), s.codec.name, advice(field, s.codec)),
		Related: []analysis.RelatedInformation{
			{Pos: field.Pos(), Message: "the field with the context is declared here"},
		},
		SuggestedFixes: tagField(pass, field, s.codec),
	})
}

func advice(field *types.Var, c *codec) string {
	switch {
	case generic(field):
		return "keep it out of the type arguments"
	case c.tag == "":
		return "keep it out of the struct, or the field unexported"
	}
	return fmt.Sprintf("keep it out of the struct, or tag the field %s:\"-\"", c.tag)
}

// generic reports whether the type of field depends on type parameters: a tag
// would hide what other instances put there.
func generic(field *types.Var) bool { return field.Origin() != field }

// rootName names the type at which a path of fields begins.
func rootName(typ types.Type) string {
	for {
		switch t := types.Unalias(typ).(type) {
		case *types.Pointer:
			typ = t.Elem()
			continue
		case *types.Named:
			return t.Obj().Name()
		case *types.Slice, *types.Array, *types.Map:
			typ = t.(interface{ Elem() types.Type }).Elem()
			continue
		}
		return "struct"
	}
}
