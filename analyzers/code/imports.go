package code

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Imports collects what one fix needs and no longer needs of the imports of a
// file. It changes nothing; [Imports.Edits] has the edits. It is for one fix, and
// for one goroutine.
//
// golang.org/x/tools/go/ast/astutil changes trees and prints whole files, which
// no fix can hold, and the package of x/tools that makes edits is internal.
type Imports struct {
	pass *analysis.Pass
	file *ast.File
	add  []importSpec
	used []*ast.ImportSpec // those that were there already
	drop []*ast.ImportSpec
}

// importSpec is an import to be added. Where explicit, the name is written out.
type importSpec struct {
	path, name string
	explicit   bool
}

func (s importSpec) String() string {
	if s.explicit {
		return s.name + " " + strconv.Quote(s.path)
	}
	return strconv.Quote(s.path)
}

// NewImports returns the imports of file as they are.
func NewImports(pass *analysis.Pass, file *ast.File) *Imports {
	return &Imports{pass: pass, file: file}
}

// Name returns how code at pos refers to member, which the package at path
// declares: "member" or "name.member". It adds the import if there is none that
// can be seen from pos. name is what the package calls itself, or "" where that
// is not known. It returns false where nothing at pos can refer to it: member is
// shadowed, or the file may not import the package.
func (m *Imports) Name(pos token.Pos, path, name, member string) (ref string, ok bool) {
	scope := m.pass.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return "", false
	}
	if path == Path(m.pass.Pkg) {
		in, _ := scope.LookupParent(member, token.NoPos)
		return member, in == m.pass.Pkg.Scope()
	}
	if !token.IsExported(member) {
		return "", false
	}
	for _, spec := range m.file.Imports {
		local := m.pass.TypesInfo.PkgNameOf(spec)
		if local == nil || Path(local.Imported()) != path || local.Name() == "_" {
			continue
		}
		if local.Name() == "." {
			if _, obj := scope.LookupParent(member, pos); obj != nil && obj.Pkg() == local.Imported() {
				m.used = append(m.used, spec)
				return member, true
			}
		} else if _, obj := scope.LookupParent(local.Name(), pos); obj == local {
			m.used = append(m.used, spec)
			return local.Name() + "." + member, true
		}
	}
	for _, s := range m.add {
		if s.path == path {
			return s.name + "." + member, m.free(scope, pos, s.name)
		}
	}
	if known := knownName(m.pass.Pkg, path); known != "" {
		name = known
	}
	if name == "main" || !visible(m.pass.Pkg, path) {
		return "", false
	}
	spec := importSpec{path: path, name: name}
	if name == "" {
		spec.name = guessName(path)
	}
	spec.explicit = spec.name != lastElement(path)
	for i := 2; !m.free(scope, pos, spec.name); i++ {
		spec.name, spec.explicit = fmt.Sprint(strings.TrimRight(spec.name, "0123456789"), i), true
	}
	m.add = append(m.add, spec)
	return spec.name + "." + member, true
}

// knownName returns what the package at path calls itself, if pkg imports it,
// however indirectly.
func knownName(pkg *types.Package, path string) string {
	if dep := Dependency(pkg, path); dep != nil {
		return dep.Name()
	}
	return ""
}

// Reimport returns the edit that makes spec import another package, which the
// file then calls what it called the one before. It returns false where the file
// imports the other package already, or may not import it.
func Reimport(pass *analysis.Pass, file *ast.File, spec *ast.ImportSpec, path string) (analysis.TextEdit, bool) {
	for _, other := range file.Imports {
		if specPath(other) == path {
			return analysis.TextEdit{}, false
		}
	}
	local, name := pass.TypesInfo.PkgNameOf(spec), cmp.Or(knownName(pass.Pkg, path), guessName(path))
	if local == nil || name == "main" || !visible(pass.Pkg, path) || path == Path(pass.Pkg) {
		return analysis.TextEdit{}, false
	}
	text := strconv.Quote(path)
	if spec.Name == nil && local.Name() != name {
		text = local.Name() + " " + text
	}
	return analysis.TextEdit{Pos: spec.Path.Pos(), End: spec.Path.End(), NewText: []byte(text)}, true
}

