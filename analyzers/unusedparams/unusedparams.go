package unusedparams

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/gohearth/hearth/analyzers/passdoc"
)

//go:embed doc.go
var doc string

var Analyzer = &analysis.Analyzer{
	Name:     "unusedparams",
	Doc:      passdoc.Must(doc, "unusedparams"),
	URL:      passdoc.URL("unusedparams"),
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      func(pass *analysis.Pass) (any, error) { return nil, nil },
}
