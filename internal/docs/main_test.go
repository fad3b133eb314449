package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gohearth/hearth/analyzers"
	"github.com/gohearth/hearth/analyzers/passdoc"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// TestURLs checks that what a diagnostic links to is there.
func TestURLs(t *testing.T) {
	page := string(analyzersPage())
	none := &policy.Policy{}
	for _, e := range analyzers.Suppressible(none, analyzers.Ours(none), nil) {
		name := e.Analyzer.Name
		if e.Analyzer.URL != passdoc.URL(name) {
			t.Errorf("%s: its URL is %q", name, e.Analyzer.URL)
		}
		if !strings.Contains(page, "\n## "+name+"\n") {
			t.Errorf("%s: the page has no such heading", name)
		}
	}
}

func TestPagesAreCurrent(t *testing.T) {
	stale, err := generate(filepath.Join("..", "..", "docs"), false)
	if err != nil {
		t.Fatal(err)
	}
	if len(stale) > 0 {
		t.Errorf("stale: %v\nto update: go run ./internal/docs -w", stale)
	}
}
