package rules

import (
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/gohearth/hearth/analyzers/pkgpath"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// rule is a policy's rule with its patterns ready to match.
type rule struct {
	policy.Rule
	in, except pkgpath.Patterns
	imports    pkgpath.Patterns
	calls      functions
}

func compile(rules []policy.Rule) []rule {
	compiled := make([]rule, len(rules))
	for i, r := range rules {
		compiled[i] = rule{
			Rule:    r,
			in:      pkgpath.Compile(r.In),
			except:  pkgpath.Compile(r.Except),
			imports: pkgpath.Compile(r.ForbidImport),
			calls:   r.ForbidCall,
		}
	}
	return compiled
}

// applies reports whether the rule speaks about the package.
func (r rule) applies(path string) bool {
	return (len(r.in) == 0 || r.in.Match(path)) && !r.except.Match(path)
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
