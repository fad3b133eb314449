package vet

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// Report is what `hearth vet --format=json` prints.
type Report struct {
	Diagnostics []Diagnostic `json:"diagnostics"`
	Errors      []Error      `json:"errors"`

	// SuppressedCount is the number of findings that comments and the policy
	// suppress, and stays when [Report.HideSuppressed] empties Suppressed.
	SuppressedCount int          `json:"suppressedCount"`
	Suppressed      []Suppressed `json:"suppressed,omitempty"` // those in the baseline as well

	BaselineCount int `json:"baselineCount,omitempty"` // findings that the baseline knows
	OldCount      int `json:"oldCount,omitempty"`      // findings on lines that are not new

	Profile []PassTime `json:"profile,omitempty"` // slowest first
}

// Diagnostic is one finding. Lines and columns count from 1, columns in bytes.
type Diagnostic struct {
	Analyzer  string `json:"analyzer"`
	Code      string `json:"code,omitempty"` // what the analyzer calls this kind of finding: the id of a rule, for rules
	Package   string `json:"package"`        // path of the package; tests belong to what they test
	Severity  string `json:"severity"`
	Message   string `json:"message"`
	File      string `json:"file"` // relative to the workspace root, with slashes
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	URL       string `json:"url"`
	Fixes     []Fix  `json:"fixes"`

	// Builds names those that have the finding, where others have it not.
	Builds []string `json:"builds,omitempty"`

	// Fingerprint is what [Report.Fingerprint] made of it.
	Fingerprint string `json:"fingerprint,omitempty"`
}

// Fix is one way to mend a finding. All its edits apply together.
type Fix struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// Edit replaces the bytes from offset Start up to End of a file.
type Edit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// Error is something that kept a package from being analysed, or one analyzer
// from analysing it.
type Error struct {
	Package  string `json:"package,omitempty"`
	Analyzer string `json:"analyzer,omitempty"` // that failed
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Message  string `json:"message"`

	Excluded bool `json:"-"` // the package has no files for this build

	Silent bool `json:"-"` // nobody said what is wrong
}

// normalize sorts the report and gives each finding once: a file that two test
// variants share is analysed in both when one of them has more files.
func (r *Report) normalize() {
	r.Diagnostics = sortOnce(r.Diagnostics, Diagnostic.compare, func(d, e *Diagnostic) { d.Builds = append(d.Builds, e.Builds...) })
	r.Suppressed = sortOnce(r.Suppressed, func(a, b Suppressed) int { return a.Diagnostic.compare(b.Diagnostic) },
		func(a, b *Suppressed) { a.Builds = append(a.Builds, b.Builds...) })
	r.SuppressedCount = len(r.Suppressed)
	slices.SortFunc(r.Errors, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Package, b.Package))
	})
	r.Errors = slices.CompactFunc(r.Errors, func(a, b Error) bool {
		if a.File != "" {
			a.Package, b.Package = "", "" // the test variant of a package fails with it
		}
		return a == b
	})
}

// sortOnce sorts a list and drops what is there twice, after merge has added the
// second to the first.
func sortOnce[T any](list []T, compare func(a, b T) int, merge func(first, second *T)) []T {
	slices.SortStableFunc(list, compare)
	kept := list[:0]
	for i := range list {
		if n := len(kept); n > 0 && compare(kept[n-1], list[i]) == 0 {
			merge(&kept[n-1], &list[i])
		} else {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// compare orders findings by place. Those that agree in all that is compared
// are one.
func (d Diagnostic) compare(e Diagnostic) int {
	return cmp.Or(cmp.Compare(d.File, e.File), cmp.Compare(d.Line, e.Line), cmp.Compare(d.Column, e.Column),
		cmp.Compare(d.Analyzer, e.Analyzer), cmp.Compare(d.Message, e.Message),
		cmp.Compare(d.EndLine, e.EndLine), cmp.Compare(d.EndColumn, e.EndColumn))
}

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
