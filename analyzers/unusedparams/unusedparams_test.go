package unusedparams_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/unusedparams"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), unusedparams.Analyzer, "a", "generated", "twins", "known", "command", "plugin")
}

// TestFix applies the renaming. Of the other fix it proves that a driver that
// knows nothing of it leaves it alone.
func TestFix(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), unusedparams.Analyzer, "fix")
}

// TestFixesWhatGoplsFixes compares the renaming with that of the pass that ours
// replaces.
func TestFixesWhatGoplsFixes(t *testing.T) {
	testdata := filepath.Join(module(t, "golang.org/x/tools/gopls@v0.23.0"), "internal/analysis/unusedparams/testdata")
	analysistest.RunWithSuggestedFixes(t, testdata, unusedparams.Analyzer, "a", "typeparams", "generatedcode")
}
