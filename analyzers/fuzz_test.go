package analyzers_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/gohearth/hearth/analyzers"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// FuzzSuite feeds mutated Go to every analyzer, wrapped as both doors have
// them, and to ours also where it does not compile. A panic is the only
// failure: what is reported is of no interest.
//
// The fuzzer's own mutations are of bytes, and mostly break the syntax. Beside
// them, mutations says how many tokens are to be replaced, dropped, doubled or
// swapped, which leaves much of what the parser and the type checker accept.
//
//	go test ./analyzers -fuzz FuzzSuite -fuzztime 10m
func FuzzSuite(f *testing.F) {
	for _, src := range seeds(f) {
		for mutations := range byte(3) {
			f.Add(src, uint64(mutations), mutations)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, seed uint64, mutations byte) {
		if len(src) > 64<<10 {
			return // slow, and no better
		}
		src = mutate(src, rand.New(rand.NewPCG(seed, 0)), int(mutations%16))
		pkg := load(t.TempDir(), src)
		if len(pkg.Syntax) == 0 {
			return
		}
		compiles := !pkg.IllTyped
		analyze(t, pkg, suite())
		if !compiles {
			pkg.IllTyped = false // so that the driver lets them run
			analyze(t, pkg, withoutSSA(ours()))
		}
	})
}

// TestCutShort gives ours each test file cut off at many places, as an editor
// does while one types, in order and without a fuzzer.
func TestCutShort(t *testing.T) {
	step := 97 // bytes; a prime, so as to end within all kinds of tokens
	if testing.Short() {
		step = 997
	}
	list := withoutSSA(ours())
	for _, src := range seeds(t) {
		for end := step; end < len(src); end += step {
			pkg := load(t.TempDir(), src[:end])
			if len(pkg.Syntax) == 0 {
				continue
			}
			pkg.IllTyped = false
			analyze(t, pkg, list)
		}
	}
}

var everything = &policy.Policy{
	Analyzers: map[string]policy.Analyzer{}, // what is off by default is asked for by name below
	Rules: []policy.Rule{
		{ID: "no-exit", Message: "return an error", ForbidCall: []string{"os.Exit", "fmt.*"}},
		{ID: "no-import", Message: "no", ForbidImport: []string{"sync/..."}},
		{ID: "call", Replace: &policy.Replace{From: "$f($*args)", To: "$f($*args)"}},
		{ID: "binary", Replace: &policy.Replace{From: "$x == $y", To: "!($y != $x)", Where: map[string]string{"x": "implements error"}}},
		{ID: "method", Replace: &policy.Replace{From: "$x.Error()", To: "fmt.Sprint($x, len($x.Error()))"}},
		{ID: "through", ForbidCall: []string{"(io.Reader).Read", "(*os.File).*", "(error).Error"}, ThroughInterfaces: true, Fix: "Close"},
		{ID: "call", ForbidCall: []string{"p.*", "*"}, Fix: "os.Getpid"},
		{ID: "type", ForbidType: []string{"p.*", "context.Context", "net/*"}, Fix: "p.T"},
		{ID: "field", ForbidField: []string{"p.*", "net/http.Client.Timeout"}, Fix: "x"},
		{ID: "construct", ForbidConstruct: slices.Collect(maps.Keys(policy.Constructs))},
		requireArg("constant"), requireArg("non-constant"), requireArg("non-nil"), requireArg("non-zero"), requireArg("deadline"),
		{ID: "first", RequireFirstParam: &policy.RequireFirstParam{Type: "context.Context", Name: "ctx"}},
		{ID: "must", RequireFirstParam: &policy.RequireFirstParam{Type: "*p.T", Functions: []string{"*"}}},
	},
}

func requireArg(must string) policy.Rule {
	return policy.Rule{ID: must, ThroughInterfaces: true, RequireArg: &policy.RequireArg{Call: []string{"*", "(io.Reader).Read"}, Arg: "1", Must: must}}
}

var suite = sync.OnceValue(func() []*analysis.Analyzer {
	return passes(analyzers.Suppressible(everything, analyzers.Suite(everything), nil))
})

var ours = sync.OnceValue(func() []*analysis.Analyzer {
	return passes(analyzers.Suppressible(everything, analyzers.Ours(everything), nil))
})

