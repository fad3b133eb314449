package rules_test

import (
	"cmp"
	"maps"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/rules"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

func TestCalls(t *testing.T) {
	run(t, "kinds/calls", []policy.Rule{
		{ID: "run", ForbidCall: []string{"(kinds/dep.Old).Run"}},
		{ID: "walk", ForbidCall: []string{"(*kinds/dep.Old).Walk"}, ThroughInterfaces: true},
		{ID: "read", ForbidCall: []string{"(io.Reader).Rea*"}, ThroughInterfaces: true},
		{ID: "generic", ForbidCall: []string{"kinds/dep.Fun*", "(kinds/dep.Box[X]).Get"}},
		{ID: "own", ForbidCall: []string{"kinds/calls.own", "(error).Error"}},
	})
}

func TestThroughInterfacesIndirect(t *testing.T) {
	run(t, "kinds/indirect", []policy.Rule{{ID: "read", ForbidCall: []string{"(io.Reader).Read"}, ThroughInterfaces: true}})
}

func TestTypes(t *testing.T) {
	run(t, "kinds/types", []policy.Rule{
		{ID: "old", ForbidType: []string{"kinds/dep.Old"}},
		{ID: "box", ForbidType: []string{"kinds/dep.Bo*", "kinds/dep.Walker"}},
	})
}

func TestFields(t *testing.T) {
	run(t, "kinds/fields", []policy.Rule{
		{ID: "secret", ForbidField: []string{"kinds/dep.Old.Secret"}},
		{ID: "box", ForbidField: []string{"kinds/dep.Box.V*"}},
		{ID: "all", ForbidField: []string{"kinds/fields.own.*"}},
	})
}

func TestConstructs(t *testing.T) {
	var list []policy.Rule
	for _, name := range slices.Sorted(maps.Keys(policy.Constructs)) {
		list = append(list, policy.Rule{ID: name, ForbidConstruct: []string{name}})
	}
	results := run(t, "kinds/constructs", list)
	found := map[string]bool{"cgo": true} // in a test of its own
	for _, r := range results {
		for _, d := range r.Diagnostics {
			found[d.Category] = true
		}
	}
	for name := range policy.Constructs {
		if !found[name] {
			t.Errorf("construct %s is never found", name)
		}
	}
}

func TestArgs(t *testing.T) {
	arg := func(id, call, arg, must string) policy.Rule {
		return policy.Rule{ID: id, RequireArg: &policy.RequireArg{Call: []string{call}, Arg: arg, Must: must}}
	}
	method := arg("method", "(*kinds/dep.Old).WalkTo", "1", "constant")
	method.ThroughInterfaces = true
	run(t, "kinds/args", []policy.Rule{
		arg("deadline", "kinds/dep.Do", "ctx", "deadline"),
		arg("constant", "kinds/dep.D*", "2", "constant"),
		arg("variable", "kinds/dep.Do", "opts", "non-constant"),
		arg("zero", "kinds/dep.Set", "n", "non-zero"),
		arg("zero-v", "kinds/dep.Set", "v", "non-zero"),
		arg("nil", "kinds/dep.Set", "3", "non-nil"),
		arg("variadic", "kinds/args.variadic", "opts", "non-nil"),
		method,
	})
}

func TestParams(t *testing.T) {
	run(t, "kinds/params", []policy.Rule{
		{ID: "ctx", RequireFirstParam: &policy.RequireFirstParam{Type: "context.Context", Name: "ctx"}},
		{ID: "request", RequireFirstParam: &policy.RequireFirstParam{Type: "*net/http.Request"}},
		{ID: "fetch", RequireFirstParam: &policy.RequireFirstParam{
			Type: "context.Context", Functions: []string{"kinds/params.Fetch*", "kinds/params.TestF*", "(kinds/params.handler).FetchOne"},
		}},
	})
}

func TestScope(t *testing.T) {
	scoped := func(id string, scope policy.Scope) policy.Rule {
		return policy.Rule{ID: id, ForbidCall: []string{"os.Exit"}, Scope: scope}
	}
	run(t, "kinds/scope", []policy.Rule{
		scoped("no-tests", policy.Scope{Tests: policy.Exclude}),
		scoped("only-tests", policy.Scope{Tests: policy.Only}),
		scoped("no-generated", policy.Scope{Generated: policy.Exclude}),
		scoped("only-generated", policy.Scope{Generated: policy.Only}),
		scoped("both", policy.Scope{Tests: policy.Include, Generated: policy.Include, In: []string{"kinds/..."}}),
		scoped("elsewhere", policy.Scope{In: []string{"other"}}),
		scoped("future-go", policy.Scope{Go: ">=1.99"}),
		scoped("old-go", policy.Scope{Go: ">=1.21 <1.22"}),
	})
}

func TestFixes(t *testing.T) {
	call := func(id, symbol, fix string) policy.Rule {
		return policy.Rule{ID: id, ForbidCall: []string{symbol}, Fix: fix}
	}
	list := []policy.Rule{
		call("ioutil", "io/ioutil.ReadFile", "os.ReadFile"),
		call("dir", "io/ioutil.ReadDir", "os.ReadDir"), // another signature
		call("pid", "os.Getpid", "syscall.Getpid"),
		call("new", "kinds/dep.New", "NewBetter"),
		call("other", "kinds/dep.NewOther", "kinds/dep.NewBetter"), // another signature
		call("walk", "(*kinds/dep.Old).Walk", "WalkSafely"),
		call("walk-to", "(*kinds/dep.Old).WalkTo", "Walk"), // another signature
		call("run", "(kinds/dep.Old).Run", "(kinds/dep.Old).RunAll"),
		{ID: "secret", ForbidField: []string{"kinds/dep.Old.Secret"}, Fix: "Open"},
		{ID: "count", ForbidField: []string{"kinds/dep.Old.Count"}, Fix: "Open"}, // another type
		{ID: "named", ForbidType: []string{"kinds/dep.Named"}, Fix: "kinds/dep.Old"},
	}
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), rules.New(&policy.Policy{Rules: list}), "kinds/fixes")
}

// run runs the pass, and also checks that it reports in order, and nothing twice.
func run(t *testing.T, pkg string, list []policy.Rule) []*analysistest.Result {
	t.Helper()
	results := analysistest.Run(t, analysistest.TestData(), rules.New(&policy.Policy{Rules: list}), pkg)
	for _, r := range results {
		for i, d := range r.Diagnostics {
			if i == 0 {
				continue
			}
			before := r.Diagnostics[i-1]
			if c := cmp.Or(cmp.Compare(before.Pos, d.Pos), cmp.Compare(before.Category, d.Category)); c >= 0 {
				t.Errorf("%q is reported before %q at %v", before.Message, d.Message, r.Action.Package.Fset.Position(d.Pos))
			}
		}
	}
	return results
}
