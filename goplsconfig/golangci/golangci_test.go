package golangci

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/importtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestImport runs testdata/*.txtar: the file to import comes first, then
// hearth.yaml and notes as they must come out.
func TestImport(t *testing.T) {
	importtest.Run(t, "testdata/*.txtar", *update, func(data []byte, name string) ([]byte, string, error) {
		im, err := Import(data, name, "")
		if err != nil {
			return nil, "", err
		}
		return im.YAML, im.Notes.Error(), nil
	}, checkPolicy)
}

// checkPolicy reports what is wrong with a hearth.yaml in a module of its own.
func checkPolicy(t *testing.T, yaml []byte) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range map[string][]byte{"go.mod": []byte("module example.com/m\n\ngo 1.26\n"), goplsconfig.FileName: yaml} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	source, err := goplsconfig.Load(dir)
	if err != nil {
		t.Fatalf("the outcome is no policy: %v\n%s", err, yaml)
	}
	api := &goplsconfig.API{}
	for name, group := range known() {
		api.Analyzers = append(api.Analyzers, goplsconfig.Analyzer{Name: name, Group: group})
	}
	for _, c := range counterparts { // as if the plugins were linked
		if slices.Equal(c.names, []string{c.linter}) {
			api.Analyzers = append(api.Analyzers, goplsconfig.Analyzer{Name: c.linter})
		}
	}
	if err := source.Check(api); err != nil {
		t.Errorf("the outcome is no policy: %v\n%s", err, yaml)
	}
}

// TestModules imports the configurations of the modules in the module cache,
// which are what people write: each must come out as a policy that is right.
func TestModules(t *testing.T) {
	out, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, depth := range []string{"*/*", "*/*/*", "*/*/*/*"} {
		for _, name := range FileNames {
			found, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), depth, name)) // the pattern is right
			files = append(files, found...)
		}
	}
	if len(files) == 0 {
		t.Skip("no module in the cache has a configuration of golangci-lint")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Import(data, file, filepath.Dir(file))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) { checkPolicy(t, got.YAML) })
	}
}

// TestReference imports the configuration of golangci-lint that has every key
// there is. No linter of it may get lost.
func TestReference(t *testing.T) {
	out, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(strings.TrimSpace(string(out)), "github.com/golangci/golangci-lint/v2@v2.15.0/.golangci.reference.yml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Skip("go mod download github.com/golangci/golangci-lint/v2@v2.15.0 brings what this test reads")
	}
	disable := regexp.MustCompile(`(?m)^  disable:\n(?:(?:    .*)?\n)*`) // or all is off
	got, err := Import(disable.ReplaceAll(data, nil), ".golangci.yml", "")
	if err != nil {
		t.Fatal(err)
	}
	checkPolicy(t, got.YAML)
	root, err := parse(data, ".golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	im := &importer{read: make(map[*yaml.Node]bool)}
	linters := value{im: im, node: root}.get("linters", "enable").texts()
	if len(linters) < 100 {
		t.Fatalf("only %d linters", len(linters))
	}
	notes := got.Notes.Error()
	for _, name := range linters {
		if carried := slices.ContainsFunc(counterparts, func(c counterpart) bool { return c.linter == name }); !carried &&
			name != "nolintlint" && !strings.Contains(notes, "linter "+name+" has no counterpart") {
			t.Errorf("linter %s is lost", name)
		}
	}
}

// TestNothingIsLost takes a configuration apart: each key must be carried over,
// which shows in the outcome, or noted, or be among those that hearth has no
// need of.
func TestNothingIsLost(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"unknown: 1\n", "f.yml:1:1: unknown has no counterpart"},
		{"version: \"2\"\nlinters:\n  colour: red\n", "f.yml:3:3: linters.colour has no counterpart"},
		{"version: \"2\"\nlinters:\n  settings:\n    govet:\n      settings:\n        printf:\n          funcs: [a.B]\n", "f.yml:5:7: linters.settings.govet.settings has no counterpart"},
		{"linters-settings:\n  funlen:\n    lines: 3\n", "f.yml:2:3: linters-settings.funlen has no counterpart"},
		{"run:\n  go: '1.23'\n", "f.yml:2:3: run.go is not needed; go.mod says which Go it is"},
	} {
		got, err := Import([]byte(tt.in), "f.yml", "")
		if err != nil || got.Notes.Error() != tt.want {
			t.Errorf("%q: got %v, %v, want %s", tt.in, got.Notes, err, tt.want)
		}
	}
}

// TestFolders imports for a workspace: what it does not have is not named.
func TestFolders(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"a.go", "gen/g.go", "x/mocks/m.go", "api/internal/i.go", "vendor/old/o.go"} {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte("package p\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Import([]byte(`version: "2"
linters:
  enable: [depguard]
  settings:
    depguard:
      rules:
        api: {files: ["**/api/**", "!**/api/internal/**", "!**/gen/**"], deny: [{pkg: a.b/c}]}
        gone: {files: ["gone/**"], deny: [{pkg: a.b/d}]}
  exclusions:
    paths: [gen/, mocks/, old/]
`), "f.yml", root)
	if err != nil {
		t.Fatal(err)
	}
	yaml := string(got.YAML)
	for _, want := range []string{"in: [./gen/...]", "in: [./.../mocks/...]", "in: [./api/...]", "except: [./api/internal/...]"} {
		if !strings.Contains(yaml, want) {
			t.Errorf("no %s in\n%s", want, yaml)
		}
	}
	const notes = `f.yml:8:9: the files of the rule "gone" of depguard are not there
f.yml:10:27: the path "old/" has no Go files, so there is nothing to exclude`
	if got.Notes.Error() != notes {
		t.Errorf("notes:\n%v", got.Notes)
	}
}

func TestImportErrors(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%[1]c [*%[2]c, *%[2]c, *%[2]c, *%[2]c, *%[2]c]\n", c, c-1)
	}
	for _, tt := range []struct{ file, in, want string }{
		{"f.yml", "- a\n", "f.yml:1:1: the configuration of golangci-lint must be a mapping"},
		{"f.yml", "a: [\n", `reading "f.yml": `},
		{"f.yml", bomb, "its aliases stand for too much"},
		{"f.json", "{\"a\": ", `reading "f.json": `},
		{"f.toml", "a = \n", `reading "f.toml": `},
	} {
		if _, err := Import([]byte(tt.in), tt.file, ""); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %s", tt.file, err, tt.want)
		}
	}
}

func TestGlobs(t *testing.T) {
	for expr, want := range map[string]string{
		`_test\.go`:                            "*_test.go*",
		`^(a|b)/$`:                             "a/ b/",
		`^fmt\.Print(|f|ln)$`:                  "fmt.Print fmt.Printf fmt.Println",
		`^fmt\.Print.*$`:                       "fmt.Print*",
		`.*\.(pb|gw)\.go$`:                     "*.pb.go *.gw.go",
		`(?i)fmt`:                              "",
		`[a-z]+`:                               "",
		`^.{3}$`:                               "",
		`(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)`: "",
	} {
		got, err := globs(expr)
		if want == "" {
			if err == nil {
				t.Errorf("%s: got %q", expr, got)
			}
		} else if sameWords := cmp.Diff(sortedWords(want), sortedWords(strings.Join(got, " "))); err != nil || sameWords != "" {
			t.Errorf("%s: %v, -want +got: %s", expr, err, sameWords)
		}
	}
}

func sortedWords(s string) []string { return slices.Sorted(strings.FieldsSeq(s)) }

func FuzzImport(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Name, archive.Files[0].Data)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		got, err := Import(data, name, "")
		if err != nil {
			return
		}
		var n yaml.Node
		if err := yaml.Unmarshal(got.YAML, &n); err != nil {
			t.Errorf("%v\n%s", err, got.YAML)
		}
	})
}
