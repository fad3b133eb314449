package rules

import (
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// rule is a policy's rule with its patterns ready to match.
type rule struct {
	policy.Rule
	in, except paths
	imports    paths
	calls      functions
}

func compile(rules []policy.Rule) []rule {
	compiled := make([]rule, len(rules))
	for i, r := range rules {
		compiled[i] = rule{
			Rule:    r,
			in:      compilePaths(r.In),
			except:  compilePaths(r.Except),
			imports: compilePaths(r.ForbidImport),
			calls:   r.ForbidCall,
		}
	}
	return compiled
}

// applies reports whether the rule speaks about the package.
func (r rule) applies(path string) bool {
	return (len(r.in) == 0 || r.in.match(path)) && !r.except.match(path)
}

// paths are package path patterns.
type paths []*regexp.Regexp

// compilePaths gives "..." the meaning that it has for the go command: any
// string, and at the end of a path also nothing, so that net/... matches net.
func compilePaths(patterns []string) paths {
	var ps paths
	for _, p := range patterns {
		expr := strings.ReplaceAll(regexp.QuoteMeta(p), `\.\.\.`, `.*`)
		if rest, ok := strings.CutSuffix(expr, `/.*`); ok {
			expr = rest + `(/.*)?`
		}
		ps = append(ps, regexp.MustCompile(`^`+expr+`$`)) // cannot fail: quoted
	}
	return ps
}

func (ps paths) match(path string) bool {
	return slices.ContainsFunc(ps, func(p *regexp.Regexp) bool { return p.MatchString(path) })
}

// functions are names of functions; a trailing * matches any rest.
type functions []string

func (fs functions) match(names ...string) bool {
	return slices.ContainsFunc(fs, func(pattern string) bool {
		prefix, any := strings.CutSuffix(pattern, "*")
		return slices.ContainsFunc(names, func(name string) bool {
			return name == pattern || any && strings.HasPrefix(name, prefix)
		})
	})
}

// basePath returns the path of the package that pkg is or tests.
func basePath(pkg *types.Package) string {
	path, _, _ := strings.Cut(pkg.Path(), " [") // "p [p.test]": p with its tests, as go vet names it
	if strings.HasSuffix(pkg.Name(), "_test") {
		path = strings.TrimSuffix(path, "_test")
	}
	return path
}

var (
	testVariant = regexp.MustCompile(` \[[^\]]*\]`)    // "(*p [p.test].T).M"
	typeParams  = regexp.MustCompile(`\[[^\[\]]*\]\)`) // "(*sync/atomic.Pointer[T]).Load"
)

// fullNames returns the names by which a rule may know fn: its full name, and
// for a method of a generic type also that without the type parameters, whose
// names no user of the type knows.
func fullNames(fn *types.Func) []string {
	name := testVariant.ReplaceAllString(fn.Origin().FullName(), "")
	return slices.Compact([]string{name, typeParams.ReplaceAllString(name, ")")})
}
