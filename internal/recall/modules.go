package recall

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// roots returns the folders whose files the go command reads: those of the main
// modules, and of the folders that replace modules. All other modules are in
// the module cache, where nothing changes. files are what it reads beside them.
func (w *Workspace) roots() (roots, files []string, err error) {
	files = []string{w.EnvFile}
	if w.Mod == "" || w.Mod == os.DevNull {
		if w.Work == "" || w.Work == "off" {
			return nil, nil, errors.New("there is no module")
		}
	} else {
		roots = append(roots, filepath.Dir(w.Mod))
	}
	if w.Work != "" && w.Work != "off" {
		data, err := os.ReadFile(w.Work)
		if err != nil {
			return nil, nil, err
		}
		work, err := modfile.ParseWork(w.Work, data, nil)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, w.Work, w.Work+".sum", filepath.Join(filepath.Dir(w.Work), "vendor", "modules.txt"))
		roots = append(roots, folders(w.Work, work.Replace)...)
		for _, use := range work.Use {
			roots = append(roots, local(w.Work, use.Path))
		}
	}
	for _, root := range slices.Clone(roots) { // a replacement's own replacements are without effect
		file := filepath.Join(root, "go.mod")
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		mod, err := modfile.Parse(file, data, nil)
		if err != nil {
			return nil, nil, err
		}
		roots = append(roots, folders(file, mod.Replace)...)
	}
	slices.Sort(roots)
	return slices.CompactFunc(roots, within), files, nil
}

// within reports whether dir is root or lies in it.
func within(root, dir string) bool {
	return dir == root || strings.HasPrefix(dir, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator))
}

// folders returns those of the replacements that are folders.
func folders(file string, replace []*modfile.Replace) (dirs []string) {
	for _, r := range replace {
		if r.New.Version == "" {
			dirs = append(dirs, local(file, r.New.Path))
		}
	}
	return dirs
}

func local(file, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(filepath.Dir(file), filepath.FromSlash(path))
}
