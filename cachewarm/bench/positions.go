package bench

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/gohearth/hearth/internal/lsp"
)

// place is an identifier in a file.
type place struct {
	name string
	pos  lsp.Position
}

func (p place) String() string {
	return fmt.Sprintf("%s at %d:%d", p.name, p.pos.Line+1, p.pos.Character+1)
}

// positions are the places of a file at which a question has an answer for sure,
// as its syntax says. What a server answers has no say in it: a place at which
// one of them is silent would be left out for both.
type positions struct {
	names   []place // what the file declares at its top, and what follows a dot
	dots    []place // what follows a dot
	decls   []place // what the file declares at its top
	symbols []place // of these, functions and types with names that stand out
	renames []place // functions that are not exported
	calls   []place // the function; its position is behind the parenthesis
	assigns []place // variables that get their type from what is assigned
	methods []implementor
	words   []string
	edit    *edit
}

// edit is where a file is edited, and an identifier of that function.
type edit struct {
	at   lsp.Position // before the brace that ends the function
	name place
}

// document is a file to work on, as it is on disk.
type document struct {
	positions
	name string // relative to the root
	uri  lsp.URI
	text string
}

// openDocument reads a file and looks for places. The same file gives the same
// document.
func openDocument(file, name string) (*document, error) {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	f, err := parseFile(file, src)
	if err != nil {
		return nil, err
	}
	return &document{positions: f.positions(), name: name, uri: lsp.FileURI(file), text: string(src)}, nil
}

type file struct {
	src  []byte
	fset *token.FileSet
	tree *ast.File
}

// parseFile resolves identifiers within the file: what has no object is of the
// package or of an import.
func parseFile(name string, src []byte) (*file, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, name, src, 0)
	if err != nil {
		return nil, err
	}
	return &file{src, fset, tree}, nil
}

func (f *file) place(id *ast.Ident) place { return place{id.Name, f.position(id.Pos())} }

func (f *file) positions() (p positions) {
	f.declarations(&p)
	imported := f.imported()
	switched := make(map[ast.Stmt]bool) // each case has a variable of its own
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			f.selector(&p, n, imported)
		case *ast.ExprStmt:
			if call, ok := n.X.(*ast.CallExpr); ok {
				f.call(&p, call)
			}
		case *ast.TypeSwitchStmt:
			switched[n.Assign] = true
		case *ast.AssignStmt:
			if id, ok := n.Lhs[0].(*ast.Ident); ok && n.Tok == token.DEFINE && !switched[n] && id.Name != "_" {
				p.assigns = append(p.assigns, f.place(id))
			}
		}
		return true
	})
	for _, list := range [][]place{p.names, p.dots, p.decls} {
		slices.SortFunc(list, func(a, b place) int { return comparePositions(a.pos, b.pos) })
	}
	slices.Sort(p.words)
	p.words = slices.Compact(p.words)
	p.edit = f.edit(p.names)
	return p
}

// declarations adds what the file declares at its top.
func (f *file) declarations(p *positions) {
	add := func(id *ast.Ident, lists ...*[]place) {
		if id.Name == "_" || id.Name == "init" {
			return // means nothing, or many things
		}
		for _, list := range append(lists, &p.names, &p.decls) {
			*list = append(*list, f.place(id))
		}
	}
	for _, decl := range f.tree.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			var lists []*[]place
			switch {
			case decl.Recv != nil:
				if m, ok := f.implementor(decl); ok {
					p.methods = append(p.methods, m)
				}
			case decl.Name.IsExported():
				lists = append(lists, &p.symbols)
			case decl.Name.Name != "main" && decl.Body != nil: // neither of them has a name of its own choice
				lists = append(lists, &p.renames)
			}
			add(decl.Name, lists...)
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					add(spec.Name, &p.symbols)
				case *ast.ValueSpec:
					for _, id := range spec.Names {
						add(id)
					}
				}
			}
		}
	}
	// A short name has too many others like it for a search to find it.
	p.symbols = slices.DeleteFunc(p.symbols, func(p place) bool { return len(p.name) < 6 })
}

// selector adds what follows a dot. Other uses of a name are left out, as an
// answer may rightly name something else: at an import's name it is the package,
// at the variable of a type switch the type.
func (f *file) selector(p *positions, sel *ast.SelectorExpr, imported map[string]bool) {
	x, ok := sel.X.(*ast.Ident)
	if ok && x.Name == "C" { // cgo makes these up
		return
	}
	p.names = append(p.names, f.place(sel.Sel))
	p.dots = append(p.dots, f.place(sel.Sel))
	// One that has an object is a variable of the package's name.
	if ok && x.Obj == nil && imported[x.Name] {
		p.words = append(p.words, x.Name+"."+sel.Sel.Name)
	}
}

// call adds a call that is a statement, and so no conversion, of something that
// has a name and is no builtin. In a function or a literal of several values,
// the cursor is in no call.
func (f *file) call(p *positions, call *ast.CallExpr) {
	if len(call.Args) > 0 {
		switch call.Args[0].(type) {
		case *ast.Ident, *ast.SelectorExpr, *ast.BasicLit:
		default:
			return
		}
	}
	var name *ast.Ident
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		if fun.Obj == nil || fun.Obj.Kind != ast.Fun {
			return // perhaps a builtin
		}
		name = fun
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok && (x.Name == "C" || x.Name == "unsafe") {
			return
		}
		name = fun.Sel
	default:
		return
	}
	p.calls = append(p.calls, place{name.Name, f.position(call.Lparen + 1)})
}

// imported returns the names of the file's imports, where the path tells them.
func (f *file) imported() map[string]bool {
	names := make(map[string]bool)
	for _, spec := range f.tree.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		switch {
		case err != nil || importPath == "C" || importPath == "unsafe":
		case spec.Name != nil:
			names[spec.Name.Name] = true
		default:
			names[path.Base(importPath)] = true
		}
	}
	return names
}

// edit returns the end of the last function that has a body and a name to
// hover over, or nil. Being the last, no other place moves.
func (f *file) edit(names []place) *edit {
	for _, decl := range slices.Backward(f.tree.Decls) {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		start, end := f.position(fn.Name.Pos()), f.position(fn.Body.Rbrace)
		for _, p := range slices.Backward(names) {
			if comparePositions(start, p.pos) <= 0 && comparePositions(p.pos, end) < 0 {
				return &edit{end, p}
			}
		}
	}
	return nil
}

func comparePositions(a, b lsp.Position) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Character, b.Character))
}

// position returns where pos is in the file, whatever a line directive says.
func (f *file) position(pos token.Pos) lsp.Position {
	p := f.fset.PositionFor(pos, false)
	return lsp.Position{Line: p.Line - 1, Character: width(string(f.src[p.Offset-(p.Column-1) : p.Offset]))}
}

// width is the length of a text in the units of the protocol.
func width(text string) int { return len(utf16.Encode([]rune(text))) }

// behind returns the position after text that was inserted at pos.
func behind(pos lsp.Position, text string) lsp.Position {
	if n := strings.Count(text, "\n"); n > 0 {
		return lsp.Position{Line: pos.Line + n, Character: width(text[strings.LastIndexByte(text, '\n')+1:])}
	}
	return lsp.Position{Line: pos.Line, Character: pos.Character + width(text)}
}
