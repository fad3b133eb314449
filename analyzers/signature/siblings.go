package signature

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
)

// names is what the files in the package's folder that are not part of the
// package say about its functions. They are for another operating system or
// build tag, or external tests, and have no types here, so everything goes by
// name.
type names struct {
	declared  map[string]bool // "f" or "T.f"
	asValue   map[string]bool // used other than by calling it, or asked for by an interface
	linked    map[string]bool // known to the linker, to C or to assembly
	mentioned map[string]bool // used at all
}

// siblings returns a function that reads the folder when it is first called.
func siblings(pass *analysis.Pass) func() *names {
	return sync.OnceValue(func() *names {
		n := &names{
			declared:  make(map[string]bool),
			asValue:   make(map[string]bool),
			linked:    make(map[string]bool),
			mentioned: make(map[string]bool),
		}
		for _, path := range code.Siblings(pass) {
			n.read(path, pass.Pkg.Name())
		}
		return n
	})
}

// read reads what it can: a file that does not parse says nothing.
func (n *names) read(path, pkg string) {
	if filepath.Ext(path) == ".s" {
		n.readAssembly(path)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return
	}
	switch file.Name.Name {
	case pkg:
		n.readFile(file)
	case pkg + "_test":
		n.readExternalTest(file)
	}
}

func (n *names) readFile(file *ast.File) {
	addLinked(n.linked, file)
	root := inspector.New([]*ast.File{file}).Root()
	for c := range root.Preorder((*ast.FuncDecl)(nil), (*ast.Ident)(nil)) {
		switch node := c.Node().(type) {
		case *ast.FuncDecl:
			n.declared[key(node)] = true
		case *ast.Ident:
			if kind, _ := c.ParentEdge(); kind != edge.FuncDecl_Name {
				n.use(c, node)
			}
		}
	}
}

// readExternalTest notes what package p_test does with the exported functions
// of a command; all others are out of its reach.
func (n *names) readExternalTest(file *ast.File) {
	root := inspector.New([]*ast.File{file}).Root()
	for c := range root.Preorder((*ast.Ident)(nil)) {
		if id := c.Node().(*ast.Ident); id.IsExported() {
			n.use(c, id)
		}
	}
}

func (n *names) use(c inspector.Cursor, id *ast.Ident) {
	n.mentioned[id.Name] = true
	if _, called := callAt(c); !called {
		n.asValue[id.Name] = true
	}
}

// symbol matches a Go function that assembly names, as in CALL ·f(SB) or
// $·f<ABIInternal>(SB).
var symbol = regexp.MustCompile(`·(\w+)`)

func (n *names) readAssembly(path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		return
	}
	for _, m := range symbol.FindAllSubmatch(data, -1) {
		n.linked[string(m[1])] = true
	}
}

// fixed reports whether another file asks for fn's signature.
func (n *names) fixed(fn *Function) bool {
	if fn.Decl == nil {
		return fn.Obj != nil && n.asValue[fn.Obj.Name()] && fn.Obj.Parent() == fn.Obj.Pkg().Scope()
	}
	name := fn.Decl.Name.Name
	return n.declared[key(fn.Decl)] || n.asValue[name] || n.linked[name]
}

// key names a function the same way in every file: "f", or "T.f" for a method.
func key(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return decl.Name.Name
	}
	typ := decl.Recv.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.ParenExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.Name + "." + decl.Name.Name
		default:
			return decl.Name.Name
		}
	}
}

// addLinked notes the functions of file that //go:linkname or //export names.
func addLinked(linked map[string]bool, file *ast.File) {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			fields := strings.Fields(comment.Text)
			if len(fields) > 1 && (fields[0] == "//go:linkname" || fields[0] == "//export") {
				linked[fields[1]] = true
			}
		}
	}
}

// hasDirective reports whether doc contains a directive, whatever follows it.
func hasDirective(doc *ast.CommentGroup, directive string) bool {
	if doc == nil {
		return false
	}
	for _, comment := range doc.List {
		if comment.Text == directive || strings.HasPrefix(comment.Text, directive+" ") {
			return true
		}
	}
	return false
}
