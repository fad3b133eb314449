package unusedparams_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/gohearth/hearth/analyzers/unusedparams"
)

func Test(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), unusedparams.Analyzer, "a", "generated", "twins")
}

// TestFix applies the renaming. Of the other fix it proves that a driver that
// knows nothing of it leaves it alone.
func TestFix(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), unusedparams.Analyzer, "fix")
}

// TestFindsWhatGoplsFinds runs the test data of the pass that ours replaces,
// where it lies in the module cache: its findings are the least to expect.
func TestFindsWhatGoplsFinds(t *testing.T) {
	cmd := exec.Command("go", "mod", "download", "-json", "golang.org/x/tools/gopls@v0.23.0")
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOTOOLCHAIN=local")
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("gopls is not in the module cache: %v", err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	testdata := filepath.Join(module.Dir, "internal/analysis/unusedparams/testdata")
	analysistest.Run(t, testdata, unusedparams.Analyzer, "a", "typeparams", "generatedcode")
}
