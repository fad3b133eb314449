package retrydeadline

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/analyzers/passdoc"
)

//go:embed doc.go
var doc string

var Analyzer = &analysis.Analyzer{
	Name:     "retrydeadline",
	Doc:      passdoc.Must(doc, "retrydeadline"),
	URL:      passdoc.URL("retrydeadline"),
	Requires: []*analysis.Analyzer{inspect.Analyzer, ctrlflow.Analyzer},
	Run:      run,
}

// run looks for the loops that sleep, which are few, and follows the paths
// through those only.
func run(pass *analysis.Pass) (any, error) {
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	cfgs := pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs)
	for c := range root.Children() {
		file := c.Node().(*ast.File)
		if code.Generated(pass.Fset, file) || code.ForTests(pass.Fset, file) { // go test kills what hangs
			continue
		}
		for c := range c.Preorder((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
			loop := c.Node().(ast.Stmt)
			sleep := loopSleep(pass.TypesInfo, loop)
			if sleep == nil {
				continue
			}
			g := graph(pass.TypesInfo, cfgs, c)
			if g == nil {
				continue
			}
			p := newPaths(pass.TypesInfo, loop, g)
			if call := p.retried(); call != nil {
				report(pass, c, call, sleep)
			}
		}
	}
	return nil, nil
}

// graph returns the control-flow graph of the innermost function around c.
func graph(info *types.Info, cfgs *ctrlflow.CFGs, c inspector.Cursor) *cfg.CFG {
	for fn := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		switch fn := fn.Node().(type) {
		case *ast.FuncLit:
			return cfgs.FuncLit(fn)
		case *ast.FuncDecl:
			if _, ok := info.Defs[fn.Name].(*types.Func); ok { // else it has no graph, and the question panics
				return cfgs.FuncDecl(fn)
			}
		}
		break
	}
	return nil
}

func report(pass *analysis.Pass, loop inspector.Cursor, call *ast.CallExpr, sleep ast.Node) {
	advice := "bound the attempts, or wait for a context as well"
	if ctx := contextParam(pass.TypesInfo, loop); ctx != "" {
		advice = fmt.Sprintf("wait for %s.Done() as well", ctx)
	}
	pass.Report(analysis.Diagnostic{
		Pos:     call.Pos(),
		End:     call.End(),
		Message: fmt.Sprintf("this loop tries %s until it succeeds, for ever if need be: %s", callName(call), advice),
		Related: []analysis.RelatedInformation{
			{Pos: sleep.Pos(), End: sleep.End(), Message: "it waits here between two attempts"},
		},
	})
}

// contextParam returns the name of a context that a function around c takes.
func contextParam(info *types.Info, c inspector.Cursor) string {
	for fn := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		var typ *ast.FuncType
		switch fn := fn.Node().(type) {
		case *ast.FuncDecl:
			typ = fn.Type
		case *ast.FuncLit:
			typ = fn.Type
		}
		for _, field := range typ.Params.List {
			for _, name := range field.Names {
				if name.Name != "_" && isContext(info.TypeOf(field.Type)) {
					return name.Name
				}
			}
		}
	}
	return ""
}

// callName returns what is called, as it is written if that is short.
func callName(call *ast.CallExpr) string {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		if name := types.ExprString(fun); len(name) <= 40 && !strings.ContainsAny(name, "(\n") {
			return name
		}
		if sel, ok := fun.(*ast.SelectorExpr); ok {
			return sel.Sel.Name
		}
	}
	return "this call"
}
