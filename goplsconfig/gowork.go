package goplsconfig

import (
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/gohearth/hearth/internal/hint"
)

// GoWork returns the text of a go.work for all modules below root, and their
// folders as it names them ("./api"). With fewer than two modules there is
// nothing to join, and content is nil.
//
// Folders that the go command would not look into are left out: vendor,
// testdata, and names that start with . or _; so is node_modules. Whether there
// is a go.work already is the caller's to see.
func GoWork(root string) (content []byte, modules []string, err error) {
	found, err := findModules(root)
	if err != nil {
		return nil, nil, fmt.Errorf("listing the modules in %q: %w", root, err)
	}
	modules = slices.Sorted(maps.Keys(found))
	if len(modules) < 2 {
		return nil, modules, nil
	}
	goVersion := "1.18" // the first with workspaces
	work := &modfile.WorkFile{Syntax: new(modfile.FileSyntax)}
	for _, folder := range modules {
		if g := found[folder].Go; g != nil && version.Compare("go"+g.Version, "go"+goVersion) > 0 {
			goVersion = g.Version
		}
		err = errors.Join(err, work.AddUse(folder, ""))
	}
	if err = errors.Join(err, work.AddGoStmt(goVersion)); err != nil {
		return nil, nil, fmt.Errorf("writing go.work: %w", err)
	}
	work.Cleanup()
	return modfile.Format(work.Syntax), modules, nil
}

// findModules returns the modules below root by their folders.
func findModules(root string) (map[string]*modfile.File, error) {
	found := make(map[string]*modfile.File)
	folders := make(map[string]string) // by module path
	return found, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && skipFolder(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || d.Name() != "go.mod":
			return nil
		}
		f, err := readModule(path)
		if err != nil || f.Module == nil {
			return err
		}
		folder, err := workFolder(root, path)
		if err != nil {
			return err
		}
		name := f.Module.Mod.Path
		if other, dup := folders[name]; dup {
			return hint.Add(fmt.Errorf("the module %s is in %s and in %s", name, other, folder), "a go.work can use one of them; write it by hand")
		}
		folders[name], found[folder] = folder, f
		return nil
	})
}

func skipFolder(name string) bool {
	switch name {
	case "vendor", "testdata", "node_modules":
		return true
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

func readModule(path string) (*modfile.File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return modfile.ParseLax(path, data, nil)
}

// workFolder returns the folder of a go.mod as a go.work at root names it.
func workFolder(root, path string) (string, error) {
	rel, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil || rel == "." {
		return ".", err
	}
	return "./" + filepath.ToSlash(rel), nil
}
