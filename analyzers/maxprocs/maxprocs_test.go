package maxprocs_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/maxprocs"
)

func Test(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), maxprocs.Analyzer, "svc", "lib", "cmd/tool/tune")
}

// TestAutomaxprocs needs modules, since a go line decides.
func TestAutomaxprocs(t *testing.T) {
	for _, module := range []string{"new", "old", "optout"} {
		t.Run(module, func(t *testing.T) {
			dir := filepath.Join(analysistest.TestData(), module)
			analysistest.RunWithSuggestedFixes(t, dir, maxprocs.Analyzer, "./...")
		})
	}
}
