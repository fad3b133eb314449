package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/goplsconfig"
)

// Explaining a setting shows what a recorded editor sends and what becomes of it.
func TestPrintEditors(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	root := t.TempDir()
	params := `{"clientInfo": {"name": "Kate"}, "initializationOptions": {"ui.diagnostic.staticcheck": true, "hoverKind": "Structured"}}`
	if err := profile.Record(root, json.RawMessage(params), nil); err != nil {
		t.Fatal(err)
	}
	source, err := goplsconfig.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	r, err := source.Resolve(goplsconfig.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	c := &command{stdout: &out}
	c.printEditors(root, &resolved{Resolved: r}, "gopls.staticcheck")
	c.printEditors(root, &resolved{Resolved: r}, "gopls.hoverKind")
	c.printEditors(root, &resolved{Resolved: r}, "analyzers.shadow")
	want := "  Kate sends true: gopls gets (the default of gopls)\n  Kate sends Structured: gopls gets Structured\n"
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s%s", got, want, strings.Repeat("-", 8))
	}
}