// Drop notes that the identifiers go away, and drops the imports that nothing
// else in the file uses.
func (m *Imports) Drop(gone ...*ast.Ident) {
	used := make(map[types.Object]int)
	for _, id := range gone {
		if name, ok := m.pass.TypesInfo.Uses[id].(*types.PkgName); ok {
			used[name] = 0
		}
	}
	if len(used) == 0 {
		return
	}
	ast.Inspect(m.file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && !slices.Contains(gone, id) {
			if obj := m.pass.TypesInfo.Uses[id]; obj != nil {
				if _, ok := used[obj]; ok {
					used[obj]++
				}
			}
		}
		return true
	})
	for _, spec := range m.file.Imports {
		if name := m.pass.TypesInfo.PkgNameOf(spec); name != nil {
			if n, ok := used[name]; ok && n == 0 && !slices.Contains(m.drop, spec) {
				m.drop = append(m.drop, spec)
			}
		}
	}
}

// Settle makes it possible to apply several fixes of a pass together. None drops
// an import that another one uses, and where two add the same import they do it
// in the same way, which is as one; what they would drop then stays, for whoever
// tidies up the imports.
func Settle(fixes []*Imports) {
	adds := make(map[*ast.File]map[string]int)
	used := make(map[*ast.ImportSpec]bool)
	for _, m := range fixes {
		if adds[m.file] == nil {
			adds[m.file] = make(map[string]int)
		}
		for _, s := range m.add {
			adds[m.file][s.path]++
		}
		for _, spec := range m.used {
			used[spec] = true
		}
	}
	for _, m := range fixes {
		shared := slices.ContainsFunc(m.add, func(s importSpec) bool { return adds[m.file][s.path] > 1 })
		m.drop = slices.DeleteFunc(m.drop, func(spec *ast.ImportSpec) bool { return shared || used[spec] })
	}
}

// free reports whether the file can import a package by a name that code at pos
// then sees.
func (m *Imports) free(scope *types.Scope, pos token.Pos, name string) bool {
	if !token.IsIdentifier(name) || m.pass.Pkg.Scope().Lookup(name) != nil {
		return false
	}
	if file := m.pass.TypesInfo.Scopes[m.file]; file == nil || file.Lookup(name) != nil {
		return false
	}
	_, obj := scope.LookupParent(name, pos)
	return obj == nil
}

// Edits returns the edits of the import declarations, which may be none. It
// returns false where they would take apart what is written unusually.
func (m *Imports) Edits() (edits []analysis.TextEdit, ok bool) {
	add := make([]string, len(m.add))
	for i, s := range m.add {
		add[i] = s.String()
	}
	drop := m.drop
	if len(add) > 0 && len(drop) > 0 {
		spec := drop[0]
		text := strings.Join(add, "\n\t")
		if decl := m.decl(spec); decl == nil || !decl.Lparen.IsValid() {
			text = strings.Join(add, "\nimport ")
		}
		edits = append(edits, analysis.TextEdit{Pos: spec.Pos(), End: spec.Path.End(), NewText: []byte(text)})
		add, drop = nil, drop[1:]
	}
	for _, spec := range drop {
		edit, ok := m.removal(spec)
		if !ok {
			return nil, false
		}
		edits = append(edits, edit)
	}
	for _, s := range m.add[len(m.add)-len(add):] {
		edits = append(edits, m.insertion(s))
	}
	return edits, true
}

// decl returns the declaration that spec is in.
func (m *Imports) decl(spec *ast.ImportSpec) *ast.GenDecl {
	for _, d := range m.file.Decls {
		if d, ok := d.(*ast.GenDecl); ok && slices.Contains(d.Specs, ast.Spec(spec)) {
			return d
		}
	}
	return nil
}

// removal removes spec with its line, or with its declaration.
func (m *Imports) removal(spec *ast.ImportSpec) (analysis.TextEdit, bool) {
	decl, tf := m.decl(spec), m.pass.Fset.File(m.file.FileStart)
	if decl == nil || tf == nil {
		return analysis.TextEdit{}, false
	}
	line, from, to := m.line, startOf(spec), endOf(spec)
	if len(decl.Specs) == 1 {
		from, to = decl.Pos(), max(decl.End(), to)
		if decl.Doc != nil {
			from = decl.Doc.Pos()
		}
	} else {
		alone := line(decl.Lparen) < line(from) && line(to) < line(decl.Rparen)
		for _, other := range decl.Specs {
			alone = alone && (other == ast.Spec(spec) || line(other.End()) < line(from) || line(to) < line(other.Pos()))
		}
		if !alone {
			return analysis.TextEdit{}, false
		}
	}
	if next := line(to) + 1; next <= tf.LineCount() {
		return analysis.TextEdit{Pos: tf.LineStart(line(from)), End: tf.LineStart(next)}, true
	}
	return analysis.TextEdit{Pos: from, End: to}, true
}

