package genericdup

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Names of the generic function that nobody else is likely to have.
const (
	funcName       = "genericdup_func"
	typeParamName  = "genericdup_type"
	constraintName = "genericdup_constraint"
)

// An edit puts text in the place of an expression.
type edit struct {
	at   ast.Expr
	text string
}

// generic returns a file that declares fn as the generic function that it could
// be, or "". Its text is that of fn, since trees are shared and must not change.
// A receiver becomes the first parameter.
func generic(pass *analysis.Pass, fn *function, m *match) string {
	file := pass.Fset.File(fn.decl.Pos())
	src, err := pass.ReadFile(file.Name())
	if err != nil || len(src) != file.Size() {
		return "" // not what was parsed
	}
	var edits []edit
	for _, x := range m.sites {
		edits = append(edits, edit{x, typeParamName})
	}
	for _, x := range m.self {
		edits = append(edits, edit{x, funcName})
	}
	slices.SortFunc(edits, func(x, y edit) int { return cmp.Compare(x.at.Pos(), y.at.Pos()) })

	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\n", pass.Pkg.Name())
	for _, imp := range imports(pass.TypesInfo, fn) {
		fmt.Fprintf(&b, "import %s %q\n", imp.Name(), imp.Imported().Path())
	}
	fmt.Fprintf(&b, "\nfunc %s[%s %s](", funcName, typeParamName, constraintName)
	if recv := fn.decl.Recv; recv != nil && len(recv.List) == 1 && len(recv.List[0].Names) == 1 {
		b.Write(src[file.Offset(recv.List[0].Pos()):file.Offset(recv.List[0].End())])
		b.WriteString(", ")
	}
	from := fn.decl.Type.Params.Pos() + token.Pos(len("("))
	for _, e := range edits {
		if e.at.Pos() < from {
			return ""
		}
		b.Write(src[file.Offset(from):file.Offset(e.at.Pos())])
		b.WriteString(e.text)
		from = e.at.End()
	}
	b.Write(src[file.Offset(from):file.Offset(fn.decl.End())])
	return b.String()
}

// imports returns the imports that fn mentions.
func imports(info *types.Info, fn *function) []*types.PkgName {
	var list []*types.PkgName
	ast.Inspect(fn.decl, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if name, ok := info.Uses[id].(*types.PkgName); ok && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
		return true
	})
	return list
}
