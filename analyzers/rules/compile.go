package rules

import (
	"strings"

	"github.com/gohearth/hearth/analyzers/pkgpath"
	"github.com/gohearth/hearth/analyzers/rules/pattern"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// rule is a policy's rule with its patterns ready to match.
type rule struct {
	policy.Rule
	in, except pkgpath.Patterns
	imports    pkgpath.Patterns
	components components // of Layer
	goVersion  policy.GoCondition
}

// applies reports whether the rule speaks about the package.
func (r *rule) applies(path string) bool {
	return (len(r.in) == 0 || r.in.Match(path)) && !r.except.Match(path)
}

// engine is the rules of a policy, arranged by what they look at. Their numbers
// are those of the policy.
type engine struct {
	rules []rule
	reach *reach

	calls, types, fields, args, params index

	// through holds the methods of rules that also look through interfaces, by
	// name; throughAny those that end in *.
	through    map[string][]*method
	throughAny []*method

	constructs map[string][]int // by construct
	firstParam []int            // rules without a list of functions

	patterns *pattern.Set
}

// method is the symbol of a method taken apart.
type method struct {
	rule      int
	path, typ string
	name      string // or how it begins
	arg       bool   // of RequireArg rather than ForbidCall
}

func compile(rules []policy.Rule, reach *reach) *engine {
	e := &engine{
		reach:      reach,
		rules:      make([]rule, len(rules)),
		through:    make(map[string][]*method),
		constructs: make(map[string][]int),
	}
	for i, r := range rules {
		// A condition that does not parse was refused when the policy was
		// resolved.
		condition, _ := policy.ParseGoCondition(r.Go)
		e.rules[i] = rule{
			Rule:      r,
			in:        pkgpath.Compile(r.In),
			except:    pkgpath.Compile(r.Except),
			imports:   pkgpath.Compile(r.ForbidImport),
			goVersion: condition,
		}
		if r.Layer != nil {
			e.rules[i].components = compileComponents(r.Layer.Components)
		}
		e.index(i, &e.rules[i])
	}
	e.patterns = patterns(e.rules)
	return e
}

// index enters what rule i names.
func (e *engine) index(i int, r *rule) {
	for _, s := range r.ForbidCall {
		e.calls.add(s, i, splitFunc)
		e.indexThrough(i, r, s, false)
	}
	for _, s := range r.ForbidType {
		e.types.add(s, i, splitType)
	}
	for _, s := range r.ForbidField {
		e.fields.add(s, i, splitField)
	}
	for _, c := range r.ForbidConstruct {
		e.constructs[c] = append(e.constructs[c], i)
	}
	if r.RequireArg != nil {
		for _, s := range r.RequireArg.Call {
			e.args.add(s, i, splitFunc)
			e.indexThrough(i, r, s, true)
		}
	}
	if p := r.RequireFirstParam; p != nil {
		for _, s := range p.Functions {
			e.params.add(s, i, splitFunc)
		}
		if len(p.Functions) == 0 {
			e.firstParam = append(e.firstParam, i)
		}
	}
}

// indexThrough enters a method that is also meant where it is called through an
// interface. Its type must be written in full.
func (e *engine) indexThrough(i int, r *rule, symbol string, arg bool) {
	path, name := splitFunc(withoutTypeParams(symbol))
	recv, name, ok := strings.Cut(name, ").")
	if !r.ThroughInterfaces || !ok {
		return
	}
	m := &method{rule: i, path: path, typ: strings.TrimLeft(recv, "(*"), name: name, arg: arg}
	if prefix, ok := strings.CutSuffix(name, "*"); ok {
		m.name = prefix
		e.throughAny = append(e.throughAny, m)
		return
	}
	e.through[name] = append(e.through[name], m)
}
