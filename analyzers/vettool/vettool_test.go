package vettool

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gohearth/hearth/analyzers"
	"github.com/gohearth/hearth/analyzers/report"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// TestMain lets the test binary be a vettool, for a test to run under go vet.
func TestMain(m *testing.M) {
	if os.Getenv("VETTOOL_POLICY") != "" {
		p, err := policy.Read(os.Getenv("VETTOOL_POLICY"))
		if err != nil {
			panic(err)
		}
		Main(p, append(analyzers.Ours(p), editorEntry))
	}
	os.Exit(m.Run())
}

// editorEntry stands for the passes that only an editor can run.
var editorEntry = func() analyzers.Entry {
	a := *analyzers.Ours(&policy.Policy{})[0].Analyzer
	a.Name = "editoronly"
	return analyzers.Entry{Analyzer: &a, Group: analyzers.Gopls, Severity: policy.Error, EditorOnly: true}
}()

// tool returns a command that runs the vettool under p.
func tool(t *testing.T, p *policy.Policy, name string, args ...string) *exec.Cmd {
	t.Helper()
	path := filepath.Join(t.TempDir(), policy.FileName)
	if err := os.WriteFile(path, p.Marshal(), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "VETTOOL_POLICY="+path)
	return cmd
}

func executable(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

var quiet = &policy.Policy{Analyzers: map[string]policy.Analyzer{"unusedparams": {Severity: policy.Error}}}

func TestVersionCoversThePolicy(t *testing.T) {
	version := func(p *policy.Policy) string {
		out, err := tool(t, p, executable(t), "-V=full").Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	empty := version(&policy.Policy{})
	if !regexp.MustCompile(`^\S+ version devel comments-go-here buildID=[0-9a-f]{64}\n$`).MatchString(empty) {
		t.Errorf("-V=full printed %q, which the go command does not accept", empty)
	}
	if version(&policy.Policy{}) != empty {
		t.Error("the version of the same tool and policy differs")
	}
	if version(quiet) == empty {
		t.Error("another policy has the same version, go vet would replay old results")
	}
	rule := policy.Rule{ID: "r", ForbidCall: []string{"os.Exit"}}
	plain := version(&policy.Policy{Rules: []policy.Rule{rule}})
	rule.Severity = policy.Error
	if version(&policy.Policy{Rules: []policy.Rule{rule}}) != plain {
		t.Error("another severity has another version, go vet would analyse everything anew")
	}
}

func TestSuite(t *testing.T) {
	out, err := tool(t, quiet, executable(t), "-hearth-suite").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []description
	if err := json.Unmarshal(out, &list); err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(list, func(x, y description) int { return strings.Compare(x.Name, y.Name) }) {
		t.Error("not sorted by name")
	}
	off := make(map[string]bool)
	for _, e := range analyzers.Ours(quiet) {
		off[e.Analyzer.Name] = e.NonDefault
	}
	for _, d := range list {
		if d.Default == off[d.Name] || d.Doc == "" || d.EditorOnly != (d.Name == "editoronly") {
			t.Errorf("wrong: %+v", d)
		}
		if want := d.Name == "unusedparams" || d.Name == "editoronly"; (d.Severity == policy.Error) != want {
			t.Errorf("%s has severity %s", d.Name, d.Severity)
		}
	}
	// Ours, the one of the editor, and the pass that judges suppression comments.
	if want := len(analyzers.Ours(quiet)) + 2; len(list) != want {
		t.Errorf("got %d analyzers, want %d", len(list), want)
	}
}

// TestGoVet runs the tool as the go command does.
func TestGoVet(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/m\n\ngo 1.26\n")
	write("m.go", "package m\n\nimport \"os\"\n\nfunc f(n int) { println(); os.Exit(3) }\n\nfunc G() { f(1) }\n")

	rule := &policy.Policy{Rules: []policy.Rule{{ID: "no-exit", Message: "return", ForbidCall: []string{"os.Exit"}}}}
	for _, test := range []struct {
		name string
		p    *policy.Policy
		flag string
		want []string // what go vet has to print
	}{
		{"defaults", &policy.Policy{}, "", []string{"unused parameter: n"}},
		{"rule", rule, "", []string{"unused parameter: n", "return (no-exit)"}},
		{"off", quiet, "", nil},
		{"off, but asked for", quiet, "-unusedparams", []string{"unused parameter: n"}},
		{"one left out", rule, "-unusedparams=false", []string{"return (no-exit)"}},
		{"one alone", rule, "-rules", []string{"return (no-exit)"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := []string{"vet", "-vettool=" + executable(t)}
			if test.flag != "" {
				args = append(args, test.flag)
			}
			cmd := tool(t, test.p, "go", append(args, ".")...)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if (err != nil) != (len(test.want) > 0) {
				t.Errorf("go vet: %v", err)
			}
			for _, mention := range []string{"unused parameter: n", "return (no-exit)"} {
				if strings.Contains(string(out), mention) != slices.Contains(test.want, mention) {
					t.Errorf("%q: want mentions %q, got\n%s", mention, test.want, out)
				}
			}
		})
	}
}

// TestRulesSeen runs the tool as hearth vet does, which wants to know what the
// rules found to apply to, of what go vet keeps as well.
func TestRulesSeen(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":       "module example.com/m\n\ngo 1.26\n",
		"m.go":         "//lint:file-ignore rules everything is fine\npackage m\n\nimport \"net/http\"\n\nvar C http.Client\n",
		"m_test.go":    "package m\n\nfunc forTests() {}\n",
		"sub/s.go":     "package s\n\nimport _ \"example.com/m\"\n",
		"sub/other.go": "package s\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	p := &policy.Policy{Rules: []policy.Rule{
		{
			ID:         "calls",
			Scope:      policy.Scope{In: []string{"example.com/m", "example.com/renamed/..."}, Except: []string{".../sub", ".../gone"}},
			ForbidCall: []string{"(*net/http.Client).Do", "(net/http.Client).Do", "net/http.Ge*", "net/http.Xy*", "(*net/http.Client).X*", "database/sql.Open", "example.com/m.forTests"},
			Fix:        "net/http.Nothing",
		},
		{ID: "fields", ForbidField: []string{"net/http.Client.Timeout", "net/http.Client.Tim*", "net/http.Client.Time", "net/http.Get.Time"}},
	}}
	for range 2 { // the second time from the go command's cache
		cmd := tool(t, p, "go", "vet", "-json", "-vettool="+executable(t), "-"+report.ShowSuppressed, "./...")
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		seen := report.NewSeen(p.Rules)
		for _, m := range regexp.MustCompile(`"category": "`+report.RulesSeen+`",[^{}]*"message": "(.*)"`).FindAllStringSubmatch(string(out), -1) {
			if err := seen.Add(m[1]); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, r := range seen {
			got = append(got, fmt.Sprint(r.In, r.Except))
			for _, s := range r.Symbols {
				got = append(got, fmt.Sprint(s.Symbol, " ", s.Found, " ", s.Missing && !s.Found)) // a package is seen without its tests too
			}
		}
		want := []string{
			"[true false] [true false]",
			"(*net/http.Client).Do true false",
			"(net/http.Client).Do false true",
			"net/http.Ge* true false",
			"net/http.Xy* false true",
			"(*net/http.Client).X* false true",
			"database/sql.Open false false",
			"example.com/m.forTests true false",
			"net/http.Nothing false true",
			"[] []",
			"net/http.Client.Timeout true false",
			"net/http.Client.Tim* true false",
			"net/http.Client.Time false true",
			"net/http.Get.Time false true",
		}
		if diff := slices.Compare(got, want); diff != 0 {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
