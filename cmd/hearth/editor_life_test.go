package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/editor"
	"github.com/gohearth/hearth/editor/editortest"
)

// A day of a person: open a file, see a finding of ours, ask what a name is,
// write another finding, see that too, quit; and the same again. The editors
// are real, and the second time is as good as the first.
func TestEditorLife(t *testing.T) {
	for _, tt := range []struct {
		name   string
		editor editor.Editor // nil for Emacs, where the person names the server
		live   func(testing.TB, editortest.Life) editortest.Lived
	}{
		{"ale", editor.Vim{}, editortest.ALE},
		{"neovim", editor.Neovim{}, editortest.Neovim},
		{"eglot", nil, editortest.Eglot},
		{"lsp-mode", nil, editortest.LSPMode},
	} {
		t.Run(tt.name, func(t *testing.T) {
			home := asUser(t)
			writeFiles(t, home, ".vimrc", "")
			dir, file := shadowWorkspace(t)
			mustHearth(t, dir, "build")
			to, _, err := installSelf() // what runs is this test, which is hearth under that name
			if err != nil {
				t.Fatal(err)
			}
			if tt.editor != nil {
				env, err := editor.System(to.gopls)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := editor.Install(env, tt.editor); err != nil {
					t.Fatal(err)
				}
				// As setup does in the end: the very first start attaches.
				mustHearth(t, dir, "warm")
			}
			log := filepath.Join(home, "hearth.log")
			life := editortest.Life{
				Home: home, File: file, Gopls: to.gopls, Env: []string{"HEARTH_LOG=" + log},
				Until:     shadowMessage,
				HoverLine: atF.Line + 1, HoverColumn: atF.Character + 1, HoverWant: "func F() error",
			}
			text := shadowGo
			shown := []finding{{8, shadowMessage}}
			for i, name := range []string{"G", "H"} {
				line := strings.Count(text, "\n") + 1
				life.Insert, life.UntilAfter = shadowLine(name, line)
				before := slices.Clone(shown)
				text += life.Insert + "\n"
				shown = append(shown, finding{line, life.UntilAfter})
				checkLived(t, fmt.Sprintf("start %d", i+1), tt.live(t, life), before, shown)
				checkSaved(t, file, text)
			}
			checkAttached(t, home, dir, tt.editor != nil)
		})
	}
}

// checkAttached checks that one gopls served both starts, and set-up before them
// where hearth knows the editor.
func checkAttached(t *testing.T, home, dir string, known bool) {
	t.Helper()
	want := 2
	if known {
		want = 3
	}
	status, err := (&daemon.Client{Place: place(home)}).Status(t.Context())
	if err != nil {
		t.Fatalf("%v; the log of the daemon:\n%s", err, readLog(place(home)))
	}
	if len(status.Sessions) != 1 || status.Sessions[0].Root != dir || status.Sessions[0].Attached != want {
		t.Errorf("the sessions are %+v, not one that was attached %d times; the log of the daemon:\n%s", status.Sessions, want, readLog(place(home)))
	}
}

// shadowLine is a function with the mistake of shadowGo, all of it on one line,
// and what is said about it there.
func shadowLine(name string, line int) (text, message string) {
	return "func " + name + `() error { var err error; if true { _, err := os.Open("y"); _ = err }; return err }`,
		fmt.Sprintf("this err is a new variable: the one declared at line %d is read at line %[1]d without", line)
}

type finding struct {
	line    int
	message string
}

// checkLived checks that an editor showed these findings before and after the
// edit, and what lies at F.
func checkLived(t *testing.T, start string, lived editortest.Lived, before, after []finding) {
	t.Helper()
	check := func(when string, got []editortest.Diagnostic, want []finding) {
		t.Helper()
		for _, f := range want {
			if !slices.ContainsFunc(got, func(d editortest.Diagnostic) bool {
				return d.Line == f.line && strings.Contains(d.Message, f.message)
			}) {
				t.Errorf("%s, %s the edit: shown is %+v, not %q in line %d", start, when, got, f.message, f.line)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s, %s the edit: shown is %+v, want %d findings", start, when, got, len(want))
		}
	}
	check("before", lived.Diagnostics, before)
	check("after", lived.After, after)
	if !strings.Contains(lived.Hover, "func F() error") {
		t.Errorf("%s: hover shows %q, want func F() error", start, lived.Hover)
	}
}

func checkSaved(t *testing.T, file, want string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("saved is\n%s\nwant\n%s", got, want)
	}
}
