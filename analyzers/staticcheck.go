package analyzers

import (
	"slices"

	"golang.org/x/tools/go/analysis"
	"honnef.co/go/tools/analysis/lint"
	"honnef.co/go/tools/quickfix"
	"honnef.co/go/tools/simple"
	"honnef.co/go/tools/staticcheck"
	"honnef.co/go/tools/stylecheck"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// excluded names the checks of staticcheck that are in neither door, each with
// the analyzer that reports the same (golang/go#34494).
var excluded = map[string]string{
	"SA1006": "printf",
	"SA1019": "deprecated",
	"SA2000": "waitgroup",
	"SA4021": "appends",
	"SA5009": "printf",
}

// optIn names the checks that are off although they are cheap, each with the
// reason. Checks that need buildir, and all style checks, are off by rule: see
// [offByRule].
var optIn = map[string]string{
	"S1002":  "is wrong about constants that depend on build tags",
	"S1005":  "a matter of taste",
	"S1006":  "is wrong about constants that depend on build tags",
	"S1008":  "its fix may lose comments",
	"S1016":  "two structs may have the same fields by chance",
	"S1021":  "its fix may lose comments",
	"QF1001": "not always better to read",
	"QF1005": "not always better to read",
	"QF1006": "its fix may lose comments",
	"QF1007": "its fix may lose comments",
	"QF1008": "not always better to read",
	"QF1011": "not always better to read",
	"SA5002": "is wrong about constants that depend on build tags",
	"SA9001": "reports a mere possibility",
}

// staticcheckEntries returns the checks of staticcheck, with gopls's choice of
// which are on.
func staticcheckEntries() []Entry {
	var entries []Entry
	for _, a := range slices.Concat(simple.Analyzers, stylecheck.Analyzers, quickfix.Analyzers, staticcheck.Analyzers) {
		name := a.Analyzer.Name
		if _, ok := excluded[name]; ok {
			continue
		}
		_, off := optIn[name]
		entries = append(entries, Entry{
			Analyzer:   a.Analyzer,
			Group:      Staticcheck,
			Severity:   severityOf(a.Doc),
			NonDefault: off || a.Doc.NonDefault || offByRule(a),
		})
	}
	return entries
}

// offByRule reports whether a is off because of its kind: style is for each
// team to choose, and buildir computes facts over all dependencies, which costs
// more than the rest of the suite together.
func offByRule(a *lint.Analyzer) bool {
	return slices.Contains(stylecheck.Analyzers, a) || requires(a.Analyzer, "buildir")
}

// requires reports whether a needs the named pass, however indirectly.
func requires(a *analysis.Analyzer, name string) bool {
	return slices.ContainsFunc(a.Requires, func(r *analysis.Analyzer) bool {
		return r.Name == name || requires(r, name)
	})
}

// severityOf maps a check's severity to that of the policy. LSP knows
// deprecation as a tag, not as a severity, so it ranks as a warning.
func severityOf(doc *lint.RawDocumentation) string {
	switch doc.Severity {
	case lint.SeverityError:
		return policy.Error
	case lint.SeverityInfo:
		return policy.Information
	case lint.SeverityHint:
		return policy.Hint
	default:
		return policy.Warning
	}
}
