package goplsconfig

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/internal/gocmd"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/hint"
)

func TestModuleRange(t *testing.T) {
	for _, test := range []struct {
		text    string
		in, out []string
	}{
		{"*", []string{"v0.0.1", "v9.0.0", "", "v2.0.0+incompatible", "v0.0.0-20200101000000-abcdefabcdef"}, nil},
		{"<v1.5.0", []string{"v1.4.9", "v1.5.0-rc.1", "v0.0.0-20200101000000-abcdefabcdef"}, []string{"v1.5.0", "v1.5.1", "v2.0.0+incompatible", ""}},
		{">=v1.2.0 <v2.0.0", []string{"v1.2.0", "v1.99.0"}, []string{"v1.1.9", "v2.0.0", ""}},
		{">= v1.2.0, != v1.3.0", []string{"v1.2.0", "v1.3.1"}, []string{"v1.3.0", "v1.0.0"}},
		{"v1.2.3", []string{"v1.2.3"}, []string{"v1.2.4", ""}},
		{"=v2.1.0", []string{"v2.1.0+incompatible"}, []string{"v2.1.1"}},
		{"<=v1", []string{"v1.0.0", "v0.9.0"}, []string{"v1.0.1"}},
		{">v1.0.0", []string{"v1.0.1"}, []string{"v1.0.0", "v1.0.0-rc.1"}},
	} {
		m, _, err := parseModule("example.com/m@" + test.text)
		if err != nil || m.path != "example.com/m" || m.text != test.text {
			t.Errorf("%s: %+v, %v", test.text, m, err)
			continue
		}
		for _, v := range test.in {
			if !m.has(v) {
				t.Errorf("%q is not in the range %s", v, test.text)
			}
		}
		for _, v := range test.out {
			if m.has(v) {
				t.Errorf("%q is in the range %s", v, test.text)
			}
		}
	}
}

func TestModuleRangeWrong(t *testing.T) {
	const forms = "write example.com/m@<v1.5.0, example.com/m@>=v1.2.0 <v2.0.0, or example.com/m@* for all versions"
	for _, test := range []struct{ entry, want, hint string }{
		{"example.com/m@", `"example.com/m@" has no version after the @`, "write example.com/m@* for all versions"},
		{"example.com/m@<1.5.0", `"example.com/m@<1.5.0" has the version "1.5.0", without its v`, "write v1.5.0"},
		{"example.com/m@latest", `"example.com/m@latest" has no range of versions after the @`, forms},
		{"example.com/m@~v1.2.0", `"example.com/m@~v1.2.0" has no range of versions after the @`, forms},
		{"example.com/m@>v1.0.0 <", `"example.com/m@>v1.0.0 <" has a comparison with nothing`, "write a version after it, as in example.com/m@<v1.5.0"},
		{"example.com/m/...@*", `"example.com/m/...@*" has versions of many modules`, "write one entry for each module, or package patterns without @"},
		{"./m@*", `"./m@*" names no module`, "write the path of its module line, as in example.com/m@<v1.5.0"},
		{"@v1.0.0", `"@v1.0.0" names no module`, "write the path of its module line, as in example.com/m@<v1.5.0"},
	} {
		_, h, err := parseModule(test.entry)
		if err == nil || err.Error() != test.want || h != test.hint {
			t.Errorf("%s: %v (%s)", test.entry, err, h)
		}
		if _, err := ForbidModules([]policy.Rule{{ID: "a", ForbidImport: []string{test.entry}}}, nil); err == nil || hint.Of(err) != test.hint {
			t.Errorf("%s: ForbidModules returned %v", test.entry, err)
		}
	}
}

