package shadow_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/shadow"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), shadow.Analyzer, "a", "bugs", "known", "flow")
}

func TestFix(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), shadow.Analyzer, "fix")
}

func TestOptional(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), shadow.Default.PackageVar, "pkgvar")
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), shadow.Default.Import, "imports")
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), shadow.Default.Builtin, "builtins")
}

func TestIgnore(t *testing.T) {
	family := shadow.New("err", "m")
	if err := analysis.Validate([]*analysis.Analyzer{family.Shadow, family.PackageVar, family.Import, family.Builtin}); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), family.Shadow, "ignored")

	flag := shadow.New()
	if err := flag.Shadow.Flags.Set("ignore", "err, m"); err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, analysistest.TestData(), flag.Shadow, "ignored")
}
