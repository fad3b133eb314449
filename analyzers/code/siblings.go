package code

import (
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"
)

// Siblings returns the Go and assembly files in the folders of a package that
// are not part of it: tests from outside, and files for another operating
// system or build tag. A folder that cannot be read has none.
//
// gopls hands a pass no IgnoredFiles, and pass.ReadFile refuses what is not in
// them, so both doors look themselves. Neither's cache knows that an answer
// depends on these files: they would have to change alone.
func Siblings(pass *analysis.Pass) (paths []string) {
	ours := make(map[string]bool)
	var dirs []string
	for _, file := range pass.Files {
		// What cgo wrote lies in the build cache; its //line leads to the
		// file that it was made of.
		for _, adjusted := range []bool{false, true} {
			path := pass.Fset.PositionFor(file.Package, adjusted).Filename
			ours[path] = true
			if dir := filepath.Dir(path); !slices.Contains(dirs, dir) {
				dirs = append(dirs, dir)
			}
		}
	}
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			path := filepath.Join(dir, e.Name())
			if ext := filepath.Ext(path); (ext == ".go" || ext == ".s") && !ours[path] {
				paths = append(paths, path)
			}
		}
	}
	return paths
}
