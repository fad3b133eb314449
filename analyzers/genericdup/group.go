package genericdup

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
)

// A group is a set of twins that one generic function can replace.
type group struct {
	fns        []*function // in source order
	types      []types.Type
	sites      []ast.Expr // where the first of fns has its type
	constraint string
}

// groups returns the groups of twins among fns, which are of one shape.
func groups(pass *analysis.Pass, fns []*function) []group {
	for _, fn := range fns {
		walk(pass.TypesInfo, fn, func(s step) { fn.steps = append(fn.steps, s) })
	}
	var found []group
	for len(fns) > 1 {
		// *A and *B may be what differs, and have methods, or A and B may,
		// and be used without a pointer elsewhere.
		g := grow(pass, fns, true)
		if h := grow(pass, fns, false); len(h.fns) > len(g.fns) {
			g = h
		}
		if len(g.fns) > 1 {
			found = append(found, g)
		}
		fns = slices.DeleteFunc(slices.Clone(fns), func(fn *function) bool { return slices.Contains(g.fns, fn) })
	}
	return found
}

// grow returns the group of the first of fns. Each twin has to differ from it at
// the same places, or one type parameter would not do for all.
func grow(pass *analysis.Pass, fns []*function, pointers bool) group {
	g := group{fns: fns[:1:1]}
	for _, fn := range fns[1:] {
		m := &match{info: pass.TypesInfo, pointers: pointers}
		if !m.compare(fns[0], fn) || !inSignature(fns[0], m.sites) ||
			required(pass, fns[0]) || required(pass, fn) { // last, since it reads all imports
			continue
		}
		list := append(slices.Clone(g.types), m.to)
		if len(g.types) == 0 {
			list = []types.Type{m.from, m.to}
		} else if !slices.Equal(m.sites, g.sites) {
			continue
		}
		if constraint := constrain(pass, fns[0], m, list); constraint != "" {
			g = group{append(g.fns, fn), list, m.sites, constraint}
		}
	}
	return g
}

// inSignature reports whether a parameter or result has the type. If none has,
// no call could infer it, and two names tell more than two type arguments.
func inSignature(fn *function, sites []ast.Expr) bool {
	return slices.ContainsFunc(sites, func(x ast.Expr) bool { return x.End() <= fn.decl.Type.End() })
}
