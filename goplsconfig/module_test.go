package goplsconfig

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// published returns a fetch for modules of these files, by path@version/name.
// The sum of a module is its name.
func published(t *testing.T, files map[string]string) Fetch {
	t.Helper()
	dir := write(t, files)
	return func(v module.Version) (Module, error) {
		m := Module{Dir: filepath.Join(dir, filepath.FromSlash(v.String())), Sum: "h1:" + v.Path, ModSum: "h1:mod"}
		if !exists(m.Dir) {
			return m, ErrNotFetched
		}
		return m, nil
	}
}

func TestModuleLayers(t *testing.T) {
	s, err := load(t, `
extends: [{module: corp.example/p, version: v1.4.0}]
rules:
  - {id: exit, except: [./cmd/...]}
`).WithModules(published(t, map[string]string{
		"corp.example/p@v1.4.0/hearth.yaml": `
extends: [sub/base.yaml, {module: corp.example/q/v2, version: v2.0.0, file: go/q.yaml}]
analyzers:
  plugins:
    - {import: corp.example/p/lint/nofoo}
    - {import: example.com/other, version: v1.0.0}
`,
		"corp.example/p@v1.4.0/sub/base.yaml":  "extends: [../hints.yaml]\nrules:\n  - {id: exit, message: return an error, forbid-call: os.Exit, in: ./...}\n",
		"corp.example/p@v1.4.0/hints.yaml":     "analyzers: {severity: {printf: error}}\n",
		"corp.example/q/v2@v2.0.0/go/q.yaml":   "analyzers: {severity: {printf: hint}}\ngopls: {env: {A: b}}\n",
		"corp.example/q/v2@v2.0.0/hearth.yaml": "analyzers: {disable: [printf]}\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(Options{API: testAPI(t), Trusted: true})
	if err != nil {
		t.Fatal(err)
	}
	rule := r.Policy.Rules[0]
	if rule.Message != "return an error" || !slices.Equal(rule.In, []string{"example.com/m/..."}) || !slices.Equal(rule.Except, []string{"example.com/m/cmd/..."}) {
		t.Errorf("the rule of the module is %+v", rule)
	}
	if a := r.Policy.Analyzers["printf"]; !a.Enabled || a.Severity != "hint" {
		t.Errorf("printf is %+v", a)
	}
	wantPlugins := []Plugin{{Import: "corp.example/p/lint/nofoo", Version: "v1.4.0"}, {Import: "example.com/other", Version: "v1.0.0"}}
	if diff := cmp.Diff(wantPlugins, r.Plugins); diff != "" {
		t.Errorf("plugins (-want +got):\n%s", diff)
	}
	e, err := r.Explain("printf")
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Says[len(e.Says)-1].Position.String(); got != "corp.example/q/v2@v2.0.0/go/q.yaml:1:24" {
		t.Errorf("printf is explained by %s", got)
	}
	wantSums := []string{
		"corp.example/p v1.4.0 h1:corp.example/p", "corp.example/p v1.4.0/go.mod h1:mod",
		"corp.example/q/v2 v2.0.0 h1:corp.example/q/v2", "corp.example/q/v2 v2.0.0/go.mod h1:mod",
	}
	if diff := cmp.Diff(wantSums, s.Fetched); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
}

// In a workspace of several modules, ./... of a module's policy is all of them.
func TestModulePatternOfWorkspace(t *testing.T) {
	s, err := Load(write(t, map[string]string{
		FileName:   "extends: [{module: corp.example/p, version: v1.0.0}]",
		"go.work":  "go 1.26\n\nuse ./a\n",
		"a/go.mod": "module example.com/a\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	s, err = s.WithModules(published(t, map[string]string{
		"corp.example/p@v1.0.0/hearth.yaml": "rules: [{id: a, message: b, forbid-import: c, in: ./..., except: ./a/...}]",
	}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(Options{API: testAPI(t)})
	if err != nil {
		t.Fatal(err)
	}
	want := policy.Scope{In: []string{"..."}, Except: []string{"example.com/a/..."}}
	if diff := cmp.Diff(want, r.Policy.Rules[0].Scope); diff != "" {
		t.Errorf("scope (-want +got):\n%s", diff)
	}
}

func TestModuleProblems(t *testing.T) {
	const extends = "extends: [{module: corp.example/p, version: v1.0.0}]"
	const p = "corp.example/p@v1.0.0/hearth.yaml"
	const entry = "hearth.yaml:1:11: " // where all of them are shown
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no file", map[string]string{"corp.example/p@v1.0.0/a": ""},
			`the module corp.example/p@v1.0.0 has no file "hearth.yaml" (write file: and its path from the root of the module)`},
		{"no YAML", map[string]string{p: "a: 'b"}, p + ":1:1: not valid YAML: a quote or bracket that is never closed"},
		{"key", map[string]string{p: "ruels: []"}, p + `:1:1: "ruels" is no key of a policy file (did you mean "rules"?)`},
		{"outside", map[string]string{p: "extends: [../x.yaml]"},
			p + `:1:11: "../x.yaml" is no file of the module corp.example/p@v1.0.0 (copy it into the module, or extend the module that it is in)`},
		{"absolute", map[string]string{p: "extends: [/etc/x.yaml]"},
			p + `:1:11: "/etc/x.yaml" is no file of the module corp.example/p@v1.0.0 (copy it into the module, or extend the module that it is in)`},
		{"pattern", map[string]string{p: "rules: [{id: a, message: b, forbid-import: c, in: ../x}]"},
			p + `:1:51: pattern "../x" leaves the folder of the workspace (write the package path in full)`},
		{"plugin by path", map[string]string{p: "analyzers: {plugins: [{import: corp.example/p/a, path: ./a}]}"},
			p + `:1:56: a plugin of a policy module cannot have a path (write the import path alone; the plugin is then taken from this version of corp.example/p)`},
		{"plugin of elsewhere", map[string]string{p: "analyzers: {plugins: [{import: corp.example/pq}]}"},
			p + `:1:23: plugin "corp.example/pq" has no version (add version: v1.2.3, or path: with the folder of its module)`},
		{"cycle of files", map[string]string{p: "extends: [a.yaml]", "corp.example/p@v1.0.0/a.yaml": "extends: [hearth.yaml]"},
			"corp.example/p@v1.0.0/a.yaml:1:11: corp.example/p extends itself: " + p + " -> corp.example/p@v1.0.0/a.yaml -> " + p + " (remove one of them)"},
		{"cycle of modules", map[string]string{
			p:                                   "extends: [{module: corp.example/q, version: v1.0.0}]",
			"corp.example/q@v1.0.0/hearth.yaml": "extends: [{module: corp.example/p, version: v0.9.0}]"},
			"corp.example/q@v1.0.0/hearth.yaml:1:11: corp.example/p extends itself: " + p + " -> corp.example/q@v1.0.0/hearth.yaml -> corp.example/p@v0.9.0/hearth.yaml (remove one of them)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			local := load(t, extends)
			s, err := local.WithModules(published(t, test.files))
			if err == nil {
				err = s.Check(testAPI(t))
			}
			var got string
			if err != nil {
				problems, ok := errors.AsType[Problems](err)
				if !ok {
					t.Fatalf("not Problems but %T: %v", err, err)
				}
				got = problems.RelativeTo(local.Root).Error()
			}
			if diff := cmp.Diff(entry+test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Without a module, the rest of the policy applies; what builds on the module
// is a warning.
func TestModuleMissing(t *testing.T) {
	const content = `
extends: [{module: corp.example/p, version: v1.0.0}]
analyzers: {enable: [nofoo]}
rules:
  - {id: exit, except: [./cmd/...]}
  - {id: unsafe, message: safe is better, forbid-import: unsafe}
suppress:
  exceptions: [{analyzers: [exit], reason: a, owner: b, expires: never}]
`
	for _, trusted := range []bool{false, true} {
		s := load(t, content)
		if trusted { // and not in the module cache
			var err error
			if s, err = s.WithModules(published(t, nil)); err != nil {
				t.Fatal(err)
			}
		}
		r, err := s.Resolve(Options{API: testAPI(t), Trusted: trusted})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Policy.Rules) != 1 || r.Policy.Rules[0].ID != "unsafe" {
			t.Errorf("trusted %v: rules %+v", trusted, r.Policy.Rules)
		}
		if len(r.Warnings) != 3 || !strings.Contains(r.Warnings[1].String(), `hearth.yaml:5:6: rule "exit" is left out until the policy that it builds on is there (it may change a rule of corp.example/p@v1.0.0)`) {
			t.Errorf("trusted %v: warnings %v", trusted, r.Warnings)
		}
		if diff := cmp.Diff([]string{"corp.example/p@v1.0.0"}, s.Missing()); diff != "" {
			t.Errorf("trusted %v: missing (-want +got):\n%s", trusted, diff)
		}
	}
}

// In its own checkout, a policy module's plugin is the one beside the file.
func TestModuleOwnPlugin(t *testing.T) {
	s := load(t, "analyzers: {plugins: [{import: example.com/m/lint}]}")
	if err := s.Check(testAPI(t)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Plugin{{Import: "example.com/m/lint", Path: s.Root}}, s.Plugins()); diff != "" {
		t.Errorf("plugins (-want +got):\n%s", diff)
	}
}

// What is asked is the same before and after the module was fetched.
func TestModuleTrust(t *testing.T) {
	const content = "extends: [{module: corp.example/p, version: v1.0.0}]"
	s := load(t, content)
	fetched, err := s.WithModules(published(t, map[string]string{
		"corp.example/p@v1.0.0/hearth.yaml": "analyzers: {plugins: [{import: corp.example/p/lint}]}\ngopls: {env: {A: b}}\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if digest := s.TrustDigest(); digest == "" || fetched.TrustDigest() != digest {
		t.Errorf("digest %q, fetched %q", digest, fetched.TrustDigest())
	}
	if load(t, strings.Replace(content, "v1.0.0", "v1.0.1", 1)).TrustDigest() == s.TrustDigest() {
		t.Error("another version has the same digest")
	}
	fetches := "fetches the policy corp.example/p@v1.0.0 and runs what that version asks for"
	if diff := cmp.Diff([]string{fetches}, s.Danger()); diff != "" {
		t.Errorf("before (-want +got):\n%s", diff)
	}
	want := []string{fetches, "compiles and runs the plugin corp.example/p/lint@v1.0.0", "runs the go command with A=b"}
	if diff := cmp.Diff(want, fetched.Danger()); diff != "" {
		t.Errorf("after (-want +got):\n%s", diff)
	}
}

func TestModuleSums(t *testing.T) {
	dir := write(t, map[string]string{
		FileName: "extends: [{module: corp.example/p, version: v1.0.0}]",
		"hearth.sum": "corp.example/p v1.0.0 h1:other\n" +
			"corp.example/p v1.0.0/go.mod h1:mod\n",
	})
	fetch := published(t, map[string]string{"corp.example/p@v1.0.0/hearth.yaml": ""})
	s, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.WithModules(fetch)
	want := filepath.Join(dir, FileName) + `:1:11: the policy corp.example/p@v1.0.0 is not the one that hearth.sum records: ` +
		`downloaded "corp.example/p v1.0.0 h1:corp.example/p", recorded "corp.example/p v1.0.0 h1:other" ` +
		`(it was published anew, or hearth.sum was edited; ask its owners for a new version, and restore hearth.sum)`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if !slices.Contains(Files(dir), filepath.Join(dir, "hearth.sum")) {
		t.Error("hearth.sum is not watched")
	}

	if err := os.WriteFile(s.SumFile(), []byte("z.example/a v1.0.0 h1:x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err = Load(dir); err != nil {
		t.Fatal(err)
	}
	if s, err = s.WithModules(fetch); err != nil {
		t.Fatal(err)
	}
	all, added, err := s.AddSums(s.Fetched)
	if err != nil || len(added) != 2 || !slices.Equal(all, append(slices.Clone(added), "z.example/a v1.0.0 h1:x")) {
		t.Errorf("all %q, added %q, %v", all, added, err)
	}
	if _, _, err := s.AddSums([]string{"z.example/a v1.0.0 h1:y"}); err == nil {
		t.Error("another sum was added for the same module")
	}
}
