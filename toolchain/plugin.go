package toolchain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/hint"
)

const xtoolsModule = "golang.org/x/tools"

// pluginDigest identifies what a plugin compiles to. A module version cannot
// change; a local folder can, so its files are hashed.
func pluginDigest(p goplsconfig.Plugin) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q\n", p.Import, p.Version, p.Var)
	if p.Path == "" {
		return hex.EncodeToString(h.Sum(nil)), nil
	}
	root, err := moduleRoot(p.Path)
	if err != nil {
		return "", pluginError(p, err)
	}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		fmt.Fprintf(h, "%q %x\n", filepath.ToSlash(rel), sha256.Sum256(data))
		return nil
	})
	if err != nil {
		return "", pluginError(p, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// addPlugin makes a plugin's module part of the build in src. It refuses one
// that would raise golang.org/x/tools: gopls uses that module's internal
// packages and compiles with exactly one version of it.
func (b *builder) addPlugin(ctx context.Context, p goplsconfig.Plugin) error {
	before, err := os.ReadFile(filepath.Join(b.src(), "go.mod"))
	if err != nil {
		return err
	}
	if p.Path != "" {
		err = b.addLocal(ctx, p)
	} else {
		_, err = b.goRun(ctx, b.src(), "get", p.Import+"@"+p.Version)
	}
	if err != nil {
		return pluginError(p, err)
	}
	got, err := b.goRun(ctx, b.src(), "list", "-m", "-f", "{{.Version}}", xtoolsModule)
	if err != nil {
		return pluginError(p, err)
	}
	if got = strings.TrimSpace(got); got != b.release.xtools && semver.Compare(got, b.release.xtools) > 0 {
		_ = os.WriteFile(filepath.Join(b.src(), "go.mod"), before, 0o644) // b.src is ours and about to be discarded
		return hint.Add(
			pluginError(p, fmt.Errorf("it needs %s %s, but gopls %s compiles with %s only", xtoolsModule, got, b.release.gopls, b.release.xtools)),
			"use an older version of the plugin, or a Go that builds a newer gopls (hearth toolchain list)")
	}
	return nil
}

// addLocal adds a plugin that lies in a folder, by a replace directive.
func (b *builder) addLocal(ctx context.Context, p goplsconfig.Plugin) error {
	root, err := moduleRoot(p.Path)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	module := modfile.ModulePath(data)
	if p.Import != module && !strings.HasPrefix(p.Import, module+"/") {
		return fmt.Errorf("the module at %q is %q, which has no package %q", root, module, p.Import)
	}
	const version = "v0.0.0" // any: a replaced module has none of its own
	if _, err := b.goRun(ctx, b.src(), "mod", "edit", "-replace="+module+"="+root); err != nil {
		return err
	}
	_, err = b.goRun(ctx, b.src(), "get", p.Import+"@"+version)
	return err
}

// moduleRoot returns the folder of the go.mod at or above dir.
func moduleRoot(dir string) (string, error) {
	for d := filepath.Clean(dir); ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return d, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("no go.mod at or above %q", dir)
		}
	}
}

func pluginError(p goplsconfig.Plugin, err error) error {
	if p.Version != "" {
		return fmt.Errorf("plugin %s@%s: %w", p.Import, p.Version, err)
	}
	return fmt.Errorf("plugin %s: %w", p.Import, err)
}
