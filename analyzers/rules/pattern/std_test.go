package pattern_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/packages"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/analyzers/rules/pattern"
)

// everywhere are patterns with many matches in any code, of all forms, whose
// rewrites make parentheses, imports and the checks of effects work.
var everywhere = []rule{
	{from: "len($x) == 0", to: "!(0 < len($x))"},
	{from: "$x != nil", to: "!($x == nil)"},
	{from: "$x == $y", to: "!($y!=$x)"},
	{from: "$x && $y", to: "!(!$x || !$y)"},
	{from: "$x || $y", to: "!(!$x && !$y)"},
	{from: "$x + $y", to: "$y+$x"},
	{from: "$x - $y", to: "$x+-$y"},
	{from: "$x * $y", to: "$y*$x"},
	{from: "$x | $y", to: "$x^$y&^$x"},
	{from: "!$x", to: "$x == false"},
	{from: "*$p", to: "(func() int)(nil)"}, // never of the type
	{from: "append($x, $*y)", to: "append($x[:len($x):len($x)], $*y)"},
	{from: "make([]$T, $n)", to: "[]$T{}"},
	{from: "[]byte($s)", to: "append([]byte(nil), $s...)"},
	{from: "string($x)", to: `fmt.Sprint($x)`},
	{from: "$x.Error()", to: "fmt.Sprint($x)", where: map[string]string{"x": "implements error"}},
	{from: "errors.New($s)", to: `fmt.Errorf($s)`},
	{from: "fmt.Errorf($f, $*args)", to: "errors.New(fmt.Sprintf($f, $*args))"},
	{from: "fmt.Sprintf($f, $*args)", to: "fmt.Sprint(fmt.Appendf(nil, $f, $*args), $f)"},
	{from: "fmt.Fprintf($w, $f, $*args)", to: "io.WriteString($w, fmt.Sprintf($f, $*args))"},
	{from: "strings.HasPrefix($s, $p)", to: "strings.Index($s, $p) == 0"},
	{from: "strings.HasPrefix($s, $p)", to: "strings.Split($s, $p)[0] == \"\""},
	{from: "$s[$i:]", to: "$s[$i:len($s)]"},
	{from: "$s[:$i]", to: "$s[0:$i]"},
	{from: "$s[$i]", to: "$s[$i:][0]"},
	{from: "$x.Len()", to: "int(uint($x.Len()))"},
	{from: "$b.String()", to: "fmt.Sprint($b)", where: map[string]string{"b": "*strings.Builder"}},
	{from: "$m.Lock()", to: "(*sync.Mutex).Lock($m)", where: map[string]string{"m": "*sync.Mutex"}},
	{from: "$b.Write($s)", to: "io.Writer.Write($b, $s)", where: map[string]string{"b": "*bytes.Buffer"}},
	{from: "$b.WriteString($s)", to: "io.WriteString($b, $s)", where: map[string]string{"b": "implements io.Writer"}},
	{from: "time.Duration($n)", to: "time.Duration(+$n)"},
}

