package fix

import (
	"bytes"
	"go/ast"
	gofmt "go/format"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gohearth/hearth/internal/lazyregexp"
	"golang.org/x/tools/go/ast/astutil"
)

// unfitName says why a file is not to be edited, as the end of a sentence about
// it, or nothing.
func unfitName(name string) string {
	switch {
	case !filepath.IsLocal(filepath.FromSlash(name)):
		return "is outside of the workspace"
	case slices.Contains(strings.Split(path.Dir(name), "/"), "vendor"):
		return "is vendored"
	case !strings.HasSuffix(name, ".go"):
		return "is no Go file"
	}
	return ""
}

// lineComment is a comment by which positions are those of another file, and
// offsets are not.
var lineComment = lazyregexp.New(`(?m)^//line |/\*line `)

// inspect returns where the imports of a file are, or why it is not to be
// edited.
func inspect(src []byte) (imports region, unfit string) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.ParseComments|parser.SkipObjectResolution)
	switch {
	case err != nil:
		return region{}, "does not parse"
	case ast.IsGenerated(f):
		return region{}, "is generated"
	case lineComment().Match(src):
		return region{}, "has //line comments"
	case slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` }):
		return region{}, "is processed by cgo"
	}
	tf := fset.File(f.FileStart)
	imports = region{tf.Offset(f.Name.End()), len(src)}
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			imports.start = min(imports.start, tf.Offset(d.Pos()))
			continue
		}
		imports.end = tf.Offset(start(d))
		break
	}
	return imports, ""
}

// start returns where a declaration begins with its doc comment.
func start(d ast.Decl) token.Pos {
	switch d := d.(type) {
	case *ast.GenDecl:
		if d.Doc != nil {
			return d.Doc.Pos()
		}
	case *ast.FuncDecl:
		if d.Doc != nil {
			return d.Doc.Pos()
		}
	}
	return d.Pos()
}

// format formats fixed as gofmt does, without the imports that old needed and
// fixed does not, and without those that two fixes added in different words.
//
// The names of imported packages are guessed, from what old shows to be right.
// A wrong guess leaves an import that the compiler rejects, so that the fix is
// dropped and nothing is broken; goimports would look for the packages, which
// takes seconds.
func format(old, fixed []byte) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", fixed, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	before, err := parser.ParseFile(token.NewFileSet(), "", old, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	used, needed := packages(f), packages(before)
	changed := false
	seen := make(map[string]bool)
	for _, spec := range slices.Clone(f.Imports) {
		file, _ := strconv.Unquote(spec.Path.Value)
		name := ""
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if key := name + " " + file; !seen[key] {
			seen[key] = true
		} else {
			changed = deleteOne(f, spec) || changed
			continue
		}
		guesses := []string{name}
		if name == "" {
			guesses = names(file)
		}
		if i := slices.IndexFunc(guesses, func(n string) bool { return needed[n] }); i >= 0 && !used[guesses[i]] {
			changed = astutil.DeleteNamedImport(fset, f, name, file) || changed
		}
	}
	if changed {
		var buf bytes.Buffer
		if err := gofmt.Node(&buf, fset, f); err != nil {
			return nil, err
		}
		fixed = buf.Bytes()
	}
	return gofmt.Source(fixed)
}

// packages returns the names before a dot that the file does not declare.
func packages(f *ast.File) map[string]bool {
	used := make(map[string]bool)
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && id.Obj == nil {
				used[id.Name] = true
			}
		}
		return true
	})
	return used
}

// version is the last element of an import path that names no package.
var version = lazyregexp.New(`^v[0-9]+$`)

// names returns what the package of an import path may be called, likely ones
// first.
func names(file string) []string {
	last := path.Base(file)
	if version().MatchString(last) {
		last = path.Base(path.Dir(file))
	}
	list := []string{path.Base(file), last}
	if base, v, ok := strings.Cut(last, "."); ok && version().MatchString(v) {
		last = base // gopkg.in/yaml.v3
	}
	parts := strings.Split(last, "-")
	return append(list, last, strings.TrimPrefix(last, "go-"), strings.TrimSuffix(last, "-go"),
		parts[len(parts)-1], strings.ReplaceAll(last, "-", ""), strings.ReplaceAll(last, "-", "_"))
}

// deleteOne takes one of two equal imports out, which astutil would take both.
func deleteOne(f *ast.File, spec *ast.ImportSpec) bool {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			if i := slices.Index(g.Specs, ast.Spec(spec)); i >= 0 && len(g.Specs) > 1 {
				g.Specs = slices.Delete(g.Specs, i, i+1)
				return true
			}
		}
	}
	f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
		g, ok := d.(*ast.GenDecl)
		return ok && len(g.Specs) == 1 && g.Specs[0] == ast.Spec(spec)
	})
	return true
}
