package goplsconfig

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const dangerousPolicy = `
gopls:
  env: {GOFLAGS: -mod=mod}
  buildFlags: [-tags=a]
  gofumpt: true
analyzers:
  plugins:
    - {import: example.com/a, version: v1.0.0}
    - {import: example.com/m/lint, path: ./lint, var: Ctx}
cache: {remote: 'http://cache:31364/'}
`

func TestWithoutTrust(t *testing.T) {
	r := resolve(t, dangerousPolicy, false)
	want := []string{
		"compiles and runs the plugin example.com/a@v1.0.0",
		"compiles and runs the plugin example.com/m/lint from lint",
		"runs the go command with GOFLAGS=-mod=mod",
		`runs the go command with the build flags ["-tags=a"]`,
		"takes findings and compiled packages from the cache server http://cache:31364, and sends it those made here",
	}
	if diff := cmp.Diff(want, r.Ignored); diff != "" {
		t.Errorf("ignored (-want +got):\n%s", diff)
	}
	if r.Plugins != nil || r.Gopls["env"] != nil || r.Gopls["buildFlags"] != nil {
		t.Errorf("honoured without trust: %v %v %v", r.Plugins, r.Gopls["env"], r.Gopls["buildFlags"])
	}
	if e, err := r.Explain("cache.remote"); err != nil || e.Value != nil || r.Cache.Remote != "" {
		t.Errorf("cache.remote is %q and explained as %v, %v without trust", r.Cache.Remote, e.Value, err)
	}
	if r.Gopls["gofumpt"] != true {
		t.Error("a harmless setting was dropped")
	}
	if merged := r.MergeSettings(map[string]any{"buildFlags": []any{"-x"}}); merged["buildFlags"] == nil {
		t.Error("the user's own build flags were dropped")
	}
}

func TestWithTrust(t *testing.T) {
	r := resolve(t, dangerousPolicy, true)
	want := []Plugin{
		{Import: "example.com/a", Version: "v1.0.0"},
		{Import: "example.com/m/lint", Path: filepath.Join(r.Root, "lint"), Var: "Ctx"},
	}
	if diff := cmp.Diff(want, r.Plugins); diff != "" {
		t.Errorf("plugins (-want +got):\n%s", diff)
	}
	if r.Cache.Remote != "http://cache:31364" {
		t.Errorf("the cache server is %q", r.Cache.Remote)
	}
	if len(r.Ignored) > 0 {
		t.Errorf("ignored %q", r.Ignored)
	}
}

func TestTrustDigest(t *testing.T) {
	digest := load(t, dangerousPolicy).TrustDigest()
	if digest == "" {
		t.Fatal("no digest for a policy that runs something")
	}
	for _, test := range []struct {
		name, yaml string
		same       bool
	}{
		{"another checkout", dangerousPolicy, true},
		{"harmless edit", "# why\n" + dangerousPolicy + "vet: {tests: false}\n", true},
		{"another plugin", strings.Replace(dangerousPolicy, "plugins:", "plugins:\n    - {import: example.com/b, version: v1.0.0}", 1), false},
		{"another flag", strings.Replace(dangerousPolicy, "-tags=a", "-tags=b", 1), false},
		{"another cache server", strings.Replace(dangerousPolicy, "cache:31364", "elsewhere:31364", 1), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if same := load(t, test.yaml).TrustDigest() == digest; same != test.same {
				t.Errorf("same digest: %v, want %v", same, test.same)
			}
		})
	}
	if d := load(t, "gopls: {gofumpt: true, buildFlags: [], env: {}}").TrustDigest(); d != "" {
		t.Errorf("a harmless policy has digest %q", d)
	}
}

func TestTrustStore(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	store, err := OpenTrustStore()
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	if !store.Trusted(root, "") {
		t.Error("nothing to trust, but not trusted")
	}
	if store.Trusted(root, "d1") {
		t.Error("trusted before anybody said so")
	}
	if err := store.Trust(root, "d1"); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(root, link); err != nil {
		t.Fatal(err)
	}
	if !store.Trusted(link, "d1") || store.Trusted(root, "d2") {
		t.Error("trust is not for exactly what was recorded")
	}
	if info, err := os.Stat(store.Path()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the store: %v %v", info.Mode(), err)
	}
	if err := store.Revoke(root); err != nil {
		t.Fatal(err)
	}
	if store.Trusted(root, "d1") {
		t.Error("trusted after it was revoked")
	}
	if err := os.WriteFile(store.Path(), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Trust(root, "d1"); err == nil {
		t.Error("a damaged store was overwritten")
	}
}

func TestTrustStoreConcurrently(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	store, err := OpenTrustStore()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			if err := store.Trust(filepath.Join(dir, fmt.Sprint(i)), "d"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for i := range 20 {
		if !store.Trusted(filepath.Join(dir, fmt.Sprint(i)), "d") {
			t.Errorf("entry %d was lost", i)
		}
	}
}
