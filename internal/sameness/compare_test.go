package main

import (
	"slices"
	"testing"

	"github.com/gohearth/hearth/internal/lsp"
)

// A document is left out only where gopls lost its package over one that is gone.
func TestMisplaced(t *testing.T) {
	const (
		lost  = `[{"message":"could not import fmt (missing metadata for import of \"fmt\")"}]`
		right = `[{"message":"could not import m/gone (no required module provides package \"m/gone\")"}]`
		other = `[{"message":"undefined: x"}]`
		half  = `[{"message":"could not import fmt (missing metadata for import of \"fmt\") [windows]"},{"message":"could not import m/gone (no required module provides package \"m/gone\")"}]`
	)
	for _, test := range []struct {
		name      string
		a, b      string
		misplaced bool
	}{
		{"in the first", lost, right, true},
		{"in the second", right, lost, true},
		{"on one platform", half, right, true},
		{"on one platform, and on the other", lost, half, true},
		{"on the same platform", half, half, false},
		{"in both", lost, lost, false},
		{"imports nothing that is gone", lost, other, false},
		{"without findings on the other side", lost, "", false},
		{"other findings", right, other, false},
	} {
		side := func(findings string) map[lsp.URI]string {
			m := map[lsp.URI]string{"file:///m/b.go": other}
			if findings != "" {
				m["file:///m/a.go"] = findings
			}
			return m
		}
		a, b := side(test.a), side(test.b)
		got := leaveOutMisplaced(a, b)
		if test.misplaced != slices.Equal(got, []lsp.URI{"file:///m/a.go"}) || test.misplaced != (len(a) == 1 && len(b) == 1) {
			t.Errorf("%s: left out %q of %q and %q, want a.go: %v", test.name, got, a, b, test.misplaced)
		}
	}
}
