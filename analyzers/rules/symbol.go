package rules

import (
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/gohearth/hearth/analyzers/code"
)

// An index finds rules by the symbols that they name: whole ones by the package
// and the name within it, so that hundreds of rules cost one look-up, and those
// that end in * once for each package.
type index struct {
	exact map[string]map[string][]int // package path, name: rules
	wild  []wildcard
}

// wildcard is a symbol that ended in *.
type wildcard struct {
	prefix string
	rule   int
}

// add adds a symbol of a rule. split takes it apart: functions and methods,
// types and fields are written differently.
func (x *index) add(symbol string, rule int, split func(string) (path, name string)) {
	symbol = withoutTypeParams(symbol)
	if prefix, ok := strings.CutSuffix(symbol, "*"); ok {
		x.wild = append(x.wild, wildcard{prefix, rule})
		return
	}
	path, name := split(symbol)
	if x.exact == nil {
		x.exact = make(map[string]map[string][]int)
	}
	if x.exact[path] == nil {
		x.exact[path] = make(map[string][]int)
	}
	x.exact[path][name] = append(x.exact[path][name], rule)
}

// withoutTypeParams drops the type parameters of a receiver, whose names no user
// of the type knows.
func withoutTypeParams(symbol string) string {
	if from, to := strings.IndexByte(symbol, '['), strings.LastIndexByte(symbol, ']'); 0 <= from && from < to {
		return symbol[:from] + symbol[to+1:]
	}
	return symbol
}

// splitFunc splits "os.Exit" into "os" and "Exit", and "(*net/http.Client).Do"
// into "net/http" and "(*Client).Do".
func splitFunc(symbol string) (path, name string) {
	recv, method, ok := strings.Cut(symbol, ").")
	if !ok || !strings.HasPrefix(recv, "(") {
		return splitType(symbol)
	}
	recv = recv[1:]
	star := ""
	if strings.HasPrefix(recv, "*") {
		star, recv = "*", recv[1:]
	}
	path, typ := splitType(recv)
	return path, "(" + star + typ + ")." + method
}

// splitType splits "net/http.Client" into "net/http" and "Client".
func splitType(symbol string) (path, name string) {
	i := strings.LastIndexByte(symbol, '.')
	if i < 0 {
		return "", symbol // (error).Error
	}
	return symbol[:i], symbol[i+1:]
}

// splitField splits "net/http.Client.Timeout" into "net/http" and
// "Client.Timeout".
func splitField(symbol string) (path, name string) {
	typ, field := splitType(symbol)
	path, name = splitType(typ)
	return path, name + "." + field
}

// spell is the inverse of the three.
func spell(path, name string) string {
	switch rest, ok := strings.CutPrefix(name, "(*"); {
	case path == "":
		return name
	case ok:
		return "(*" + path + "." + rest
	case strings.HasPrefix(name, "("):
		return "(" + path + "." + name[1:]
	}
	return path + "." + name
}

// funcName returns the name of fn within its package: "Exit", "(*Client).Do".
func funcName(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	star, typ := "", recv.Type()
	if p, ok := types.Unalias(typ).(*types.Pointer); ok {
		star, typ = "*", p.Elem()
	}
	if named, ok := types.Unalias(typ).(*types.Named); ok {
		return "(" + star + named.Obj().Name() + ")." + fn.Name()
	}
	return "(interface)." + fn.Name() // of an interface without a name
}

// pathOf returns the path of the package that declares obj, "" for what belongs
// to the language.
func pathOf(obj types.Object) string {
	if obj.Pkg() == nil {
		return ""
	}
	return code.Path(obj.Pkg())
}

// view is what an index says of the symbols of one package.
type view struct {
	path  string
	exact map[string][]int
	wild  []wildcard
}

// of returns what active rules say of the package, or nil.
func (x *index) of(path string, active []bool) *view {
	v := &view{path: path}
	for name, rules := range x.exact[path] {
		for _, r := range rules {
			if active[r] {
				if v.exact == nil {
					v.exact = make(map[string][]int)
				}
				v.exact[name] = append(v.exact[name], r)
			}
		}
	}
	if len(x.wild) > 0 {
		heads := []string{path + ".", "(" + path + ".", "(*" + path + "."}
		for _, w := range x.wild {
			if active[w.rule] && slices.ContainsFunc(heads, func(head string) bool {
				return strings.HasPrefix(w.prefix, head) || strings.HasPrefix(head, w.prefix)
			}) {
				v.wild = append(v.wild, w)
			}
		}
	}
	if len(v.exact) == 0 && len(v.wild) == 0 {
		return nil
	}
	return v
}

// rules returns the rules that name the symbol, in order.
func (v *view) rules(name string) []int {
	if v == nil {
		return nil
	}
	rules := v.exact[name]
	if len(v.wild) == 0 {
		return rules
	}
	rules = slices.Clone(rules)
	full := spell(v.path, name)
	for _, w := range v.wild {
		if strings.HasPrefix(full, w.prefix) {
			rules = append(rules, w.rule)
		}
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}

// fields returns the fields of pkg that active rules name, with those rules.
func (v *view) fields(pkg *types.Package) map[*types.Var][]int {
	if v == nil {
		return nil
	}
	found := make(map[*types.Var][]int)
	for _, typ := range v.types(pkg) {
		obj, ok := pkg.Scope().Lookup(typ).(*types.TypeName)
		if !ok {
			continue
		}
		s, ok := obj.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for f := range s.Fields() {
			if rules := v.rules(typ + "." + f.Name()); rules != nil {
				found[f] = rules
			}
		}
	}
	return found
}

// types returns the names of the types of pkg of which v may name fields.
func (v *view) types(pkg *types.Package) []string {
	names := make(map[string]bool)
	for name := range v.exact {
		typ, _, _ := strings.Cut(name, ".")
		names[typ] = true
	}
	for _, w := range v.wild {
		rest, ok := strings.CutPrefix(w.prefix, v.path+".")
		if typ, _, whole := strings.Cut(rest, "."); ok && whole {
			names[typ] = true
			continue
		}
		for _, name := range pkg.Scope().Names() {
			if strings.HasPrefix(name, rest) {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}
