package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/gohearth/hearth/internal/lsp"
)

// What gopls says by chance is left out of account, and nothing else.
func TestNormal(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{`[{"a":1},{"b":2}]`, `[{"b":2},{"a":1}]`, true},
		{`[1,2]`, `[2,1]`, false},
		{`{"resultId":"1","data":[1]}`, `{"resultId":"2","data":[1]}`, true},
		{`{"command":"gopls.assembly","arguments":["1","p"]}`, `{"command":"gopls.assembly","arguments":["2","p"]}`, true},
		{`{"command":"gopls.tidy","arguments":["1"]}`, `{"command":"gopls.tidy","arguments":["2"]}`, false},
		{`{"message":"x.F undefined (type *\"a.example/b/options\".T has no field F)"}`, `{"message":"x.F undefined (type *options.T has no field F)"}`, true},
		{`[{"message":"of \"a/b\".T"},{"message":"of b.T"}]`, `[{"message":"of b.T"}]`, true},
		{`[{"message":"of \"a/b\".T [windows]"},{"message":"of b.T"}]`, `[{"message":"of b.T"}]`, true},
		{`[{"message":"of b.T [windows]","range":1},{"message":"of b.T","range":2}]`, `[{"message":"of b.T","range":2}]`, false},
		{`[{"message":"of b.T [windows]"}]`, `[{"message":"of b.T"}]`, false},
		{`[{"uri":"a"},{"uri":"a"}]`, `[{"uri":"a"}]`, false},
		{`{"message":"cannot use \"a/b\" as int"}`, `{"message":"cannot use \"b\" as int"}`, false},
		{`{"message":"type \"a/options\".T"}`, `{"message":"type \"a/option\".T"}`, false},
	} {
		a, b := normal(json.RawMessage(test.a)), normal(json.RawMessage(test.b))
		if (a == b) != test.same {
			t.Errorf("%s and %s are the same: %v, want %v", test.a, test.b, a == b, test.same)
		}
	}
}

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
