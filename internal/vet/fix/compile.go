package fix

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/gocmd"
)

// Build is one way in which the go command builds the workspace.
type Build struct {
	Dir        string // where it runs
	Flags, Env []string
}

// compiler compiles packages of the workspace as they would be with files
// changed, tests included, without linking them.
type compiler struct {
	root   string
	builds []Build
	dir    string          // for the changed files
	broken map[string]bool // folders that fail by themselves
}

// failures holds by folder, relative to the root with slashes, what the
// compiler said of it.
type failures map[string]string

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath, Dir                    string
	Imports, TestImports, XTestImports []string
	Error                              *struct{ Err string }
}

// affected returns the folders that hold a package which is in one of dirs, or
// which imports one of those, however indirectly; tests count.
func (c *compiler) affected(ctx context.Context, dirs map[string]bool) (map[string]bool, error) {
	all := make(map[string]bool)
	for _, b := range c.builds {
		// work: the modules of the go.work, or the one module.
		list, err := c.list(ctx, b, []string{"-json=ImportPath,Dir,Imports,TestImports,XTestImports"}, []string{"work"})
		if err != nil {
			return nil, err
		}
		importers := make(map[string][]pkg)
		var next []string
		for _, p := range list {
			for _, i := range p.Imports {
				importers[i] = append(importers[i], p)
			}
			if dir := c.relative(p.Dir); dirs[dir] {
				all[dir] = true
				next = append(next, p.ImportPath)
			}
		}
		changed := make(map[string]bool)
		for len(next) > 0 {
			path := next[len(next)-1]
			next = next[:len(next)-1]
			if !changed[path] {
				changed[path] = true
				for _, p := range importers[path] {
					all[c.relative(p.Dir)] = true
					next = append(next, p.ImportPath)
				}
			}
		}
		for _, p := range list {
			if slices.ContainsFunc(slices.Concat(p.TestImports, p.XTestImports), func(i string) bool { return changed[i] }) {
				all[c.relative(p.Dir)] = true
			}
		}
	}
	return all, nil
}

// compile compiles the packages in dirs with changes made. What is broken
// without them does not count.
func (c *compiler) compile(ctx context.Context, dirs map[string]bool, changes []Change) (failures, error) {
	overlay, originals, err := c.overlay(changes)
	if err != nil {
		return nil, err
	}
	fails := make(failures)
	for _, b := range c.builds {
		var patterns []string
		for _, dir := range slices.Sorted(maps.Keys(dirs)) {
			if !c.broken[dir] {
				patterns = append(patterns, filepath.Join(c.root, filepath.FromSlash(dir)))
			}
		}
		if len(patterns) == 0 {
			return fails, nil
		}
		list, err := c.list(ctx, b, []string{"-test", "-export", "-overlay=" + overlay, "-json=ImportPath,Dir,Error"}, patterns)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			if p.Error != nil && strings.HasPrefix(p.Error.Err, "build constraints exclude all Go files") {
				continue // it is for another of the builds
			}
			// Packages that import one which fails have errors of another kind.
			if dir := c.relative(p.Dir); p.Error != nil && dirs[dir] && fails[dir] == "" {
				fails[dir] = c.message(b, p.Error.Err, originals)
			}
		}
	}
	return fails, nil
}

// overlay writes changes where the go command can read them.
func (c *compiler) overlay(changes []Change) (file string, originals map[string]string, err error) {
	var o struct{ Replace map[string]string }
	o.Replace = make(map[string]string)
	originals = make(map[string]string)
	for i, ch := range changes {
		path := filepath.Join(c.dir, fmt.Sprintf("%d.go", i))
		if err := os.WriteFile(path, ch.New, 0o600); err != nil {
			return "", nil, err
		}
		o.Replace[filepath.Join(c.root, filepath.FromSlash(ch.File))] = path
		originals[path] = ch.File
	}
	data, err := json.Marshal(o)
	if err != nil {
		return "", nil, err
	}
	file = filepath.Join(c.dir, "overlay.json")
	return file, originals, os.WriteFile(file, data, 0o600)
}

// message returns the first thing that the compiler said, under the name of the
// file that it is about.
func (c *compiler) message(b Build, text string, originals map[string]string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		if file, rest, ok := strings.Cut(line, ":"); ok {
			if !filepath.IsAbs(file) {
				file = filepath.Join(b.Dir, file)
			}
			if name, ok := originals[file]; ok {
				return name + ":" + rest
			}
		}
		return line
	}
	return strings.TrimSpace(text)
}

func (c *compiler) relative(dir string) string {
	if rel, err := filepath.Rel(c.root, dir); err == nil {
		dir = rel
	}
	return filepath.ToSlash(dir)
}

// list runs go list -e.
func (c *compiler) list(ctx context.Context, b Build, args, patterns []string) ([]pkg, error) {
	var out bytes.Buffer
	cmd := gocmd.Command{Args: slices.Concat([]string{"list", "-e"}, args, b.Flags, []string{"--"}, patterns), Stdout: &out}
	if os.Getenv("GOTMPDIR") == "" {
		cmd.Work = []string{"GOTMPDIR=" + c.dir} // where an interrupted go command leaves its own
	}
	stderr, err := gocmd.Go{Dir: b.Dir, Env: b.Env}.Run(ctx, cmd)
	if _, exited := errors.AsType[*exec.ExitError](err); exited {
		return nil, fmt.Errorf("compiling the fixed files: go list: %s", bytes.TrimSpace(stderr))
	} else if err != nil {
		return nil, err
	}
	var list []pkg
	for dec := json.NewDecoder(&out); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			return nil, fmt.Errorf("reading the output of go list: %w", err)
		}
		list = append(list, p)
	}
	return list, nil
}
