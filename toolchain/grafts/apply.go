package grafts

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// LeftOut is a graft that does not fit a gopls.
type LeftOut struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Apply applies the grafts of list to the gopls module in dir. It returns the
// names of those that are in, and what was left out. An error is one of the
// files, and leaves the module half changed.
func Apply(dir string, list []*Graft) (in []string, out []LeftOut, err error) {
	for _, g := range list {
		t := &tree{dir: dir, changed: make(map[string][]byte)}
		err := t.graft(g)
		if misfit, ok := errors.AsType[misfit](err); ok {
			out = append(out, LeftOut{g.Name, string(misfit)})
			continue
		}
		if err == nil {
			err = t.write()
		}
		if err != nil {
			return nil, nil, fmt.Errorf("applying graft %s: %w", g.Name, err)
		}
		in = append(in, g.Name)
	}
	return in, out, nil
}

// misfit is why a graft does not fit.
type misfit string

func (m misfit) Error() string { return string(m) }

func misfitf(format string, args ...any) error { return misfit(fmt.Sprintf(format, args...)) }

// tree is a module with changes that are not written yet.
type tree struct {
	dir     string
	changed map[string][]byte // by path within it
}

// graft makes all changes of g, or returns a misfit.
func (t *tree) graft(g *Graft) error {
	for _, e := range g.Edits {
		if err := t.edit(e); err != nil {
			return err
		}
	}
	added, err := g.files()
	if err != nil {
		return err
	}
	for _, f := range added {
		if _, err := os.Stat(t.abs(f.path)); err == nil {
			return misfitf("there is a %s already", f.path)
		}
		t.changed[f.path] = f.text
	}
	return nil
}

func (t *tree) abs(name string) string { return filepath.Join(t.dir, filepath.FromSlash(name)) }

func (t *tree) write() error {
	for _, name := range slices.Sorted(maps.Keys(t.changed)) {
		if err := os.MkdirAll(filepath.Dir(t.abs(name)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(t.abs(name), t.changed[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// edit makes one change.
func (t *tree) edit(e Edit) error {
	where := e.Decl + " of " + e.Package
	d, n, err := t.find(e)
	if err != nil {
		return err
	}
	if n != 1 {
		return misfitf("%s is declared %d times, not once", where, n)
	}
	from, to, err := d.place(e)
	if err != nil {
		return misfitf("%s: %v", where, err)
	}
	text := splice(d.src, from, to, e)
	if text, err = complete(text, d.file, e.Imports); err != nil {
		return misfitf("%s: the file is no Go with the change: %v", where, err)
	}
	t.changed[d.path] = text
	return nil
}

// find returns the declaration of an edit, and how many there are.
func (t *tree) find(e Edit) (found *decl, n int, err error) {
	entries, err := os.ReadDir(t.abs(e.Package))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, err
	}
	alternatives := strings.Split(e.Decl, "|")
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file := path.Join(e.Package, entry.Name())
		src, ok := t.changed[file]
		if !ok {
			if src, err = os.ReadFile(t.abs(file)); err != nil {
				return nil, 0, err
			}
		}
		if !slices.ContainsFunc(alternatives, func(name string) bool { return bytes.Contains(src, []byte(name[strings.LastIndex(name, ".")+1:])) }) {
			continue // parsing a package takes long
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, src, parser.ParseComments)
		if err != nil {
			return nil, 0, err
		}
		for _, name := range alternatives {
			for _, node := range declarations(f, name) {
				found = &decl{node: node, file: f, path: file, src: src, base: fset.File(f.Pos()).Base()}
				n++
			}
		}
	}
	return found, n, nil
}

// splice returns src with the change of e at [from, to).
func splice(src []byte, from, to int, e Edit) []byte {
	added := strings.TrimSpace(e.New)
	switch {
	case e.At == Before:
		added, to = added+"\n", from
	case e.At == After || e.Old == "":
		added, from = "\n"+added+"\n", to
	}
	return slices.Concat(src[:from], []byte(added), src[to:])
}

// complete gives a changed file the imports that it needs, takes those that
// only the file before used, and formats it.
func complete(src []byte, before *ast.File, imports []string) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	for _, spec := range slices.Clone(f.Imports) {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if astutil.UsesImport(before, path) && !astutil.UsesImport(f, path) {
			name := ""
			if spec.Name != nil {
				name = spec.Name.Name
			}
			astutil.DeleteNamedImport(fset, f, name, path)
		}
	}
	for _, i := range imports {
		name, path, named := strings.Cut(i, " ")
		if !named {
			name, path = "", i
		}
		astutil.AddNamedImport(fset, f, name, path)
	}
	var out bytes.Buffer
	err = format.Node(&out, fset, f)
	return out.Bytes(), err
}
