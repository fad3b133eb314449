package editortest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gohearth/hearth/editor"
	"github.com/gohearth/hearth/editor/editortest"
)

// The whole way with a real server: install, open a file that has a mistake,
// see it. It needs a gopls on PATH and skips without one.
func TestDiagnosticOfGopls(t *testing.T) {
	gopls, err := exec.LookPath("gopls")
	if err != nil {
		t.Skip(err)
	}
	for _, tt := range []struct {
		editor editor.Editor
		open   func(testing.TB, editortest.Run) []editortest.Diagnostic
	}{
		{editor.Vim{}, editortest.ALE},
		{editor.Neovim{}, editortest.Neovim},
	} {
		t.Run(tt.editor.Name(), func(t *testing.T) {
			home := t.TempDir()
			env := editor.Env{
				GOOS: "linux", Home: home, Gopls: gopls,
				State:    filepath.Join(home, ".local", "state", "hearth"),
				Getenv:   func(string) string { return "" },
				LookPath: exec.LookPath,
			}
			if !tt.editor.Detect(env).Found {
				t.Skip(tt.editor.Detect(env).Reason)
			}
			if _, err := editor.Install(env, tt.editor); err != nil {
				t.Fatal(err)
			}
			work := t.TempDir()
			write(t, filepath.Join(work, "go.mod"), "module example.com/m\n\ngo 1.26\n")
			file := filepath.Join(work, "a.go")
			write(t, file, "package m\n\nimport \"fmt\"\n\nfunc F() { fmt.Printf(\"%d\\n\", \"x\") }\n")

			found := tt.open(t, editortest.Run{Home: home, File: file, Until: "Printf format %d"})
			if len(found) != 1 || found[0].Line != 5 || !strings.Contains(found[0].Message, "has arg \"x\" of wrong type string") {
				t.Errorf("found %+v, want the wrong argument of Printf in line 5", found)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
