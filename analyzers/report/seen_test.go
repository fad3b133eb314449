package report

import (
	"reflect"
	"testing"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

var seenRules = []policy.Rule{
	{ID: "a", Scope: policy.Scope{In: []string{"a/...", "b"}, Except: []string{"c"}}, ForbidCall: []string{"os.Exit"}, Fix: "app.Exit"},
	{ID: "b"},
	{ID: "c", RequireFirstParam: &policy.RequireFirstParam{Type: "*net/http.Request", Functions: []string{"app.H*"}}},
}

func TestSeen(t *testing.T) {
	empty := NewSeen(seenRules)
	if got := empty.Encode(); got != "" {
		t.Errorf("nothing is %q", got)
	}
	x, y := NewSeen(seenRules), NewSeen(seenRules)
	x[0].In[1], x[2].Symbols[1].Found = true, true
	y[0].Except[0], y[0].Symbols[1].Missing = true, true
	sum := NewSeen(seenRules)
	for _, s := range []Seen{x, y, empty} {
		if err := sum.Add(s.Encode()); err != nil {
			t.Fatal(err)
		}
	}
	want := Seen{
		{In: []bool{false, true}, Except: []bool{true}, Symbols: []SeenSymbol{{Symbol: "os.Exit"}, {Symbol: "app.Exit", Missing: true}}},
		{In: []bool{}, Except: []bool{}},
		{In: []bool{}, Except: []bool{}, Symbols: []SeenSymbol{{Symbol: "net/http.Request"}, {Symbol: "app.H*", Found: true}}},
	}
	if !reflect.DeepEqual(sum, want) {
		t.Errorf("got %+v", sum)
	}
	for _, bad := range []string{"?", "AAAAAAAAAA"} {
		if err := sum.Add(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
