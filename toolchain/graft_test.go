package toolchain

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	xmod "golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/toolchain/grafts"
)

// Each graft fits each gopls of the table, alone and after those before it.
func TestGraftsFit(t *testing.T) {
	g, err := DetectGo(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range releases {
		t.Run(r.gopls, func(t *testing.T) {
			// An older Go than it needs refuses gopls, but says where it put the zip.
			out, _ := output(t.Context(), g.Command(t.TempDir(), "mod", "download", "-json", goplsModule+"@"+r.gopls))
			var m struct{ Zip, Sum, Error string }
			if err := json.Unmarshal([]byte(out), &m); err != nil || m.Zip == "" {
				t.Skipf("there is no gopls %s in the module cache, and no network: %s", r.gopls, m.Error)
			}
			if m.Sum != r.sum {
				t.Fatalf("gopls %s has the hash %q, not %q", r.gopls, m.Sum, r.sum)
			}
			for _, list := range append(slices.Collect(slices.Chunk(grafts.All, 1)), grafts.All) {
				dir := filepath.Join(t.TempDir(), "gopls")
				if err := zip.Unzip(dir, xmod.Version{Path: goplsModule, Version: r.gopls}, m.Zip); err != nil {
					t.Fatal(err)
				}
				_, misfits, err := grafts.Apply(dir, list)
				if err != nil {
					t.Fatal(err)
				}
				for _, g := range misfits {
					t.Errorf("%s of %s: %s", g.Name, grafts.Names(list), g.Why)
				}
			}
		})
	}
}

// The grafts that are chosen are part of the key, with what is linked for them.
func TestGraftsInKey(t *testing.T) {
	key := func(list ...*grafts.Graft) string {
		t.Helper()
		spec, err := NewSpec(Go{Version: "go1.26.8", OS: "linux", Arch: "amd64"}, []goplsconfig.Plugin{}, list)
		if err != nil {
			t.Fatal(err)
		}
		return spec.Key()
	}
	linking := func(source, test string) *grafts.Graft {
		return &grafts.Graft{Name: "g", Source: fstest.MapFS{"g.go": {Data: []byte(source)}, "g_test.go": {Data: []byte(test)}}}
	}
	seen := make(map[string]string)
	for what, k := range map[string]string{
		"none": key(), "all": key(grafts.All...), "one": key(grafts.All[0]),
		"linked": key(linking("package g", "")), "changed": key(linking("package g // x", "")),
	} {
		if other, ok := seen[k]; ok {
			t.Errorf("%s: the key is that of %s", what, other)
		}
		seen[k] = what
	}
	if key(linking("package g", "")) != key(linking("package g", "package g")) {
		t.Error("a test of a linked package changes the key")
	}
}

// A graft that does not fit is left out with a warning, and told by the
// manifest; the toolchain is built, with the others and what they link.
func TestLeftOut(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a toolchain")
	}
	g, err := DetectGo(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := NewSpec(g, nil, []*grafts.Graft{
		{Name: "misfit", Edits: []grafts.Edit{{Package: "internal/cache", Decl: "NoSuchFunc", New: "a()"}}},
		{
			Name:  "greeter",
			Edits: []grafts.Edit{{Decl: "main", New: `hearthGreet()`}},
			Source: fstest.MapFS{
				"greeter.go": {Data: []byte("package greeter\n\nconst Text = `a graft is in`\n")},
				"files/greet.go.txt": {Data: []byte(`package main

import "github.com/gohearth/hearth/toolchain/grafts/greeter"

func hearthGreet() { println(greeter.Text) }
`)},
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	s := newStore(t)
	built, _, err := s.Ensure(t.Context(), spec, func(step string) { said = append(said, step) })
	if err != nil {
		if len(said) < 2 {
			t.Skipf("there is no gopls in the module cache, and no network: %v", err)
		}
		t.Fatal(err)
	}
	const why = "NoSuchFunc of internal/cache is declared 0 times, not once"
	if warning := "warning: graft misfit does not fit gopls " + spec.Gopls() + " and is left out: " + why; !slices.Contains(said, warning) {
		t.Errorf("it says %q, not %q", said, warning)
	}
	kept, ok := s.Lookup(spec.Key())
	if !ok || !slices.Equal(kept.Grafts, []string{"greeter"}) || !slices.Equal(kept.LeftOut, []grafts.LeftOut{{Name: "misfit", Why: why}}) {
		t.Errorf("the manifest is %+v, %v", kept, ok)
	}
	if out, err := exec.Command(built.GoplsPath(), "version").CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "a graft is in\n") {
		t.Errorf("gopls version: %v\n%s", err, out)
	}
}
