package policy

import "strings"

// Bounds are comparisons with versions, all of which must hold; none: every
// version is right.
type Bounds []bound

type bound struct{ op, version string }

// comparisons are the operators, longer ones first.
var comparisons = []string{">=", "<=", "!=", ">", "<", "="}

// ParseBounds parses bounds such as ">=1.22" or ">=1.22 <1.25", with blanks or
// commas in between. A version without a comparison stands for itself. version
// turns a word into a version as the comparisons will see it, or says what is wrong
// with it. complete is false where a comparison has nothing to compare with.
func ParseBounds(s string, version func(word string) (string, error)) (b Bounds, complete bool, err error) {
	op := ""
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
		for _, c := range comparisons {
			if rest, ok := strings.CutPrefix(word, c); ok && op == "" {
				op, word = c, rest
			}
		}
		if word == "" {
			continue // ">= 1.22"
		}
		v, err := version(word)
		if err != nil {
			return nil, false, err
		}
		if op == "" {
			op = "="
		}
		b, op = append(b, bound{op, v}), ""
	}
	return b, op == "", nil
}

// Match reports whether all bounds hold of a version, which compare compares with
// the version of each as [strings.Compare] does.
func (b Bounds) Match(compare func(version string) int) bool {
	for _, one := range b {
		n, holds := compare(one.version), false
		switch one.op {
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
		if !holds {
			return false
		}
	}
	return true
}
