package shadow

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"

	"github.com/gohearth/hearth/analyzers/passdoc"
)

//go:embed doc.go
var doc string

var Analyzer = &analysis.Analyzer{
	Name:     "shadow",
	Doc:      passdoc.Must(doc, "shadow"),
	URL:      passdoc.URL("shadow"),
	Requires: []*analysis.Analyzer{ctrlflow.Analyzer},
	Run:      func(pass *analysis.Pass) (any, error) { return nil, nil },
}
