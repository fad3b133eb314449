// Package modcache finds modules in the go command's module cache, and has the
// go command put them there.
//
// [Cache.Lookup] reads the cache by its documented layout (go.dev/ref/mod,
// "Module cache") instead of running "go mod download", which takes tens of
// milliseconds that an editor would wait for at each start. An index of hearth's
// own would be as fast, and could be wrong about a cache that was cleaned.
//
// A Cache is safe for concurrent use, also by several processes.
package modcache

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/gocmd"
)

// Cache is a module cache.
type Cache struct {
	Dir string // GOMODCACHE
}

// Lookup returns a module that is in the cache, and
// [goplsconfig.ErrNotFetched] for one that is not. It runs nothing.
func (c Cache) Lookup(v module.Version) (goplsconfig.Module, error) {
	path, err := module.EscapePath(v.Path)
	if err != nil {
		return goplsconfig.Module{}, err
	}
	version, err := module.EscapeVersion(v.Version)
	if err != nil {
		return goplsconfig.Module{}, err
	}
	m := goplsconfig.Module{Dir: filepath.Join(c.Dir, filepath.FromSlash(path)+"@"+version)}
	// The file .partial is there while the go command unpacks a module.
	download := filepath.Join(c.Dir, "cache", "download", filepath.FromSlash(path), "@v", version)
	sum, err := os.ReadFile(download + ".ziphash")
	if err != nil || !exists(m.Dir) || exists(download+".partial") {
		return goplsconfig.Module{}, goplsconfig.ErrNotFetched
	}
	m.Sum = strings.TrimSpace(string(sum))
	m.ModSum, err = dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return os.Open(download + ".mod") })
	if err != nil {
		return goplsconfig.Module{}, goplsconfig.ErrNotFetched
	}
	return m, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Fetch returns a module, which the go command downloads if the cache lacks it.
// The go command obeys the user's GOPROXY, GOPRIVATE, GOSUMDB and the like, and
// runs outside of any module, where no go.mod and no go.work of the repository
// has a say.
func (c Cache) Fetch(ctx context.Context, v module.Version) (goplsconfig.Module, error) {
	if m, err := c.Lookup(v); err == nil {
		return m, nil
	}
	dir, err := os.MkdirTemp("", "hearth-module-*")
	if err != nil {
		return goplsconfig.Module{}, err
	}
	defer os.RemoveAll(dir)
	// A go.mod of our own keeps one that lies in the folder of temporary files
	// from being found.
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module none\n"), 0o644); err != nil {
		return goplsconfig.Module{}, err
	}
	var out bytes.Buffer
	g := gocmd.Go{Dir: dir, Env: []string{"GOMODCACHE=" + c.Dir, "GOWORK=off", "GOFLAGS=-mod=mod", "GO111MODULE="}}
	stderr, err := g.Run(ctx, gocmd.Command{Args: []string{"mod", "download", "-json", v.String()}, Stdout: &out})
	var got struct{ Dir, Sum, GoModSum, Error string }
	if jsonErr := json.Unmarshal(out.Bytes(), &got); jsonErr == nil && got.Error != "" {
		return goplsconfig.Module{}, errors.New(strings.TrimPrefix(oneLine(got.Error), v.String()+": ")) // the caller names it
	} else if err == nil {
		err = jsonErr
	}
	if err != nil {
		if ctx.Err() != nil {
			return goplsconfig.Module{}, ctx.Err()
		}
		if text := oneLine(string(stderr)); text != "" {
			err = errors.New(text)
		}
		return goplsconfig.Module{}, fmt.Errorf("go mod download: %w", err)
	}
	return goplsconfig.Module{Dir: got.Dir, Sum: got.Sum, ModSum: got.GoModSum}, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
