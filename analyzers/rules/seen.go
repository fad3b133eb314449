package rules

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/analyzers/pkgpath"
	wire "github.com/gohearth/hearth/analyzers/report" // report is a function here
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// reportSeen reports what the rules found to apply to in the package at path:
// which is not a finding, and goes the way of one.
func (e *engine) reportSeen(pass *analysis.Pass, path string) {
	if len(pass.Files) == 0 {
		return
	}
	list := make([]policy.Rule, len(e.rules))
	for i := range e.rules {
		list[i] = e.rules[i].Rule
	}
	seen := wire.NewSeen(list)
	look := &lookup{from: pass.Pkg, packages: dependencies(pass.Pkg), names: make(map[*types.Package][]string)}
	for i := range e.rules {
		r, s := &e.rules[i], &seen[i]
		for j, p := range r.in {
			s.In[j] = pkgpath.Patterns{p}.Match(path)
		}
		for j, p := range r.except {
			s.Except[j] = pkgpath.Patterns{p}.Match(path)
		}
		for j := range s.Symbols {
			symbol := &s.Symbols[j]
			symbol.Found, symbol.Missing = look.up(symbol.Symbol, len(r.ForbidField) > 0)
		}
	}
	if message := seen.Encode(); message != "" {
		at := pass.Files[0].Package
		pass.Report(analysis.Diagnostic{Pos: at, End: at + token.Pos(len("package")), Category: wire.RulesSeen, Message: message})
	}
}

// lookup looks for symbols in what a package is and imports.
type lookup struct {
	from     *types.Package
	packages map[string]*types.Package // by path
	names    map[*types.Package][]string
}

// up looks for a symbol. It is missing only where its package was read as a whole:
// of what the package does not import itself, and of what is not exported, the type
// checker may know a part.
func (l *lookup) up(symbol string, field bool) (found, missing bool) {
	symbol = withoutTypeParams(symbol)
	if prefix, ok := strings.CutSuffix(symbol, "*"); ok {
		return l.any(prefix, field)
	}
	split := splitFunc
	if field {
		split = splitField
	}
	path, name := split(symbol)
	if path == "" {
		return name == "(error).Error", false
	}
	pkg := l.packages[path]
	if pkg == nil {
		return false, false
	}
	if has(pkg, name, field) {
		return true, false
	}
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return strings.ContainsRune("(*).", r) }) {
		if !token.IsExported(part) && pkg != l.from {
			return false, false
		}
	}
	return false, l.whole(pkg)
}

func (l *lookup) whole(pkg *types.Package) bool { return pkg == l.from || pkg.Complete() }

// has reports whether pkg has a function, type, method or field of that name, as
// an [index] calls it.
func has(pkg *types.Package, name string, field bool) bool {
	typ, _, ok := strings.Cut(strings.TrimLeft(name, "(*"), ".")
	obj := pkg.Scope().Lookup(strings.TrimSuffix(typ, ")"))
	if obj == nil || !ok {
		return obj != nil
	}
	return slices.Contains(members(obj, field), name)
}

// members returns the names of the methods, or else the fields, of a type.
func members(obj types.Object, fields bool) (names []string) {
	tn, ok := obj.(*types.TypeName)
	if !ok {
		return nil
	}
	if s, ok := tn.Type().Underlying().(*types.Struct); ok && fields {
		for f := range s.Fields() {
			names = append(names, tn.Name()+"."+f.Name())
		}
		return names
	}
	if named, ok := types.Unalias(tn.Type()).(*types.Named); ok && !fields {
		for m := range named.Methods() {
			names = append(names, funcName(m))
		}
	}
	if iface, ok := tn.Type().Underlying().(*types.Interface); ok && !fields {
		for m := range iface.ExplicitMethods() {
			names = append(names, funcName(m))
		}
	}
	return names
}

// any looks for anything that begins with prefix: in the package that it names,
// and where it ends within a path, in all that go on like it.
func (l *lookup) any(prefix string, field bool) (found, missing bool) {
	rest := strings.TrimLeft(prefix, "(*")
	for path := rest; path != ""; {
		path, _ = splitType(path)
		if pkg := l.packages[path]; pkg != nil {
			if l.has(pkg, prefix, field) {
				return true, false
			}
			missing = l.whole(pkg)
		}
	}
	for path, pkg := range l.packages {
		if strings.HasPrefix(path, rest) && l.has(pkg, prefix, field) {
			return true, false
		}
	}
	return false, missing
}

// has reports whether pkg has anything that begins with prefix.
func (l *lookup) has(pkg *types.Package, prefix string, field bool) bool {
	names, ok := l.names[pkg]
	if !ok {
		names = pkg.Scope().Names() // sorted
		l.names[pkg] = names
	}
	path := code.Path(pkg)
	// What remains is a type's name and more, or a part of a name.
	rest, _ := strings.CutPrefix(strings.TrimLeft(prefix, "(*"), path+".")
	if strings.HasPrefix(path, rest) {
		rest = ""
	}
	part, _, whole := strings.Cut(rest, ".")
	part = strings.TrimSuffix(part, ")")
	from, _ := slices.BinarySearch(names, part)
	for _, name := range names[from:] {
		if !strings.HasPrefix(name, part) || whole && name != part {
			break
		}
		if !field && !strings.HasPrefix(prefix, "(") {
			return true
		}
		for _, member := range members(pkg.Scope().Lookup(name), field) {
			if strings.HasPrefix(spell(path, member), prefix) {
				return true
			}
		}
	}
	return false
}
