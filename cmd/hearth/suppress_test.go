package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/vet"
)

// suppressGo has findings of vet's, staticcheck's, ours and a rule, each once
// suppressed and once not, and two comments that are of no use.
const suppressGo = `package m

import (
	"fmt"
	"os"
)

func f(unused int) (x int) { return x + len(os.Args) } //nolint:unusedparams // ours
func g(unused int) (x int) { return x + len(os.Args) }

func F(a int) bool {
	fmt.Printf("%d", "a") //nolint:printf // vet's
	fmt.Printf("%d", "b") //nolint:printf
	//lint:ignore SA4000,no-getenv staticcheck's and a rule's
	if a == a && os.Getenv("A") == "" {
		return a == a
	}
	return f(1) == g(2) && os.Getenv("B") == "" //lint:ignore no-getenv,no-exit reason
}

func G() string {
	return os.Getenv("C") //nolint:printf // for nothing
}
`

// What comments suppress is the same in the editor and in CI, and follows the
// policy in a running editor.
func TestSuppression(t *testing.T) {
	asUser(t)
	dir := realDir(t)
	policy := "version: 1\nrules:\n  - {id: no-getenv, message: no, forbid-call: os.Getenv}\n  - {id: no-exit, message: no, forbid-call: os.Exit}\n"
	writeFiles(t, dir, "go.mod", goMod, "a.go", suppressGo, "hearth.yaml", policy)

	inVet := func() map[string]bool {
		t.Helper()
		stdout, stderr, _ := hearth(t, dir, "vet", "--format=json")
		var r vet.Report
		if err := json.Unmarshal([]byte(stdout), &r); err != nil {
			t.Fatalf("hearth vet: %v\n%s%s", err, stdout, stderr)
		}
		found := make(map[string]bool)
		for _, d := range r.Diagnostics {
			found[lineKey(d.Line, d.Analyzer, d.Message)] = true
		}
		return found
	}
	open := inVet()
	if len(open) != 5 {
		t.Errorf("hearth vet found %q", slices.Sorted(maps.Keys(open)))
	}
	s := edit(t, dir)
	uri := s.open(filepath.Join(dir, "a.go"))
	s.awaitAll(uri, open)

	writeFiles(t, dir, "hearth.yaml", policy+"suppress: {inline: false}\n")
	s.awaitAll(uri, inVet())
	writeFiles(t, dir, "hearth.yaml", policy)
	s.awaitAll(uri, open)
}

func lineKey(line int, analyzer, message string) string {
	return fmt.Sprintf("%d: %s (%s)", line, message, analyzer)
}

// awaitAll waits until the diagnostics of a file are those of want.
func (s *editorSession) awaitAll(uri lsp.URI, want map[string]bool) {
	s.t.Helper()
	var got map[string]bool
	_, err := s.WaitDiagnostics(s.ctx, uri, func(list []lsp.Diagnostic) bool {
		got = make(map[string]bool)
		for _, d := range list {
			got[lineKey(d.Range.Start.Line+1, d.Source, d.Message)] = true
		}
		return maps.Equal(got, want)
	})
	if err != nil {
		s.t.Fatalf("%v; the editor shows %q, want %q", err, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}
