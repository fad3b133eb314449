package rules_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/packages"

	"github.com/gohearth/hearth/analyzers/rules"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// BenchmarkRules200 runs the pass on net/http, of 60 files, under some numbers of
// rules of all kinds. "new" is what a vettool pays, which compiles the rules for
// one package; "again" what gopls pays for each package but the first.
//
//	go test ./analyzers/rules -bench Rules200 -run '^$'
func BenchmarkRules200(b *testing.B) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax}, "net/http")
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		b.Fatal("net/http does not load: ", err)
	}
	pkg, in := pkgs[0], inspector.New(pkgs[0].Syntax)
	do := func(a *analysis.Analyzer) (findings int) {
		_, err := a.Run(&analysis.Pass{
			Analyzer: a, Fset: pkg.Fset, Files: pkg.Syntax, Pkg: pkg.Types, TypesInfo: pkg.TypesInfo,
			ResultOf: map[*analysis.Analyzer]any{inspect.Analyzer: in},
			Report:   func(analysis.Diagnostic) { findings++ },
		})
		if err != nil {
			b.Fatal(err)
		}
		return findings
	}
	for _, n := range []int{1, 20, 200} {
		p := &policy.Policy{Rules: manyRules(n)}
		b.Run(fmt.Sprintf("%d/new", n), func(b *testing.B) {
			findings := 0
			for b.Loop() {
				findings = do(rules.New(p))
			}
			b.ReportMetric(float64(findings), "findings")
		})
		b.Run(fmt.Sprintf("%d/again", n), func(b *testing.B) {
			for a := rules.New(p); b.Loop(); {
				do(a)
			}
		})
	}
}

// manyRules returns n rules of all kinds, most of which find nothing, as in a
// repository that obeys them.
func manyRules(n int) []policy.Rule {
	constructs := slices.Sorted(maps.Keys(policy.Constructs))
	list := make([]policy.Rule, n)
	for i := range list {
		r := policy.Rule{
			ID: fmt.Sprintf("rule-%d", i), Message: "no",
			Scope: policy.Scope{In: []string{"net/...", fmt.Sprintf("example.com/team%d/...", i)}, Except: []string{".../internal/...", "example.com/cmd/..."}},
		}
		name := fmt.Sprintf("Name%d", i)
		switch i % 8 {
		case 0:
			r.ForbidCall = []string{"os." + name, "(*net/http.Client)." + name, "fmt." + name + "*"}
		case 1:
			r.ForbidImport = []string{"example.com/old" + name + "/..."}
		case 2:
			r.ForbidType = []string{"net/http." + name, "sync." + name + "*"}
		case 3:
			r.ForbidField = []string{"net/http.Client." + name, "crypto/tls.Config." + name}
		case 4:
			r.ForbidConstruct = []string{constructs[i/8%len(constructs)]}
			if c := r.ForbidConstruct[0]; c != "goto" && c != "cgo" && c != "linkname" {
				r.Tests = policy.Only // looks, and finds nothing
			}
		case 5:
			r.RequireArg = &policy.RequireArg{Call: []string{"net." + name, "context.WithTimeout"}, Arg: "1", Must: "non-nil"}
		case 6:
			r.RequireFirstParam = &policy.RequireFirstParam{Type: "context.Context", Functions: []string{"net/http." + name + "*"}}
		case 7:
			r.ForbidCall, r.ThroughInterfaces = []string{"(io.Reader)." + name, "(*os.File)." + name}, true
		}
		list[i] = r
	}
	return list
}
