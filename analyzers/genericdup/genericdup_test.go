package genericdup_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/genericdup"
)

func Test(t *testing.T) {
	for _, r := range analysistest.Run(t, analysistest.TestData(), genericdup.Analyzer, "a") {
		for _, d := range r.Diagnostics {
			if len(d.Related) == 0 {
				t.Errorf("%q leads to no twin", d.Message)
			}
		}
	}
}

// TestOldGo has a module whose go line is from before generics.
func TestOldGo(t *testing.T) {
	dir := filepath.Join(analysistest.TestData(), "src", "old")
	analysistest.Run(t, dir, genericdup.Analyzer, "old")
}
