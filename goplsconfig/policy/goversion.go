package policy

import (
	"fmt"
	"go/version"
	"strings"
)

// GoCondition is a parsed [Scope.Go]: bounds on a language version, all of which
// must hold. The zero value holds for every version.
type GoCondition Bounds

// ParseGoCondition parses [Bounds] such as ">=1.22".
func ParseGoCondition(s string) (GoCondition, error) {
	wrong := fmt.Errorf("%q is no condition on a Go version, such as >=1.22 or >=1.22 <1.25", s)
	bounds, complete, err := ParseBounds(s, func(word string) (string, error) {
		v := "go" + strings.TrimPrefix(word, "go")
		if !version.IsValid(v) {
			return "", wrong
		}
		return v, nil
	})
	if err == nil && (!complete || len(bounds) == 0 && s != "") {
		err = wrong
	}
	if err != nil {
		return nil, err
	}
	return GoCondition(bounds), nil
}

// Match reports whether the condition holds for a file of language version v,
// "go1.22" or "1.22". Where the version is not known, "", no bound holds.
func (c GoCondition) Match(v string) bool {
	v = version.Lang("go" + strings.TrimPrefix(v, "go"))
	return len(c) == 0 || v != "" && Bounds(c).Match(func(bound string) int { return version.Compare(v, bound) })
}