// insertion adds s where gofmt would leave it: in order among those of its kind,
// standard library or not, in the first declaration with parentheses.
func (m *Imports) insertion(s importSpec) analysis.TextEdit {
	insert := func(pos token.Pos, format string) analysis.TextEdit {
		return analysis.TextEdit{Pos: pos, End: pos, NewText: fmt.Appendf(nil, format, s)}
	}
	var single *ast.GenDecl
	for _, d := range m.file.Decls {
		d, ok := d.(*ast.GenDecl)
		if !ok || d.Tok != token.IMPORT {
			break
		}
		if !d.Lparen.IsValid() || len(d.Specs) == 0 {
			if single == nil && len(d.Specs) == 1 && specPath(d.Specs[0]) != "C" {
				single = d
			}
			continue
		}
		var last ast.Spec
		for _, spec := range d.Specs {
			if standard(specPath(spec)) != standard(s.path) {
				continue
			}
			if last != nil && m.line(endOf(last))+1 < m.line(startOf(spec)) {
				break // another group, which may be of another kind
			}
			if last = spec; specPath(spec) > s.path {
				return insert(startOf(spec), "%v\n\t")
			}
		}
		switch {
		case last != nil:
			return insert(endOf(last), "\n\t%v")
		case standard(s.path):
			return insert(startOf(d.Specs[0]), "%v\n\n\t")
		}
		return insert(endOf(d.Specs[len(d.Specs)-1]), "\n\n\t%v")
	}
	if single != nil {
		if single.Doc != nil {
			return insert(single.Doc.Pos(), "import %v\n")
		}
		return insert(single.Pos(), "import %v\n")
	}
	tf := m.pass.Fset.File(m.file.FileStart)
	if line := m.line(m.file.Name.End()); line < tf.LineCount() {
		return insert(tf.LineStart(line+1), "\nimport %v\n")
	}
	return insert(m.file.Name.End(), "\n\nimport %v\n")
}

func (m *Imports) line(pos token.Pos) int { return m.pass.Fset.PositionFor(pos, false).Line }

func startOf(spec ast.Spec) token.Pos {
	if spec, ok := spec.(*ast.ImportSpec); ok && spec.Doc != nil {
		return spec.Doc.Pos()
	}
	return spec.Pos()
}

func endOf(spec ast.Spec) token.Pos {
	if spec, ok := spec.(*ast.ImportSpec); ok && spec.Comment != nil {
		return spec.Comment.End()
	}
	return spec.End()
}

func specPath(spec ast.Spec) string {
	if spec, ok := spec.(*ast.ImportSpec); ok {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			return path
		}
	}
	return ""
}

// standard reports whether path looks like one of the standard library.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// visible reports whether the rule about internal folders lets pkg import path.
func visible(pkg *types.Package, path string) bool {
	slashed := "/" + path + "/"
	i := strings.LastIndex(slashed, "/internal/")
	if i < 0 {
		return true
	}
	parent := strings.TrimPrefix(slashed[:i], "/")
	from := strings.TrimSuffix(Path(pkg), "_test")
	return parent != "" && (from == parent || strings.HasPrefix(from, parent+"/"))
}

var version = regexp.MustCompile(`^v[0-9]+$`)

// lastElement returns the part of a path that packages are called by, which is
// not a major version.
func lastElement(p string) string {
	last := path.Base(p)
	if dir := path.Dir(p); version.MatchString(last) && dir != "." {
		return path.Base(dir)
	}
	return last
}

// guessName returns what the package at a path probably calls itself: "yaml" for
// gopkg.in/yaml.v3 and for example.com/go-yaml.
func guessName(path string) string {
	name := strings.TrimPrefix(lastElement(path), "go-")
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	name = strings.ToLower(strings.Map(func(r rune) rune {
		if r == '-' {
			return -1
		}
		return r
	}, name))
	if !token.IsIdentifier(name) {
		return "pkg"
	}
	return name
}
