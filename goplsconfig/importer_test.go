package goplsconfig

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/gohearth/hearth/internal/importtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestImport runs testdata/import/*.txtar: the file to import comes first,
// then hearth.yaml and notes as they must come out.
func TestImport(t *testing.T) {
	importtest.Run(t, "testdata/import/*.txtar", *update, func(data []byte, name string) ([]byte, string, error) {
		im, err := Import(data, name)
		if err != nil {
			return nil, "", err
		}
		return im.YAML, im.Notes.Error(), nil
	}, func(t *testing.T, yaml []byte) {
		if err := load(t, string(yaml)).Check(nil); err != nil {
			t.Errorf("the outcome is no policy: %v", err)
		}
	})
}

func TestImportGoWork(t *testing.T) {
	for in, want := range map[string]bool{
		`{"analyses": {"shadow": true, "unusedparams": true}, "staticcheck": true, "build.experimentalWorkspaceModule": true}`: true,
		`{"experimentalWorkspaceModule": false}`: false,
		`{}`:                                     false,
	} {
		got, err := Import([]byte(in), "gopls.json")
		if err != nil {
			t.Fatal(err)
		}
		if got.GoWork != want {
			t.Errorf("%s: GoWork is %v", in, got.GoWork)
		}
	}
}

func TestImportErrors(t *testing.T) {
	for in, want := range map[string]string{
		`[]`:    `f.json:1:1: the settings must be a JSON object`,
		`{"a":`: `reading "f.json": not valid JSON: line 1, column 6: parsing value: unexpected EOF`,
	} {
		_, err := Import([]byte(in), "f.json")
		if err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", in, err, want)
		}
	}
}

func FuzzImport(f *testing.F) {
	files, err := filepath.Glob("testdata/import/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Import(data, "f.json")
		if err != nil {
			return
		}
		if _, err := parseYAML(FileName, got.YAML); err != nil {
			t.Errorf("%v\n%s", err, got.YAML)
		}
	})
}

func TestGoWork(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod":                 "module example.com/m\n\ngo 1.22\n",
		"api/go.mod":             "module example.com/m/api\n\ngo 1.23.4\n",
		"vendor/x/go.mod":        "module example.com/x\n",
		"a/testdata/go.mod":      "module example.com/t\n",
		"node_modules/go/go.mod": "module example.com/n\n",
		".cache/go.mod":          "module example.com/c\n",
		"_old/go.mod":            "module example.com/o\n",
	})
	content, modules, err := GoWork(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{".", "./api"}, modules); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
	const want = "go 1.23.4\n\nuse (\n\t.\n\t./api\n)\n"
	if diff := cmp.Diff(want, string(content)); diff != "" {
		t.Errorf("go.work (-want +got):\n%s", diff)
	}

	content, modules, err = GoWork(filepath.Join(dir, "api"))
	if err != nil || content != nil || len(modules) != 1 {
		t.Errorf("one module: %q %q %v", content, modules, err)
	}

	twice := write(t, map[string]string{"a/go.mod": "module m\n", "b/go.mod": "module m\n"})
	if _, _, err := GoWork(twice); err == nil || !strings.Contains(err.Error(), "the module m is in ./a and in ./b") {
		t.Errorf("the same module twice: %v", err)
	}
}
