// Package toolchain builds a gopls and a vettool from one module graph, with
// the team's analyzers linked into both.
//
// What is built is a private copy of a pinned gopls module, with a
// registration file in its internal/settings, a second main package for the
// vettool below its module path, and the grafts: small changes of its source
// (see package grafts).
// Since both binaries come from one copy, they hold the same analyzers at the
// same versions: the editor and CI cannot disagree about what an analyzer says.
// (An overlay would have been simpler than a copy, but the go command refuses
// to overlay files of the module cache.)
//
// A [Store] keeps what was built, addressed by the toolchain key: a hash of
// all that the result depends on. Entries appear by one rename and are never
// changed afterwards, so a reader needs no lock and an interrupted build
// leaves nothing but a temporary folder, which the next prune removes. A Store
// is safe for concurrent use, also by several processes.
package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/gohearth/hearth"
	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/toolchain/grafts"
	"github.com/gohearth/hearth/toolchain/grafts/meminfo"
	"github.com/gohearth/hearth/toolchain/grafts/quiet"
	"github.com/gohearth/hearth/toolchain/nocompile"
)

// Toolchain is one gopls and one vettool that were built together.
type Toolchain struct {
	Key     string               `json:"key"`
	Gopls   string               `json:"gopls"`             // version of the gopls module
	Go      string               `json:"go"`                // version of the Go that built it
	Grafts  []string             `json:"grafts,omitempty"`  // names of those that are in
	LeftOut []grafts.LeftOut     `json:"leftOut,omitempty"` // those that do not fit this gopls
	Plugins []goplsconfig.Plugin `json:"plugins,omitempty"`
	Sums    []string             `json:"sums,omitempty"` // go.sum lines that the plugins added

	// OwnTypes says that the vettool needs no compiler; see [Toolchain.NocompilePath].
	OwnTypes bool `json:"ownTypes,omitempty"`

	dir string
}

// GoplsPath and VettoolPath return the unbound binaries: they run with every
// analyzer's own default. See [Store.Bind].
func (t *Toolchain) GoplsPath() string { return filepath.Join(t.dir, "gopls"+exeSuffix(runtime.GOOS)) }
func (t *Toolchain) VettoolPath() string {
	return filepath.Join(t.dir, "vettool"+exeSuffix(runtime.GOOS))
}

// NocompilePath returns the program for go vet -toolexec that leaves out
// compiling, "" where the vettool needs what the compiler writes.
func (t *Toolchain) NocompilePath() string {
	if !t.OwnTypes {
		return ""
	}
	return filepath.Join(t.dir, "nocompile"+exeSuffix(runtime.GOOS))
}

// Dir returns the folder of the toolchain within the store.
func (t *Toolchain) Dir() string { return t.dir }

// Spec says what to build. Its key is the toolchain key.
type Spec struct {
	Go      Go
	Plugins []goplsconfig.Plugin
	Grafts  []*grafts.Graft
	Sums    []string // go.sum lines that the plugins must match; not part of the key

	release release
	key     string
}

// NewSpec fills in the gopls that fits the Go in use and computes the key.
// An error says what the user has to install.
func NewSpec(g Go, plugins []goplsconfig.Plugin, list []*grafts.Graft) (*Spec, error) {
	r, err := releaseFor(g.Version)
	if err != nil {
		return nil, err
	}
	s := &Spec{Go: g, Plugins: plugins, Grafts: list, release: r}
	input := struct {
		Release, Go, OS, Arch string
		Sources, Build        string
		Grafts                string
		Plugins               []string
	}{Release: r.gopls + " " + r.sum, Go: g.Version, OS: g.OS, Arch: g.Arch, Build: buildDigest()}
	if input.Sources, err = sourcesDigest(list); err != nil {
		return nil, err
	}
	if input.Grafts, err = grafts.Digest(list); err != nil {
		return nil, err
	}
	for _, p := range plugins {
		digest, err := pluginDigest(p)
		if err != nil {
			return nil, err
		}
		input.Plugins = append(input.Plugins, digest)
	}
	data, err := json.Marshal(input)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	s.key = hex.EncodeToString(sum[:10])
	return s, nil
}

// Key returns the toolchain key, 20 hex digits.
func (s *Spec) Key() string { return s.key }

// Gopls returns the version of gopls that will be built.
func (s *Spec) Gopls() string { return s.release.gopls }

// linked are the sources of hearth that are compiled into gopls and the
// vettool, by their import path below the module, without those of grafts.
// hearth carries them inside its binary: an installed hearth has no checkout
// to build from.
var linked = map[string]fs.FS{
	"analyzers":          below(hearth.Analyzers, "analyzers"),
	"goplsconfig/policy": policy.Source,

	"toolchain/grafts/meminfo": meminfo.Source,
	"toolchain/grafts/quiet":   quiet.Source,
	"toolchain/nocompile":      nocompile.Source,
}

func below(fsys fs.FS, dir string) fs.FS {
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		panic(err) // the name is valid
	}
	return sub
}

// sourcesDigest hashes the linked sources. It stands for hearth's version in
// the key, so that a release which changes no analyzer rebuilds nothing, and a
// changed checkout always does.
func sourcesDigest(list []*grafts.Graft) (string, error) {
	h := sha256.New()
	err := walkLinked(list, func(path string, data []byte) error {
		fmt.Fprintf(h, "%q %x\n", path, sha256.Sum256(data))
		return nil
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

// walkLinked calls f for each linked source file, those of grafts among them,
// in a fixed order.
func walkLinked(list []*grafts.Graft, f func(path string, data []byte) error) error {
	all := maps.Clone(linked)
	for _, g := range list {
		if g.Source != nil {
			all["toolchain/grafts/"+g.Name] = g.Source
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(all)) {
		err := fs.WalkDir(all[dir], ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			data, err := fs.ReadFile(all[dir], path)
			if err != nil {
				return err
			}
			return f(dir+"/"+path, data)
		})
		if err != nil {
			return fmt.Errorf("reading the linked sources: %w", err)
		}
	}
	return nil
}

// Ensure returns the toolchain of spec, building it if the store lacks it.
// It reports whether it built. progress receives one line per step; it may be nil.
func (s *Store) Ensure(ctx context.Context, spec *Spec, progress func(step string)) (t *Toolchain, built bool, err error) {
	if t, ok := s.Lookup(spec.key); ok {
		return t, false, nil
	}
	unlock, err := s.lock(spec.key)
	if err != nil {
		return nil, false, err
	}
	defer unlock()
	if t, ok := s.Lookup(spec.key); ok { // another process built it meanwhile
		return t, false, nil
	}
	if progress == nil {
		progress = func(string) {}
	}
	b := &builder{Spec: spec, progress: progress}
	t, err = b.build(ctx, s)
	return t, err == nil, err
}
