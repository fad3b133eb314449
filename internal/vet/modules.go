package vet

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// patterns returns the packages that are meant, as the go command names them.
//
// To it ./... is no more than the module that a folder is in, and nothing at all
// in a folder above the modules of a go.work. Whoever types it means what is
// below the folder, so it stands for all modules of the go.work there.
func (o *Options) patterns() []string {
	list := o.Patterns
	if len(list) == 0 {
		list = []string{"./..."}
		if _, err := os.Stat(filepath.Join(o.Dir, "go.work")); err == nil && o.workFile() != "" {
			list = []string{"work"} // also modules of it that are elsewhere
		}
	}
	used := o.workModules()
	if used == nil {
		return list
	}
	var out []string
	for _, p := range list {
		dir, ok := o.tree(p)
		if !ok {
			out = append(out, p)
			continue
		}
		inside := slices.ContainsFunc(used, func(m string) bool { return isBelow(dir, m) })
		before := len(out)
		if inside {
			out = append(out, p)
		}
		for _, m := range used {
			if m != dir && isBelow(m, dir) {
				out = append(out, o.local(m)+"/...")
			}
		}
		if len(out) == before {
			out = append(out, p) // the go command says what is wrong
		}
	}
	seen := make(map[string]bool)
	return slices.DeleteFunc(out, func(p string) bool {
		again := seen[p]
		seen[p] = true
		return again
	})
}

// tree returns the folder of a pattern that means all below it.
func (o *Options) tree(pattern string) (dir string, ok bool) {
	dir, ok = strings.CutSuffix(filepath.ToSlash(pattern), "/...")
	if !ok || strings.Contains(dir, "...") {
		return "", false
	}
	switch {
	case filepath.IsAbs(filepath.FromSlash(dir)):
		return filepath.Clean(filepath.FromSlash(dir)), true
	case dir == "." || dir == ".." || strings.HasPrefix(dir, "./") || strings.HasPrefix(dir, "../"):
		return filepath.Join(o.Dir, filepath.FromSlash(dir)), true
	}
	return "", false // of package paths
}

// local names a folder as the go command knows one from a package path.
func (o *Options) local(dir string) string {
	rel, err := filepath.Rel(o.Dir, dir)
	switch {
	case err != nil:
		return dir
	case rel == "." || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)):
		return filepath.ToSlash(rel)
	}
	return "./" + filepath.ToSlash(rel)
}

func isBelow(dir, above string) bool {
	rel, err := filepath.Rel(above, dir)
	return err == nil && filepath.IsLocal(rel)
}

// workFile returns the go.work in force, or "".
func (o *Options) workFile() string {
	file := o.Work
	for _, setting := range o.Env {
		if value, ok := strings.CutPrefix(setting, "GOWORK="); ok {
			file = value
		}
	}
	if file == "off" {
		return ""
	}
	return file
}

// workModules returns the folders of the modules of the go.work, sorted; nil
// where there is none. What is wrong with it the go command says better.
func (o *Options) workModules() []string {
	file := o.workFile()
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	work, err := modfile.ParseWork(file, data, nil)
	if err != nil {
		return nil
	}
	dirs := []string{}
	for _, use := range work.Use {
		dir := filepath.FromSlash(use.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(file), dir)
		}
		dirs = append(dirs, filepath.Clean(dir))
	}
	slices.Sort(dirs)
	return dirs
}
