// Package importtest compares what an importer of policies makes of files with
// golden ones. It knows the importer by a function alone, so that the tests inside
// of a package can use it.
package importtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// Run imports the first file of each archive that matches glob, and compares the
// archive with one of that file, the hearth.yaml that comes out, and the notes, if
// there are any. With update it writes the archive instead. check looks at each
// hearth.yaml.
func Run(t *testing.T, glob string, update bool, imports func(data []byte, name string) (yaml []byte, notes string, err error), check func(t *testing.T, yaml []byte)) {
	files, err := filepath.Glob(glob)
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := archive.Files[0]
			yaml, notes, err := imports(in.Data, in.Name)
			if err != nil {
				t.Fatal(err)
			}
			out := *archive
			out.Files = []txtar.File{in, {Name: "hearth.yaml", Data: yaml}}
			if notes != "" {
				out.Files = append(out.Files, txtar.File{Name: "notes", Data: []byte(notes + "\n")})
			}
			if update {
				if err := os.WriteFile(file, txtar.Format(&out), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(string(txtar.Format(archive)), string(txtar.Format(&out))); diff != "" {
				t.Errorf("import (-want +got):\n%s\nto update: go test . -run TestImport -update", diff)
			}
			check(t, yaml)
		})
	}
}
