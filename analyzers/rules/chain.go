package rules

import (
	"cmp"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// reach finds chains of imports to the components that must not be reached.
//
// The facts of a package are its chains, and so depend on the policy, which no
// other fact here does. A fact that does not, with all that a package imports, would
// be quadratic in a large repository. The price is that a changed layer has all
// dependencies analysed anew, and therefore the hash that the pass carries is
// of the layers alone: a change of another rule costs no dependency anything.
type reach struct {
	targets []target
	pass    *analysis.Analyzer // nil: there are no targets
}

// target is a component that must not be reached.
type target struct {
	layer      *policy.Layer
	components components
	name       string
}

// chains are the shortest chains of imports from a package, one for each target
// that can be reached, by target.
//
// It is the fact of a package, without what only its tests import, and without
// the targets that the package is in itself, which any importer sees.
type chains struct{ List []chain }

type chain struct {
	Target int      // index of reach.targets
	Path   []string // of packages; the first imports the second, and the last is in the target
}

func (*chains) AFact() {}

func (c *chains) String() string {
	var list []string
	for _, x := range c.List {
		list = append(list, strings.Join(x.Path, " -> "))
	}
	return strings.Join(list, "; ")
}

// to returns the chain to a target, or nil.
func (c *chains) to(target int) []string {
	if c != nil {
		for _, x := range c.List {
			if x.Target == target {
				return x.Path
			}
		}
	}
	return nil
}

// add adds a chain if it is better than the one to the same target: the shortest
// counts, and of those the first by name, so that all processes agree.
func (c *chains) add(target int, path []string) {
	i, found := slices.BinarySearchFunc(c.List, target, func(x chain, target int) int { return cmp.Compare(x.Target, target) })
	if !found {
		c.List = slices.Insert(c.List, i, chain{target, path})
	} else if have := c.List[i].Path; cmp.Or(cmp.Compare(len(path), len(have)), slices.Compare(path, have)) < 0 {
		c.List[i].Path = path
	}
}

// newReach returns what finds the chains that the rules of p are about.
func newReach(p *policy.Policy) *reach {
	r := new(reach)
	for _, rule := range p.Rules {
		if rule.Layer == nil {
			continue
		}
		for _, name := range rule.Layer.Targets() {
			r.targets = append(r.targets, target{rule.Layer, compileComponents(rule.Layer.Components), name})
		}
	}
	if len(r.targets) > 0 {
		r.pass = &analysis.Analyzer{
			Name:       "layers",
			Doc:        "find the chains of imports that rules about layers forbid\n\nIt reports nothing.",
			Requires:   []*analysis.Analyzer{carrier("layers", p.LayersDigest())},
			FactTypes:  []analysis.Fact{new(chains)},
			ResultType: reflect.TypeFor[map[*types.Package]*chains](),
			Run:        r.run,
		}
	}
	return r
}

// run returns the chains that begin with each package that is imported, which
// stands first in them, and exports the best of them.
func (r *reach) run(pass *analysis.Pass) (any, error) {
	from := make(map[*types.Package]*chains)
	var best chains
	own := code.Path(pass.Pkg)
	for _, file := range pass.Files {
		inherited := !code.InTest(pass.Fset, file) && !madeByCgo(pass, file)
		for _, spec := range file.Imports {
			dep := imported(pass, spec)
			if dep == nil {
				continue
			}
			if from[dep] == nil {
				from[dep] = r.from(pass, dep)
			}
			if inherited {
				for _, x := range from[dep].List {
					if t := r.targets[x.Target]; t.components.of(own) != t.name {
						best.add(x.Target, x.Path)
					}
				}
			}
		}
	}
	if len(best.List) > 0 {
		pass.ExportPackageFact(&best)
	}
	return from, nil
}

// from returns the chains that begin with dep.
func (r *reach) from(pass *analysis.Pass, dep *types.Package) *chains {
	path := code.Path(dep)
	found := new(chains)
	var fact chains
	if pass.ImportPackageFact(dep, &fact) {
		for _, x := range fact.List {
			if x.Target < len(r.targets) {
				found.add(x.Target, append([]string{path}, x.Path...))
			}
		}
	}
	for i, t := range r.targets {
		if t.components.of(path) == t.name {
			found.add(i, []string{path})
		}
	}
	return found
}
