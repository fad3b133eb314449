package toolchain

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"testing/fstest"

	xmod "golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/toolchain/grafts"
)

// Each graft fits each gopls of the table, and the last one finds what those
// before it left.
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
			dir := filepath.Join(t.TempDir(), "gopls")
			if err := zip.Unzip(dir, xmod.Version{Path: goplsModule, Version: r.gopls}, m.Zip); err != nil {
				t.Fatal(err)
			}
			_, misfits, err := grafts.Apply(dir, grafts.All)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range misfits {
				t.Errorf("%s: %s", g.Name, g.Why)
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
