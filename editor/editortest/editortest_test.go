package editortest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gohearth/hearth/editor"
	"github.com/gohearth/hearth/editor/editortest"
)

const (
	source   = "package m\n\nimport \"fmt\"\n\nfunc F() { fmt.Printf(\"%d\\n\", \"x\") }\n"
	inserted = "func G() { fmt.Printf(\"%t\\n\", \"y\") }"
)

// A life with a real server: install, open a file that has a mistake, see it,
// add another, see that too. It needs a gopls on PATH and skips without one.
func TestLifeWithGopls(t *testing.T) {
	gopls, err := exec.LookPath("gopls")
	if err != nil {
		t.Skip(err)
	}
	for _, tt := range []struct {
		name   string
		editor editor.Editor // nil if there is nothing to install
		live   func(testing.TB, editortest.Life) editortest.Lived
	}{
		{"ale", editor.Vim{}, editortest.ALE},
		{"neovim", editor.Neovim{}, editortest.Neovim},
		{"eglot", nil, editortest.Eglot},
		{"lsp-mode", nil, editortest.LSPMode},
	} {
		t.Run(tt.name, func(t *testing.T) {
			home := t.TempDir()
			env := editor.Env{
				GOOS: "linux", Home: home, Gopls: gopls,
				State:    filepath.Join(home, ".local", "state", "hearth"),
				Getenv:   func(string) string { return "" },
				LookPath: exec.LookPath,
			}
			if tt.editor != nil {
				if !tt.editor.Detect(env).Found {
					t.Skip(tt.editor.Detect(env).Reason)
				}
				if _, err := editor.Install(env, tt.editor); err != nil {
					t.Fatal(err)
				}
			}
			work := t.TempDir()
			write(t, filepath.Join(work, "go.mod"), "module example.com/m\n\ngo 1.26\n")
			file := filepath.Join(work, "a.go")
			write(t, file, source)

			lived := tt.live(t, editortest.Life{
				Home: home, File: file, Gopls: gopls,
				Until:     "Printf format %d",
				HoverLine: 5, HoverColumn: 6, HoverWant: "func F()",
				Insert:     inserted,
				UntilAfter: "Printf format %t",
			})
			if !has(lived.Diagnostics, 5, `has arg "x" of wrong type string`) || len(lived.Diagnostics) != 1 {
				t.Errorf("shown: %+v, want the wrong argument of Printf in line 5", lived.Diagnostics)
			}
			if !strings.Contains(lived.Hover, "func F()") {
				t.Errorf("hover: %q, want func F()", lived.Hover)
			}
			if !has(lived.After, 5, `has arg "x" of wrong type string`) || !has(lived.After, 6, `has arg "y" of wrong type string`) {
				t.Errorf("shown after the edit: %+v, want the wrong arguments of Printf in lines 5 and 6", lived.After)
			}
			if saved, err := os.ReadFile(file); err != nil || string(saved) != source+inserted+"\n" {
				t.Errorf("saved %q, %v", saved, err)
			}
		})
	}
}

func has(list []editortest.Diagnostic, line int, text string) bool {
	return slices.ContainsFunc(list, func(d editortest.Diagnostic) bool {
		return d.Line == line && strings.Contains(d.Message, text)
	})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