func passes(entries []analyzers.Entry) (list []*analysis.Analyzer) {
	for _, e := range entries {
		list = append(list, e.Analyzer)
	}
	return list
}

// withoutSSA drops what builds SSA, which cannot be built of broken code.
func withoutSSA(list []*analysis.Analyzer) []*analysis.Analyzer {
	var needs func(a *analysis.Analyzer) bool
	needs = func(a *analysis.Analyzer) bool {
		return a.Name == "buildssa" || slices.ContainsFunc(a.Requires, needs)
	}
	return slices.DeleteFunc(slices.Clone(list), needs)
}

func analyze(t *testing.T, pkg *packages.Package, list []*analysis.Analyzer) {
	t.Helper()
	if _, err := checker.Analyze(list, []*packages.Package{pkg}, &checker.Options{Sequential: true}); err != nil {
		t.Fatal(err)
	}
}

// load parses and checks a file as well as it can.
func load(dir string, src []byte) *packages.Package {
	pkg := &packages.Package{
		ID: "p", PkgPath: "p", Name: "p",
		Fset:       token.NewFileSet(),
		Module:     &packages.Module{Path: "p", GoVersion: "1.26"},
		TypesSizes: types.SizesFor("gc", "amd64"),
		TypesInfo: &types.Info{
			Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
			Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
			Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
			Scopes: make(map[ast.Node]*types.Scope), FileVersions: make(map[*ast.File]string),
		},
	}
	file, err := parser.ParseFile(pkg.Fset, filepath.Join(dir, "p.go"), src, parser.ParseComments)
	if file == nil || !file.Name.Pos().IsValid() {
		return pkg
	}
	pkg.Syntax, pkg.IllTyped = []*ast.File{file}, err != nil
	conf := types.Config{
		GoVersion: "go1.26",
		Sizes:     pkg.TypesSizes,
		Importer:  importer.ForCompiler(pkg.Fset, "gc", export),
		Error: func(err error) {
			pkg.IllTyped = true
			if err, ok := err.(types.Error); ok {
				pkg.TypeErrors = append(pkg.TypeErrors, err)
			}
		},
	}
	pkg.Types, _ = conf.Check("p", pkg.Fset, pkg.Syntax, pkg.TypesInfo) // what is wrong is noted above
	return pkg
}

// exports holds the export data of the standard library by package.
var exports = sync.OnceValues(func() (map[string]string, error) {
	out, err := exec.Command("go", "list", "-export", "-f", "{{.ImportPath}}={{.Export}}", "std").Output()
	files := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		files[path] = file
	}
	return files, err
})

func export(path string) (io.ReadCloser, error) {
	files, err := exports()
	if err != nil {
		return nil, err
	}
	if files[path] == "" {
		return nil, fmt.Errorf("no package %q", path)
	}
	return os.Open(files[path])
}

// seeds returns the test files of all passes.
func seeds(t testing.TB) (list [][]byte) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || !strings.Contains(path, "testdata") {
			return err
		}
		src, err := os.ReadFile(path)
		list = append(list, src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatal("no pass has test files")
	}
	return list
}

// mutate changes n tokens of src.
func mutate(src []byte, random *rand.Rand, n int) []byte {
	tokens := tokenize(src)
	if len(tokens) == 0 {
		return src
	}
	for range n {
		i, j := random.IntN(len(tokens)), random.IntN(len(tokens))
		switch random.IntN(4) {
		case 0:
			tokens[i] = tokens[j]
		case 1:
			tokens[i] = nil
		case 2:
			tokens = slices.Insert(tokens, i, tokens[j])
		case 3:
			tokens[i], tokens[j] = tokens[j], tokens[i]
		}
	}
	return bytes.Join(tokens, nil)
}

// tokenize splits src so that each piece is a token with the space in front.
func tokenize(src []byte) (pieces [][]byte) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	s.Init(file, src, func(token.Position, string) {}, scanner.ScanComments)
	last := 0
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return append(pieces, src[last:])
		}
		end := file.Offset(pos) + max(len(lit), len(tok.String()))
		if tok == token.SEMICOLON && lit == "\n" || end <= last || end > len(src) {
			continue
		}
		pieces = append(pieces, src[last:end])
		last = end
	}
}
