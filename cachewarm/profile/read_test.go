package profile

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestRead holds the table of what gopls reads against what gopls reads.
func TestRead(t *testing.T) {
	for version, unread := range map[string][]string{
		"v0.23.0": {"capabilities.textDocument.completion.completionItem.labelDetailsSupport"},
		"v0.24.0": nil,
	} {
		t.Run(version, func(t *testing.T) {
			found, complaints := readsOf(t, filepath.Join(module(t, "golang.org/x/tools/gopls@"+version), "internal"))
			for _, complaint := range complaints {
				t.Error(complaint)
			}
			missing := slices.DeleteFunc(entries(), func(entry string) bool { return found[entry] })
			if !slices.Equal(missing, unread) {
				t.Errorf("of the table gopls does not read %q, want %q", missing, unread)
			}
		})
	}
}

// readsOf looks through the packages in dir, without the client in cmd.
func readsOf(t *testing.T, dir string) (found map[string]bool, complaints []string) {
	found = make(map[string]bool)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch rel, _ := filepath.Rel(dir, path); {
		case err != nil:
			return err
		case d.IsDir() && (rel == "cmd" || rel == "test" || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		complaints = append(complaints, reads(path, src, found)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, complaints
}

// TestReads checks that TestRead would notice if gopls read more.
func TestReads(t *testing.T) {
	for body, complaint := range map[string]string{
		`o.A = caps.Workspace.Configuration`:                                                   "",
		`if h := caps.TextDocument.Hover; h != nil { o.A = h.ContentFormat[0] }`:               "",
		`o.ClientInfo = *info; _ = o.ClientInfo.Name`:                                          "",
		`m, ok := caps.Experimental.(map[string]any); if ok { f(m["progressMessageStyles"]) }`: "",
		`g(info, params.Capabilities)`:                                                         "",
		`o.A = caps.Workspace.ApplyEdit`:                                                       "capabilities.Workspace.ApplyEdit",
		`if h := caps.TextDocument.Hover; h != nil { o.A = h.DynamicRegistration }`:            "capabilities.TextDocument.Hover.DynamicRegistration",
		`d := params.Capabilities.TextDocument; o.A = d.Diagnostic`:                            "Capabilities.TextDocument.Diagnostic",
		`if caps.General != nil { o.A = true }`:                                                "capabilities.General",
		`m, ok := caps.Experimental.(map[string]any); if ok { f(m["hover"]) }`:                 "capabilities.Experimental.hover",
		`m, ok := caps.Experimental.(map[string]any); if ok { f(m[key]) }`:                     "capabilities.Experimental",
		`f(caps.TextDocument.Completion)`:                                                      "capabilities.TextDocument.Completion",
		`o.A = caps.TextDocument`:                                                              "capabilities.TextDocument",
		`o.A = info.Version`:                                                                   "clientInfo.Version",
		`o.A = s.Options().ClientInfo.Version`:                                                 "clientInfo.Version",
		`o.A = params.Locale`:                                                                  "Locale",
		`o.A = params.XInitializeParams.Trace`:                                                 "Trace",
		`h := func(c protocol.CompletionClientCapabilities) {}; h(nil)`:                        "CompletionClientCapabilities",
		`var kept struct { caps protocol.ClientCapabilities }`:                                 "in a field",
	} {
		src := `package server
func f(o *Options, info *protocol.ClientInfo, caps protocol.ClientCapabilities, params *protocol.ParamInitialize) {` + body + `}`
		complaints := reads("x.go", []byte(src), make(map[string]bool))
		if complaint == "" && len(complaints) > 0 || complaint != "" && !strings.Contains(strings.Join(complaints, "\n"), complaint) {
			t.Errorf("%s\n%q; want %q", body, complaints, complaint)
		}
	}
}

// entries returns the paths in the table.
func entries() []string {
	return append(fields(reflect.TypeFor[read](), ""),
		"capabilities.experimental.progressMessageStyles",
		"capabilities.experimental.interactiveResolve.inputTypes")
}

func fields(t reflect.Type, prefix string) []string {
	if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct {
		return []string{strings.TrimSuffix(prefix, ".")} // gopls reads them one by one
	}
	if t.Kind() != reflect.Struct {
		if strings.HasSuffix(prefix, "experimental.") {
			return nil
		}
		return []string{strings.TrimSuffix(prefix, ".")}
	}
	var paths []string
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.Anonymous {
			name += "."
		}
		paths = append(paths, fields(f.Type, prefix+name)...)
	}
	return paths
}

// A reader follows what a file does with initialize parameters. It looks at one
// file alone, so it knows which variable is meant, but types only by name.
type reader struct {
	fset       *token.FileSet
	info       types.Info
	vars       map[types.Object]string // the path that a variable stands for
	found      map[string]bool
	complaints []string
}

// reads adds the entries that a file reads to found, and complains of whatever
// it reads beside the table.
func reads(path string, src []byte, found map[string]bool) []string {
	if !strings.Contains(string(src), "Capabilities") && !strings.Contains(string(src), "ClientInfo") && !strings.Contains(string(src), "Initialize") {
		return nil // and most files do not
	}
	r := &reader{
		fset:  token.NewFileSet(),
		info:  types.Info{Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object)},
		vars:  make(map[types.Object]string),
		found: found,
	}
	file, err := parser.ParseFile(r.fset, path, src, parser.SkipObjectResolution)
	// Go 1.26 complains of the generic methods of 1.27, and parses them.
	if err != nil && !strings.HasSuffix(err.Error(), "method must have no type parameters") {
		return []string{err.Error()}
	}
	config := types.Config{Importer: noImports{}, Error: func(error) {}} // everything imported is an error
	_, _ = config.Check(path, r.fset, []*ast.File{file}, &r.info)
	for _, decl := range file.Decls {
		r.declarations(decl, file.Name.Name == "protocol")
		r.uses(decl)
	}
	return r.complaints
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not imported") }

// roots are the types in which parameters arrive.
var roots = map[string]string{
	"ParamInitialize": "", "InitializeParams": "", "XInitializeParams": "",
	"ClientCapabilities": "capabilities", "ClientInfo": "clientInfo",
}

// declarations finds the variables in which parameters arrive. A part of the
// parameters must not: what is then read of it would go unseen.
func (r *reader) declarations(decl ast.Decl, protocol bool) {
	if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.TYPE && protocol {
		return // there the parameters are declared
	}
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			for _, f := range n.Fields.List {
				if _, ok := roots[typeName(f.Type)]; ok && !(len(f.Names) == 1 && f.Names[0].Name == "ClientInfo") {
					r.complain(f, "parameters are kept in a field")
				}
			}
		case *ast.Field:
			r.variables(n.Names, n.Type)
		case *ast.ValueSpec:
			r.variables(n.Names, n.Type)
		}
		return true
	})
}

