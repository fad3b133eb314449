package unusedparams

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/passdoc"
	"github.com/gohearth/hearth/analyzers/signature"
)

//go:embed doc.go
var doc string

var Analyzer = &analysis.Analyzer{
	Name:     "unusedparams",
	Doc:      passdoc.Must(doc, "unusedparams"),
	URL:      passdoc.URL("unusedparams"),
	Requires: []*analysis.Analyzer{signature.Analyzer},
	Run:      run,
}

// category is what gopls knows its own pass by: a diagnostic of this category
// gets its "remove unused parameter" refactoring for the fix without edits.
const category = "unusedparams"

func run(pass *analysis.Pass) (any, error) {
	fns := pass.ResultOf[signature.Analyzer].(*signature.Functions)
	families := newFamilies(pass, fns)
	for _, fn := range fns.List {
		if fns.TakesTuple(fn) {
			continue
		}
		if unused := unusedOf(families, fn); len(unused) > 0 && !fns.FixedElsewhere(fn) {
			for _, p := range unused {
				report(pass, fn, p)
			}
		}
	}
	return nil, nil
}

// A param is one unused parameter in the field that declares it.
type param struct {
	name     *ast.Ident
	field    *ast.Field
	handedOn bool // mentioned, in a recursive call
}

// unusedOf returns the parameters of fn that nothing reads.
func unusedOf(f *families, fn *signature.Function) []param {
	var unused []param
	i := -1
	for _, field := range fn.Type.Params.List {
		for _, name := range field.Names {
			i++
			v := fn.Signature().Params().At(i)
			if strings.HasPrefix(name.Name, "_") || f.fns.Mentioned(v) || isEmpty(v.Type(), 0) || isCustom(v.Type()) || saysUnused(fn, name.Name) {
				continue
			}
			handedOn := f.fns.HandedOn(v)
			if _, array := v.Type().Underlying().(*types.Array); array && handedOn {
				continue // ballast, to make the stack grow
			}
			if !f.uses(fn, i) {
				unused = append(unused, param{name, field, handedOn})
			}
		}
	}
	return unused
}

// isCustom reports whether functions take a typ by custom, whether they need it
// or not: helpers of tests their *testing.T, and whatever may block one day a
// context.
func isCustom(typ types.Type) bool {
	if ptr, ok := types.Unalias(typ).(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	named, ok := types.Unalias(typ).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	path := named.Obj().Pkg().Path()
	return path == "testing" || path == "context" && named.Obj().Name() == "Context"
}

// ignoring matches how a comment says that a parameter is there on purpose.
var ignoring = regexp.MustCompile(`(?i)\b(ignored|ignores|unused|not used)\b`)

// saysUnused reports whether the comment above fn admits it: it names the
// parameter, and says that something is not used.
func saysUnused(fn *signature.Function, name string) bool {
	if fn.Decl == nil || fn.Decl.Doc == nil {
		return false
	}
	text := fn.Decl.Doc.Text()
	return ignoring.MatchString(text) && slices.Contains(strings.FieldsFunc(text, notInName), name)
}

func notInName(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// isEmpty reports whether typ has but one value, like struct{} and [0]int. A
// parameter of it has nothing to read; its type alone says something.
func isEmpty(typ types.Type, depth int) bool {
	if depth > 10 {
		return false // an invalid type may contain itself
	}
	switch t := typ.Underlying().(type) {
	case *types.Array:
		return t.Len() == 0 || isEmpty(t.Elem(), depth+1)
	case *types.Struct:
		for f := range t.Fields() {
			if !isEmpty(f.Type(), depth+1) {
				return false
			}
		}
		return true
	}
	return false
}

func report(pass *analysis.Pass, fn *signature.Function, p param) {
	var at ast.Node = p.field
	if len(p.field.Names) > 1 {
		at = p.name // "a, b int": the type belongs to both
	}
	d := analysis.Diagnostic{
		Pos:      at.Pos(),
		End:      at.End(),
		Category: category,
		Message:  fmt.Sprintf("unused parameter: %s", p.name.Name),
	}
	if p.handedOn {
		// Without a fix: the recursive calls would have to change as well,
		// and gopls removes a parameter only where the body does not name it.
		d.Message += " (only handed on to the recursive call)"
		pass.Report(d)
		return
	}
	d.SuggestedFixes = []analysis.SuggestedFix{{
		Message: `Rename parameter to "_"`,
		TextEdits: []analysis.TextEdit{
			{Pos: p.name.Pos(), End: p.name.End(), NewText: []byte("_")},
		},
	}}
	if fn.Decl != nil {
		// No edits: gopls works them out when the fix is chosen, since
		// calls in other packages change as well. Elsewhere the fix is
		// inert, and never the first, which is what go fix applies.
		d.SuggestedFixes = append(d.SuggestedFixes, analysis.SuggestedFix{
			Message: fmt.Sprintf("Remove unused parameter %q", p.name.Name),
		})
	}
	pass.Report(d)
}
