// Package pkgpath matches package paths as policies and the go command write
// them. It is safe for concurrent use.
package pkgpath

import (
	"go/types"
	"slices"
	"strings"
)

// Patterns is a list of package path patterns.
type Patterns []string

// Compile gives "..." the meaning that it has for the go command: any string,
// and at the end of a path also nothing, so that net/... matches net.
//
// There is nothing to prepare. A regular expression for each would be, in each of
// the thousands of processes that one go vet starts, most of which match it once.
func Compile(patterns []string) Patterns { return patterns }

// Match reports whether one of the patterns matches path.
func (ps Patterns) Match(path string) bool {
	return slices.ContainsFunc(ps, func(p string) bool { return match(p, path) })
}

func match(pattern, path string) bool {
	if parent, ok := strings.CutSuffix(pattern, "/..."); ok && glob(parent, path) {
		return true
	}
	return glob(pattern, path)
}

// glob matches with "..." for any string.
func glob(pattern, s string) bool {
	part, rest, any := strings.Cut(pattern, "...")
	if !any {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, part)
	for ok {
		if part, rest, any = strings.Cut(rest, "..."); !any {
			return strings.HasSuffix(s, part)
		}
		_, s, ok = strings.Cut(s, part) // the first is as good as any: what follows is free
	}
	return false
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
