package cachewarm

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
)

// goCommand returns a go command that runs in the workspace.
type goCommand = func(ctx context.Context, args ...string) *exec.Cmd

// workspace is what gopls makes of a folder.
type workspace struct {
	root    string
	dir     string            // where gopls runs the go command: of go.work, of go.mod, or root
	modules []string          // folders of the modules that are worked on
	env     map[string]string // of the go command
}

// discover finds out which modules gopls loads: those of the go.work, else the
// one that the folder lies in. It asks the go command for nothing but its
// environment: whatever makes it read packages warms what is to be measured.
func discover(ctx context.Context, goCmd goCommand) (*workspace, error) {
	cmd := goCmd(ctx, "env", "-json", "GOWORK", "GOMOD", "GOMODCACHE", "GOFLAGS", "GOOS", "GOARCH", "CGO_ENABLED")
	root, err := filepath.Abs(cmd.Dir)
	if err != nil {
		return nil, err
	}
	out, err := output(cmd)
	if err != nil {
		return nil, err
	}
	w := &workspace{root: root, dir: root}
	if err := json.Unmarshal(out, &w.env); err != nil {
		return nil, fmt.Errorf("reading what go env says: %w", err)
	}
	if work := w.env["GOWORK"]; work != "" && work != "off" {
		w.dir = filepath.Dir(work)
		w.modules, err = workModules(work)
		return w, err
	}
	if mod := w.env["GOMOD"]; mod != "" && mod != os.DevNull {
		w.dir = filepath.Dir(mod)
		w.modules = []string{w.dir}
	}
	return w, nil
}

// patterns are those that gopls gives to go list for its initial load.
func (w *workspace) patterns() []string {
	if len(w.modules) == 0 {
		return []string{"./", "builtin"} // loose files
	}
	patterns := []string{"builtin"}
	for _, dir := range w.modules {
		patterns = append(patterns, filepath.Join(dir, "..."))
	}
	slices.Sort(patterns)
	return patterns
}

// workModules returns the folders that a go.work uses.
func workModules(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	work, err := modfile.ParseWork(path, data, nil)
	if err != nil {
		return nil, err
	}
	var dirs []string
	for _, use := range work.Use {
		dir := filepath.FromSlash(use.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(path), dir)
		}
		dirs = append(dirs, filepath.Clean(dir))
	}
	slices.Sort(dirs)
	return slices.Compact(dirs), nil
}

// ModuleFiles returns the files by which the modules and the dependencies of
// the workspace folder root change, whether they exist or not: those of the
// nearest go.work and of the modules that it uses, else of the nearest go.mod,
// and those that would come into force if somebody made them in root.
func ModuleFiles(root string) []string {
	files := []string{filepath.Join(root, "go.work"), filepath.Join(root, "go.mod")}
	add := func(dir string, names ...string) {
		for _, name := range append(names, filepath.Join("vendor", "modules.txt")) {
			files = append(files, filepath.Join(dir, name))
		}
	}
	if dir, ok := above(root, "go.work"); ok {
		add(dir, "go.work", "go.work.sum")
		modules, err := workModules(filepath.Join(dir, "go.work"))
		if err == nil { // else it is being edited, and will change again
			for _, dir := range modules {
				add(dir, "go.mod", "go.sum")
			}
		}
	}
	if dir, ok := above(root, "go.mod"); ok {
		add(dir, "go.mod", "go.sum")
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// Folders returns the folders whose files gopls loads for the workspace folders
// roots: those, the modules that a go.work or a go.mod above them adds, and the
// folders that stand in for modules by a replace. None lies below another.
func Folders(roots ...string) []string {
	var folders []string
	for _, root := range roots {
		folders = append(folders, root)
		if dir, ok := above(root, "go.work"); ok {
			if modules, err := workModules(filepath.Join(dir, "go.work")); err == nil {
				folders = append(folders, modules...)
			}
			folders = append(folders, replacements(filepath.Join(dir, "go.work"))...)
		}
		if dir, ok := above(root, "go.mod"); ok {
			folders = append(folders, dir)
		}
	}
	for _, dir := range slices.Clone(folders) {
		folders = append(folders, replacements(filepath.Join(dir, "go.mod"))...)
	}
	slices.SortFunc(folders, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	var list []string
	for _, dir := range folders {
		if !slices.ContainsFunc(list, func(outer string) bool {
			rel, err := filepath.Rel(outer, dir)
			return err == nil && filepath.IsLocal(rel)
		}) {
			list = append(list, dir)
		}
	}
	return list
}

// replacements returns the folders that a go.mod or go.work puts in the place
// of modules. One that is being edited has none.
func replacements(path string) (dirs []string) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var replaces []*modfile.Replace
	if filepath.Base(path) == "go.work" {
		work, err := modfile.ParseWork(path, data, nil)
		if err != nil {
			return nil
		}
		replaces = work.Replace
	} else {
		mod, err := modfile.Parse(path, data, nil)
		if err != nil {
			return nil
		}
		replaces = mod.Replace
	}
	for _, r := range replaces {
		if r.New.Version != "" {
			continue
		}
		dir := filepath.FromSlash(r.New.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(path), dir)
		}
		dirs = append(dirs, filepath.Clean(dir))
	}
	return dirs
}

// above returns the nearest folder, from dir upwards, that has the named file.
func above(dir, name string) (string, bool) {
	for {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// vendored reports whether the go command takes the dependencies from a vendor
// folder.
func (w *workspace) vendored() bool {
	for _, flag := range strings.Fields(w.env["GOFLAGS"]) {
		if mode, ok := strings.CutPrefix(flag, "-mod="); ok {
			return mode == "vendor"
		}
	}
	_, err := os.Stat(filepath.Join(w.dir, "vendor", "modules.txt"))
	return err == nil
}

// modules downloads what the workspace's modules require. It works in a go.work
// as well, and without a network if everything is there. It fetches more than
// the load needs: gopls also runs go mod tidy, with the network off.
func (w *warmer) modules(ctx context.Context, s *Step) error {
	switch {
	case len(w.ws.modules) == 0:
		return skip("there is no module")
	case w.ws.vendored():
		return skip("the dependencies are vendored")
	}
	_, err := output(w.Go(ctx, "mod", "download"))
	return err
}

// output returns the standard output of a go command; its error says what the
// command wrote to stderr.
func output(cmd *exec.Cmd) ([]byte, error) {
	var out bytes.Buffer
	cmd.Stdout = &out
	err := runGo(cmd)
	return out.Bytes(), err
}

// runGo runs a go command whose output goes where the caller wants it.
func runGo(cmd *exec.Cmd) error {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if cmd.Cancel != nil && runtime.GOOS != "windows" {
		// An interrupted go command ends its compilers; a killed one leaves
		// them running. It is killed if that takes too long.
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	}
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", strings.Join(append([]string{"go"}, cmd.Args[1:min(3, len(cmd.Args))]...), " "), err)
	if text := strings.TrimSpace(stderr.String()); text != "" {
		// The first lines say what is wrong, the others what comes of it.
		lines := strings.Split(text, "\n")
		err = fmt.Errorf("%w: %s", err, strings.Join(lines[:min(3, len(lines))], "; "))
	}
	return err
}
