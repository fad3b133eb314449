package goplsconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// FileName is the name of the policy file in a repository.
const FileName = "hearth.yaml"

// Find returns the hearth.yaml that governs dir: the one in dir or in the
// nearest folder above it, up to and including the root of the repository
// (the folder that holds .git). Outside of any repository the search goes up
// to the root of the file system.
//
// The boundary is there because a repository must mean the same wherever it is
// checked out; a policy for several repositories is shared by extends.
func Find(dir string) (path string, ok bool, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", false, fmt.Errorf("finding %s: %w", FileName, err)
	}
	for d := dir; ; d = filepath.Dir(d) {
		name := filepath.Join(d, FileName)
		switch info, err := os.Stat(name); {
		case err == nil && info.Mode().IsRegular():
			return name, true, nil
		case err != nil && !missing(err):
			return "", false, fmt.Errorf("finding %s: %w", FileName, err)
		}
		if exists(filepath.Join(d, ".git")) || d == filepath.Dir(d) {
			return "", false, nil
		}
	}
}

// Files returns the files whose content decides the policy of dir: each place
// where a hearth.yaml is looked for, and all that the present one extends, as
// far as it can be read; where it has patterns that begin with a dot, the go.mod that says
// what they stand for; and where rules are about versions of modules, the files
// of the go command that decide those. Whoever watches them learns of every change.
func Files(dir string) []string {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	var files []string
	for d := dir; ; d = filepath.Dir(d) {
		files = append(files, filepath.Join(d, FileName))
		if exists(files[len(files)-1]) || exists(filepath.Join(d, ".git")) || d == filepath.Dir(d) {
			break
		}
	}
	if s, err := Load(dir); err == nil {
		rules, _ := resolveRules(s.layers)
		versions := NamesModules(rules)
		for _, l := range s.layers {
			switch {
			case l.awaits != nil: // the module itself cannot change, only what pins it
				files = append(files, s.SumFile())
				versions = true // for all that is known here
			case !l.builtin:
				files = append(files, l.file)
				files = append(files, l.modFiles...)
			}
		}
		if versions {
			files = append(files, moduleFiles(dir)...)
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// missing reports whether err says that there is no such file, also because
// the folder cannot be looked into: what the user cannot read is not meant.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// absolutePattern returns a package pattern that starts with "./" as seen from
// dir as a package path pattern: "./internal/..." becomes
// "example.com/mod/internal/...". The module is the one that holds the folder
// that the pattern starts from, so that in a repository of several modules
// each "./sub/..." finds its own. looked are the go.mod files that decide that,
// whether they are there or not.
func absolutePattern(dir, pattern string) (abs string, looked []string, err error) {
	wild := ""
	rel := strings.TrimPrefix(path.Clean(pattern), "./")
	if i := strings.Index(rel, "..."); i >= 0 {
		rel, wild = rel[:i], rel[i:]
	}
	start := filepath.Join(dir, filepath.FromSlash(path.Dir(rel+"x"))) // the last folder before the wildcard
	root, module, looked, err := enclosingModule(start)
	if err != nil {
		return "", looked, err
	}
	inModule, err := filepath.Rel(root, filepath.Join(dir, filepath.FromSlash(rel)))
	if err != nil {
		return "", looked, err
	}
	out := path.Join(module, filepath.ToSlash(inModule))
	if wild != "" && (rel == "" || strings.HasSuffix(rel, "/")) {
		out += "/"
	}
	return out + wild, looked, nil
}

// enclosingModule returns the folder and the path of the module at or above dir, and
// each go.mod that it looked for.
func enclosingModule(dir string) (root, module string, looked []string, err error) {
	for d := dir; ; d = filepath.Dir(d) {
		file := filepath.Join(d, "go.mod")
		looked = append(looked, file)
		data, err := os.ReadFile(file)
		if err == nil {
			if module := modfile.ModulePath(data); module != "" {
				return d, module, looked, nil
			}
			return "", "", looked, fmt.Errorf("%q names no module", file)
		}
		if d == filepath.Dir(d) {
			return "", "", looked, fmt.Errorf("there is no go.mod at or above %q", dir)
		}
	}
}
