package vettool

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// TestKeepFacts checks what runs on a package that was not asked for. Every
// pass of ours, suppression first of all, would otherwise run on each package of
// the standard library.
func TestKeepFacts(t *testing.T) {
	p := &policy.Policy{Rules: []policy.Rule{{ID: "layers", Layer: &policy.Layer{
		Components:      map[string][]string{"a": {"a"}, "b": {"b"}},
		MustNotDependOn: map[string][]string{"a": {"b"}},
	}}}}
	var roots []*analysis.Analyzer
	for _, e := range analyzers.Suppressible(p, analyzers.Suite(p), nil) {
		roots = append(roots, e.Analyzer)
	}
	with := closure(roots)
	keepFacts(roots)
	if err := analysis.Validate(roots); err != nil {
		t.Fatal(err)
	}
	left := closure(roots)
	var facts []string
	for name, a := range with {
		if len(a.FactTypes) > 0 {
			facts = append(facts, name)
			if left[name] != a {
				t.Errorf("%s has facts, and does not run", name)
			}
		}
	}
	if !slices.Contains(facts, "ctrlflow") || !slices.Contains(facts, "printf") || !slices.Contains(facts, "layers") {
		t.Errorf("passes with facts: %q", facts)
	}
	if left["buildssa"] != nil {
		t.Error("buildssa runs, though no pass with facts needs it")
	}
}

// closure returns roots and what they require, by name. Of two of one name the
// one with facts counts.
func closure(roots []*analysis.Analyzer) map[string]*analysis.Analyzer {
	all := make(map[string]*analysis.Analyzer)
	var visit func([]*analysis.Analyzer)
	seen := make(map[*analysis.Analyzer]bool)
	visit = func(list []*analysis.Analyzer) {
		for _, a := range list {
			if !seen[a] {
				seen[a] = true
				if all[a.Name] == nil || len(a.FactTypes) > 0 {
					all[a.Name] = a
				}
				visit(a.Requires)
			}
		}
	}
	visit(roots)
	return all
}
