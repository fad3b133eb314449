package vet

import "github.com/gohearth/hearth/analyzers/report"

// RulesSeen returns what the rules of [Options.Rules], in their order, found to
// apply to in all packages that were analysed. It is complete only where the run
// was: a pattern that matches no package of a run over a part of the workspace, or
// over one in which something does not compile, may match elsewhere. While the
// rules analyzer is off, nothing is seen.
func (r *Report) RulesSeen() report.Seen { return r.rulesSeen }

// AddRulesSeen adds what another run, of the same rules, saw.
func (r *Report) AddRulesSeen(other *Report) {
	if err := r.rulesSeen.Add(other.rulesSeen.Encode()); err != nil {
		panic(err) // other rules
	}
}
