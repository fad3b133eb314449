package vet

import (
	"slices"
	"strings"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// DropTests removes the findings in test files.
func (r *Report) DropTests() {
	inTest := func(d Diagnostic) bool { return strings.HasSuffix(d.File, "_test.go") }
	r.Diagnostics = slices.DeleteFunc(r.Diagnostics, inTest)
	r.Suppressed = slices.DeleteFunc(r.Suppressed, func(s Suppressed) bool { return inTest(s.Diagnostic) })
	r.SuppressedCount = len(r.Suppressed)
}

// Fails reports whether a finding is at least as severe as the given severity.
func (r *Report) Fails(severity string) bool {
	limit := slices.Index(policy.Severities, severity)
	return slices.ContainsFunc(r.Diagnostics, func(d Diagnostic) bool {
		return limit < 0 || slices.Index(policy.Severities, d.Severity) <= limit
	})
}
