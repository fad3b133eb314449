// Package nilfacts hands on what staticcheck's nilness pass knows of functions in
// a form that is small.
//
// The pass exports a fact for each function that returns something that is
// never nil, or always. A driver writes the facts of a package's methods, and
// those of all that it imports, each with the name of its package, and finds the
// object of each again in every package that imports it: in kubernetes 15,000 of
// them for one package, a megabyte and a half, and half of the time of an
// analysis. Few are ever looked at.
//
// [Analyzer] does what the pass does, with one fact for each package. That holds,
// sorted and by package, a byte for each result of a function, and what it
// hands on of other packages it copies as it is. The object of a function is
// named when somebody asks for what is known of it.
package nilfacts

import (
	"go/types"
	"maps"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
	"honnef.co/go/tools/analysis/facts/nilness"

	"github.com/gohearth/hearth/analyzers/crash"
)

// Analyzer gives the result of [nilness.Analysis], or nil if this release of
// staticcheck keeps something else as its fact.
var Analyzer = standIn(nilness.Analysis)

// Instead returns [Analyzer] for [nilness.Analysis], and each other pass itself.
func Instead(a *analysis.Analyzer) *analysis.Analyzer {
	if a == nilness.Analysis && Analyzer != nil {
		return Analyzer
	}
	return a
}

func standIn(a *analysis.Analyzer) *analysis.Analyzer {
	if len(a.FactTypes) != 1 {
		return nil
	}
	fact := reflect.TypeOf(a.FactTypes[0]).Elem()
	if fact.Kind() != reflect.Struct || fact.NumField() != 1 || fact.Field(0).Type != reflect.TypeFor[[]nilness.ValueNilness]() {
		return nil
	}
	c := *a
	c.FactTypes = []analysis.Fact{new(Fact)}
	c.Run = func(pass *analysis.Pass) (any, error) { return run(a, fact, pass) }
	return &c
}

// run runs a, whose fact is of the given type, on what the facts of the imported
// packages say. If it fails, nothing is known of the package itself.
func run(a *analysis.Analyzer, fact reflect.Type, pass *analysis.Pass) (any, error) {
	known := newKnown(pass)
	inner := *pass
	inner.Analyzer = a
	inner.ExportObjectFact = func(obj types.Object, f analysis.Fact) { known.own[obj] = *rets(f) }
	inner.ImportObjectFact = func(obj types.Object, f analysis.Fact) bool {
		found, ok := known.of(obj)
		if ok {
			*rets(f) = found
		}
		return ok
	}
	inner.AllObjectFacts = func() (all []analysis.ObjectFact) {
		for obj, found := range known.all() {
			f := reflect.New(fact).Interface().(analysis.Fact)
			*rets(f) = found
			all = append(all, analysis.ObjectFact{Object: obj, Fact: f})
		}
		return all
	}
	result, err := crash.Run(a.Run, &inner)
	if err != nil {
		known.own = nil
	}
	pass.ExportPackageFact(known.fact())
	return result, err
}

// rets is the field of the fact that says what is known of each result.
func rets(f analysis.Fact) *[]nilness.ValueNilness {
	return reflect.ValueOf(f).Elem().Field(0).Addr().Interface().(*[]nilness.ValueNilness)
}

// known is what is known of functions while one package is analysed.
type known struct {
	pass     *analysis.Pass
	own      map[types.Object][]nilness.ValueNilness
	imported map[string]*imported // by package path
	encoder  objectpath.Encoder
}

// imported is what is known of the functions of a package that is imported,
// however indirectly.
type imported struct {
	of   Functions // without plain ones where it is imported indirectly
	rets list      // the same, once somebody asked
}

func newKnown(pass *analysis.Pass) *known {
	k := &known{
		pass:     pass,
		own:      make(map[types.Object][]nilness.ValueNilness),
		imported: make(map[string]*imported),
	}
	for _, f := range pass.AllPackageFacts() {
		if fact, ok := f.Fact.(*Fact); ok && f.Package != pass.Pkg {
			k.imported[f.Package.Path()] = &imported{of: fact.Own}
			for _, other := range fact.Others {
				if k.imported[other.Package] == nil {
					k.imported[other.Package] = &imported{of: other}
				}
			}
		}
	}
	return k
}

// of returns what is known of a function.
func (k *known) of(obj types.Object) ([]nilness.ValueNilness, bool) {
	f, ok := obj.(*types.Func)
	if !ok || f.Pkg() == nil {
		return nil, false
	}
	if f.Pkg() == k.pass.Pkg {
		found, ok := k.own[f]
		return found, ok
	}
	p := k.imported[f.Pkg().Path()]
	if p == nil || f.Origin() != f {
		return nil, false
	}
	path, err := k.encoder.For(f)
	if err != nil {
		return nil, false // nor could anybody name it who exported it
	}
	if p.rets == nil {
		p.rets = p.of.unpack()
	}
	found, ok := p.rets[path]
	return found, ok
}

// all returns what is known of the functions of the package and of those that
// it names. Whoever reads the result asks for no others: they are called here.
func (k *known) all() map[types.Object][]nilness.ValueNilness {
	all := maps.Clone(k.own)
	for _, obj := range k.pass.TypesInfo.Uses {
		if f, ok := obj.(*types.Func); ok {
			f = f.Origin()
			if _, done := all[f]; !done {
				if found, ok := k.of(f); ok {
					all[f] = found
				}
			}
		}
	}
	return all
}
