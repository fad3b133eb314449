package rules_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/gohearth/hearth/analyzers/rules"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

const asVettool = "HEARTH_TEST_RULES_VETTOOL"

func TestMain(m *testing.M) {
	if os.Getenv(asVettool) != "" {
		unitchecker.Main(rules.New(&policy.Policy{Rules: cgoRules})) // does not return
	}
	os.Exit(m.Run())
}

var cgoRules = []policy.Rule{
	{ID: "cgo", ForbidConstruct: []string{"cgo"}},
	{ID: "blank", ForbidConstruct: []string{"blank-import"}},
	{ID: "unsafe", ForbidImport: []string{"unsafe"}},
	{ID: "other", ForbidConstruct: []string{"package-var", "init", "linkname", "empty-interface"}}, // cgo writes all of them
}

// TestCgo runs go vet, which shows the pass what cgo made of a file.
func TestCgo(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("cgo needs a C compiler")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n",
		"m.go":   "package m\n\n// #include <stdlib.h>\nimport \"C\"\n\nimport _ \"unsafe\"\n\nfunc F() int { return int(C.abs(-1)) }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "vet", "-json", "-vettool="+exe, ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asVettool+"=1", "CGO_ENABLED=1", "PWD="+dir)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]map[string][]struct{ Category, Posn string }
	if err := json.Unmarshal(out[strings.IndexByte(string(out), '{'):], &tree); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	got := make(map[string]string)
	for _, d := range tree["example.com/m"]["rules"] {
		got[d.Category] += filepath.Base(d.Posn)
	}
	if want := map[string]string{"cgo": "m.go:4:8", "blank": "m.go:6:8", "unsafe": "m.go:6:10"}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
