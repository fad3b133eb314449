package golangci

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/gohearth/hearth/analyzers/pkgpath"
)

// folders returns the folders below root that hold Go files, as a policy at root
// may name them. What cannot be read is not there.
func folders(root string) []string {
	var all []string
	_ = fs.WalkDir(os.DirFS(root), ".", func(file string, d fs.DirEntry, err error) error {
		switch name := path.Base(file); {
		case err != nil:
			return fs.SkipDir
		case d.IsDir() && file != "." && (strings.HasPrefix(name, ".") || name == "vendor" || name == "node_modules"):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, ".go") && !slices.Contains(all, path.Dir(file)):
			all = append(all, path.Dir(file))
		}
		return nil
	})
	return all
}

// present returns the patterns that match a folder of the workspace, among those
// that within matches too. A linter does not mind a path that is gone, which a
// policy takes for a mistake.
func (im *importer) present(patterns, within []string) []string {
	if im.folders == nil {
		return patterns
	}
	var there []string
	for _, p := range patterns {
		if slices.ContainsFunc(im.folders, func(dir string) bool {
			return matches(p, dir) && (len(within) == 0 || slices.ContainsFunc(within, func(w string) bool { return matches(w, dir) }))
		}) {
			there = append(there, p)
		}
	}
	return there
}

// matches reports whether a pattern that is relative to the policy matches a
// folder.
func matches(pattern, dir string) bool {
	return pkgpath.Compile([]string{strings.TrimPrefix(pattern, "./")}).Match(dir)
}
