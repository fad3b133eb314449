package code_test

import (
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/code"
)

// checked returns a package of one file, and the last call in it.
func checked(t *testing.T, src string) (pass *analysis.Pass, at *ast.CallExpr) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Scopes: make(map[ast.Node]*types.Scope),
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := conf.Check("example.com/p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			at = call
		}
		return true
	})
	return &analysis.Pass{Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info}, at
}

func TestImports(t *testing.T) {
	for _, tt := range []struct {
		name, src           string
		path, pkg, member   string
		ref, want           string // want: "" where nothing changes
		replace, impossible bool
	}{
		{name: "imported", src: "package p\n\nimport \"os\"\n\nfunc f() { os.Exit(1) }\n",
			path: "os", member: "Getpid", ref: "os.Getpid"},
		{name: "imported by another name", src: "package p\n\nimport sys \"os\"\n\nfunc f() { sys.Exit(1) }\n",
			path: "os", member: "Getpid", ref: "sys.Getpid"},
		{name: "imported into the file's scope", src: "package p\n\nimport . \"os\"\n\nfunc f() { Exit(1) }\n",
			path: "os", member: "Getpid", ref: "Getpid"},
		{name: "shadowed", src: "package p\n\nimport \"os\"\n\nfunc f(os int) { g() }\n\nfunc g() { _ = os.Args }\n",
			path: "os", member: "Getpid", ref: "os2.Getpid", want: "package p\n\nimport os2 \"os\"\nimport \"os\"\n\nfunc f(os int) { g() }\n\nfunc g() { _ = os.Args }\n"},
		{name: "of the package itself", src: "package p\n\nfunc f() { g() }\n\nfunc g() {}\n", path: "example.com/p", member: "g", ref: "g"},
		{name: "of the package itself, shadowed", src: "package p\n\nfunc f(g func(), h func()) { h() }\n\nfunc g() {}\n",
			path: "example.com/p", member: "g", impossible: true},
		{name: "no imports", src: "package p // a comment\n\nfunc f() { f() }\n",
			path: "os", member: "Getpid", ref: "os.Getpid", want: "package p // a comment\n\nimport \"os\"\n\nfunc f() { f() }\n"},
		{name: "first of its group", src: "package p\n\nimport (\n\t\"os\"\n\t\"time\"\n)\n\nfunc f() { os.Exit(int(time.Now().Unix())) }\n",
			path: "errors", member: "New", ref: "errors.New", want: "package p\n\nimport (\n\t\"errors\"\n\t\"os\"\n\t\"time\"\n)\n\nfunc f() { os.Exit(int(time.Now().Unix())) }\n"},
		{name: "another group", src: "package p\n\nimport (\n\t\"os\" // for f\n)\n\nfunc f() { os.Exit(1) }\n",
			path: "gopkg.in/yaml.v3", member: "New", ref: "yaml.New", want: "package p\n\nimport (\n\t\"os\" // for f\n\n\tyaml \"gopkg.in/yaml.v3\"\n)\n\nfunc f() { os.Exit(1) }\n"},
		{name: "version", src: "package p\n\nfunc f() { f() }\n",
			path: "example.com/x/v2", pkg: "x", member: "X", ref: "x.X", want: "package p\n\nimport \"example.com/x/v2\"\n\nfunc f() { f() }\n"},
		{name: "in place of the last use", src: "package p\n\nimport (\n\t\"os\"\n\t\"time\"\n)\n\nvar _ time.Time\n\nfunc f() { os.Exit(1) }\n", replace: true,
			path: "syscall", member: "Exit", ref: "syscall.Exit", want: "package p\n\nimport (\n\t\"syscall\"\n\t\"time\"\n)\n\nvar _ time.Time\n\nfunc f() { os.Exit(1) }\n"},
		{name: "the last use of several", src: "package p\n\nimport (\n\t\"os\"\n\t\"time\"\n)\n\nvar _ time.Time\n\nfunc f() { os.Exit(1) }\n", replace: true,
			path: "example.com/p", member: "f", ref: "f", want: "package p\n\nimport (\n\t\"time\"\n)\n\nvar _ time.Time\n\nfunc f() { os.Exit(1) }\n"},
		{name: "the last use of all", src: "package p\n\nimport \"os\"\n\nfunc f() { os.Exit(1) }\n", replace: true,
			path: "example.com/p", member: "f", ref: "f", want: "package p\n\nfunc f() { os.Exit(1) }\n"},
		{name: "not the last use", src: "package p\n\nimport \"os\"\n\nvar _ = os.Args\n\nfunc f() { os.Exit(1) }\n", replace: true,
			path: "example.com/p", member: "f", ref: "f"},
		{name: "on one line", src: "package p\n\nimport (\"os\"; \"time\")\n\nvar _ time.Time\n\nfunc f() { os.Exit(1) }\n", replace: true,
			path: "example.com/p", member: "f", ref: "f", impossible: true},
		{name: "internal", src: "package p\n\nfunc f() { f() }\n", path: "example.org/internal/x", member: "X", impossible: true},
		{name: "unexported", src: "package p\n\nfunc f() { f() }\n", path: "os", member: "x", impossible: true},
		{name: "beside a single one", src: "package p\n\nimport \"unsafe\"\n\nvar _ unsafe.Pointer\n\nfunc f() { f() }\n",
			path: "os", member: "Getpid", ref: "os.Getpid", want: "package p\n\nimport \"os\"\nimport \"unsafe\"\n\nvar _ unsafe.Pointer\n\nfunc f() { f() }\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pass, at := checked(t, tt.src)
			imports := code.NewImports(pass, pass.Files[0])
			ref, ok := imports.Name(at.Pos(), tt.path, tt.pkg, tt.member)
			if tt.replace {
				imports.Drop(at.Fun.(*ast.SelectorExpr).X.(*ast.Ident))
			}
			var edits []analysis.TextEdit
			if ok {
				edits, ok = imports.Edits()
			}
			if ok == tt.impossible || ok && ref != tt.ref {
				t.Fatalf("got %q, %t", ref, ok)
			}
			if tt.impossible {
				return
			}
			want := tt.want
			if want == "" {
				want = tt.src
			}
			got, err := format.Source(apply(pass.Fset, tt.src, edits))
			if err != nil || string(got) != want {
				t.Errorf("error %v, got:\n%s\nwant:\n%s", err, got, want)
			}
		})
	}
}

