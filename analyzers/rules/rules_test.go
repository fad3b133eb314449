package rules_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/rules"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

var testPolicy = &policy.Policy{Rules: []policy.Rule{
	{
		ID: "no-exit", Message: "return an error", URL: "https://example.com/no-exit",
		ForbidCall: []string{"os.Exit", "log.Fatal*"},
		Scope:      policy.Scope{Except: []string{"app/cmd/..."}},
	},
	{ID: "no-old", Message: "use app/lib", ForbidImport: []string{"app/deps/..."}, Scope: policy.Scope{Except: []string{"app/deps/..."}}},
	{ID: "ctx", ForbidCall: []string{"(*net/http.Client).Get", "net/http.Get"}},
	{ID: "read", Message: "read through lib.Read", ForbidCall: []string{"(io.Reader).Read"}, Scope: policy.Scope{In: []string{"app/lib"}}},
	{ID: "atomic", Message: "use a mutex", ForbidCall: []string{"(*sync/atomic.Pointer).Store"}},
	{ID: "method", Message: "internal", ForbidCall: []string{"(app/lib.Thing).Own"}},
}}

func Test(t *testing.T) {
	results := analysistest.Run(t, analysistest.TestData(), rules.New(testPolicy), "app/lib", "app/cmd/tool", "app/deps/old")
	for _, r := range results {
		for _, d := range r.Diagnostics {
			if !strings.HasSuffix(d.Message, "("+d.Category+")") || d.URL == "" {
				t.Errorf("diagnostic %q has category %q and URL %q", d.Message, d.Category, d.URL)
			}
		}
	}
}

func TestNoRules(t *testing.T) {
	a := rules.New(&policy.Policy{})
	if err := analysis.Validate([]*analysis.Analyzer{a}); err != nil {
		t.Error(err)
	}
}

// TestCarrier guards what keeps gopls from answering with the results of older
// rules: the name of a required pass changes, the pass's own does not.
func TestCarrier(t *testing.T) {
	x, y := rules.New(&policy.Policy{}), rules.New(testPolicy)
	if x.Name != y.Name {
		t.Errorf("names differ: %s and %s", x.Name, y.Name)
	}
	if x.Requires[0].Name == y.Requires[0].Name {
		t.Errorf("both require %s", x.Requires[0].Name)
	}
	if !strings.HasPrefix(y.Requires[0].Name, "rules_") {
		t.Errorf("requires %s", y.Requires[0].Name)
	}
}
