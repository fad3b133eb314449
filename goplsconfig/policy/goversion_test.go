package policy

import (
	"strings"
	"testing"
)

func TestGoCondition(t *testing.T) {
	for _, tt := range []struct {
		condition, version string
		want               bool
	}{
		{"", "go1.22", true},
		{"", "", true},
		{">=1.22", "go1.22", true},
		{">=1.22", "1.21", false},
		{">=1.22", "", false}, // nobody knows
		{">=1.9", "go1.22", true},
		{">=go1.22", "go1.22", true},
		{">= 1.22", "go1.23", true},
		{">=1.22 <1.25", "go1.24", true},
		{">=1.22,<1.25", "go1.25", false},
		{">=1.22, < 1.25", "go1.24.3", true},
		{"1.22", "go1.22.5", true}, // the language knows no patch releases
		{"!=1.22", "go1.22", false},
		{"<=1.22", "go1.22", true},
		{">1.22", "go1.22", false},
	} {
		c, err := ParseGoCondition(tt.condition)
		if err != nil {
			t.Errorf("%q: %v", tt.condition, err)
		} else if got := c.Match(tt.version); got != tt.want {
			t.Errorf("%q of %q: got %t", tt.condition, tt.version, got)
		}
	}
	for _, s := range []string{"1.x", ">=", "~1.22", ">=>=1.22", ",", " ", "1.22 >="} {
		if _, err := ParseGoCondition(s); err == nil || !strings.Contains(err.Error(), ">=1.22") {
			t.Errorf("%q: error %v", s, err)
		}
	}
}

func FuzzGoCondition(f *testing.F) {
	f.Add(">=1.22 <1.25", "go1.23")
	f.Add("!=1.21rc1, 1.2", "1.2.3")
	f.Fuzz(func(t *testing.T, s, version string) {
		c, err := ParseGoCondition(s)
		if err != nil {
			return
		}
		// What was parsed means the same when it is written anew.
		var words []string
		for _, b := range c {
			words = append(words, b.op+b.version)
		}
		again, err := ParseGoCondition(strings.Join(words, ","))
		if err != nil || again.Match(version) != c.Match(version) {
			t.Errorf("%q and %q differ for %q (%v)", s, words, version, err)
		}
	})
}
