package passdoc

import "testing"

func TestMust(t *testing.T) {
	const src = `// Package p has two.
//
// # Analyzer one
//
// one: find ones
//
// More of it.
//
// # Analyzer two
//
// two: find twos
package p
`
	for name, want := range map[string]string{
		"one": "find ones\n\nMore of it.",
		"two": "find twos",
	} {
		if got := Must(src, name); got != want {
			t.Errorf("Must(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestMustPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a package without the section was accepted")
		}
	}()
	Must("// Package p has none.\npackage p\n", "one")
}
