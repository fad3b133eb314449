package vet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Coverage says of which files a run could have found something.
type Coverage struct {
	root    string
	tests   bool
	files   map[string]bool
	folders map[string]bool // those of the packages
	broken  map[string]bool // those of packages that were not analysed
	trees   []string        // what the patterns with ... stand for
}

// Coverage returns what a run with these options that led to r looked at. tests
// is whether findings in test files count.
func (o Options) Coverage(ctx context.Context, r *Report, tests bool) (*Coverage, error) {
	failed := make(map[string]bool)
	for _, e := range r.Errors {
		failed[e.Package] = true
	}
	c := &Coverage{o.Root, tests, make(map[string]bool), make(map[string]bool), make(map[string]bool), nil}
	for _, build := range o.PerBuild() {
		if err := build.cover(ctx, c, failed); err != nil {
			return nil, err
		}
	}
	for _, p := range o.patterns() {
		if p == "work" {
			p = "./..."
		}
		if tree, ok := strings.CutSuffix(p, "/..."); ok && (filepath.IsAbs(tree) || strings.HasPrefix(tree, ".")) {
			c.trees = append(c.trees, o.relative(filepath.FromSlash(tree)))
		}
	}
	return c, nil
}

// cover adds what one build looked at. Packages that failed count for nothing.
func (o *Options) cover(ctx context.Context, c *Coverage, failed map[string]bool) error {
	args := append([]string{"list", "-e", "-json=ImportPath,Dir,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles"}, o.Flags...)
	stdout, stderr, err := o.goOutput(ctx, append(append(args, "--"), o.patterns()...))
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(stdout))
	for dec.More() {
		var p struct {
			ImportPath, Dir                              string
			GoFiles, CgoFiles, TestGoFiles, XTestGoFiles []string
		}
		if err := dec.Decode(&p); err != nil {
			return fmt.Errorf("reading the output of go list: %w: %s", err, bytes.TrimSpace(stderr))
		}
		dir := o.relative(p.Dir)
		if failed[p.ImportPath] {
			c.broken[dir] = true
			continue
		}
		c.folders[dir] = true
		for _, f := range slices.Concat(p.GoFiles, p.CgoFiles, p.TestGoFiles, p.XTestGoFiles) {
			c.files[path.Join(dir, f)] = true
		}
	}
	return nil
}

// Has reports whether a finding in file would have been found. A file that is
// no more counts if it would have been looked at.
func (c *Coverage) Has(file string) bool {
	if !c.tests && strings.HasSuffix(file, "_test.go") {
		return false
	}
	if c.files[file] {
		return true
	}
	dir := path.Dir(file)
	if c.broken[dir] || c.Exists(file) {
		return false // as one for another platform
	}
	return c.folders[dir] || slices.ContainsFunc(c.trees, func(tree string) bool {
		return tree == "." && filepath.IsLocal(dir) || dir == tree || strings.HasPrefix(dir, tree+"/")
	})
}

// Exists reports whether a file of the workspace is there.
func (c *Coverage) Exists(file string) bool {
	_, err := os.Stat(filepath.Join(c.root, filepath.FromSlash(file)))
	return err == nil
}
