package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gohearth/hearth/goplsconfig"
)

func TestManyRules(t *testing.T) {
	base, err := os.ReadFile(filepath.Join("..", "parity", "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 200} {
		text, err := manyRules(string(base), n)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(text, "{id: "); got != n {
			t.Errorf("%d rules, want %d", got, n)
		}
		file := filepath.Join(t.TempDir(), "hearth.yaml")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		source, err := goplsconfig.LoadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := source.Check(nil); err != nil {
			t.Errorf("%d rules: %v", n, err)
		}
	}
}

func TestInsert(t *testing.T) {
	const page = "a\n<!-- table x -->\nold\n<!-- end -->\nb <!-- end -->\n"
	got, err := insert([]byte(page), "x", "| new |\n")
	if err != nil || string(got) != strings.Replace(page, "old", "| new |", 1) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := insert([]byte(page), "y", ""); err == nil {
		t.Error("no error for a table that has no place")
	}
}
