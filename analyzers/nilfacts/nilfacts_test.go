package nilfacts_test

import (
	"bytes"
	"encoding/gob"
	"errors"
	"go/types"
	"maps"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
	"honnef.co/go/tools/analysis/facts/nilness"

	"github.com/gohearth/hearth/analyzers/nilfacts"
)

func TestInstead(t *testing.T) {
	if nilfacts.Instead(nilness.Analysis) != nilfacts.Analyzer || nilfacts.Analyzer == nil {
		t.Error("the fact of this staticcheck is not one that can be packed")
	}
	other := &analysis.Analyzer{Name: "other"}
	if nilfacts.Instead(other) != other {
		t.Error("another pass is replaced")
	}
}

// strict is the pass with no more package facts than gopls and go vet give it:
// those of what is imported directly, read from what was written.
var strict = func() *analysis.Analyzer {
	a := *nilfacts.Analyzer
	a.Run = func(pass *analysis.Pass) (any, error) {
		inner := *pass
		inner.AllPackageFacts = func() (facts []analysis.PackageFact) {
			for _, f := range pass.AllPackageFacts() {
				if slices.Contains(pass.Pkg.Imports(), f.Package) {
					var file bytes.Buffer
					read := new(nilfacts.Fact)
					if err := errors.Join(gob.NewEncoder(&file).Encode(f.Fact), gob.NewDecoder(&file).Decode(read)); err != nil {
						panic(err)
					}
					facts = append(facts, analysis.PackageFact{Package: f.Package, Fact: read})
				}
			}
			return facts
		}
		return nilfacts.Analyzer.Run(&inner)
	}
	return &a
}()

// What is known of each function that a package names is what it is without
// us, however indirectly the package got hold of it.
func TestSame(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses a part of the standard library")
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: "testdata"}, "./...", "text/template", "encoding/xml", "log/slog")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("packages do not compile")
	}
	all := slices.Collect(maps.Values(depends(pkgs)))
	graph, err := checker.Analyze([]*analysis.Analyzer{nilness.Analysis, strict}, all, nil)
	if err != nil {
		t.Fatal(err)
	}
	results := make(map[*packages.Package]map[*analysis.Analyzer]*nilness.Result)
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatal(act, act.Err)
		}
		if r, ok := act.Result.(*nilness.Result); ok {
			if results[act.Package] == nil {
				results[act.Package] = make(map[*analysis.Analyzer]*nilness.Result)
			}
			results[act.Package][act.Analyzer] = r
		}
	}
	var told int
	for pkg, of := range results {
		want, got := of[nilness.Analysis], of[strict]
		if want == nil || got == nil {
			t.Fatalf("%v was analysed in part", pkg)
		}
		for id, obj := range pkg.TypesInfo.Uses {
			f, ok := obj.(*types.Func)
			if !ok {
				continue
			}
			for i := range f.Signature().Results().Len() {
				w, g := want.Nilness(f, i), got.Nilness(f, i)
				if w != g {
					t.Errorf("%s: result %d of %v: %v, want %v", pkg.Fset.Position(id.Pos()), i, f, g, w)
				}
				if f.Pkg() != pkg.Types && w.Inner != 0 && w.Outer != nilness.MaybeNil {
					told++
				}
				if f.Name() == "Fail" && g.Outer != nilness.NeverNil {
					t.Errorf("%s: %v is not known to be never nil", pkg.Fset.Position(id.Pos()), f)
				}
			}
		}
	}
	t.Logf("%d packages; of %d results of functions of others something is known", len(results), told)
	if told < 100 {
		t.Errorf("of %d results in other packages something is known", told)
	}
}

// depends returns pkgs and all that they import, by path.
func depends(pkgs []*packages.Package) map[string]*packages.Package {
	all := make(map[string]*packages.Package)
	packages.Visit(pkgs, nil, func(pkg *packages.Package) { all[pkg.PkgPath] = pkg })
	return all
}
