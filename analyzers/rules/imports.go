package rules

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/analyzers/pkgpath"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// importPaths looks at what the files import: packages, modules and components.
func (c *checker) importPaths() {
	speaks := c.some(func(r *rule) bool { return len(r.imports) > 0 || len(r.ForbidModule) > 0 || r.Layer != nil })
	if !speaks {
		return
	}
	own := pkgpath.Of(c.pass.Pkg)
	for _, file := range c.pass.Files {
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil || c.wasCgo(spec) {
				continue // the parser has complained, or nobody wrote it
			}
			dep := imported(c.pass, spec)
			for i := range c.rules {
				r := &c.rules[i]
				if !c.active[i] {
					continue
				}
				if fallback := r.forbidsImport(own, path); fallback != "" {
					report(c.pass, *r, spec.Path, fallback, c.fixImport(r, file, spec)...)
				}
				if r.Layer != nil && dep != nil {
					c.reportLayer(r, own, spec, dep)
				}
			}
		}
	}
}

// imported returns the package that spec imports, or nil where there is none:
// "C" stands for no package.
func imported(pass *analysis.Pass, spec *ast.ImportSpec) *types.Package {
	name := pass.TypesInfo.PkgNameOf(spec)
	if name == nil || spec.Path.Value == `"C"` {
		return nil
	}
	return name.Imported()
}

// forbidsImport returns what to say of an import of path by the package own, or
// "" if the rule allows it.
func (r *rule) forbidsImport(own, path string) string {
	if r.imports.Match(path) {
		return fmt.Sprintf("import of %q is forbidden", path)
	}
	for _, m := range r.ForbidModule {
		if !provides(m, path) || provides(m, own) { // a module may import itself
			continue
		}
		if m.Range == "*" {
			return fmt.Sprintf("import of %q is forbidden: it is in the module %s", path, m.Path)
		}
		return fmt.Sprintf("import of %q is forbidden: %s %s is in the range %s", path, m.Path, m.Version, m.Range)
	}
	return ""
}

// provides reports whether the package at path is in the module. Of several
// modules whose paths begin a package's path the longest one has it.
func provides(m policy.Module, path string) bool {
	return below(m.Path, path) && !slices.ContainsFunc(m.Nested, func(nested string) bool { return below(nested, path) })
}

// below reports whether path is parent or begins with it.
func below(parent, path string) bool {
	rest, ok := strings.CutPrefix(path, parent)
	return ok && (rest == "" || rest[0] == '/')
}

// fixImport returns the fix that imports the package of the rule instead.
func (c *checker) fixImport(r *rule, file *ast.File, spec *ast.ImportSpec) []analysis.SuggestedFix {
	if r.Fix == "" {
		return nil
	}
	edit, ok := code.Reimport(c.pass, file, spec, r.Fix)
	if !ok {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message:   fmt.Sprintf("Import %q", r.Fix),
		TextEdits: []analysis.TextEdit{edit},
	}}
}
