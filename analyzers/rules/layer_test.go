package rules_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/rules"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

var layerRules = []policy.Rule{
	{ID: "direct", Layer: &policy.Layer{
		Components:  map[string][]string{"app": {"layer/app/..."}, "domain": {"layer/domain/..."}, "infra": {"layer/infra/..."}, "web": {"layer/web"}},
		MayDependOn: map[string][]string{"app": {"domain", "infra"}},
	}},
	{ID: "chains", Message: "keep it pure", Layer: &policy.Layer{
		Components:      map[string][]string{"domain": {"layer/domain/..."}, "infra": {"layer/infra/..."}, "pure": {"layer/infra/pure"}, "web": {"layer/web"}},
		MustNotDependOn: map[string][]string{"domain": {"web", "infra"}},
	}},
	{ID: "third", Layer: &policy.Layer{
		Components:      map[string][]string{"domain": {"layer/domain/..."}, "third": {"third.example/.../deep"}},
		MustNotDependOn: map[string][]string{"domain": {"third"}},
	}},
}

func TestLayers(t *testing.T) {
	for _, pkg := range []string{"layer/domain", "layer/domain/quiet", "layer/app"} {
		run(t, pkg, layerRules)
	}
}

// What tests import is judged under the rule's own word on tests.
func TestLayersTests(t *testing.T) {
	list := slices.Clone(layerRules)
	for i := range list {
		list[i].Tests = policy.Only
	}
	found := 0
	for _, r := range analysistest.Run(discard{}, analysistest.TestData(), rules.New(&policy.Policy{Rules: list}), "layer/domain") {
		for _, d := range r.Diagnostics {
			found++
			if name := r.Action.Package.Fset.Position(d.Pos).Filename; !strings.HasSuffix(name, "_test.go") {
				t.Errorf("%s: %s", name, d.Message)
			}
		}
	}
	if found == 0 {
		t.Error("nothing is reported in tests")
	}
}

// discard takes what analysistest says of comments that expect more.
type discard struct{}

func (discard) Errorf(string, ...any) {}

// Chains are looked for only where some rule asks for them, and are kept under a
// hash of the layers alone.
func TestLayersCarrier(t *testing.T) {
	requires := func(list []policy.Rule) []string {
		a := rules.New(&policy.Policy{Rules: list})
		if err := analysis.Validate([]*analysis.Analyzer{a}); err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(a.Requires, func(r *analysis.Analyzer) bool { return r.Name == "layers" })
		if i < 0 {
			return nil
		}
		var names []string
		for _, r := range a.Requires[i].Requires {
			names = append(names, r.Name)
		}
		return names
	}
	if got := requires(layerRules[:1]); got != nil {
		t.Errorf("rules about direct imports require %q", got)
	}
	all := requires(layerRules)
	if len(all) != 1 || !strings.HasPrefix(all[0], "layers_") {
		t.Errorf("rules about chains require %q", all)
	}
	other := append(slices.Clone(layerRules), policy.Rule{ID: "exit", ForbidCall: []string{"os.Exit"}})
	other[1].Message = "another"
	if got := requires(other); !slices.Equal(got, all) {
		t.Errorf("with another rule %q is required, not %q", got, all)
	}
	layer := *layerRules[1].Layer
	layer.Components = map[string][]string{"domain": {"layer/domain/..."}, "infra": {"layer/infra"}, "web": {"layer/web"}}
	other[1].Layer = &layer
	if got := requires(other); slices.Equal(got, all) {
		t.Errorf("with other components %q is required as before", got)
	}
}
