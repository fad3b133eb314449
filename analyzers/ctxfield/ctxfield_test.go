package ctxfield_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/ctxfield"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), ctxfield.Analyzer, "a")
}

func TestFix(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), ctxfield.Analyzer, "fix")
}