// TestStandardLibrary rewrites packages of the standard library, and wants them to
// compile: with all rewrites of a pattern at once, but for imports that nothing
// uses any more, and with single ones just so.
func TestStandardLibrary(t *testing.T) {
	paths := []string{"bytes", "strings", "bufio", "fmt", "net/url", "text/template", "encoding/json", "net/http"}
	if testing.Short() {
		paths = paths[:4]
	}
	pkgs := load(t, paths...)
	random := rand.New(rand.NewPCG(1, 2))
	for i, r := range everywhere {
		set, matched, rewritten := compile(t, r), 0, 0
		for _, pkg := range pkgs {
			if pkg.PkgPath == "net/http" && i%3 != 0 {
				continue // it is large
			}
			matches := find(pkg, set)
			matched += len(matches)
			matches = slices.DeleteFunc(matches, func(m pattern.Match) bool { return m.Rewrite == nil || !imports(pkg, m) })
			if len(matches) == 0 {
				continue
			}
			rewritten += len(matches)
			for _, m := range matches[:min(len(matches), 50)] {
				if !holdsTogether(pkg, m) {
					t.Errorf("%s → %s at %s: %s means something else there", r.from, r.to, pkg.Fset.Position(m.Node.Pos()), m.Rewrite.Text)
				}
			}
			for _, err := range recheck(pkg, matches) {
				if !strings.Contains(err.Error(), "imported and not used") {
					t.Errorf("%s → %s: %v", r.from, r.to, err)
				}
			}
			if m := matches[random.IntN(len(matches))]; len(recheck(pkg, []pattern.Match{m})) > 0 {
				t.Errorf("%s → %s: one at %s: %v", r.from, r.to, pkg.Fset.Position(m.Node.Pos()), recheck(pkg, []pattern.Match{m}))
			}
		}
		t.Logf("%5d matches, %5d rewrites: %s → %s", matched, rewritten, r.from, r.to)
		if !testing.Short() && (matched == 0 || rewritten == 0 && r.from != "*$p") {
			t.Errorf("%s: %d matches, %d rewrites", r.from, matched, rewritten)
		}
	}
}

// load loads packages of the standard library.
func load(t testing.TB, paths ...string) []*packages.Package {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax}, paths...)
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the standard library does not load: ", err)
	}
	return pkgs
}

// find returns the matches in a package.
func find(pkg *packages.Package, set *pattern.Set) []pattern.Match {
	return set.Find(pattern.Env{Pass: &analysis.Pass{
		Fset: pkg.Fset, Files: pkg.Syntax, Pkg: pkg.Types, TypesInfo: pkg.TypesInfo, ReadFile: os.ReadFile,
		ResultOf: map[*analysis.Analyzer]any{inspect.Analyzer: inspector.New(pkg.Syntax)},
	}})
}

// imports reports whether what a rewrite may import is there to be imported. What
// else it names, nobody could check.
func imports(pkg *packages.Package, m pattern.Match) bool {
	for _, path := range []string{"fmt", "errors", "io", "sync"} {
		if strings.Contains(m.Rewrite.Text, path+".") && code.Dependency(pkg.Types, path) == nil {
			return false
		}
	}
	return true
}

// holdsTogether reports whether a rewrite is parsed in its place as it would be with
// parentheses around it.
func holdsTogether(pkg *packages.Package, m pattern.Match) bool {
	i := slices.IndexFunc(pkg.Syntax, func(f *ast.File) bool { return f.FileStart <= m.Node.Pos() && m.Node.End() <= f.FileEnd })
	var decl ast.Node // what is parsed: a whole file would take long
	for _, d := range pkg.Syntax[i].Decls {
		if d.Pos() <= m.Node.Pos() && m.Node.End() <= d.End() {
			decl = d
		}
	}
	tf := pkg.Fset.File(decl.Pos())
	src, err := sources(tf.Name())
	if err != nil {
		return false
	}
	shape := func(text string) string {
		code := "package p\n" + string(src[tf.Offset(decl.Pos()):tf.Offset(m.Node.Pos())]) + text + string(src[tf.Offset(m.Node.End()):tf.Offset(decl.End())])
		f, err := parser.ParseFile(token.NewFileSet(), "", code, parser.SkipObjectResolution)
		if err != nil {
			return err.Error()
		}
		var b strings.Builder
		ast.PreorderStack(f, nil, func(n ast.Node, parents []ast.Node) bool {
			parents = slices.DeleteFunc(slices.Clone(parents), func(n ast.Node) bool { _, paren := n.(*ast.ParenExpr); return paren })
			switch n := n.(type) {
			case *ast.ParenExpr:
			case *ast.Ident:
				fmt.Fprint(&b, len(parents), n.Name, " ")
			default:
				fmt.Fprintf(&b, "%d%T ", len(parents), n)
			}
			return true
		})
		return b.String()
	}
	return shape(m.Rewrite.Text) == shape("("+m.Rewrite.Text+")")
}

