package shadow

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/passdoc"
)

//go:embed doc.go
var doc string

var Analyzer = &analysis.Analyzer{
	Name:     "shadow",
	Doc:      passdoc.Must(doc, "shadow"),
	URL:      passdoc.URL("shadow"),
	Requires: []*analysis.Analyzer{inspect.Analyzer, ctrlflow.Analyzer},
	Run:      run,
}

// A shadowing is a declaration that hides an outer variable of the same name
// and type.
type shadowing struct {
	name         *ast.Ident
	inner, outer *types.Var
	decl         ast.Node // the AssignStmt or ValueSpec that declares inner
	values       []ast.Expr
	fn           inspector.Cursor // the innermost function around decl
}

// run looks at each declaration inside a function in three steps, cheapest
// first: does it shadow a variable that it could be mistaken for, can the
// author have meant it, and does control flow show that a value is lost.
func run(pass *analysis.Pass) (any, error) {
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	flow := &flow{
		info: pass.TypesInfo,
		cfgs: pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs),
	}
	for file := range root.Children() {
		if ast.IsGenerated(file.Node().(*ast.File)) {
			continue // nobody reads it, and the author cannot change it
		}
		for decl := range file.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)) {
			for _, s := range shadowings(pass.TypesInfo, decl) {
				if read := flow.lost(s); read.IsValid() {
					report(pass, s, read)
				}
			}
		}
	}
	return nil, nil
}

// shadowings returns the variables that decl declares and that shadow another.
func shadowings(info *types.Info, decl inspector.Cursor) []shadowing {
	var names []*ast.Ident
	var values []ast.Expr
	switch n := decl.Node().(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE || scopedToStmt(decl) {
			return nil
		}
		for _, lhs := range n.Lhs {
			names = append(names, lhs.(*ast.Ident)) // := has only names at its left
		}
		values = n.Rhs
	case *ast.ValueSpec:
		names, values = n.Names, n.Values
	}
	var found []shadowing
	for _, name := range names {
		inner, ok := info.Defs[name].(*types.Var)
		if !ok || name.Name == "_" {
			continue // an assignment, or nothing that could be lost
		}
		outer := shadowed(inner)
		if outer == nil || mentions(info, values, outer) {
			continue // x := x and ctx := f(ctx) derive from what they hide; they know it
		}
		if fn, ok := enclosingFunc(decl); ok {
			found = append(found, shadowing{name, inner, outer, decl.Node(), values, fn})
		}
	}
	return found
}

// scopedToStmt reports whether decl belongs to the head of an if, for, switch
// or select. Whoever writes one has asked for the narrow scope.
func scopedToStmt(decl inspector.Cursor) bool {
	switch kind, _ := decl.ParentEdge(); kind {
	case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body, edge.LabeledStmt_Stmt:
		return false
	}
	return true
}

// shadowed returns the local variable that inner hides, or nil. A package-level
// variable is out of scope here: that a function has a local of the same name
// is how parameters are usually named.
func shadowed(inner *types.Var) *types.Var {
	scope := inner.Parent()
	if scope == nil || inner.Pkg() == nil || scope == inner.Pkg().Scope() {
		return nil
	}
	_, obj := scope.Parent().LookupParent(inner.Name(), inner.Pos())
	outer, ok := obj.(*types.Var)
	if !ok || outer.Pkg() != inner.Pkg() || outer.Parent() == inner.Pkg().Scope() {
		return nil
	}
	if !types.Identical(inner.Type(), outer.Type()) {
		return nil // the one could not have been assigned to the other
	}
	return outer
}

func enclosingFunc(c inspector.Cursor) (inspector.Cursor, bool) {
	for fn := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return fn, true
	}
	return inspector.Cursor{}, false // a package-level variable
}

// mentions reports whether one of exprs uses v.
func mentions(info *types.Info, exprs []ast.Expr, v *types.Var) bool {
	return slices.ContainsFunc(exprs, func(e ast.Expr) bool {
		found := false
		ast.Inspect(e, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && info.Uses[id] == v {
				found = true
			}
			return !found
		})
		return found
	})
}

func report(pass *analysis.Pass, s shadowing, read token.Pos) {
	line := func(pos token.Pos) int { return pass.Fset.Position(pos).Line }
	pass.Report(analysis.Diagnostic{
		Pos: s.name.Pos(),
		End: s.name.End(),
		Message: fmt.Sprintf("this %s is a new variable: the one declared at line %d is read at line %d without the value assigned here",
			s.name.Name, line(s.outer.Pos()), line(read)),
		Related: []analysis.RelatedInformation{
			{Pos: s.outer.Pos(), End: s.outer.Pos() + token.Pos(len(s.outer.Name())), Message: "the shadowed variable is declared here"},
			{Pos: read, Message: "and read here, after the inner one is gone"},
		},
	})
}
