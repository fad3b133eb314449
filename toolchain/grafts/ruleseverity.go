package grafts

// It comes after what gopls keeps of an analysis, so that a changed severity
// has nothing analysed anew.
var ruleSeverity = &Graft{
	Name: "ruleseverity",
	Doc:  "Findings of the rules of a policy rank as their rule says.",
	Why: `gopls knows one severity for an analyzer, and all rules are one analyzer. An analyzer
for each rule would run the shared traversal as often as there are rules, and take their names.`,
	Cost: `One look-up for each finding. Without it, findings of all rules rank alike in editors;
it is the one graft that shows in an answer, and only where a rule has a severity of its own.`,
	Figure: "None: it is what a policy asks for, not a faster way to it.",
	Edits: []Edit{{
		Package: "internal/cache",
		Decl:    "toSourceDiagnostic",
		Old:     `srcAnalyzer.Severity()`,
		New:     `settings.HearthSeverity(srcAnalyzer, gobDiag.Code)`,
	}},
}
