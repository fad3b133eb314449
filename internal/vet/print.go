package vet

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// WriteText writes a line for each finding, each suppressed finding and each
// error, as editors and CI systems know how to read. name returns a file as the reader would type it.
func (r *Report) WriteText(w io.Writer, name func(file string) string) error {
	var b strings.Builder
	for _, d := range r.Diagnostics {
		fmt.Fprintf(&b, "%s:%d:%d: %s (%s)\n", name(d.File), d.Line, d.Column, d.Message, d.Analyzer)
	}
	for _, s := range r.Suppressed {
		fmt.Fprintf(&b, "%s:%d:%d: suppressed: %s (%s); %s: %s\n", name(s.File), s.Line, s.Column, s.Message, s.Analyzer, s.by(name), cmp.Or(s.Reason, "no reason"))
	}
	for _, e := range r.Errors {
		switch {
		case e.File != "":
			fmt.Fprintf(&b, "%s:%d:%d: error: %s\n", name(e.File), e.Line, e.Column, e.Message)
		case e.Package != "":
			fmt.Fprintf(&b, "%s: error: %s\n", e.Package, e.Message)
		default:
			fmt.Fprintf(&b, "error: %s\n", e.Message)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// RelativeTo returns a name function for WriteText: files of root as seen from dir.
func RelativeTo(root, dir string) func(string) string {
	return func(file string) string {
		rel, err := filepath.Rel(dir, filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			return file
		}
		return rel
	}
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
