package unusedparams_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/txtar"
)

// A line is a place in a corpus, and the parameter or result it is about: its
// name, or "result" and its index.
type line struct {
	file, what string
	line       int
}

func (l line) String() string { return fmt.Sprintf("%s:%d %s", l.file, l.line, l.what) }

// kinds of findings, as unparam has them.
const (
	unused = "is unused"
	always = "always receives"
	same   = "result is always"
	never  = "result is never used"
)

// A corpus is what another checker wants of its own test data, and what ours
// find there, by kind.
type corpus struct {
	name  string
	files int
	want  map[string][]line
	got   map[string][]line
}

// module returns the folder of a module in the module cache. Where it is not,
// the test is skipped, unless HEARTH_TEST_CORPORA asks for all of them.
func module(t *testing.T, path string) string {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", path)
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOTOOLCHAIN=local", "GOFLAGS=-mod=mod")
	out, err := cmd.Output()
	var module struct{ Dir string }
	if err == nil {
		err = json.Unmarshal(out, &module)
	}
	if err != nil {
		const format = "%s is not in the module cache (to get it: go mod download %s): %v"
		if os.Getenv("HEARTH_TEST_CORPORA") != "" {
			t.Fatalf(format, path, path, err)
		}
		t.Skipf(format, path, path, err)
	}
	return module.Dir
}

// goplsCorpus reads the "// want" comments of analysistest.
func goplsCorpus(t *testing.T, version string, passes ...*analysis.Analyzer) *corpus {
	dir := filepath.Join(module(t, "golang.org/x/tools/gopls@"+version), "internal/analysis/unusedparams/testdata/src")
	c := newCorpus("gopls " + version)
	want := regexp.MustCompile("\"unused parameter: (\\w+)\"")
	for _, pkg := range []string{"a", "generatedcode", "typeparams"} {
		c.readComments(t, filepath.Join(dir, pkg), pkg+"/", "// want ", want, nil)
		c.run(t, filepath.Join(dir, pkg), pkg+"/", passes)
	}
	return c
}

