package vettool

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gohearth/hearth/analyzers"
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
