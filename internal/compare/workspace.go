package compare

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/gohearth/hearth/goplsconfig"
)

// workspace finds packages. What it is not asked for is not looked at.
type workspace struct {
	ctx     context.Context
	root    string
	options Options

	walked  bool
	modules map[string]string // folders by module path
	folders map[string]string // folders by package path
	paths   []string          // of packages, sorted

	found map[string]*found
	std   []string
}

// found is a package outside of the workspace. One that the build does not
// have has neither a folder nor a complaint.
type found struct {
	dir           string
	missing, hint string // it can not exist
}

func newWorkspace(ctx context.Context, root string, o Options) *workspace {
	return &workspace{ctx: ctx, root: root, options: o, modules: make(map[string]string), folders: make(map[string]string), found: make(map[string]*found)}
}

// packages returns the paths of the workspace's packages: of every folder with a
// Go file, whatever its build constraints.
func (w *workspace) packages() ([]string, error) {
	if w.walked {
		return w.paths, nil
	}
	w.walked = true
	for _, root := range w.roots() {
		if err := w.walk(root); err != nil {
			return nil, fmt.Errorf("looking for packages: %w", err)
		}
	}
	for p := range w.folders {
		w.paths = append(w.paths, p)
	}
	slices.Sort(w.paths)
	return w.paths, nil
}

// roots are the folders whose trees hold the workspace: the module around the
// policy, whose packages its patterns may name, and what a go.work names.
func (w *workspace) roots() []string {
	roots := []string{w.root}
	for d := w.root; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			roots[0] = d
			break
		}
		if d == filepath.Dir(d) {
			break
		}
	}
	for _, dir := range slices.Compact([]string{w.root, w.options.Dir}) {
		data, err := os.ReadFile(filepath.Join(dir, "go.work"))
		if err != nil {
			continue
		}
		work, err := modfile.ParseWork("go.work", data, nil)
		if err != nil {
			continue // the go command will say so
		}
		for _, use := range work.Use {
			sub := filepath.FromSlash(use.Path)
			if !filepath.IsAbs(sub) {
				sub = filepath.Join(dir, sub)
			}
			roots = append(roots, sub)
		}
	}
	return roots
}

func (w *workspace) walk(root string) error {
	paths := make(map[string]string) // of folders; "": in no module
	return filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && file == root:
			return err
		case err != nil:
			return fs.SkipDir // not readable, so not a package either
		case w.ctx.Err() != nil:
			return w.ctx.Err()
		case !d.IsDir():
			if dir := filepath.Dir(file); strings.HasSuffix(file, ".go") && paths[dir] != "" {
				w.folders[paths[dir]] = dir
			}
			return nil
		case file != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "vendor" || d.Name() == "node_modules"):
			return fs.SkipDir
		}
		if parent := paths[filepath.Dir(file)]; parent != "" {
			paths[file] = path.Join(parent, d.Name())
		}
		if data, err := os.ReadFile(filepath.Join(file, "go.mod")); err == nil {
			paths[file] = modfile.ModulePath(data)
			w.modules[paths[file]] = file
		}
		return nil
	})
}

// owns reports whether a package of that path would be in a module of the workspace.
func (w *workspace) owns(path string) (bool, error) {
	_, err := w.packages()
	return w.inModule(path), err
}

func (w *workspace) inModule(path string) bool {
	for m := range w.modules {
		if path == m || strings.HasPrefix(path, m+"/") {
			return true
		}
	}
	return false
}

// find looks for one package.
func (w *workspace) find(path string) (*found, error) {
	if f, ok := w.found[path]; ok {
		return f, nil
	}
	owned, err := w.owns(path)
	if err != nil {
		return nil, err
	}
	f := &found{dir: w.folders[path]}
	w.found[path] = f
	if f.dir != "" {
		return f, nil
	}
	f.dir, f.missing, err = w.list(path)
	if err != nil {
		return nil, err
	}
	switch {
	case f.dir != "":
		return f, nil
	case owned: // and not provided by another module, whose path is longer
		f.missing = fmt.Sprintf("there is no package %s in the workspace", path)
		if best := closestPath(path, w.paths); best != "" {
			f.hint = fmt.Sprintf("did you mean %q?", best)
		}
	case f.missing != "":
		f.hint = w.stdHint(path)
	}
	return f, nil
}

// list asks the go command for the folder of a package. missing says that there
// can be no such package.
func (w *workspace) list(path string) (dir, missing string, err error) {
	out, err := w.goList("-e", "-find", "-json=Dir,Standard,Error", "--", path)
	if err != nil {
		return "", "", err
	}
	var p struct {
		Dir   string
		Error *struct{ Err string }
	}
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&p); err != nil && !errors.Is(err, io.EOF) {
		return "", "", fmt.Errorf("reading what go list prints: %w", err)
	}
	switch {
	case p.Dir != "": // build constraints may leave all of its files out, which is an error to go list
		return p.Dir, "", nil
	case p.Error == nil:
		return "", "", nil
	case strings.Contains(p.Error.Err, "is not in std"):
		return "", fmt.Sprintf("there is no package %s in the standard library", path), nil
	case strings.Contains(p.Error.Err, "but does not contain package"):
		return "", fmt.Sprintf("there is no package %s in its module", path), nil
	}
	return "", "", nil
}

func (w *workspace) goList(args ...string) ([]byte, error) {
	cmd := exec.CommandContext(w.ctx, "go", append(append([]string{"list"}, w.options.Flags...), args...)...)
	cmd.Dir = w.options.Dir
	cmd.Env = append(append(os.Environ(), "PWD="+w.options.Dir), w.options.Env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}

// stdHint names the package of the standard library that was meant.
func (w *workspace) stdHint(name string) string {
	if w.std == nil {
		out, err := w.goList("std")
		if err != nil {
			return "" // a hint is not worth an error
		}
		w.std = slices.DeleteFunc(strings.Fields(string(out)), func(p string) bool {
			return strings.HasPrefix(p, "vendor/") || strings.HasPrefix(p, "internal/") || strings.Contains(p, "/internal/")
		})
	}
	// "http" is short for "net/http"; of "rand", the shortest path has been there longest.
	best := ""
	for _, p := range w.std {
		if path.Base(p) == name && (best == "" || len(p) < len(best)) {
			best = p
		}
	}
	if best == "" {
		return goplsconfig.DidYouMean(name, w.std)
	}
	return fmt.Sprintf("write the import path in full: %s", best)
}
