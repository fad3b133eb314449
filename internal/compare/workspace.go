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
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/gocmd"
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
	read  map[string][][]byte // Go files by folder
}

// found is a package outside of the workspace. One that the build does not
// have has neither a folder nor a complaint.
type found struct {
	dir           string
	missing, hint string // it can not exist
}

func newWorkspace(ctx context.Context, root string, o Options) *workspace {
	return &workspace{ctx: ctx, root: root, options: o, modules: make(map[string]string), folders: make(map[string]string), found: make(map[string]*found), read: make(map[string][][]byte)}
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
		if _, err := os.Stat(filepath.Join(d, ".git")); err == nil || d == filepath.Dir(d) {
			break // as the search for a policy does
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

// prefetch looks for packages that find will be asked for.
func (w *workspace) prefetch(paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	if _, err := w.packages(); err != nil {
		return err
	}
	var ask []string
	for _, path := range paths {
		if w.found[path] != nil {
			continue
		}
		w.found[path] = &found{dir: w.folders[path]}
		if w.folders[path] == "" {
			ask = append(ask, path)
		}
	}
	if len(ask) == 0 {
		return nil
	}
	out, err := w.goList(isLasting, append([]string{"-e", "-find", "-json=ImportPath,Dir,Error", "--"}, ask...)...)
	if err != nil {
		return err
	}
	packages, err := decodeListed(out)
	if err != nil {
		return fmt.Errorf("reading what go list prints: %w", err)
	}
	for _, p := range packages {
		if f := w.found[p.ImportPath]; f != nil {
			w.take(f, p)
		}
	}
	return nil
}

// listed is what the go command knows of a package.
type listed struct {
	ImportPath, Dir string
	Error           *struct{ Err string }
}

func decodeListed(out []byte) (packages []listed, err error) {
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

// isLasting reports whether what go list said of packages holds as long as the
// workspace stays as it is. A package that it did not find may be there once
// somebody fetches its module, and one that it found is gone after go clean -modcache.
func isLasting(out []byte) bool {
	packages, err := decodeListed(out)
	return err == nil && !slices.ContainsFunc(packages, func(p listed) bool {
		_, err := os.Stat(p.Dir)
		return err != nil || p.Error != nil
	})
}

// take fills in f, and says so where there can be no such package.
func (w *workspace) take(f *found, p listed) {
	// Build constraints may leave all files of a folder out, which is an error to
	// go list, and none to us.
	f.dir = p.Dir
	switch {
	case p.Dir != "" || p.Error == nil:
	case w.inModule(p.ImportPath): // and not provided by another module, whose path is longer
		f.missing = fmt.Sprintf("there is no package %s in the workspace", p.ImportPath)
		if best := closestPath(p.ImportPath, w.paths); best != "" {
			f.hint = fmt.Sprintf("did you mean %q?", best)
		}
	case strings.Contains(p.Error.Err, "is not in std"):
		f.missing = fmt.Sprintf("there is no package %s in the standard library", p.ImportPath)
		f.hint = w.stdHint(p.ImportPath)
	case strings.Contains(p.Error.Err, "but does not contain package"):
		f.missing = fmt.Sprintf("there is no package %s in its module", p.ImportPath)
	}
}

// find returns what is known of a package.
func (w *workspace) find(path string) (*found, error) {
	if w.found[path] == nil {
		if err := w.prefetch([]string{path}); err != nil {
			return nil, err
		}
	}
	return w.found[path], nil
}

// sources returns the Go files of a folder, but for tests.
func (w *workspace) sources(dir string) ([][]byte, error) {
	if all, ok := w.read[dir]; ok {
		return all, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		if source, err := os.ReadFile(filepath.Join(dir, e.Name())); err == nil {
			all = append(all, source)
		}
	}
	w.read[dir] = all
	return all, nil
}

// goList runs go list. lasting is that of [gocmd.Command].
func (w *workspace) goList(lasting func([]byte) bool, args ...string) ([]byte, error) {
	var stdout bytes.Buffer
	stderr, err := gocmd.Go{Dir: w.options.Dir, Env: w.options.Env, Memory: w.options.Memory}.Recall(w.ctx, gocmd.Command{
		Args:    slices.Concat([]string{"list"}, w.options.Flags, args),
		Stdout:  &stdout,
		Lasting: lasting,
	})
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, bytes.TrimSpace(stderr))
	}
	return stdout.Bytes(), nil
}

// stdHint names the package of the standard library that was meant.
func (w *workspace) stdHint(name string) string {
	if w.std == nil {
		out, err := w.goList(nil, "std")
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
