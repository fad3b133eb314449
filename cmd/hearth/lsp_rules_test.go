package main

import (
	"cmp"
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/vet"
)

// A forbidden chain of imports shows where it begins, and goes and comes with an
// edit two packages away and with an edit of the layer.
func TestLayerChanges(t *testing.T) {
	asUser(t)
	dir := realDir(t)
	forbid := func(infra string) string {
		return "version: 1\nrules:\n  - id: pure\n    message: stay pure\n    layer:\n" +
			"      components: {domain: ./domain, infra: " + infra + "}\n" +
			"      must-not-depend-on: {domain: [infra]}\n"
	}
	const far = "package far\n\nimport _ \"net/http\"\n"
	writeFiles(t, dir, "go.mod", goMod,
		"domain/domain.go", "package domain\n\nimport _ \"example.com/m/middle\"\n",
		"middle/middle.go", "package middle\n\nimport _ \"example.com/m/far\"\n",
		"far/far.go", far,
		"hearth.yaml", forbid("net/http"))
	s := edit(t, dir)
	uri := s.open(filepath.Join(dir, "domain", "domain.go"))
	const chain = "stay pure: example.com/m/domain -> example.com/m/middle -> example.com/m/far"
	s.awaitDiagnostics(uri, "rules", chain+" -> net/http (pure)")

	farURI := s.open(filepath.Join(dir, "far", "far.go"))
	s.change(farURI, 2, "package far\n")
	s.awaitDiagnostics(uri, "rules")
	s.change(farURI, 3, far)
	s.awaitDiagnostics(uri, "rules", chain+" -> net/http (pure)")

	writeFiles(t, dir, "hearth.yaml", forbid("./far"))
	s.awaitDiagnostics(uri, "rules", chain+" (pure)")
	writeFiles(t, dir, "hearth.yaml", forbid("database/sql"))
	s.awaitDiagnostics(uri, "rules")
	writeFiles(t, dir, "hearth.yaml", forbid("net/http"))
	s.awaitDiagnostics(uri, "rules", chain+" -> net/http (pure)")
}

// Where a rule forbids versions of a module, another version in the build changes
// what the editor shows.
func TestModuleVersionChanges(t *testing.T) {
	asUser(t)
	dir := realDir(t)
	version := func(v string) {
		t.Helper()
		writeFiles(t, dir,
			"vendor/modules.txt", "# example.com/dep "+v+"\n## explicit\nexample.com/dep\n",
			"go.mod", goMod+"\nrequire example.com/dep "+v+"\n")
	}
	version("v1.4.0")
	writeFiles(t, dir,
		"vendor/example.com/dep/dep.go", "package dep\n",
		"m.go", "package m\n\nimport _ \"example.com/dep\"\n",
		"hearth.yaml", "version: 1\nrules:\n  - {id: old, message: update it, forbid-import: 'example.com/dep@<v1.5.0'}\n")
	s := edit(t, dir)
	uri := s.open(filepath.Join(dir, "m.go"))
	s.awaitDiagnostics(uri, "rules", "update it (old)")
	version("v1.5.0")
	s.awaitDiagnostics(uri, "rules")
	version("v1.4.1")
	s.awaitDiagnostics(uri, "rules", "update it (old)")
}

// The editor ranks the findings of a rule as hearth vet does.
func TestRuleSeverity(t *testing.T) {
	asUser(t)
	dir := realDir(t)
	functions := []string{"Getpid", "Getppid", "Getuid", "Geteuid", "Getgid"}
	rules := func(severities ...string) string {
		text := "version: 1\nanalyzers: {severity: {rules: information}}\nrules:\n"
		for i, severity := range severities {
			text += "  - {id: " + strings.ToLower(functions[i]) + ", message: m, forbid-call: os." + functions[i]
			if severity != "" {
				text += ", severity: " + severity
			}
			text += "}\n"
		}
		return text
	}
	code := "package m\n\nimport \"os\"\n\nfunc F() {\n"
	for _, f := range functions {
		code += "\tos." + f + "()\n"
	}
	writeFiles(t, dir, "go.mod", goMod, "m.go", code+"}\n")
	numbers := map[string]lsp.Severity{
		policy.Error: lsp.SeverityError, policy.Warning: lsp.SeverityWarning, policy.Information: lsp.SeverityInformation, policy.Hint: lsp.SeverityHint,
	}
	writeFiles(t, dir, "hearth.yaml", rules())
	s := edit(t, dir)
	uri := s.open(filepath.Join(dir, "m.go"))
	for _, severities := range [][]string{{"error", "warning", "information", "hint", ""}, {"hint", "", "error", "warning", "information"}} {
		writeFiles(t, dir, "hearth.yaml", rules(severities...))
		stdout, stderr, _ := hearth(t, dir, "vet", "--format=json")
		var r vet.Report
		if err := json.Unmarshal([]byte(stdout), &r); err != nil || len(r.Diagnostics) != len(functions) {
			t.Fatalf("hearth vet: %v\n%s%s", err, stdout, stderr)
		}
		want := make(map[int]lsp.Severity) // by line
		for i, d := range r.Diagnostics {
			if severity := cmp.Or(severities[i], policy.Information); d.Severity != severity {
				t.Errorf("hearth vet ranks %q as %s, not %s", d.Message, d.Severity, severity)
			}
			want[d.Line-1] = numbers[d.Severity]
		}
		var got map[int]lsp.Severity
		if _, err := s.WaitDiagnostics(s.ctx, uri, func(list []lsp.Diagnostic) bool {
			got = make(map[int]lsp.Severity)
			for _, d := range list {
				if d.Source == "rules" {
					got[d.Range.Start.Line] = d.Severity
				}
			}
			return maps.Equal(got, want)
		}); err != nil {
			t.Fatalf("%v; the editor shows %v, hearth vet %v", err, got, want)
		}
	}
}

// change replaces the text of an open file.
func (s *editorSession) change(uri lsp.URI, version int, text string) {
	s.t.Helper()
	if err := s.Notify("textDocument/didChange", lsp.DidChangeParams{
		TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: uri, Version: version},
		ContentChanges: []lsp.ContentChange{{Text: text}},
	}); err != nil {
		s.t.Fatal(err)
	}
}
