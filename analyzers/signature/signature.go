package signature

import (
	"go/ast"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
)

// Analyzer computes the [Functions] of a package and reports nothing.
var Analyzer = &analysis.Analyzer{
	Name:       "signature",
	Doc:        "find functions whose signature nothing but their callers asks for",
	Requires:   []*analysis.Analyzer{inspect.Analyzer},
	ResultType: reflect.TypeFor[*Functions](),
	Run:        run,
}

// Functions are the functions of a package that own their signature, as far as
// the package itself can say. They must not be changed.
type Functions struct {
	List []*Function // in the order of the source

	uses      *usage
	elsewhere func() *names
}

// A Function is declared, or a literal that a variable names. It has a body
// that does something, and it is not in a generated file.
type Function struct {
	Obj   types.Object // *types.Func, or the *types.Var that names a literal; nil for _
	Type  *ast.FuncType
	Body  *ast.BlockStmt
	Decl  *ast.FuncDecl      // nil for a literal
	Calls []inspector.Cursor // the *ast.CallExpr of its calls, in the order of the source

	sig *types.Signature
}

// Name is what messages call fn.
func (fn *Function) Name() string {
	if fn.Obj == nil {
		return "_"
	}
	return fn.Obj.Name()
}

// Exported reports whether a package's external tests can call fn.
func (fn *Function) Exported() bool { return fn.Decl != nil && fn.Decl.Name.IsExported() }

// Signature is fn's type: its variables are those that the body mentions.
func (fn *Function) Signature() *types.Signature { return fn.sig }

func run(pass *analysis.Pass) (any, error) {
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	fns := &Functions{uses: collect(pass, root), elsewhere: siblings(pass)}
	command := isCommand(pass)
	for file := range root.Children() {
		if code.Generated(pass.Fset, file.Node().(*ast.File)) {
			continue // what it uses counts, its signatures are the generator's
		}
		for c := range file.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
			fn := candidate(pass, c, command)
			if fn == nil || fns.uses.fixed(fn) || isStub(pass.TypesInfo, fn.Body) || isCalledStub(fn) {
				continue
			}
			if fn.Obj != nil {
				fn.Calls = fns.uses.calls[fn.Obj]
			}
			fns.List = append(fns.List, fn)
		}
	}
	return fns, nil
}

// candidate returns the function at c if all its callers can be known, or nil.
func candidate(pass *analysis.Pass, c inspector.Cursor, command bool) *Function {
	info := pass.TypesInfo
	switch n := c.Node().(type) {
	case *ast.FuncDecl:
		obj, ok := info.Defs[n.Name].(*types.Func)
		if !ok || n.Body == nil || n.Name.IsExported() && !(command && ownsExported(pass, n)) {
			return nil
		}
		return &Function{Obj: obj, Type: n.Type, Body: n.Body, Decl: n, sig: obj.Signature()}
	case *ast.FuncLit:
		name := boundName(c)
		sig, ok := info.TypeOf(n).(*types.Signature)
		if name == nil || !ok {
			return nil // passed on, returned or stored: its type is asked for
		}
		obj := info.ObjectOf(name)
		switch {
		case obj == nil && name.Name != "_":
			return nil // does not compile
		case obj != nil && obj.Exported() && obj.Parent() == pass.Pkg.Scope() && !command:
			return nil
		}
		return &Function{Obj: obj, Type: n.Type, Body: n.Body, sig: sig}
	}
	return nil
}

// isCommand reports whether nobody can import the package. Without a main that
// does something it may be a plugin, whose functions are looked up by name.
func isCommand(pass *analysis.Pass) bool {
	if pass.Pkg.Name() != "main" {
		return false
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if ok && fn.Recv == nil && fn.Name.Name == "main" && fn.Body != nil {
				return len(fn.Body.List) > 0
			}
		}
	}
	return false
}

// ownsExported reports whether the exported function of a command owns its
// signature. A method does not: an interface of any package may ask for it, or
// reflection; and a test has the signature that testing asks for.
func ownsExported(pass *analysis.Pass, decl *ast.FuncDecl) bool {
	return decl.Recv == nil && !strings.HasSuffix(pass.Fset.Position(decl.Pos()).Filename, "_test.go")
}

// Mentioned reports whether v is used for more than to be handed on, unchanged,
// to a recursive call.
func (f *Functions) Mentioned(v *types.Var) bool { return f.uses.mentioned[v] }

// HandedOn reports whether a recursive call hands v on as itself.
func (f *Functions) HandedOn(v *types.Var) bool { return f.uses.handedOn[v] }

// TakesTuple reports whether the results of one call are all that some call of
// fn is given, as in fn(g()): to drop a parameter would undo that.
func (f *Functions) TakesTuple(fn *Function) bool { return f.uses.takesTuple[fn.Obj] }

// FixedElsewhere reports whether a file of the package's folder that is no part
// of the package asks for fn's signature. It reads the folder when it is first
// called; ask it last.
func (f *Functions) FixedElsewhere(fn *Function) bool { return f.elsewhere().fixed(fn) }

// UsedElsewhere reports whether such a file mentions fn at all, or what has the
// same name. It implies neither more nor less than that.
func (f *Functions) UsedElsewhere(fn *Function) bool { return f.elsewhere().mentioned[fn.Name()] }
