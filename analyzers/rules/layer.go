package rules

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/analyzers/pkgpath"
)

// components are the patterns of a layer's components, the most specific first.
type components []component

// component is one pattern of a component.
type component struct {
	name    string
	pattern pkgpath.Patterns
	weight  int // characters that must be there
	exact   bool
}

// compileComponents arranges components by their patterns. Of two patterns that
// are as specific the one without wildcards comes first, then the name decides:
// whatever the order, it must be the same in every process.
func compileComponents(byName map[string][]string) components {
	var cs components
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		for _, p := range byName[name] {
			literal := strings.ReplaceAll(strings.TrimSuffix(p, "/..."), "...", "")
			cs = append(cs, component{name, pkgpath.Compile([]string{p}), len(literal), !strings.Contains(p, "...")})
		}
	}
	slices.SortStableFunc(cs, func(x, y component) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), compareBool(y.exact, x.exact))
	})
	return cs
}

func compareBool(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}

// of returns the component of the package at path, or "".
func (cs components) of(path string) string {
	for _, c := range cs {
		if c.pattern.Match(path) {
			return c.name
		}
	}
	return ""
}

// reportLayer reports an import that the layers of r do not allow. What is wrong
// with one import is one finding.
func (c *checker) reportLayer(r *rule, own string, spec *ast.ImportSpec, dep *types.Package) {
	from, path := r.components.of(own), code.Path(dep)
	if from == "" || path == own { // p_test may import p
		return
	}
	var wrong []string
	say := func(text string, chain ...string) {
		text = cmp.Or(r.Message, text) + ": " + strings.Join(append([]string{own}, chain...), " -> ")
		if len(wrong) > 0 {
			text = strings.TrimPrefix(text, r.Message+": ")
		}
		wrong = append(wrong, text)
	}
	never := r.Layer.MustNotDependOn[from]
	to := r.components.of(path)
	if may, limited := r.Layer.MayDependOn[from]; limited && to != "" && to != from && !slices.Contains(may, to) && !slices.Contains(never, to) {
		say(fmt.Sprintf("%s may not import %s", from, to), path)
	}
	for _, to := range slices.Compact(slices.Sorted(slices.Values(never))) {
		// A chain that comes back to the package, as one from its tests may, is
		// reported where it leaves the package for good.
		if chain := c.chain(r, dep, to); chain != nil && !slices.Contains(chain, own) {
			say(fmt.Sprintf("%s must not depend on %s", from, to), chain...)
		}
	}
	if len(wrong) > 0 {
		said := *r
		said.Message = strings.Join(wrong, "; ")
		report(c.pass, said, spec.Path, "")
	}
}

// chain returns the shortest chain of imports from dep to the component, both
// ends included, or nil.
func (c *checker) chain(r *rule, dep *types.Package, to string) []string {
	for i, t := range c.reach.targets {
		if t.layer == r.Layer && t.name == to {
			return c.chains[dep].to(i)
		}
	}
	return nil
}
