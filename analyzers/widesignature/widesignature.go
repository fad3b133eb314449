package widesignature

import (
	_ "embed"
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/passdoc"
	"github.com/gohearth/hearth/analyzers/signature"
)

//go:embed doc.go
var doc string

var Analyzer = &analysis.Analyzer{
	Name:     "widesignature",
	Doc:      passdoc.Must(doc, "widesignature"),
	URL:      passdoc.URL("widesignature"),
	Requires: []*analysis.Analyzer{signature.Analyzer},
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	fns := pass.ResultOf[signature.Analyzer].(*signature.Functions)
	for _, fn := range fns.List {
		var found []analysis.Diagnostic
		if !fns.TakesTuple(fn) && !fn.Exported() {
			found = append(found, sameArguments(pass.TypesInfo, fns, fn)...)
		}
		if !forwarded(fn) {
			same := sameResults(pass.TypesInfo, fn)
			found = append(found, same...)
			found = append(found, droppedResults(fn, same)...)
		}
		if len(found) == 0 || fns.UsedElsewhere(fn) || fns.FixedElsewhere(fn) {
			continue
		}
		for _, d := range found {
			pass.Report(d)
		}
	}
	return nil, nil
}

// at makes a diagnostic for a parameter or result: at its name, or at its type
// if it has none.
func at(v *types.Var, format string, args ...any) analysis.Diagnostic {
	d := analysis.Diagnostic{Pos: v.Pos(), Message: fmt.Sprintf(format, args...)}
	if v.Name() != "" {
		d.End = d.Pos + token.Pos(len(v.Name()))
	}
	return d
}

// describe names the i'th result.
func describe(i int, v *types.Var) string {
	if name := v.Name(); name != "" && name != "_" {
		return "result " + name
	}
	return fmt.Sprintf("result %d (%s)", i, types.TypeString(v.Type(), func(p *types.Package) string { return p.Name() }))
}