func (r *reader) variables(names []*ast.Ident, typ ast.Expr) {
	name := typeName(typ)
	path, ok := roots[name]
	if !ok && strings.HasSuffix(name, "ClientCapabilities") {
		r.complain(typ, name+" travels alone")
	}
	for _, ident := range names {
		if ok {
			r.vars[r.info.ObjectOf(ident)] = path
		}
	}
}

// typeName returns the name of protocol.Name, *protocol.Name or Name, in the
// package protocol.
func typeName(typ ast.Expr) string {
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	switch typ := typ.(type) {
	case *ast.SelectorExpr:
		if pkg, ok := typ.X.(*ast.Ident); ok && pkg.Name == "protocol" {
			return typ.Sel.Name
		}
	case *ast.Ident:
		return typ.Name
	}
	return ""
}

// uses goes through the expressions, the outermost first, so that each is seen
// with all of its selectors.
func (r *reader) uses(decl ast.Decl) {
	passing := make(map[ast.Expr]bool) // only on the way to more
	var visit func(ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				ident, ok := lhs.(*ast.Ident)
				if !ok || i >= len(n.Rhs) || ident.Name == "_" {
					continue
				}
				if path, ok := r.path(n.Rhs[i]); ok && !isEntry(path) {
					r.vars[r.info.ObjectOf(ident)], passing[n.Rhs[i]] = path, true
					passing[ident] = true
				}
			}
		case *ast.BinaryExpr:
			if nilIdent, ok := n.Y.(*ast.Ident); ok && nilIdent.Name == "nil" {
				passing[n.X] = true
			}
		}
		expr, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		path, ok := r.path(expr)
		if !ok {
			return true
		}
		r.use(expr, path, passing[expr])
		if index, ok := expr.(*ast.IndexExpr); ok {
			ast.Inspect(index.Index, visit)
		}
		return false
	}
	ast.Inspect(decl, visit)
}

