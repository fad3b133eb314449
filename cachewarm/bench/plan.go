package bench

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"unicode/utf16"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/internal/lsp"
)

// plan is what every run of either server asks for.
type plan struct {
	uri    lsp.URI
	text   string
	target place
	dot    *place // of the first completion

	names, dots, decls []place // of the steady state
	symbols            int     // how often to ask for them
	edit               *edit
	rare               int
}

// place is an identifier in the file.
type place struct {
	name string
	pos  lsp.Position
}

// edit is where the file is edited, and an identifier of that function.
type edit struct {
	at   lsp.Position // before the brace that ends the function
	name place
}

// newPlan chooses the places in the target's file. The same file gives the
// same plan.
func newPlan(target cachewarm.Target, requests, rare int) (*plan, error) {
	src, err := os.ReadFile(target.File)
	if err != nil {
		return nil, err
	}
	f, err := parseFile(target.File, src)
	if err != nil {
		return nil, err
	}
	names, dots, decls := f.places()
	p := &plan{
		uri:     lsp.FileURI(target.File),
		text:    string(src),
		target:  place{target.Name, target.Position},
		names:   spread(names, requests),
		dots:    spread(dots, requests),
		decls:   spread(decls, rare),
		symbols: requests,
		edit:    f.edit(names),
		rare:    rare,
	}
	if i := slices.Index(dots, p.target); i >= 0 {
		p.dot = &dots[i]
	} else if len(dots) > 0 {
		p.dot = &dots[0]
	}
	return p, nil
}

// spread takes n elements of list at even distances, some of them more than
// once if there are fewer.
func spread[T any](list []T, n int) (chosen []T) {
	if len(list) == 0 {
		return nil
	}
	for i := range n {
		chosen = append(chosen, list[i*len(list)/n])
	}
	return chosen
}

type file struct {
	src  []byte
	fset *token.FileSet
	tree *ast.File
}

func parseFile(name string, src []byte) (*file, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &file{src, fset, tree}, nil
}

// places returns, in the order of the file, the identifiers that a server
// answers for by name: what the file declares at its top, and what follows a
// dot. Others are left out, as the answer may rightly name something else: at
// an import's name it is the package, at the variable of a type switch the type.
func (f *file) places() (names, dots, decls []place) {
	add := func(id *ast.Ident, lists ...*[]place) {
		if id.Name == "_" || id.Name == "init" {
			return // means nothing, or many things
		}
		for _, list := range lists {
			*list = append(*list, place{id.Name, f.position(id.Pos())})
		}
	}
	for _, decl := range f.tree.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			add(decl.Name, &names, &decls)
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					add(spec.Name, &names, &decls)
				case *ast.ValueSpec:
					for _, id := range spec.Names {
						add(id, &names, &decls)
					}
				}
			}
		}
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); !ok || x.Name != "C" { // cgo makes these up
				add(sel.Sel, &names, &dots)
			}
		}
		return true
	})
	for _, list := range [][]place{names, dots, decls} {
		slices.SortFunc(list, func(a, b place) int { return comparePositions(a.pos, b.pos) })
	}
	return names, dots, decls
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
	before := f.src[p.Offset-(p.Column-1) : p.Offset]
	return lsp.Position{Line: p.Line - 1, Character: len(utf16.Encode([]rune(string(before))))}
}

func (p place) String() string {
	return fmt.Sprintf("%s at %d:%d", p.name, p.pos.Line+1, p.pos.Character+1)
}
