package grafts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"

	"golang.org/x/tools/txtar"
)

// Whatever a place is said to be, what is found there is that, and a file in
// which it is replaced by itself means the same.
func FuzzPlace(f *testing.F) {
	src := txtar.Parse([]byte(module)).Files[0].Data
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
	if err != nil {
		f.Fatal(err)
	}
	var decls []*decl
	for _, d := range file.Decls {
		nodes := []ast.Node{d}
		if d, ok := d.(*ast.GenDecl); ok {
			nodes = nil
			for _, spec := range d.Specs {
				nodes = append(nodes, spec)
			}
		}
		for _, n := range nodes {
			decls = append(decls, &decl{node: n, file: file, src: src, base: fset.File(file.Pos()).Base()})
		}
	}
	for _, old := range []string{"c.mu.Lock()", "y = 2; x = 2", "{1}, {2}", "m map[K]V", "x*y + f(x, y)", ";", "/*", "\x00", "x,"} {
		f.Add(old)
	}
	f.Fuzz(func(t *testing.T, old string) {
		if old == "" {
			return
		}
		for _, d := range decls {
			from, to, err := d.place(Edit{Old: old})
			if err != nil {
				continue
			}
			want, err := scan([]byte(old))
			if err != nil {
				t.Fatal(err)
			}
			got, err := scan(src[from:to])
			if err != nil {
				t.Fatal(err)
			}
			if want, got := trimmed(want), trimmed(got); !slices.EqualFunc(got, want, lexeme.same) {
				t.Errorf("%q is found as %q", old, src[from:to])
			}
			same, err := complete(splice(src, from, to, Edit{Old: old, New: string(src[from:to])}), file, nil)
			if err != nil {
				t.Fatalf("with %q replaced by itself: %v", old, err)
			}
			before, _ := scan(src)
			after, err := scan(same)
			if err != nil || !slices.EqualFunc(before, after, lexeme.same) {
				t.Errorf("with %q replaced by itself the file is\n%s", old, same)
			}
		}
	})
}
