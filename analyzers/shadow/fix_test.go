package shadow_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/gohearth/hearth/analyzers/shadow"
)

// TestFixesCompile applies each fix for itself, to the test data and to what is
// found in the standard library, and type-checks the result.
func TestFixesCompile(t *testing.T) {
	all := []*analysis.Analyzer{shadow.Default.Shadow, shadow.Default.PackageVar, shadow.Default.Import, shadow.Default.Builtin}
	testdata, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "GO111MODULE=off", "GOPATH="+testdata, "GOWORK=off")
	t.Run("testdata", func(t *testing.T) {
		n := fixAll(t, &packages.Config{Env: env, Dir: testdata}, all, "a", "bugs", "flow", "fix", "pkgvar", "imports", "builtins")
		if n < 80 {
			t.Errorf("only %d fixes in the test data", n)
		}
	})
	t.Run("std", func(t *testing.T) {
		if testing.Short() {
			t.Skip("loads net and all that it imports")
		}
		n := fixAll(t, &packages.Config{}, all, "net", "time", "encoding/gob", "go/internal/gccgoimporter", "text/template")
		if n < 30 {
			t.Errorf("only %d fixes in the standard library", n)
		}
	})
}

// fixAll applies each fix of each diagnostic and returns how many there were.
func fixAll(t *testing.T, cfg *packages.Config, analyzers []*analysis.Analyzer, patterns ...string) int {
	cfg.Mode = packages.LoadAllSyntax | packages.NeedModule
	pkgs, err := packages.Load(cfg, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the packages do not load")
	}
	graph, err := checker.Analyze(analyzers, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	fixes := 0
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Errorf("%s: %v", act, act.Err)
		}
		for _, d := range act.Diagnostics {
			for _, fix := range d.SuggestedFixes {
				fixes++
				if err := checkFix(act.Package, fix); err != nil {
					t.Errorf("%s: %s: %s: %v", act.Package.Fset.Position(d.Pos), d.Message, fix.Message, err)
				}
			}
		}
	}
	return fixes
}

// checkFix reports why the fixed package does not compile, or why the fixed
// file is not gofmt-clean though it was.
func checkFix(pkg *packages.Package, fix analysis.SuggestedFix) error {
	name, before, after, err := apply(pkg.Fset, fix)
	if err != nil {
		return err
	}
	clean := func(src []byte) bool {
		out, err := format.Source(src)
		return err == nil && bytes.Equal(out, src)
	}
	if clean(before) && !clean(after) {
		return fmt.Errorf("not gofmt-clean:\n%s", after)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, path := range pkg.CompiledGoFiles {
		var src any
		if path == name {
			src = after
		}
		file, err := parser.ParseFile(fset, path, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	conf := &types.Config{Importer: importer{pkg}, Sizes: pkg.TypesSizes, FakeImportC: true}
	if pkg.Module != nil && pkg.Module.GoVersion != "" {
		conf.GoVersion = "go" + pkg.Module.GoVersion
	}
	_, err = conf.Check(pkg.PkgPath, fset, files, nil)
	return err
}

// apply returns the file that fix changes, before and after.
func apply(fset *token.FileSet, fix analysis.SuggestedFix) (name string, before, after []byte, err error) {
	file := fset.File(fix.TextEdits[0].Pos)
	before, err = os.ReadFile(file.Name())
	if err != nil {
		return "", nil, nil, err
	}
	edits := slices.Clone(fix.TextEdits)
	slices.SortFunc(edits, func(x, y analysis.TextEdit) int { return int(y.Pos - x.Pos) })
	after = slices.Clone(before)
	for _, e := range edits {
		after = slices.Replace(after, file.Offset(e.Pos), file.Offset(e.End), e.NewText...)
	}
	return file.Name(), before, after, nil
}

// importer finds packages among the imports of one that is loaded.
type importer struct{ pkg *packages.Package }

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := i.pkg.Imports[path]; p != nil {
		return p.Types, nil
	}
	return nil, fmt.Errorf("%s does not import %q", i.pkg, path)
}
