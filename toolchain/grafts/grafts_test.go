package grafts

import (
	"regexp"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/gohearth/hearth/internal/hint"
)

// Each graft says what there is to say.
func TestDocumented(t *testing.T) {
	seen := map[string]bool{None: true}
	for _, g := range All {
		if seen[g.Name] || !regexp.MustCompile(`^[a-z]+$`).MatchString(g.Name) {
			t.Errorf("a graft is named %q", g.Name)
		}
		seen[g.Name] = true
		for what, text := range map[string]string{"doc": g.Doc, "why": g.Why, "cost": g.Cost, "figure": g.Figure} {
			if text == "" {
				t.Errorf("%s has no %s", g.Name, what)
			}
		}
		if len(g.Edits) == 0 {
			t.Errorf("%s changes nothing", g.Name)
		}
	}
}

func TestChoose(t *testing.T) {
	for names, want := range map[string][]string{
		"":                        Names(All),
		"none":                    nil,
		"mcpsocket":               {"mcpsocket"},
		"ruleseverity, mcpsocket": {"mcpsocket", "ruleseverity"},
	} {
		list, err := Choose(names)
		if err != nil || !slices.Equal(Names(list), want) {
			t.Errorf("Choose(%q) = %q, %v; want %q", names, Names(list), err, want)
		}
	}
	for _, names := range []string{"x", "mcpsocket,", "none,mcpsocket"} {
		if _, err := Choose(names); hint.Of(err) == "" {
			t.Errorf("Choose(%q): %v, hint %q", names, err, hint.Of(err))
		}
	}
}

// What a graft writes is part of the digest, what it explains is not.
func TestDigest(t *testing.T) {
	digest := func(change func(*Graft)) string {
		t.Helper()
		g := &Graft{Name: "n", Edits: []Edit{{Package: "p", Decl: "d", Old: "o", New: "n"}}, Source: fstest.MapFS{
			"p.go": {}, "files/a.go.txt": {Data: []byte("a")},
		}}
		change(g)
		d, err := Digest([]*Graft{g})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	base := digest(func(*Graft) {})
	for what, change := range map[string]func(*Graft){
		"name":    func(g *Graft) { g.Name = "x" },
		"package": func(g *Graft) { g.Edits[0].Package = "x" },
		"decl":    func(g *Graft) { g.Edits[0].Decl = "x" },
		"old":     func(g *Graft) { g.Edits[0].Old = "x" },
		"place":   func(g *Graft) { g.Edits[0].At = After },
		"new":     func(g *Graft) { g.Edits[0].New = "x" },
		"imports": func(g *Graft) { g.Edits[0].Imports = []string{"x"} },
		"file":    func(g *Graft) { g.Source = fstest.MapFS{"files/a.go.txt": {Data: []byte("b")}} },
	} {
		if digest(change) == base {
			t.Errorf("another %s makes the same toolchain", what)
		}
	}
	explain := func(g *Graft) { g.Doc, g.Why, g.Cost, g.Upstream, g.Figure = "x", "x", "x", "x", "x" }
	if digest(explain) != base {
		t.Error("another explanation makes another toolchain")
	}
}