// use judges one read.
func (r *reader) use(n ast.Node, path string, passing bool) {
	if path == "" || strings.EqualFold(path, "capabilities") || strings.EqualFold(path, "clientInfo") {
		return // whoever gets these has a variable of a root type
	}
	for _, entry := range entries() {
		if strings.EqualFold(entry, path) || hasPrefixFold(path, entry+".") {
			r.found[entry] = true
			return
		}
		if passing && hasPrefixFold(entry, path+".") {
			return
		}
	}
	r.complain(n, "gopls reads "+path+", which is not in the table")
}

func (r *reader) complain(n ast.Node, what string) {
	r.complaints = append(r.complaints, fmt.Sprintf("%s: %s", r.fset.Position(n.Pos()), what))
}

// path returns the path in the parameters that an expression stands for.
func (r *reader) path(expr ast.Expr) (string, bool) {
	switch e := expr.(type) {
	case *ast.Ident:
		path, ok := r.vars[r.info.ObjectOf(e)]
		return path, ok
	case *ast.ParenExpr:
		return r.path(e.X)
	case *ast.StarExpr:
		return r.path(e.X)
	case *ast.TypeAssertExpr:
		return r.path(e.X)
	case *ast.SelectorExpr:
		path, ok := r.path(e.X)
		switch {
		case e.Sel.Name == "ClientInfo" && !isPackage(e.X):
			return "clientInfo", true // of options, too
		case !ok || path == "" && strings.HasSuffix(e.Sel.Name, "InitializeParams"):
			return path, ok // the embedded structs
		}
		return strings.TrimPrefix(path+"."+e.Sel.Name, "."), true
	case *ast.IndexExpr:
		path, ok := r.path(e.X)
		if lit, isLit := e.Index.(*ast.BasicLit); ok && isLit && lit.Kind == token.STRING {
			name, _ := strconv.Unquote(lit.Value)
			return path + "." + name, true
		}
		return path, ok
	}
	return "", false
}

func isPackage(expr ast.Expr) bool {
	ident, ok := expr.(*ast.Ident)
	return ok && ident.Name == "protocol"
}

func isEntry(path string) bool {
	return slices.ContainsFunc(entries(), func(entry string) bool { return strings.EqualFold(entry, path) })
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// module returns the folder of a module in the module cache. Where it is not,
// the test is skipped, unless HEARTH_TEST_CORPORA asks for all of them. The
// folder is not asked of "go mod download": it keeps back modules that need a
// later Go.
func module(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatalf("asking for the module cache: %v", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), filepath.FromSlash(path))
	if _, err := os.Stat(dir); err != nil {
		const format = "%s is not in the module cache (to get it: go mod download %s): %v"
		if os.Getenv("HEARTH_TEST_CORPORA") != "" {
			t.Fatalf(format, path, path, err)
		}
		t.Skipf(format, path, path, err)
	}
	return dir
}
