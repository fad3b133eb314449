package shadow_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/shadow"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), shadow.Analyzer, "a")
}
