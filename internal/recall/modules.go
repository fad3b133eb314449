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
	files = []string{w.EnvFile, filepath.Join(w.Root, "go.env")}
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
		files = append(files, w.Work, w.Work+".sum")
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
	if w.Work != "" && w.Work != "off" {
		vendor := filepath.Join(filepath.Dir(w.Work), "vendor") // of all its modules, and in none of them
		if _, err := os.Stat(vendor); err == nil {
			roots = append(roots, vendor)
		}
	}
	if w.ModulesOnly {
		return nil, append(files, moduleFiles(roots)...), nil
	}
	return outermost(roots), files, nil
}

// moduleFiles returns the files by which these folders say which modules there
// are; the last two are those of a vendor folder, of a workspace and of a module.
func moduleFiles(roots []string) (files []string) {
	for _, root := range roots {
		for _, name := range []string{"go.mod", "go.sum", "modules.txt", "vendor/modules.txt"} {
			files = append(files, filepath.Join(root, filepath.FromSlash(name)))
		}
	}
	return files
}

// outermost returns the folders without those that a walk through another one
// comes to.
func outermost(dirs []string) (roots []string) {
	slices.Sort(dirs) // what is in a folder comes after it
	for _, dir := range dirs {
		if !slices.ContainsFunc(roots, func(root string) bool { return within(root, dir) && !hidden(dir[len(root):]) }) {
			roots = append(roots, dir)
		}
	}
	return roots
}

// hidden reports whether a path leads through a folder that no walk enters.
func hidden(path string) bool {
	return slices.ContainsFunc(strings.Split(path, string(filepath.Separator)), func(name string) bool { return slices.Contains(repositories, name) })
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
