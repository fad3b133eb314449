package goplsconfig

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// testAPI returns the small description of a gopls in testdata.
func testAPI(t testing.TB) *API {
	t.Helper()
	data, err := os.ReadFile("testdata/api.json")
	if err != nil {
		t.Fatal(err)
	}
	api, err := ParseAPI(data)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// write makes a repository of files in a new folder and returns it.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// load reads a hearth.yaml with this content.
func load(t testing.TB, content string) *Source {
	t.Helper()
	s, err := Load(write(t, map[string]string{FileName: content, "go.mod": "module example.com/m\n"}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func resolve(t testing.TB, content string, trusted bool) *Resolved {
	t.Helper()
	r, err := load(t, content).Resolve(Options{API: testAPI(t), Trusted: trusted})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDefaultPolicy(t *testing.T) {
	s, err := Load(write(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(Options{API: testAPI(t)})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{
		"printf": true, "hostport": true, "nilness": true, "unusedfunc": true, // find bugs
		"SA4000": true, "SA1000": false, // as gopls has them: the second is expensive
		"S1000": false, "ST1000": false, "QF1002": false, // style
		"any": false, "inline": false, "bloop": false, // modernizers
		"simplifyrange": false, "deprecated": false, "infertypeargs": false,
		"shadow": true, "unusedparams": true, "rules": true, // ours
		"fillreturns": true, // a fix for a type error
	}
	got := make(map[string]bool)
	for name := range want {
		got[name] = r.Policy.Analyzers[name].Enabled
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("default policy (-want +got):\n%s", diff)
	}
	if r.Policy.Analyzers["hostport"].Severity != policy.Warning {
		t.Errorf("hostport is part of go vet and must rank as such: %+v", r.Policy.Analyzers["hostport"])
	}
	if diff := cmp.Diff(Vet{Tests: true, FailOn: policy.Information}, r.Vet); diff != "" {
		t.Errorf("vet (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(Warm{Packages: []string{"./..."}}, r.Warm); diff != "" {
		t.Errorf("warm (-want +got):\n%s", diff)
	}
}

func TestAnalyzerState(t *testing.T) {
	for _, test := range []struct {
		name, yaml string
		want       map[string]bool
	}{
		{"switch", "gopls: {staticcheck: true}", map[string]bool{"SA1000": true, "ST1000": true, "printf": true}},
		{"switch is weaker than a glob", "gopls: {staticcheck: true}\nanalyzers: {disable: ['ST*']}", map[string]bool{"SA1000": true, "ST1000": false}},
		{"all is weaker than a group", "analyzers: {disable: [all], enable: [vet]}", map[string]bool{"printf": true, "shadow": false, "SA4000": false, "fillreturns": true}},
		{"glob is weaker than a name", "analyzers: {disable: ['SA*'], enable: [SA1000]}", map[string]bool{"SA1000": true, "SA4000": false}},
		{"longer glob wins", "analyzers: {disable: ['SA*'], enable: ['SA1*']}", map[string]bool{"SA1000": true, "SA4000": false}},
		{"disable wins a tie", "analyzers: {disable: [printf], enable: [printf]}", map[string]bool{"printf": false}},
		{"analyses are names", "gopls: {analyses: {printf: false, SA1000: true}}\nanalyzers: {enable: [vet], disable: ['SA*']}", map[string]bool{"printf": false, "SA1000": true}},
		{"disable beats analyses", "gopls: {analyses: {printf: true}}\nanalyzers: {disable: [printf]}", map[string]bool{"printf": false}},
		{"null is gopls's default", "gopls: {analyses: {shadow: null, printf: null}}", map[string]bool{"shadow": false, "printf": true}},
		{"a group in a stronger layer beats a name in a weaker", "analyzers: {disable: [hearth]}", map[string]bool{"shadow": false, "rules": false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := resolve(t, test.yaml, false)
			got := make(map[string]bool)
			for name := range test.want {
				got[name] = r.Policy.Analyzers[name].Enabled
				if r.Gopls["analyses"].(map[string]any)[name] != got[name] {
					t.Errorf("gopls and policy differ about %s", name)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
		})
	}
}

// TestGroupOfTwoSuites: what go vet runs is in the group vet, although gopls
// registers it with the modernizers.
func TestGroupOfTwoSuites(t *testing.T) {
	api, err := ParseAPI([]byte(`{"Options": {"User": [{"Name": "local", "Type": "string"}]}, "Analyzers": [
		{"Name": "hostport", "Group": "fix", "Default": true}, {"Name": "any", "Group": "fix", "Default": true}]}`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := load(t, "analyzers: {disable: [all], enable: [vet]}").Resolve(Options{API: api})
	if err != nil {
		t.Fatal(err)
	}
	if all := r.Policy.Analyzers; !all["hostport"].Enabled || all["any"].Enabled {
		t.Errorf("got %+v", all)
	}
}

func TestLayers(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "module example.com/m\n",
		FileName: `
extends: [policy/a.yaml, policy/b.yaml]
gopls:
  gofumpt: null
  hints: {parameterNames: null}
  maxFileCacheBytes: null
analyzers:
  severity: {"SA*": hint, SA4000: null, printf: null}
rules:
  - {id: exit, except: [./cmd/...]}
`,
		"policy/a.yaml": `
gopls:
  gofumpt: true
  hints: {parameterNames: true, constantValues: true}
  directoryFilters: [-a]
analyzers:
  disable: [printf]
  severity: {printf: error}
rules:
  - {id: exit, message: return an error, forbid-call: os.Exit, in: example.com/...}
`,
		"policy/b.yaml": `
extends: [a.yaml]
gopls: {directoryFilters: [-b]}
analyzers: {enable: [printf]}
`,
	})
	s, err := Load(filepath.Join(dir, "policy"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(Options{API: testAPI(t)})
	if err != nil {
		t.Fatal(err)
	}
	if r.File != filepath.Join(dir, FileName) || r.Root != dir {
		t.Errorf("found %q in %q", r.File, r.Root)
	}
	delete(r.Gopls, "analyses")
	want := map[string]any{
		"hints":            map[string]any{"constantValues": true},
		"directoryFilters": []any{"-b"},
	}
	if diff := cmp.Diff(want, r.Gopls); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(policy.Analyzer{Enabled: true}, r.Policy.Analyzers["printf"]); diff != "" {
		t.Errorf("printf (-want +got):\n%s", diff)
	}
	if got := r.Policy.Analyzers["SA1000"].Severity + " " + r.Policy.Analyzers["SA4000"].Severity; got != "hint " {
		t.Errorf("severities of SA1000 and SA4000 are %q", got)
	}
	wantRules := []policy.Rule{{
		ID: "exit", Message: "return an error", ForbidCall: []string{"os.Exit"},
		Scope: policy.Scope{In: []string{"example.com/..."}, Except: []string{"example.com/m/cmd/..."}},
	}}
	if diff := cmp.Diff(wantRules, r.Policy.Rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}

func TestMergeSettings(t *testing.T) {
	r := resolve(t, `
gopls:
  env: {GOFLAGS: -mod=mod, CGO_ENABLED: 0}
  buildFlags: [-tags=a]
  gofumpt: true
  hints: {parameterNames: true, constantValues: true}
`, true)
	editor := map[string]any{
		"ui.diagnostic.analyses":    map[string]any{"printf": false},
		"ui.diagnostic.staticcheck": true,
		"build.buildFlags":          []any{"-tags=b"},
		"env":                       map[string]any{"GOFLAGS": "-mod=vendor", "HOME": "/h"},
		"formatting.gofumpt":        true,
		"gofumpt":                   false,
		"local":                     nil,
		"ui.inlayhint.hints":        map[string]any{"parameterNames": false},
		"usePlaceholders":           true,
	}
	before := deepCopy(editor)
	got := r.MergeSettings(editor)
	if analyses := got["analyses"].(map[string]any); analyses["printf"] != true {
		t.Error("the editor switched an analyzer off")
	}
	delete(got, "analyses")
	want := map[string]any{
		"env":               map[string]any{"GOFLAGS": "-mod=mod", "CGO_ENABLED": "0", "HOME": "/h"},
		"buildFlags":        []any{"-tags=a"},
		"gofumpt":           false,
		"hints":             map[string]any{"parameterNames": false, "constantValues": true},
		"maxFileCacheBytes": int64(5e9),
		"usePlaceholders":   true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, any(editor)); diff != "" {
		t.Errorf("the input changed (-want +got):\n%s", diff)
	}
}