var sources = func() func(name string) ([]byte, error) {
	read := make(map[string][]byte)
	return func(name string) (src []byte, err error) {
		if src, ok := read[name]; ok {
			return src, nil
		}
		src, err = os.ReadFile(name)
		read[name] = src
		return src, err
	}
}()

// recheck type-checks a package with matches rewritten.
func recheck(pkg *packages.Package, matches []pattern.Match) (errs []error) {
	edits := make(map[*token.File]map[offsets]bool)
	var all []*code.Imports
	for _, m := range matches {
		all = append(all, m.Rewrite.Imports)
	}
	code.Settle(all)
	for _, m := range matches {
		list, ok := m.Rewrite.Imports.Edits()
		if !ok {
			continue
		}
		for _, e := range append(list, m.Rewrite.Edit) {
			tf := pkg.Fset.File(e.Pos)
			if edits[tf] == nil {
				edits[tf] = make(map[offsets]bool)
			}
			edits[tf][offsets{tf.Offset(e.Pos), tf.Offset(e.End), string(e.NewText)}] = true
		}
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, file := range pkg.Syntax {
		tf := pkg.Fset.File(file.FileStart)
		src, err := os.ReadFile(tf.Name())
		if err != nil {
			return []error{err}
		}
		f, err := parser.ParseFile(fset, tf.Name(), apply(src, edits[tf]), parser.SkipObjectResolution)
		if err != nil {
			return []error{err}
		}
		files = append(files, f)
	}
	conf := types.Config{
		Importer: importerFunc(func(path string) (*types.Package, error) {
			if path == "unsafe" {
				return types.Unsafe, nil
			}
			if dep := code.Dependency(pkg.Types, path); dep != nil {
				return dep, nil
			}
			if dep := code.Dependency(pkg.Types, "vendor/"+path); dep != nil {
				return dep, nil
			}
			return nil, fmt.Errorf("no package %q", path)
		}),
		Sizes: pkg.TypesSizes,
		Error: func(err error) { errs = append(errs, err) },
	}
	conf.Check(pkg.PkgPath, fset, files, nil) // what is wrong is in errs
	return errs
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// offsets is an edit by offsets; what several fixes do alike is done once.
type offsets struct {
	from, to int
	text     string
}

// apply applies edits, which must not overlap.
func apply(src []byte, edits map[offsets]bool) []byte {
	var list []offsets
	for e := range edits {
		list = append(list, e)
	}
	slices.SortFunc(list, func(x, y offsets) int {
		return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to), cmp.Compare(x.text, y.text))
	})
	var out []byte
	at := 0
	for _, e := range list {
		if e.from < at {
			panic("edits overlap")
		}
		out = append(append(out, src[at:e.from]...), e.text...)
		at = e.to
	}
	return append(out, src[at:]...)
}

func FuzzCompile(f *testing.F) {
	for _, r := range everywhere {
		f.Add(r.from, r.to, r.where["x"])
	}
	f.Add("(*net/http.Client).Do($c, $*x)", "gopkg.in/yaml.v3.F($*x, 'a', `b`)", "implements io.Reader, map[string]func(int, ...any) error")
	pkgs := load(f, "net/url")
	f.Fuzz(func(t *testing.T, from, to, where string) {
		conditions := map[string]string{}
		if where != "" {
			conditions["x"] = where
		}
		p, err := pattern.Compile(from, to, conditions)
		if err != nil {
			e, ok := err.(*pattern.Error)
			if !ok || e.Message == "" || e.Part != "from" && e.Part != "to" && e.Part != "where x" {
				t.Fatalf("%#v", err)
			}
			text := map[string]string{"from": from, "to": to, "where x": where}[e.Part]
			if e.Offset < 0 || e.Offset > len(text) {
				t.Fatalf("offset %d of %q: %v", e.Offset, text, err)
			}
			return
		}
		p.Symbols()
		find(pkgs[0], pattern.NewSet([]*pattern.Pattern{p}))
	})
}
