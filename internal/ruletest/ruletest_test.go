package ruletest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/goplsconfig"
)

// run runs the examples of a policy's rules in a workspace and returns the
// failures as lines.
func run(t *testing.T, policy string) (failures string, results []Result) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod":                "module example.com/m\n\ngo 1.26\n",
		"exit/exit.go":          "package exit\n\nfunc Now(code int) {}\n\nfunc Wrong(s string) {}\n",
		"domain/domain.go":      "package domain\n",
		goplsconfig.FileName:    policy,
		"infra/infra.go":        "package infra\n\nfunc Store() error { return nil }\n",
		"infra/deep/go-deep.go": "package deep\n\nfunc F() {}\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("GOWORK", "off")
	s, err := goplsconfig.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Resolve(goplsconfig.Options{})
	if err != nil {
		t.Fatal(err)
	}
	results, err = Run(t.Context(), r.WrittenRules(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, result := range results {
		for _, f := range result.Failures {
			lines = append(lines, fmt.Sprintf("%d:%d: %s", f.Line, f.Column, f.Message))
		}
	}
	return strings.Join(lines, "\n"), results
}

// TestKinds runs the examples of every kind, which is what hearth rules new and
// the documentation show.
func TestKinds(t *testing.T) {
	for _, k := range goplsconfig.RuleKinds {
		t.Run(k.Name, func(t *testing.T) {
			failures, results := run(t, "rules:\n"+k.Skeleton("a"))
			if failures != "" {
				t.Errorf("failures:\n%s", failures)
			}
			if len(results) != 1 || results[0].Examples < 2 {
				t.Errorf("results: %+v", results)
			}
		})
	}
}

func TestExamples(t *testing.T) {
	const exit = "rules:\n  - id: a\n    message: no\n    forbid-call: [os.Exit, log.Fatal*]\n"
	for _, test := range []struct{ name, policy, want string }{
		{"statements", exit + "    bad: [os.Exit(1), defer os.Exit(1), 'f := os.Exit; f(1)']\n    ok: ['return nil, err', 'if err != nil { return err }; return nil', 'ctx.Done()', '1 + 2', '<-ctx.Done()']", ""},
		{"declarations", exit + "    bad:\n      - |\n        func f() {\n          os.Exit(1)\n        }\n      - var f = os.Exit\n    ok: 'type T struct{}'", ""},
		{"file", exit + "    bad:\n      - |\n        package main\n\n        import \"os\"\n\n        func main() { os.Exit(1) }\n      - |\n        // Package p has a comment.\n        package p\n        func f() { os.Exit(1) }\n", ""},
		{"import of the workspace", exit + "    ok: ['infra.Store()', 'exit.Now(1)', 'deep.F()']", ""},
		{"not reported", exit + "    bad: fmt.Println(1)", `5:10: bad example is not reported`},
		{"reported", exit + "    ok: os.Exit(1)", `5:9: ok example is reported: no (a)`},
		{"reported on a line", exit + "    ok: |\n      fmt.Println()\n      os.Exit(1)", `7:1: ok example is reported: no (a)`},
		{"no Go", exit + "    bad: 'os.Exit('", `5:10: bad example is no Go: expected operand, found '}'`},
		{"no Go, declarations", exit + "    bad: |\n      func f() {\n        x y\n      }", `7:1: bad example is no Go: expected ';', found y`},
		{"does not compile", exit + "    bad: os.Exit(\"a\")", `5:10: bad example does not compile: cannot use "a" (untyped string constant) as int value in argument to os.Exit`},
		{"unknown", exit + "    ok: nowhere.F()", `5:9: ok example does not compile: undefined: nowhere`},
		{"unknown on a line", exit + "    ok: |\n      fmt.Println()\n      nowhere()", `7:1: ok example does not compile: undefined: nowhere`},
		{"unused variable", exit + "    ok: x := 1", ""},
		{"import that is not there", "rules: [{id: a, message: no, forbid-import: [example.org/old/...], bad: import \"example.org/old/v2\", ok: import \"os\"}]", ""},
		{"scope is ignored", "rules: [{id: a, message: no, forbid-call: os.Exit, in: ./domain, tests: only, go: '>=1.99', bad: os.Exit(1)}]", ""},
		{"scope counts", "rules: [{id: a, message: no, forbid-call: os.Exit, in: ./domain, bad: {in: ./domain, code: os.Exit(1)}, ok: {in: ./infra, code: os.Exit(1)}}]", ""},
		{"scope counts, tests", "rules: [{id: a, message: no, forbid-call: os.Exit, tests: only, bad: {in: ./domain, code: os.Exit(1)}}]", ""},
		{"fix", "rules: [{id: a, message: no, forbid-call: os.Exit, fix: example.com/m/exit.Now, bad: os.Exit(1)}]", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			failures, _ := run(t, test.policy)
			if diff := cmp.Diff(test.want, failures); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
}