func TestForbidModules(t *testing.T) {
	rules := []policy.Rule{
		{ID: "a", ForbidImport: []string{"example.com/m@<v1.5.0", "io/ioutil", "example.com/gone@*", "example.com/folder@*", "example.com/folder@<v9.0.0"}},
		{ID: "b", ForbidImport: []string{"example.com/m@>=v1.5.0"}},
		{ID: "c", ForbidCall: []string{"os.Exit"}},
	}
	got, err := ForbidModules(rules, []BuildModule{
		{"example.com/main", ""}, {"example.com/m/v2", "v2.0.0"}, {"example.com/m", "v1.4.0"}, {"example.com/folder", ""}, {"example.com/m/a", "v0.1.0"}, {"example.com/more", "v0.1.0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []policy.Rule{
		{ID: "a", ForbidImport: []string{"io/ioutil"}, ForbidModule: []policy.Module{
			{Path: "example.com/m", Version: "v1.4.0", Range: "<v1.5.0", Nested: []string{"example.com/m/a", "example.com/m/v2"}},
			{Path: "example.com/folder", Range: "*"},
		}},
		{ID: "b"},
		{ID: "c", ForbidCall: []string{"os.Exit"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if !NamesModules(rules) || NamesModules(got) || len(rules[0].ForbidModule) > 0 {
		t.Error("the rules themselves were changed, or still name modules afterwards")
	}
}

// The versions come from a file-system proxy, of which go list -m reads go.mod
// files alone.
func TestBuildModules(t *testing.T) {
	proxy := t.TempDir()
	write := func(dir string, files ...string) {
		t.Helper()
		for i := 0; i < len(files); i += 2 {
			name := filepath.Join(dir, filepath.FromSlash(files[i]))
			if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(files[i+1]), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	publish := func(path, version string) {
		write(proxy, path+"/@v/"+version+".mod", "module "+path+"\n", path+"/@v/"+version+".info", `{"Version":"`+version+`"}`)
	}
	publish("example.com/a", "v1.4.0")
	publish("example.com/a", "v1.5.0")
	publish("example.com/a/sub", "v0.1.0")
	publish("example.com/fork", "v1.7.0")
	env := []string{
		"GOPROXY=file://" + filepath.ToSlash(proxy), "GOSUMDB=off", "GOFLAGS=-modcacherw", "GOMODCACHE=" + t.TempDir(), "GOWORK=", "GOTOOLCHAIN=local",
	}
	const require = "module example.com/main\n\ngo 1.26\n\nrequire (\n\texample.com/a v1.4.0\n\texample.com/a/sub v0.1.0\n)\n"
	main := BuildModule{"example.com/main", ""}
	sub := BuildModule{"example.com/a/sub", "v0.1.0"}
	for _, test := range []struct {
		name  string
		files []string
		want  []BuildModule
	}{
		{"required", []string{"go.mod", require}, []BuildModule{main, {"example.com/a", "v1.4.0"}, sub}},
		{"another version", []string{"go.mod", require + "replace example.com/a => example.com/a v1.5.0\n"}, []BuildModule{main, {"example.com/a", "v1.5.0"}, sub}},
		{"fork", []string{"go.mod", require + "replace example.com/a => example.com/fork v1.7.0\n"}, []BuildModule{main, {"example.com/a", "v1.4.0"}, sub}},
		{"folder", []string{"go.mod", require + "replace example.com/a => ./a\n", "a/go.mod", "module example.com/a\n"}, []BuildModule{main, {"example.com/a", ""}, sub}},
		{"workspace", []string{
			"go.work", "go 1.26\n\nuse (\n\t.\n\t./other\n)\n", "go.mod", require,
			"other/go.mod", "module example.com/other\n\ngo 1.26\n\nrequire example.com/a v1.5.0\n",
		}, []BuildModule{main, {"example.com/other", ""}, {"example.com/a", "v1.5.0"}, sub}},
		{"vendor", []string{
			"go.mod", require + "replace example.com/a => ./a\n", "a/go.mod", "module example.com/a\n",
			"vendor/modules.txt", "# example.com/a v1.4.0 => ./a\n## explicit\nexample.com/a\n# example.com/a/sub v0.1.0\n## explicit\n# example.com/a => ./a\n",
		}, []BuildModule{main, {"example.com/a", ""}, sub}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			write(dir, test.files...)
			flags := []string{"-mod=mod"}
			if slices.Contains(test.files, "go.work") || slices.Contains(test.files, "vendor/modules.txt") {
				flags = nil // which refuse it, and would not look at the folder
			}
			got, err := BuildModules(t.Context(), gocmd.Go{Dir: dir, Env: env}, flags)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// Files has what decides the versions of modules, if a rule asks for them.
func TestFilesOfModules(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		".git/HEAD": "", "go.work": "go 1.26\n\nuse ./api\n", "api/go.mod": "module example.com/api\n",
		FileName: "version: 1\nrules:\n  - {id: a, message: m, forbid-import: [io/ioutil]}\n",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	policyFile := filepath.Join(dir, FileName)
	if got := Files(dir); !slices.Equal(got, []string{policyFile}) {
		t.Errorf("without modules: %q", got)
	}
	if err := os.WriteFile(policyFile, []byte("version: 1\nrules:\n  - {id: a, message: m, forbid-import: ['example.com/x@*']}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	got := Files(dir)
	for _, name := range []string{FileName, "go.mod", "go.sum", "go.work", "go.work.sum", "vendor/modules.txt", "api/go.mod", "api/go.sum"} {
		if !slices.Contains(got, filepath.Join(dir, filepath.FromSlash(name))) {
			t.Errorf("%s is not in %q", name, got)
		}
	}
}
