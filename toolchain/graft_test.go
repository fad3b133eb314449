package toolchain

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Each graft fits each gopls of the table.
func TestGraftsFit(t *testing.T) {
	g, err := DetectGo(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range releases {
		t.Run(r.gopls, func(t *testing.T) {
			src := filepath.Join(g.ModCache, filepath.FromSlash(goplsModule)+"@"+r.gopls)
			if _, err := os.Stat(src); err != nil {
				t.Skipf("the module cache has no gopls %s", r.gopls)
			}
			for _, graft := range grafts {
				text, err := os.ReadFile(filepath.Join(src, filepath.FromSlash(graft.File)))
				if err != nil {
					t.Errorf("%s: %v", graft.Name, err)
				} else if n := strings.Count(string(text), graft.Old); n != 1 {
					t.Errorf("%s: its place is in %s %d times", graft.Name, graft.File, n)
				}
			}
		})
	}
}

// A graft that does not fit is left out with a warning; the others are in.
func TestApplyGrafts(t *testing.T) {
	var said []string
	b := &builder{Spec: &Spec{release: releases[0]}, dir: t.TempDir(), progress: func(s string) { said = append(said, s) }}
	file := filepath.Join(b.src(), "a", "a.go")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("one two two three"), 0o644); err != nil {
		t.Fatal(err)
	}
	applied, err := b.applyGrafts([]graft{
		{Name: "first", File: "a/a.go", Old: "one", New: "1"},
		{Name: "absent", File: "a/a.go", Old: "four", New: "4"},
		{Name: "twice", File: "a/a.go", Old: "two", New: "2"},
		{Name: "nofile", File: "a/b.go", Old: "one", New: "1"},
		{Name: "last", File: "a/a.go", Old: "three", New: "3"},
	})
	if err != nil || !slices.Equal(applied, []string{"first", "last"}) {
		t.Errorf("applied %q, %v", applied, err)
	}
	if text, _ := os.ReadFile(file); string(text) != "1 two two 3" {
		t.Errorf("the file is %q", text)
	}
	if len(said) != 3 {
		t.Fatalf("the warnings are %q", said)
	}
	for i, name := range []string{"absent", "twice", "nofile"} {
		if !strings.HasPrefix(said[i], "warning: graft "+name+" ") || !strings.Contains(said[i], releases[0].gopls) {
			t.Errorf("the warning about %s is %q", name, said[i])
		}
	}
}

// What a graft writes is part of the toolchain key, what it explains is not.
func TestGraftsInKey(t *testing.T) {
	defer func(before []graft) { grafts = before }(grafts)
	digest := func(g graft) string {
		grafts = []graft{g}
		return buildDigest()
	}
	base := graft{Name: "n", Doc: "d", File: "f", Old: "o", New: "n"}
	for what, change := range map[string]func(*graft){
		"name": func(g *graft) { g.Name = "x" },
		"file": func(g *graft) { g.File = "x" },
		"old":  func(g *graft) { g.Old = "x" },
		"new":  func(g *graft) { g.New = "x" },
	} {
		other := base
		change(&other)
		if digest(other) == digest(base) {
			t.Errorf("another %s makes the same toolchain", what)
		}
	}
	other := base
	other.Doc = "x"
	if digest(other) != digest(base) {
		t.Error("another doc makes another toolchain")
	}
}
