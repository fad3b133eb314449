package syncmaprmw_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/syncmaprmw"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), syncmaprmw.Analyzer, "a", "locks", "helpers")
}

func TestFix(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), syncmaprmw.Analyzer, "fix")
}
