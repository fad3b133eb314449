package rules

import (
	"fmt"
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/rules/pattern"
)

// patterns returns the expressions that have a better form, numbered as the rules.
// One that does not compile was refused when the policy was resolved.
func patterns(rules []rule) *pattern.Set {
	list := make([]*pattern.Pattern, len(rules))
	for i, r := range rules {
		if r.Replace != nil {
			list[i], _ = pattern.Compile(r.Replace.From, r.Replace.To, r.Replace.Where)
		}
	}
	return pattern.NewSet(list)
}

// replacements looks at expressions that have a better form.
func (c *checker) replacements() {
	matches := c.patterns.Find(pattern.Env{
		Pass:    c.pass,
		Active:  c.active,
		In:      func(rule int, file *ast.File) bool { return c.rules[rule].appliesTo(c.pass, file) },
		Package: c.dependency,
	})
	for _, m := range matches {
		r := &c.rules[m.Pattern]
		var fixes []analysis.SuggestedFix
		if m.Rewrite != nil {
			fixes = []analysis.SuggestedFix{{
				Message:   "Replace with " + r.Replace.To,
				TextEdits: []analysis.TextEdit{m.Rewrite.Edit},
			}}
			c.fixes = append(c.fixes, importFix{m.Rewrite.Imports, &fixes[0]})
		}
		message := fmt.Sprintf("%s is forbidden", r.Replace.From)
		if r.Replace.To != "" {
			message = fmt.Sprintf("%s is better written as %s", r.Replace.From, r.Replace.To)
		}
		report(c.pass, *r, m.Node, message, fixes...)
	}
}
