package main

import (
	"encoding/json"
	"testing"
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