// reviveCorpus reads the "// MATCH" comments of revive. Each of its files is a
// package of its own, and few of them compile.
func reviveCorpus(t *testing.T, version string, passes ...*analysis.Analyzer) *corpus {
	dir := filepath.Join(module(t, "github.com/mgechev/revive@"+version), "testdata")
	c := newCorpus("revive " + version)
	want := regexp.MustCompile(`/parameter '(\w+)' seems to be unused`)
	for _, name := range []string{"unused-param.go", "unused-param-custom-regex.go"} {
		only := func(file string) bool { return file == name }
		c.readComments(t, dir, "", "// MATCH ", want, only)
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		alone := t.TempDir() // or the functions of other files pass for twins
		if err := os.WriteFile(filepath.Join(alone, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
		c.run(t, alone, "", passes)
	}
	return c
}

func newCorpus(name string) *corpus {
	return &corpus{name: name, want: make(map[string][]line), got: make(map[string][]line)}
}

// readComments notes what the comments behind marker expect.
func (c *corpus) readComments(t *testing.T, dir, prefix, marker string, want *regexp.Regexp, only func(string) bool) {
	for _, name := range goFiles(t, dir) {
		if only != nil && !only(name) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		c.files++
		for i, text := range strings.Split(string(data), "\n") {
			if _, comment, ok := strings.Cut(text, marker); ok {
				for _, m := range want.FindAllStringSubmatch(comment, -1) {
					c.want[unused] = append(c.want[unused], line{prefix + name, m[1], i + 1})
				}
			}
		}
	}
}

// unparamCorpus unpacks the scripts of unparam and reads what they compare its
// output with.
func unparamCorpus(t *testing.T, version string, passes ...*analysis.Analyzer) *corpus {
	scripts, err := filepath.Glob(filepath.Join(module(t, "mvdan.cc/unparam@"+version), "testdata/script/*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	c := newCorpus("unparam 2026-08-23")
	for _, script := range scripts {
		ar, err := txtar.ParseFile(script)
		if err != nil {
			t.Fatal(err)
		}
		c.files++
		prefix := filepath.Base(script) + ": "
		dir := t.TempDir()
		subdirs := make(map[string]bool)
		for _, f := range ar.Files {
			if f.Name == "stdout.golden" {
				c.readGolden(t, prefix, string(f.Data))
			}
			if filepath.Ext(f.Name) != ".go" {
				continue
			}
			path := filepath.Join(dir, f.Name)
			subdirs[filepath.Dir(f.Name)] = true
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if prefix == "include_test.txtar: " {
			c.readIncludeTest(ar, prefix)
		}
		for sub := range subdirs {
			in := prefix
			if sub != "." {
				in += sub + "/"
			}
			c.run(t, filepath.Join(dir, sub), in, passes)
		}
	}
	return c
}

// golden matches a line of unparam's output.
var golden = regexp.MustCompile(`^(\S+):(\d+):\d+: .+ - (?:(result) (\w+)(?: \(\S+\))? (is always|is never used)|(\w+) (is unused|always receives))`)

func (c *corpus) readGolden(t *testing.T, prefix, text string) {
	for _, out := range strings.Split(strings.TrimSpace(text), "\n") {
		if out == "" {
			continue
		}
		m := golden.FindStringSubmatch(strings.ReplaceAll(out, "${/}", "/"))
		if m == nil {
			t.Fatalf("%sunknown output %q", prefix, out)
		}
		n, _ := strconv.Atoi(m[2])
		if m[3] == "result" {
			kind := "result " + m[5]
			c.want[kind] = append(c.want[kind], line{prefix + m[1], "result " + m[4], n})
		} else {
			c.want[m[7]] = append(c.want[m[7]], line{prefix + m[1], m[6], n})
		}
	}
}

// readIncludeTest reads the one script that compares no output. With -tests,
// which is how we see a package, it expects the second parameter of three
// functions.
func (c *corpus) readIncludeTest(ar *txtar.Archive, prefix string) {
	expect := regexp.MustCompile(`(?m)^stdout '(\w+) \.\* unused'`)
	_, tests, _ := strings.Cut(string(ar.Comment), "-tests=true")
	for _, m := range expect.FindAllStringSubmatch(tests, -1) {
		for _, f := range ar.Files {
			for i, text := range strings.Split(string(f.Data), "\n") {
				if strings.HasPrefix(text, "func "+m[1]+"(a, b int)") {
					c.want[unused] = append(c.want[unused], line{prefix + f.Name, "b", i + 1})
				}
			}
		}
	}
}

func goFiles(t *testing.T, dir string) []string {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range paths {
		paths[i] = filepath.Base(path)
	}
	return paths
}

// run runs passes over the packages in dir and notes what they find. It is a
// driver of its own since some of the data does not compile, and most drivers
// would not go on.
func (c *corpus) run(t *testing.T, dir, prefix string, passes []*analysis.Analyzer) {
	fset := token.NewFileSet()
	packages := make(map[string][]*ast.File)
	for _, name := range goFiles(t, dir) {
		if match, err := build.Default.MatchFile(dir, name); !match || err != nil {
			continue
		}
		file, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		packages[file.Name.Name] = append(packages[file.Name.Name], file)
	}
	for _, files := range packages {
		for _, d := range analyze(fset, files, passes) {
			c.add(fset, prefix, d)
		}
	}
}

// message matches what our passes say.
var message = regexp.MustCompile(`^(?:(unused parameter): (\w+)|parameter (\w+) (always receives)|(result \w+)(?: \(\S+\))? (is always|is never used))`)

func (c *corpus) add(fset *token.FileSet, prefix string, d analysis.Diagnostic) {
	m := message.FindStringSubmatch(d.Message)
	posn := fset.Position(d.Pos)
	kind, what := unused, m[2]
	switch {
	case m[4] != "":
		kind, what = always, m[3]
	case m[6] != "":
		kind, what = "result "+m[6], m[5]
	}
	c.got[kind] = append(c.got[kind], line{prefix + filepath.Base(posn.Filename), what, posn.Line})
}

// imports asks the go command where compiled packages are, once for each.
var imports = sync.OnceValue(func() types.Importer {
	return importer.ForCompiler(token.NewFileSet(), "gc", nil)
})

// analyze type-checks files as far as they go, and runs passes over them.
func analyze(fset *token.FileSet, files []*ast.File, passes []*analysis.Analyzer) []analysis.Diagnostic {
	info := &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Instances:    make(map[*ast.Ident]types.Instance),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		Scopes:       make(map[ast.Node]*types.Scope),
		FileVersions: make(map[*ast.File]string),
	}
	conf := types.Config{
		Importer: imports(),
		Sizes:    types.SizesFor("gc", "amd64"),
		Error:    func(error) {}, // go on
	}
	pkg, _ := conf.Check("p", fset, files, info)
	var found []analysis.Diagnostic
	results := make(map[*analysis.Analyzer]any)
	var run func(a *analysis.Analyzer)
	run = func(a *analysis.Analyzer) {
		if _, done := results[a]; done {
			return
		}
		for _, r := range a.Requires {
			run(r)
		}
		result, err := a.Run(&analysis.Pass{
			Analyzer: a, Fset: fset, Files: files, Pkg: pkg, TypesInfo: info, TypesSizes: conf.Sizes,
			ResultOf: results,
			Report:   func(d analysis.Diagnostic) { found = append(found, d) },
		})
		if err != nil {
			panic(err)
		}
		results[a] = result
	}
	for _, a := range passes {
		run(a)
	}
	return found
}

// missing returns the lines of a that are not in b.
func missing(a, b []line) []line {
	return slices.DeleteFunc(slices.Clone(a), func(l line) bool { return slices.Contains(b, l) })
}
