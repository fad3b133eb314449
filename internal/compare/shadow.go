package compare

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gohearth/hearth/analyzers/pkgpath"
	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// shadowed reports what another rule says already, wherever this one says it:
// each finding would be there twice. Of two rules that say the same everywhere,
// the second is reported.
func (c *comparison) shadowed(rules []goplsconfig.WrittenRule) {
	for i, rule := range rules {
		for _, ref := range rule.References {
			for j, other := range rules {
				if i == j || !says(other, rule, ref) || !covers(other.Scope, rule.Scope) || !sameTerms(other, rule) {
					continue
				}
				if j > i && slices.ContainsFunc(other.References, func(back goplsconfig.Reference) bool {
					return back.Text == ref.Text && says(rule, other, back)
				}) && covers(rule.Scope, other.Scope) {
					continue // they are equal, and the other is the second one
				}
				c.add(ref.Position, fmt.Sprintf("remove it, or leave its packages out of %s by except:", other.ID),
					"rule %q forbids %q a second time: rule %q does so wherever this one holds", rule.ID, ref.Written, other.ID)
				break
			}
		}
	}
}

// says reports whether other forbids what ref, a word of rule, does.
func says(other, rule goplsconfig.WrittenRule, ref goplsconfig.Reference) bool {
	if other.Kind.Name != rule.Kind.Name || !subject(rule, ref) {
		return false
	}
	return slices.ContainsFunc(other.References, func(o goplsconfig.Reference) bool {
		return o.Role == ref.Role && subject(other, o) && wider(o.Text, ref)
	})
}

// subject reports whether ref is what the rule forbids, rather than where.
func subject(rule goplsconfig.WrittenRule, ref goplsconfig.Reference) bool {
	switch ref.Role {
	case goplsconfig.ImportPattern, goplsconfig.Field, goplsconfig.Construct, goplsconfig.Expression:
		return true
	case goplsconfig.Function:
		return rule.RequireFirstParam == nil
	case goplsconfig.Type:
		return rule.RequireFirstParam == nil || len(rule.RequireFirstParam.Functions) == 0
	}
	return false
}

// wider reports whether a word of a rule covers all that ref stands for.
func wider(text string, ref goplsconfig.Reference) bool {
	switch {
	case text == ref.Text:
		return true
	case ref.Role == goplsconfig.Construct, ref.Role == goplsconfig.Expression:
		return false
	}
	if ref.Role == goplsconfig.ImportPattern {
		// The text of a narrower pattern matches the wider one, "..." and all.
		return !strings.Contains(text+ref.Text, "@") && pkgpath.Compile([]string{text}).Match(ref.Text)
	}
	prefix, wild := strings.CutSuffix(text, "*")
	return wild && strings.HasPrefix(ref.Text, prefix)
}

// sameTerms reports whether two rules of one kind ask for the same.
func sameTerms(other, rule goplsconfig.WrittenRule) bool {
	if a, b := other.RequireArg, rule.RequireArg; a != nil && b != nil && (a.Arg != b.Arg || a.Must != b.Must) {
		return false
	}
	if a, b := other.RequireFirstParam, rule.RequireFirstParam; a != nil && b != nil && a.Name != b.Name {
		return false
	}
	if a, b := other.Replace, rule.Replace; a != nil && b != nil && len(a.Where) > 0 && !maps.Equal(a.Where, b.Where) {
		return false
	}
	return other.ThroughInterfaces || !rule.ThroughInterfaces
}

// covers reports whether scope a holds wherever b does. It says no in doubt.
func covers(a, b policy.Scope) bool {
	part := func(x, y string) bool { return x == "" || x == policy.Include || x == y }
	return part(a.Tests, b.Tests) && part(a.Generated, b.Generated) && (a.Go == "" || a.Go == b.Go) &&
		(len(a.In) == 0 || len(b.In) > 0 && all(b.In, pkgpath.Compile(a.In).Match)) &&
		all(a.Except, func(p string) bool {
			return pkgpath.Compile(b.Except).Match(p) || len(b.In) > 0 && !slices.ContainsFunc(b.In, func(in string) bool { return overlap(p, in) })
		})
}

func all(list []string, ok func(string) bool) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return !ok(s) })
}

// overlap reports whether two patterns can match the same package. It says yes
// in doubt.
func overlap(p, q string) bool {
	p, pWild, _ := cutWild(p)
	q, qWild, _ := cutWild(q)
	switch {
	case pWild && qWild:
		return strings.HasPrefix(p, q) || strings.HasPrefix(q, p)
	case pWild:
		return strings.HasPrefix(q, p)
	case qWild:
		return strings.HasPrefix(p, q)
	}
	return p == q
}

// cutWild returns what comes before the first wildcard.
func cutWild(p string) (before string, wild bool, after string) {
	before, after, wild = strings.Cut(p, "...")
	return strings.TrimSuffix(before, "/"), wild, after
}