func apply(fset *token.FileSet, src string, edits []analysis.TextEdit) []byte {
	for _, e := range edits { // tests have one at most
		from, to := fset.Position(e.Pos).Offset, fset.Position(e.End).Offset
		src = src[:from] + string(e.NewText) + src[to:]
	}
	return []byte(src)
}

// TestSettle applies two fixes of a file that get in each other's way.
func TestSettle(t *testing.T) {
	const src = "package p\n\nimport (\n\t\"os\"\n\t\"time\"\n)\n\nvar _ time.Time\n\nfunc f() { os.Exit(1) }\n"
	pass, at := checked(t, src)
	osName := at.Fun.(*ast.SelectorExpr).X.(*ast.Ident)
	fix := func(path, member string) *code.Imports {
		m := code.NewImports(pass, pass.Files[0])
		if _, ok := m.Name(at.Pos(), path, "", member); !ok {
			t.Fatalf("nothing can refer to %s.%s", path, member)
		}
		return m
	}
	for _, tt := range []struct {
		name  string
		other *code.Imports
		want  string
	}{
		{"no other", nil, "syscall"},
		{"another that needs what the first drops", fix("os", "Getpid"), "both"},
		{"another that adds the same", fix("syscall", "Getpid"), "both"},
		{"another that adds something else", fix("errors", "New"), "syscall"},
	} {
		first := fix("syscall", "Exit")
		first.Drop(osName)
		all := []*code.Imports{first}
		if tt.other != nil {
			all = append(all, tt.other)
		}
		code.Settle(all)
		list, ok := first.Edits()
		if !ok || len(list) != 1 {
			t.Fatalf("%s: there are %d edits", tt.name, len(list))
		}
		got, want := string(apply(pass.Fset, src, list)), "\t\"syscall\"\n\t\"time\"\n"
		if tt.want == "both" {
			want = "\t\"os\"\n\t\"syscall\"\n\t\"time\"\n"
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: got\n%s", tt.name, got)
		}
	}
}
