// Package proxytest serves modules of a test's own from a folder, as GOPROXY
// can name one. The go command that fetches them is the real one.
package proxytest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// Proxy is a folder of modules.
type Proxy struct{ dir string }

// New returns a proxy without modules.
func New(t testing.TB) Proxy { return Proxy{t.TempDir()} }

// URL returns what to set GOPROXY to.
func (p Proxy) URL() string { return "file://" + filepath.ToSlash(p.dir) }

// Publish adds a module of files, given as name, content, name, content, one of
// which is its go.mod. A version that is there already is replaced, which no
// real proxy does.
func (p Proxy) Publish(t testing.TB, path, version string, files ...string) {
	t.Helper()
	src := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		write(t, filepath.Join(src, filepath.FromSlash(files[i])), []byte(files[i+1]))
	}
	gomod, err := os.ReadFile(filepath.Join(src, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	escaped, err := module.EscapePath(path)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(p.dir, filepath.FromSlash(escaped), "@v", version)
	write(t, name+".mod", gomod)
	write(t, name+".info", fmt.Appendf(nil, `{"Version": %q}`, version))
	f, err := os.Create(name + ".zip")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := zip.CreateFromDir(f, module.Version{Path: path, Version: version}, src); err != nil {
		t.Fatal(err)
	}
}

// ModCache returns the folder of an empty module cache, which is removed at
// the end although the go command makes its content read-only.
func ModCache(t testing.TB) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				err = os.Chmod(path, 0o755)
			}
			return err
		})
	})
	return dir
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
