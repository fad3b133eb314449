package vet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gohearth/hearth/analyzers/report"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// Suppressed is a finding that somebody answers for.
type Suppressed struct {
	Diagnostic
	Reason string `json:"reason"`

	// Where it says so: the file and line of a comment, or the index of an
	// exception in the policy, with whose it is and its last day.
	CommentFile string `json:"commentFile,omitempty"`
	CommentLine int    `json:"commentLine,omitempty"`
	Exception   *int   `json:"exception,omitempty"`
	Owner       string `json:"owner,omitempty"`
	Expires     string `json:"expires,omitempty"`

	// Baseline is the file that knows the finding, relative to the workspace
	// root, where it is nothing but old.
	Baseline string `json:"baseline,omitempty"`
}

// suppressed returns j as a suppressed finding, if it is one.
func (o *Options) suppressed(pkg, analyzer string, j jsonDiagnostic) (Suppressed, bool) {
	rest, ok := strings.CutPrefix(j.Category, report.Suppressed)
	if !ok || len(j.Related) != 1 {
		return Suppressed{}, false
	}
	rest, j.Category, _ = strings.Cut(rest, ":")
	s := Suppressed{Reason: j.Related[0].Message}
	if index, ok := strings.CutPrefix(rest, "/"); ok {
		i, err := strconv.Atoi(index)
		if err != nil || i >= len(o.Exceptions) {
			return Suppressed{}, false
		}
		s.Exception, s.Owner, s.Expires = &i, o.Exceptions[i].Owner, o.Exceptions[i].Expires
	} else if rest != "" {
		return Suppressed{}, false
	} else {
		s.CommentFile, s.CommentLine, _ = splitPosition(j.Related[0].Posn)
		s.CommentFile = o.relative(s.CommentFile)
	}
	s.Diagnostic = o.diagnostic(pkg, analyzer, j)
	return s, true
}

// HideSuppressed leaves nothing but the number of what was suppressed.
func (r *Report) HideSuppressed() { r.Suppressed = nil }

// SetBaselined moves the findings that a baseline knows, by their index, to
// the suppressed ones.
func (r *Report) SetBaselined(known []bool, file string) {
	left := []Diagnostic{}
	for i, d := range r.Diagnostics {
		if !known[i] {
			left = append(left, d)
			continue
		}
		r.Suppressed = append(r.Suppressed, Suppressed{Diagnostic: d, Reason: "it is older", Baseline: file})
		r.BaselineCount++
	}
	r.Diagnostics = left
	slices.SortStableFunc(r.Suppressed, func(a, b Suppressed) int { return a.Diagnostic.compare(b.Diagnostic) })
}

// KeepNew drops the findings on lines that are not new.
func (r *Report) KeepNew(isNew func(file string, line int) bool) {
	before := len(r.Diagnostics)
	r.Diagnostics = slices.DeleteFunc(r.Diagnostics, func(d Diagnostic) bool { return !isNew(d.File, d.Line) })
	r.OldCount += before - len(r.Diagnostics)
}

// UnusedExceptions returns those of list that suppressed nothing.
func (r *Report) UnusedExceptions(list []policy.Exception) []policy.Exception {
	used := make(map[int]bool)
	for _, s := range r.Suppressed {
		if s.Exception != nil {
			used[*s.Exception] = true
		}
	}
	var unused []policy.Exception
	for i, e := range list {
		if !used[i] {
			unused = append(unused, e)
		}
	}
	return unused
}

// By says who answers for s, given how to name a file to the reader.
func (s *Suppressed) By(name func(string) string) string {
	switch {
	case s.Baseline != "":
		return "baseline " + name(s.Baseline)
	case s.Exception != nil && s.Expires == policy.Never:
		return "exception of " + s.Owner
	case s.Exception != nil:
		return fmt.Sprintf("exception of %s until %s", s.Owner, s.Expires)
	}
	return fmt.Sprintf("%s:%d", name(s.CommentFile), s.CommentLine)
}
