package rules

import (
	"go/ast"
	"path/filepath"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// appliesTo reports whether a rule that speaks about the package speaks about the
// file. It is asked of what was found, which is little.
func (r *rule) appliesTo(pass *analysis.Pass, file *ast.File) bool {
	if madeByCgo(pass, file) {
		return false
	}
	if !included(r.Tests, func() bool { return code.InTest(pass.Fset, file) }) ||
		!included(r.Generated, func() bool { return code.Generated(pass.Fset, file) }) {
		return false
	}
	return len(r.goVersion) == 0 || r.goVersion.Match(goVersion(pass, file))
}

// madeByCgo reports whether file is what cgo adds to a package. gopls does not see
// it, and nobody can change it.
func madeByCgo(pass *analysis.Pass, file *ast.File) bool {
	return filepath.Base(pass.Fset.PositionFor(file.Package, false).Filename) == "_cgo_gotypes.go"
}

// included reports whether a scope takes a file that is of some kind, or not.
func included(how string, is func() bool) bool {
	switch how {
	case policy.Only:
		return is()
	case policy.Exclude:
		return !is()
	}
	return true
}

// goVersion returns the language version of file, which a build constraint may
// set, or else that of its module.
func goVersion(pass *analysis.Pass, file *ast.File) string {
	if v := pass.TypesInfo.FileVersions[file]; v != "" {
		return v
	}
	if pass.Module != nil {
		return pass.Module.GoVersion
	}
	return ""
}
