// Package pkgpath matches package paths as policies and the go command write
// them. It is safe for concurrent use.
package pkgpath

import (
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// Patterns is a compiled list of package path patterns.
type Patterns []*regexp.Regexp

// Compile gives "..." the meaning that it has for the go command: any string,
// and at the end of a path also nothing, so that net/... matches net.
func Compile(patterns []string) Patterns {
	var ps Patterns
	for _, p := range patterns {
		expr := strings.ReplaceAll(regexp.QuoteMeta(p), `\.\.\.`, `.*`)
		if rest, ok := strings.CutSuffix(expr, `/.*`); ok {
			expr = rest + `(/.*)?`
		}
		ps = append(ps, regexp.MustCompile(`^`+expr+`$`)) // cannot fail: quoted
	}
	return ps
}

// Match reports whether one of the patterns matches path.
func (ps Patterns) Match(path string) bool {
	return slices.ContainsFunc(ps, func(p *regexp.Regexp) bool { return p.MatchString(path) })
}

// Of returns the path of the package that pkg is or tests: tests belong to
// what they test.
func Of(pkg *types.Package) string {
	path, _, _ := strings.Cut(pkg.Path(), " [") // "p [p.test]": p with its tests, as go vet names it
	if strings.HasSuffix(pkg.Name(), "_test") {
		path = strings.TrimSuffix(path, "_test")
	}
	return path
}
