package analyzers

import (
	"slices"
	"testing"

	"honnef.co/go/tools/analysis/lint"
	"honnef.co/go/tools/quickfix"
	"honnef.co/go/tools/simple"
	"honnef.co/go/tools/staticcheck"
	"honnef.co/go/tools/stylecheck"
)

// TestTablesNameChecks finds rows that a release of staticcheck left behind.
func TestTablesNameChecks(t *testing.T) {
	checks := slices.Concat(simple.Analyzers, stylecheck.Analyzers, quickfix.Analyzers, staticcheck.Analyzers)
	for _, table := range []map[string]string{excluded, optIn} {
		for name := range table {
			i := slices.IndexFunc(checks, func(a *lint.Analyzer) bool { return a.Analyzer.Name == name })
			if i < 0 {
				t.Errorf("staticcheck has no %s", name)
			}
		}
	}
	for name := range optIn {
		i := slices.IndexFunc(checks, func(a *lint.Analyzer) bool { return a.Analyzer.Name == name })
		if i >= 0 && (checks[i].Doc.NonDefault || offByRule(checks[i])) {
			t.Errorf("%s is off anyway, its row says nothing", name)
		}
	}
}
