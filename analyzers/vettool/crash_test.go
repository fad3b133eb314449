package vettool

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/report"
)

// fact is what some passes here compute.
type fact struct{ n int }

func (*fact) AFact() {}

// TestGuard runs graphs of passes as unitchecker does, one after another, and
// compares what is shown.
func TestGuard(t *testing.T) {
	finds := func(name string, requires ...*analysis.Analyzer) *analysis.Analyzer {
		return &analysis.Analyzer{Name: name, Requires: requires, Run: func(pass *analysis.Pass) (any, error) {
			pass.Reportf(pass.Files[0].Package, "found by %s", name)
			return nil, nil
		}}
	}
	panics := func(name string, requires ...*analysis.Analyzer) *analysis.Analyzer {
		return &analysis.Analyzer{Name: name, Requires: requires, Run: func(pass *analysis.Pass) (any, error) {
			pass.Reportf(pass.Files[0].Package, "found by %s", name) // before it ends
			panic("boom")
		}}
	}
	fails := func(name string) *analysis.Analyzer {
		return &analysis.Analyzer{Name: name, Run: func(*analysis.Pass) (any, error) { return nil, errors.New("no") }}
	}
	facts := func(a *analysis.Analyzer) *analysis.Analyzer {
		a.FactTypes = []analysis.Fact{(*fact)(nil)}
		return a
	}
	for _, tt := range []struct {
		name  string
		roots []*analysis.Analyzer
		want  []string // how each begins
	}{
		{"nothing wrong", []*analysis.Analyzer{finds("a"), finds("b")}, []string{"found by a", "found by b"}},
		{"panic", []*analysis.Analyzer{panics("a"), finds("b")}, []string{"a crashed: boom in ", "found by b"}},
		{"error", []*analysis.Analyzer{fails("a"), finds("b")}, []string{"a failed: no", "found by b"}},
		{"of what another requires", []*analysis.Analyzer{finds("b", panics("a"))}, []string{"a crashed: boom in "}},
		{"of what two require", []*analysis.Analyzer{finds("c", finds("b", panics("a"))), finds("d")}, []string{"a crashed: boom in ", "found by d"}},
		{"of what is shown itself", func() []*analysis.Analyzer { a := panics("a"); return []*analysis.Analyzer{a, finds("b", a)} }(), []string{"a crashed: boom in "}},
		{"of facts, without which others do", []*analysis.Analyzer{finds("b", facts(panics("a")))}, []string{"a crashed: boom in ", "found by b"}},
		{"of facts, without which others panic", []*analysis.Analyzer{panics("b", facts(panics("a"))), finds("c")}, []string{"a crashed: boom in ", "found by c"}},
		{"of facts and findings", func() []*analysis.Analyzer {
			a := facts(panics("a"))
			return []*analysis.Analyzer{a, finds("b", a)}
		}(), []string{"a crashed: boom in "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			new(guard).watch(tt.roots)
			if got := shown(t, tt.roots); !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
				t.Errorf("got %q, want what begins with %q", got, tt.want)
			}
		})
	}
}

// shown runs passes and returns what unitchecker would show, sorted.
func shown(t *testing.T, roots []*analysis.Analyzer) []string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", "package p", 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	everyPass(roots, func(a *analysis.Analyzer) {
		pass := &analysis.Pass{Analyzer: a, Fset: fset, Files: []*ast.File{file}, Report: func(d analysis.Diagnostic) {
			if slices.Contains(roots, a) {
				if failure := strings.HasPrefix(d.Category, report.Failed); failure == strings.HasPrefix(d.Message, "found by") {
					t.Errorf("%q is of category %q", d.Message, d.Category)
				}
				list = append(list, d.Message)
			}
		}}
		if _, err := a.Run(pass); err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
	})
	slices.Sort(list)
	return list
}
