package policy

import (
	"fmt"
	"go/version"
	"strings"
)

// GoCondition is a parsed [Scope.Go]: bounds on a language version, all of which
// must hold. The zero value holds for every version.
type GoCondition []goBound

type goBound struct{ op, version string } // "go1.22"

// goOps are the comparisons, longer ones first.
var goOps = []string{">=", "<=", "!=", ">", "<", "="}

// ParseGoCondition parses bounds such as ">=1.22" or ">=1.22 <1.25", with blanks
// or commas in between. A version without a comparison stands for itself.
func ParseGoCondition(s string) (GoCondition, error) {
	var c GoCondition
	op := ""
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
		for _, o := range goOps {
			if rest, ok := strings.CutPrefix(word, o); ok && op == "" {
				op, word = o, rest
			}
		}
		if word == "" {
			continue // ">= 1.22"
		}
		v := "go" + strings.TrimPrefix(word, "go")
		if !version.IsValid(v) {
			return nil, fmt.Errorf("%q is no condition on a Go version, such as >=1.22 or >=1.22 <1.25", s)
		}
		if op == "" {
			op = "="
		}
		c, op = append(c, goBound{op, v}), ""
	}
	if op != "" || len(c) == 0 && s != "" {
		return nil, fmt.Errorf("%q is no condition on a Go version, such as >=1.22 or >=1.22 <1.25", s)
	}
	return c, nil
}

// Match reports whether the condition holds for a file of language version v,
// "go1.22" or "1.22". Where the version is not known, "", no bound holds.
func (c GoCondition) Match(v string) bool {
	v = version.Lang("go" + strings.TrimPrefix(v, "go"))
	for _, b := range c {
		n, holds := version.Compare(v, b.version), false
		switch b.op {
		case ">=":
			holds = n >= 0
		case "<=":
			holds = n <= 0
		case "!=":
			holds = n != 0
		case ">":
			holds = n > 0
		case "<":
			holds = n < 0
		case "=":
			holds = n == 0
		}
		if v == "" || !holds {
			return false
		}
	}
	return true
}
