package analyzers_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth"
	"github.com/gohearth/hearth/analyzers"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

func TestSuiteIsValid(t *testing.T) {
	suite := analyzers.Suite(&policy.Policy{})
	var list []*analysis.Analyzer
	seen := make(map[string]bool)
	for _, e := range suite {
		name := e.Analyzer.Name
		if seen[name] {
			t.Errorf("%s is in the suite twice", name)
		}
		seen[name] = true
		if !slices.Contains(policy.Severities, e.Severity) {
			t.Errorf("%s has severity %q", name, e.Severity)
		}
		if e.Group == "" {
			t.Errorf("%s has no group", name)
		}
		list = append(list, e.Analyzer)
	}
	if err := analysis.Validate(list); err != nil {
		t.Error(err)
	}
}

// goplsAnalyzer is what gopls's description of itself says of an analyzer.
type goplsAnalyzer struct {
	Name    string
	Default bool
}

// ourDefaults are the defaults in which the suite differs from gopls on purpose.
var ourDefaults = map[string]string{
	"shadow": "on: ours reports by flow, gopls's is off because it does not",
}

// TestSuiteIsThatOfGopls compares the suite with what gopls v0.23.0 says it
// has. It is the test that fails when a newer gopls gains an analyzer.
func TestSuiteIsThatOfGopls(t *testing.T) {
	ours := make(map[string]analyzers.Entry)
	for _, e := range analyzers.Suite(&policy.Policy{}) {
		ours[e.Analyzer.Name] = e
	}
	theirs := make(map[string]bool)
	for _, a := range goplsAnalyzers(t, "v0.23.0") {
		theirs[a.Name] = true
		_, internal := analyzers.GoplsOnly[a.Name]
		_, editor := analyzers.EditorOnly[a.Name]
		e, ok := ours[a.Name]
		switch {
		case !ok && !internal && !editor:
			t.Errorf("gopls has %s, and no list here names it", a.Name)
		case ok && (internal || editor):
			t.Errorf("%s is in the suite and in a list of what is not", a.Name)
		case ok && e.NonDefault == a.Default && ourDefaults[a.Name] == "":
			t.Errorf("%s: default is %t, in gopls %t", a.Name, !e.NonDefault, a.Default)
		}
	}
	for name, e := range ours {
		if !theirs[name] && e.Group != analyzers.Hearth {
			t.Errorf("%s is in the suite, and gopls does not have it", name)
		}
	}
}

// goplsAnalyzers reads the analyzers of a gopls that lies in the module cache.
func goplsAnalyzers(t *testing.T, version string) []goplsAnalyzer {
	cmd := exec.Command("go", "mod", "download", "-json", "golang.org/x/tools/gopls@"+version)
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOTOOLCHAIN=local")
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("gopls %s is not in the module cache: %v", version, err)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(module.Dir, "internal/doc/api.json"))
	if err != nil {
		t.Fatal(err)
	}
	var api struct{ Analyzers []goplsAnalyzer }
	if err := json.Unmarshal(data, &api); err != nil {
		t.Fatal(err)
	}
	if len(api.Analyzers) == 0 {
		t.Fatalf("gopls %s describes no analyzers", version)
	}
	return api.Analyzers
}

// TestSourceIsComplete guards the patterns of Source: a package one level
// deeper would be missing from gopls.
func TestSourceIsComplete(t *testing.T) {
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == "testdata" {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		_, err = fs.Stat(hearth.Analyzers, "analyzers/"+path)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
