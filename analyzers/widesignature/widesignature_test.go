package widesignature_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/widesignature"
)

// Test is for cases of our own; what unparam expects of the same findings is
// compared in the tests of unusedparams.
func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), widesignature.Analyzer, "a", "twins")
}
