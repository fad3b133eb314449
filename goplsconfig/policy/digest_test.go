package policy

import "testing"

// What a digest is of decides what is analysed anew.
func TestDigests(t *testing.T) {
	base := func() *Policy {
		return &Policy{
			Analyzers: map[string]Analyzer{"shadow": {Enabled: true}},
			Rules: []Rule{
				{ID: "exit", ForbidCall: []string{"os.Exit"}},
				{ID: "layer", Layer: &Layer{
					Components:      map[string][]string{"a": {"a/..."}, "b": {"b/..."}, "c": {"c"}},
					MustNotDependOn: map[string][]string{"a": {"b"}},
				}},
				{ID: "module", ForbidModule: []Module{{Path: "example.com/m", Version: "v1.0.0", Range: "<v2.0.0"}}},
			},
		}
	}
	for _, tt := range []struct {
		name                    string
		change                  func(*Policy)
		findings, rules, layers bool // changes the digest
	}{
		{"severity of an analyzer", func(p *Policy) { p.Analyzers["shadow"] = Analyzer{Enabled: true, Severity: Error} }, false, false, false},
		{"analyzer", func(p *Policy) { p.Analyzers["shadow"] = Analyzer{} }, true, false, false},
		{"severity, owner and since of a rule", func(p *Policy) {
			p.Rules[0].Severity, p.Rules[0].Owner, p.Rules[0].Since = Error, "team", "v1.0.0"
		}, false, false, false},
		{"message", func(p *Policy) { p.Rules[0].Message = "no" }, true, true, false},
		{"version of a module", func(p *Policy) { p.Rules[2].ForbidModule[0].Version = "v1.1.0" }, true, true, false},
		{"what may depend on what", func(p *Policy) { p.Rules[1].Layer.MayDependOn = map[string][]string{"a": {"c"}} }, true, true, false},
		{"who must not", func(p *Policy) { p.Rules[1].Layer.MustNotDependOn = map[string][]string{"c": {"b"}} }, true, true, false},
		{"on what", func(p *Policy) { p.Rules[1].Layer.MustNotDependOn["a"] = []string{"b", "c"} }, true, true, true},
		{"components", func(p *Policy) { p.Rules[1].Layer.Components["b"] = []string{"b"} }, true, true, true},
	} {
		was, is := base(), base()
		tt.change(is)
		for _, d := range []struct {
			name   string
			digest func(*Policy) string
			want   bool
		}{
			{"findings", (*Policy).FindingsDigest, tt.findings}, {"rules", (*Policy).RulesDigest, tt.rules}, {"layers", (*Policy).LayersDigest, tt.layers},
		} {
			if got := d.digest(was) != d.digest(is); got != d.want {
				t.Errorf("%s: the digest of %s changes: %t", tt.name, d.name, got)
			}
		}
		if was.Digest() == is.Digest() {
			t.Errorf("%s: the digest stays", tt.name)
		}
	}
}
