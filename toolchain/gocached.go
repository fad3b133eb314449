package toolchain

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gohearth/hearth/internal/hint"
)

// gocachedModule holds the server of the shared cache. hearth's own go.mod
// requires the same version for the client's side of the protocol
// (TestGocachedVersion checks it), but does not link the server: it would bring
// a database of 10 MB into every editor's start.
var gocachedModule = module{
	path:    "github.com/bradfitz/go-tool-cache",
	version: "v0.0.0-20260722201841-0bb331e19f64", // no release has a tag
	minGo:   "go1.25.0",
	sum:     "h1:4FMo2ozvaa8GQNXf66C+jXzLh6gNudUtT84uuHGm09k=",
	modSum:  "h1:n1IcQ3NLdg7hL0XnSuQpkbHG0W+gYAgKoru/Y/WZaEY=",
}

// Gocached returns the path of the server of the shared cache, building it if
// the store lacks it. progress receives one line per step; it may be nil.
func (s *Store) Gocached(ctx context.Context, g Go, progress func(step string)) (path string, err error) {
	if progress == nil {
		progress = func(string) {}
	}
	m := gocachedModule
	name := "gocached" + exeSuffix(g.OS)
	final := filepath.Join(s.dir, "gocached", digestOf(m.version+m.sum+g.Version+g.OS+g.Arch))
	path = filepath.Join(final, name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	dir, err := s.tempDir("gocached")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	progress("fetching gocached " + m.version)
	src, err := m.download(ctx, g, filepath.Join(dir, "pin"))
	if err != nil {
		return "", hint.Add(fmt.Errorf("fetching gocached: %w", err), "check the network and GOPROXY")
	}
	progress("compiling gocached")
	// In the module's own folder, its go.sum pins whatever else is compiled.
	out := filepath.Join(dir, "out")
	cmd := g.Command(src, "build", "-mod=readonly", ldflags, "-o", filepath.Join(out, name), "./cmd/gocached")
	cmd.Env = append(cmd.Env, "GOTMPDIR="+dir)
	if _, err := output(ctx, cmd); err != nil {
		return "", fmt.Errorf("compiling gocached: %w", err)
	}
	return path, s.publish(out, final)
}
