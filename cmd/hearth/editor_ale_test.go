package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/gohearth/hearth/editor"
	"github.com/gohearth/hearth/editor/editortest"
)

// The whole way of a person who uses Vim with ALE: install, open a file, see a
// finding of an analyzer that gopls does not have like this.
func TestVimShowsOurDiagnostic(t *testing.T) {
	editortest.Program(t, "vim")
	home := asUser(t)
	writeFiles(t, home, ".vimrc", "")
	dir, file := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	to, _, err := installSelf() // what runs is this test, which is hearth under that name
	if err != nil {
		t.Fatal(err)
	}
	env, err := editor.System(to.gopls)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := editor.Install(env, editor.Vim{}); err != nil {
		t.Fatal(err)
	}
	found := editortest.ALE(t, editortest.Life{Home: home, File: file, Until: shadowMessage}).Diagnostics
	if !slices.ContainsFunc(found, func(d editortest.Diagnostic) bool {
		return d.Line == 8 && strings.Contains(d.Message, shadowMessage)
	}) {
		t.Errorf("ALE shows %+v, want %q in line 8", found, shadowMessage)
	}
}
