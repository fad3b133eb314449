package golangci

import (
	"fmt"
	"regexp/syntax"
	"strings"
)

// maxAlternatives bounds what a regular expression is written out to.
const maxAlternatives = 64

// Marks of the beginning and the end of the text in what alternatives returns.
const begin, end = "\x02", "\x03"

// globs writes a regular expression, which may match anywhere in a text, out as
// globs that match all of it: fmt\.Print(f|ln)?$ becomes *fmt.Print, *fmt.Printf
// and *fmt.Println. A dot that was not escaped is taken for a dot. It fails for
// what no few globs can say.
func globs(expr string) ([]string, error) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	all, err := alternatives(re)
	if err != nil {
		return nil, err
	}
	for i, s := range all {
		if rest, anchored := strings.CutPrefix(s, begin); anchored {
			s = rest
		} else {
			s = "*" + s
		}
		if rest, anchored := strings.CutSuffix(s, end); anchored {
			s = rest
		} else {
			s += "*"
		}
		if strings.ContainsAny(s, begin+end) {
			return nil, fmt.Errorf("an anchor inside")
		}
		for strings.Contains(s, "**") {
			s = strings.ReplaceAll(s, "**", "*")
		}
		all[i] = s
	}
	return all, nil
}

// alternatives returns the texts that an expression matches, with * for any text.
func alternatives(re *syntax.Regexp) ([]string, error) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return []string{""}, nil
	case syntax.OpBeginText, syntax.OpBeginLine:
		return []string{begin}, nil
	case syntax.OpEndText, syntax.OpEndLine:
		return []string{end}, nil
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return []string{string(re.Rune)}, nil
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return []string{"."}, nil
	case syntax.OpCharClass:
		return runes(re.Rune)
	case syntax.OpStar, syntax.OpPlus:
		if op := re.Sub[0].Op; op == syntax.OpAnyChar || op == syntax.OpAnyCharNotNL {
			return []string{"*"}, nil
		}
	case syntax.OpCapture:
		return alternatives(re.Sub[0])
	case syntax.OpQuest:
		all, err := alternatives(re.Sub[0])
		return append(all, ""), err
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			more, err := alternatives(sub)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
		return few(all)
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			next, err := alternatives(sub)
			if err != nil {
				return nil, err
			}
			if all, err = few(product(all, next)); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	return nil, fmt.Errorf("%s has no end of texts", re)
}

func product(left, right []string) []string {
	var all []string
	for _, l := range left {
		for _, r := range right {
			all = append(all, l+r)
		}
	}
	return all
}

// runes returns the members of a class of characters.
func runes(pairs []rune) ([]string, error) {
	var all []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1]-pairs[i] > maxAlternatives {
			return few(make([]string, maxAlternatives+1))
		}
		for r := pairs[i]; r <= pairs[i+1]; r++ {
			all = append(all, string(r))
		}
	}
	return few(all)
}

func few(all []string) ([]string, error) {
	if len(all) > maxAlternatives {
		return nil, fmt.Errorf("more than %d texts", maxAlternatives)
	}
	return all, nil
}
