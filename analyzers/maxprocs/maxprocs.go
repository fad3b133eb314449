package maxprocs

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strconv"
	"strings"

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
	Name:     "maxprocs",
	Doc:      passdoc.Must(doc, "maxprocs"),
	URL:      passdoc.URL("maxprocs"),
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

// A setter is a function of the runtime that changes the whole program.
type setter struct {
	env  string           // the variable by which an operator says the same
	asks func(int64) bool // reports whether a value changes nothing
}

var setters = map[string]setter{
	"runtime.GOMAXPROCS":           {"GOMAXPROCS", func(n int64) bool { return n < 1 }},
	"runtime/debug.SetGCPercent":   {"GOGC", func(int64) bool { return false }},
	"runtime/debug.SetMemoryLimit": {"GOMEMLIMIT", func(n int64) bool { return n < 0 }},
}

func run(pass *analysis.Pass) (any, error) {
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	builtin := readsCgroup(pass)
	for c := range root.Children() {
		file := c.Node().(*ast.File)
		if code.Generated(pass.Fset, file) {
			continue
		}
		if builtin {
			reportImports(pass, file)
		}
		if code.ForTests(pass.Fset, file) {
			continue // to say how many run at once is what some tests are about
		}
		for c := range c.Preorder((*ast.CallExpr)(nil)) {
			checkCall(pass, file, c)
		}
	}
	return nil, nil
}

// checkCall reports the call at c if it sets a constant for good.
func checkCall(pass *analysis.Pass, file *ast.File, c inspector.Cursor) {
	call := c.Node().(*ast.CallExpr)
	name, ok := setterName(pass.TypesInfo, call)
	if !ok {
		return
	}
	set := setters[name]
	value, ok := constantArg(pass.TypesInfo, call)
	if !ok || set.asks(value) || !discarded(c) || negotiates(pass.TypesInfo, c, name) {
		return
	}
	arg := types.ExprString(call.Args[0])
	if name == "runtime.GOMAXPROCS" {
		if caps(pass.TypesInfo, c) {
			return
		}
		d := analysis.Diagnostic{
			Pos:     call.Pos(),
			End:     call.End(),
			Message: fmt.Sprintf("GOMAXPROCS(%s) ignores the CPUs that the program is given: delete the call, and let the runtime or the environment decide", arg),
		}
		if stmt, ok := c.Parent().Node().(*ast.ExprStmt); ok && value > 1 {
			d.SuggestedFixes = removeCall(pass, file, c.Parent(), stmt)
		}
		pass.Report(d)
		return
	}
	if pass.Pkg.Name() == "main" || belowCmd(pass.Pkg.Path()) {
		return
	}
	short := name[strings.LastIndex(name, ".")+1:]
	pass.Report(analysis.Diagnostic{
		Pos:     call.Pos(),
		End:     call.End(),
		Message: fmt.Sprintf("%s(%s) in a package other than main sets the collector of every program that links it: leave it to main or to %s", short, arg, set.env),
	})
}

func setterName(info *types.Info, call *ast.CallExpr) (string, bool) {
	fn, ok := typeutil.Callee(info, call).(*types.Func)
	if !ok || len(call.Args) != 1 {
		return "", false
	}
	name := fn.FullName()
	_, ok = setters[name]
	return name, ok
}

func constantArg(info *types.Info, call *ast.CallExpr) (int64, bool) {
	value := info.Types[call.Args[0]].Value
	if value == nil {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(value))
}

// discarded reports whether nobody gets the result of the call at c, which is
// the value that was set before.
func discarded(c inspector.Cursor) bool {
	switch parent := c.Parent().Node().(type) {
	case *ast.ExprStmt, *ast.GoStmt, *ast.DeferStmt:
		return true
	case *ast.AssignStmt:
		id, ok := parent.Lhs[0].(*ast.Ident)
		return ok && id.Name == "_" && len(parent.Lhs) == 1
	}
	return false
}

// negotiates reports whether the function around c also sets a value that it
// has from elsewhere, as to restore it does, or reads the environment variable
// by which the operator would have set it.
func negotiates(info *types.Info, c inspector.Cursor, name string) bool {
	for fn := range c.Enclosing((*ast.FuncDecl)(nil)) {
		for c := range fn.Preorder((*ast.CallExpr)(nil), (*ast.BasicLit)(nil)) {
			switch n := c.Node().(type) {
			case *ast.CallExpr:
				if other, ok := setterName(info, n); ok && other == name && info.Types[n.Args[0]].Value == nil {
					return true
				}
			case *ast.BasicLit:
				if n.Value == strconv.Quote(setters[name].env) {
					return true
				}
			}
		}
	}
	return false
}

// belowCmd reports whether a package belongs to a command, by the convention of
// the folder.
func belowCmd(path string) bool {
	return slices.Contains(strings.Split(path, "/"), "cmd")
}
