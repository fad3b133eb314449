package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/mod/modfile"
)

// A corpus is a repository as a module.
type corpus struct {
	name     string
	module   string // path@version; empty for the standard library
	packages string // pattern; empty means all
	env      []string
	mend     func(dir string) error // makes a workspace of the copy
}

// Modules say -mod=mod since some lack the sums of what their tests need.
var modMod = []string{"GOFLAGS=-mod=mod", "GOWORK=off"}

var corpora = []*corpus{
	{name: "hertz", module: "github.com/cloudwego/hertz@v0.10.4", env: modMod},
	{name: "tools", module: "golang.org/x/tools@v0.47.0", env: modMod},
	{name: "prometheus", module: "github.com/prometheus/prometheus@v0.316.0", env: modMod},
	{name: "std", packages: "std", env: []string{"GOFLAGS="}},
	{name: "kubernetes", module: "k8s.io/kubernetes@v1.34.2", packages: "./pkg/...", env: modMod, mend: unstage},
}

// prepare returns the folder of a copy that may be written to: the go command
// takes nothing in the module cache for the main module.
func (c *corpus) prepare(ctx context.Context, parent string) (string, error) {
	if c.module == "" {
		return filepath.Join(runtime.GOROOT(), "src"), nil
	}
	dir := filepath.Join(parent, c.name)
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		return dir, nil
	}
	out, err := exec.CommandContext(ctx, "go", "mod", "download", "-json", c.module).Output()
	var module struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(out, &module); jsonErr != nil || module.Error != "" {
		return "", errors.Join(err, jsonErr, errors.New(module.Error))
	}
	tmp := dir + ".tmp"
	if err := errors.Join(os.RemoveAll(tmp), os.CopyFS(tmp, os.DirFS(module.Dir))); err != nil {
		return "", err
	}
	if c.mend != nil {
		if err := c.mend(tmp); err != nil {
			return "", err
		}
	}
	download := exec.CommandContext(ctx, "go", "mod", "download")
	download.Dir, download.Env, download.Stderr = tmp, append(os.Environ(), c.env...), os.Stderr
	if err := download.Run(); err != nil {
		return "", fmt.Errorf("go mod download: %w", err)
	}
	return dir, os.Rename(tmp, dir)
}

// unstage has kubernetes use its staging modules as they were released: they
// are not part of the module k8s.io/kubernetes.
func unstage(dir string) error {
	path := filepath.Join(dir, "go.mod")
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	mod, err := modfile.Parse(path, data, nil)
	if err != nil {
		return err
	}
	for _, r := range mod.Replace {
		if !strings.HasPrefix(r.New.Path, "./staging/") {
			continue
		}
		if err := errors.Join(mod.DropReplace(r.Old.Path, r.Old.Version), mod.AddRequire(r.Old.Path, "v0.34.2")); err != nil {
			return err
		}
	}
	mod.Cleanup()
	if data, err = mod.Format(); err != nil {
		return err
	}
	return errors.Join(os.WriteFile(path, data, 0o644), os.RemoveAll(filepath.Join(dir, "vendor")), os.RemoveAll(filepath.Join(dir, "go.work")))
}
