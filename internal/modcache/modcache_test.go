package modcache

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/module"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/proxytest"
)

var version = module.Version{Path: "corp.example/Policy", Version: "v1.0.0"} // a capital is escaped

// What is read from the cache is what the go command says of it.
func TestLookup(t *testing.T) {
	proxy := proxytest.New(t)
	proxy.Publish(t, version.Path, version.Version, "go.mod", "module corp.example/Policy\n", "hearth.yaml", "version: 1\n")
	t.Setenv("GOPROXY", proxy.URL())
	t.Setenv("GONOSUMDB", "corp.example/*")
	c := Cache{Dir: proxytest.ModCache(t)}

	if _, err := c.Lookup(version); !errors.Is(err, goplsconfig.ErrNotFetched) {
		t.Fatalf("before it is there: %v", err)
	}
	fetched, err := c.Fetch(t.Context(), version)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOPROXY", "off")
	found, err := c.Lookup(version)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fetched, found); diff != "" {
		t.Errorf("fetched and found differ (-fetched +found):\n%s", diff)
	}
	if data, err := os.ReadFile(filepath.Join(found.Dir, "hearth.yaml")); err != nil || string(data) != "version: 1\n" {
		t.Errorf("read %q, %v", data, err)
	}

	partial := filepath.Join(c.Dir, "cache", "download", "corp.example", "!policy", "@v", "v1.0.0.partial")
	if err := os.WriteFile(partial, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Lookup(version); !errors.Is(err, goplsconfig.ErrNotFetched) {
		t.Errorf("while it is unpacked: %v", err)
	}
}

func TestFetchWithoutProxy(t *testing.T) {
	t.Setenv("GOPROXY", "off")
	c := Cache{Dir: proxytest.ModCache(t)}
	_, err := c.Fetch(t.Context(), version)
	const want = "module lookup disabled by GOPROXY=off"
	if err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}
