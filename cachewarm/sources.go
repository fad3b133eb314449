package cachewarm

import (
	"context"
	"go/build"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Sources are the Go files of a workspace that are built here and hold no tests.
type Sources struct {
	w        *workspace
	platform build.Context
	modules  map[string]bool
}

// FindSources looks which modules are worked on. goCommand runs the go command
// in the workspace; it is asked for its environment only.
func FindSources(ctx context.Context, goCommand func(ctx context.Context, args ...string) *exec.Cmd) (*Sources, error) {
	w, err := discover(ctx, goCommand)
	if err != nil {
		return nil, err
	}
	return w.sources(), nil
}

func (w *workspace) sources() *Sources {
	s := &Sources{w: w, platform: build.Default, modules: make(map[string]bool)}
	s.platform.GOOS, s.platform.GOARCH = w.env["GOOS"], w.env["GOARCH"]
	s.platform.CgoEnabled = w.env["CGO_ENABLED"] == "1"
	for _, dir := range w.modules {
		s.modules[dir] = true
	}
	return s
}

// Has reports whether an absolute path is one of them.
func (s *Sources) Has(file string) bool {
	if !s.builds(file) {
		return false
	}
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		switch {
		case s.modules[dir]:
			return true
		case ignored(filepath.Base(dir)) || isModule(dir) || dir == filepath.Dir(dir):
			return false
		}
	}
}

// All returns the absolute paths of those below the root of the workspace.
func (s *Sources) All(ctx context.Context) (files []string, err error) {
	err = s.walk(ctx, s.w.root, func(path string) error {
		files = append(files, path)
		return nil
	})
	return files, err
}

// walk calls visit for each of them below root. It looks into the folders that
// the go command would look into.
func (s *Sources) walk(ctx context.Context, root string, visit func(path string) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		switch {
		case err != nil:
			return nil // cannot be read, or is gone
		case d.IsDir() && path != root && (ignored(d.Name()) || isModule(path) && !s.modules[path]):
			return fs.SkipDir // perhaps a module that is not worked on
		case d.IsDir() || !s.builds(path):
			return nil
		}
		return visit(path)
	})
}

// ignored reports whether the go command leaves folders of this name alone, or
// people do.
func ignored(name string) bool {
	return name[0] == '.' || name[0] == '_' || name == "testdata" || name == "vendor" || name == "node_modules"
}

func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// builds reports whether the file, by its name and its constraints, is Go that
// is built here and no test.
func (s *Sources) builds(path string) bool {
	name := filepath.Base(path)
	if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
		return false
	}
	match, err := s.platform.MatchFile(filepath.Dir(path), name)
	return match && err == nil
}
