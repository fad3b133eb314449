package goerr

import (
	_ "embed"
	"go/ast"
	"go/types"
	"regexp"
	"slices"
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
	Name:     "goerr",
	Doc:      passdoc.Must(doc, "goerr"),
	URL:      passdoc.URL("goerr"),
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

// bestEffort matches the names of functions that are commonly called without a
// look at the error. The first lines end something, whose user has gone; the
// error of the last one is noticed at the other end of the pipe.
var bestEffort = regexp.MustCompile(`^(` +
	`Close\w*|Stop|GracefulStop|Shutdown|Disconnect|Unsubscribe|Cancel|Abort|Terminate|Rollback|R?Unlock|` +
	`Wait|Kill|Signal|Release\w*|Remove\w*|Flush|Sync|Set\w*Deadline|` +
	`(?i:\w*copy|copy\w*)|Read\w*|Write\w*|F?[Pp]rint\w*` +
	`)$`)

// serving matches the names of functions that need an address or a listener.
var serving = regexp.MustCompile(`^(Serve|ListenAndServe|Listen)`)

// lifetime matches the names of functions that are all that a goroutine is for.
var lifetime = regexp.MustCompile(`^(Serve|ListenAndServe|Listen|Run|Start)`)

func run(pass *analysis.Pass) (any, error) {
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	p := &pkg{pkg: pass.Pkg, info: pass.TypesInfo, root: root}
	for file := range root.Children() {
		f := file.Node().(*ast.File)
		if code.Generated(pass.Fset, f) || code.ForTests(pass.Fset, f) || strings.HasSuffix(f.Name.Name, "test") { // httptest
			continue
		}
		for c := range file.Preorder((*ast.GoStmt)(nil), (*ast.CallExpr)(nil)) {
			switch n := c.Node().(type) {
			case *ast.GoStmt:
				p.goStmt(pass, n.Call)
			case *ast.CallExpr:
				if p.isWaitGroupGo(n) {
					p.goroutine(pass, n.Args[0])
				}
			}
		}
	}
	return nil, nil
}

// goStmt reports the call of a go statement, or what its literal ends with.
func (p *pkg) goStmt(pass *analysis.Pass, call *ast.CallExpr) {
	if !p.loses(call) {
		p.goroutine(pass, call.Fun)
		return
	}
	pass.Report(analysis.Diagnostic{
		Pos:     call.Pos(),
		End:     call.Fun.End(),
		Message: "the go statement discards the error of " + describe(call) + "; handle it inside the goroutine",
	})
}

// goroutine reports the call that a goroutine with the body fun ends with.
func (p *pkg) goroutine(pass *analysis.Pass, fun ast.Expr) {
	last := lastOf(fun)
	if last == nil || !lifetime.MatchString(code.CalleeName(last)) || !p.loses(last) {
		return
	}
	pass.Report(analysis.Diagnostic{
		Pos:     last.Pos(),
		End:     last.End(),
		Message: "the goroutine ends and discards the error of " + describe(last) + "; handle it, or assign it to _",
	})
}

// isWaitGroupGo reports whether call is one of sync.WaitGroup.Go, which is a go
// statement in all but name. It takes functions without results only.
func (p *pkg) isWaitGroupGo(call *ast.CallExpr) bool {
	fn, ok := typeutil.Callee(p.info, call).(*types.Func)
	return ok && len(call.Args) == 1 && fn.FullName() == "(*sync.WaitGroup).Go"
}

// lastOf returns the call that is the last statement of a literal, if it is one.
func lastOf(fun ast.Expr) *ast.CallExpr {
	lit, ok := ast.Unparen(fun).(*ast.FuncLit)
	if !ok || lit.Body == nil || len(lit.Body.List) == 0 {
		return nil
	}
	stmt, ok := lit.Body.List[len(lit.Body.List)-1].(*ast.ExprStmt)
	if !ok {
		return nil
	}
	last, _ := ast.Unparen(stmt.X).(*ast.CallExpr)
	return last
}

// loses reports whether call returns an error that is worth a look.
func (p *pkg) loses(call *ast.CallExpr) bool {
	if !slices.ContainsFunc(results(p.info.TypeOf(call)), code.IsError) || bestEffort.MatchString(code.CalleeName(call)) {
		return false
	}
	if body, ok := p.body(call); ok {
		return !p.harmless(body, 0)
	}
	fn, ok := typeutil.Callee(p.info, call).(*types.Func)
	return !ok || fn.Pkg() == p.pkg || p.failsAtOnce(fn, call)
}

// failsAtOnce reports whether a function of another package, whose body is not
// there to be read, returns an error that has to do with more than being told to
// stop: what serves or listens fails where the address is taken, and so does what
// runs something at an address. A Run of somebody's manager mostly ends with its
// context, and a poll with its condition.
func (p *pkg) failsAtOnce(fn *types.Func, call *ast.CallExpr) bool {
	switch {
	case serving.MatchString(fn.Name()):
		return true
	case !lifetime.MatchString(fn.Name()):
		return false
	}
	isString := func(arg ast.Expr) bool {
		basic, ok := types.Default(p.info.TypeOf(arg)).(*types.Basic)
		return ok && basic.Kind() == types.String
	}
	return fn.Pkg().Path() == "os/exec" || slices.ContainsFunc(call.Args, isString)
}

// results returns the types of what a call of that type returns.
func results(typ types.Type) (list []types.Type) {
	switch typ := typ.(type) {
	case nil:
	case *types.Tuple:
		for v := range typ.Variables() {
			list = append(list, v.Type())
		}
	default:
		list = append(list, typ)
	}
	return list
}

// describe names what is called in a few words.
func describe(call *ast.CallExpr) string {
	if _, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		return "the function literal"
	}
	s, name := types.ExprString(call.Fun), code.CalleeName(call)
	if len(s) > 40 && name != "" {
		return name // the rest is a chain of calls, or holds a literal
	}
	return s
}
