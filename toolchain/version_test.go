package toolchain

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/gohearth/hearth/internal/hint"
)

// What hearth itself requires must not be newer than what the oldest gopls
// pins: the linked sources are compiled with the versions of gopls.
func TestOwnRequirements(t *testing.T) {
	own := requirements(t, filepath.Join("..", "go.mod"))
	out, err := os.ReadFile(filepath.Join("..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := modfile.Parse("go.mod", out, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range releases {
		t.Run(r.gopls, func(t *testing.T) {
			if semver.Compare(own[xtoolsModule], r.xtools) > 0 {
				t.Errorf("go.mod requires %s %s, gopls %s compiles with %s", xtoolsModule, own[xtoolsModule], r.gopls, r.xtools)
			}
			g, err := DetectGo(t.Context(), ".")
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(g.ModCache, "cache", "download", filepath.FromSlash(goplsModule), "@v", r.gopls+".mod")
			if _, err := os.Stat(path); err != nil {
				t.Skipf("the module cache has no gopls %s", r.gopls)
			}
			pinned := requirements(t, path)
			if pinned[xtoolsModule] != r.xtools {
				t.Errorf("gopls %s pins %s %s, the table says %s", r.gopls, xtoolsModule, pinned[xtoolsModule], r.xtools)
			}
			const honnef = "honnef.co/go/tools"
			if semver.Compare(own[honnef], pinned[honnef]) > 0 {
				t.Errorf("go.mod requires %s %s, gopls %s compiles with %s", honnef, own[honnef], r.gopls, pinned[honnef])
			}
			if compareGo("go"+f.Go.Version, r.minGo) > 0 {
				t.Errorf("hearth needs go %s, gopls %s is for %s", f.Go.Version, r.gopls, r.minGo)
			}
		})
	}
}

func requirements(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := modfile.ParseLax(path, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	versions := make(map[string]string)
	for _, r := range f.Require {
		versions[r.Mod.Path] = r.Mod.Version
	}
	return versions
}

func TestReleases(t *testing.T) {
	for i, r := range releases {
		for what, v := range map[string]string{"gopls": r.gopls, "xtools": r.xtools, "minGo": goSemver(r.minGo)} {
			if !semver.IsValid(v) {
				t.Errorf("%s of gopls %s is %q", what, r.gopls, v)
			}
		}
		for what, sum := range map[string]string{"sum": r.sum, "modSum": r.modSum} {
			if !strings.HasPrefix(sum, "h1:") || len(sum) != len("h1:")+44 {
				t.Errorf("%s of gopls %s is %q", what, r.gopls, sum)
			}
		}
		if i > 0 && (semver.Compare(releases[i-1].gopls, r.gopls) <= 0 || compareGo(releases[i-1].minGo, r.minGo) <= 0) {
			t.Errorf("gopls %s is not older than the release above it, or does not build with an older Go", r.gopls)
		}
	}
}

func TestReleaseFor(t *testing.T) {
	for _, tt := range []struct{ goVersion, want string }{
		{"go1.26.0", "v0.23.0"},
		{"go1.26.8", "v0.23.0"},
		{"go1.26rc1", "v0.23.0"},
		{"go1.27.0", "v0.24.0"},
		{"go1.27rc2", "v0.24.0"},
		{"go1.27.4-custom", "v0.24.0"},
		{"go1.99", "v0.24.0"},
	} {
		r, err := releaseFor(tt.goVersion)
		if err != nil || r.gopls != tt.want {
			t.Errorf("releaseFor(%q) = gopls %s, %v; want %s", tt.goVersion, r.gopls, err, tt.want)
		}
	}
	_, err := releaseFor("go1.25.11")
	if err == nil || !strings.Contains(err.Error(), "go1.25.11 is too old") {
		t.Errorf("releaseFor of an old Go: %v", err)
	}
	if h := hint.Of(err); !strings.Contains(h, "GOTOOLCHAIN=go1.26.0+auto") {
		t.Errorf("the hint is %q", h)
	}
}

func TestCompareGo(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"go1.26.8", "go1.26.10", -1},
		{"go1.9", "go1.10", -1},
		{"go1.26", "go1.26.0", 0},
		{"go1.27rc1", "go1.27.0", 0},
		{"go1.27-abc", "go1.27.0", 0},
		{"go1.27.1", "go1.27rc1", 1},
		{"1.26.0", "go1.26.0", 0}, // as a go.mod writes it
		{"go2.0.0", "go1.99.9", 1},
		{"devel", "go1.0.0", -1}, // unknown is old
	} {
		if got := compareGo(tt.a, tt.b); got != tt.want {
			t.Errorf("compareGo(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestMergeAPI(t *testing.T) {
	api := `{"Options": {"User": [{"Name": "analyses", "Doc": "d"}, {"Name": "gofumpt"}]}, "Lenses": ["kept"], "Analyzers": [{"Name": "old"}]}`
	suite := `[{"Name": "b", "Doc": "b: b", "Default": true}, {"Name": "a", "Doc": "a: a", "Group": "vet"}]`
	merged, err := mergeAPI([]byte(api), []byte(suite))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Lenses    []string
		Analyzers []struct{ Name, Group string }
		Options   struct {
			User []struct {
				Name, Doc string
				EnumKeys  struct {
					Keys []struct{ Name, Default string }
				}
			}
		}
	}
	if err := json.Unmarshal(merged, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Analyzers) != 2 || got.Analyzers[0].Name != "a" || got.Analyzers[0].Group != "vet" || len(got.Lenses) != 1 {
		t.Errorf("merged: %s", merged)
	}
	keys := got.Options.User[0].EnumKeys.Keys
	if len(keys) != 2 || keys[1].Name != `"b"` || keys[1].Default != "true" || got.Options.User[0].Doc != "d" {
		t.Errorf("the setting analyses: %s", merged)
	}
}
