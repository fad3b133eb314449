package analyzers

import (
	"slices"
	"strings"

	"github.com/gohearth/hearth/analyzers/suppression"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// Suppressible returns entries whose analyzers obey suppression comments and
// the exceptions of p, followed by the pass that judges the comments. For show
// see [suppression.Wrap].
func Suppressible(p *policy.Policy, entries []Entry, show *bool) []Entry {
	subjects := make([]suppression.Subject, len(entries))
	for i, e := range entries {
		subjects[i] = suppression.Subject{
			Analyzer: e.Analyzer,
			Aliases:  aliases(e),
			Varies:   variesBySize[e.Analyzer.Name],
			Ran:      !e.EditorOnly && e.Enabled(p),
		}
		if e.Analyzer.Name == "rules" {
			for _, r := range p.Rules {
				subjects[i].Codes = append(subjects[i].Codes, r.ID)
			}
		}
	}
	wrapped, judge := suppression.Wrap(&p.Suppress, subjects, show)
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Analyzer = wrapped[i]
	}
	return append(entries, Entry{Analyzer: judge, Group: Hearth, Severity: policy.Information})
}

// variesBySize names the passes whose findings depend on the size of an int or on
// what the processor asks for.
var variesBySize = map[string]bool{
	"asmdecl": true, "atomicalign": true, "fieldalignment": true, "framepointer": true, "shift": true,
	"SA4003": true, // comparisons that the range of a type decides
	"SA4016": true, // the same for bitwise operations
}

// aliases returns the names that e shares with others: its group, the checks
// that it stands in for, and the linters of golangci-lint that would run it.
func aliases(e Entry) []string {
	name, names := e.Analyzer.Name, []string{e.Group}
	for check, by := range excluded {
		if by == name {
			names = append(names, check)
		}
	}
	switch {
	case e.Group == Vet:
		names = append(names, "govet")
	case e.Group == Staticcheck && strings.HasPrefix(name, "ST"):
		names = append(names, "stylecheck")
	case e.Group == Staticcheck && strings.HasPrefix(name, "S1"):
		names = append(names, "gosimple")
	case name == "unusedparams":
		names = append(names, "unparam")
	}
	return names
}
