// Package ruletest runs the examples of rules: what is bad must be reported, what
// is ok must not, and the fix of what is bad must compile.
//
// An example is a Go file, declarations, statements or an expression. It is made
// a package of the workspace, type-checked against the export data of what it
// imports, and given to the rules pass, under its rule alone. Nothing is written.
package ruletest

import (
	"context"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/gohearth/hearth/analyzers/rules"
	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// Options say where the workspace is and how the go command runs there.
type Options struct {
	// Dir is the working directory of the process: missing imports are looked
	// for from there.
	Dir   string
	Env   []string // KEY=VALUE, over the environment
	Flags []string // build flags
}

// Result is what the examples of one rule came to.
type Result struct {
	Rule     string
	Examples int
	Failures []Failure
}

// Failure is an example that is not what it says.
type Failure struct {
	goplsconfig.Position
	Message string
}

// Run runs the examples of the rules, in order. The error is for a workspace in
// which nothing can be loaded.
func Run(ctx context.Context, list []goplsconfig.WrittenRule, o Options) ([]Result, error) {
	t := &tester{ctx: ctx, options: o, imported: make(map[string]*types.Package), names: make(map[string]string)}
	t.module, t.goVersion = moduleOf(o.Dir)
	var examples []*example
	for _, rule := range list {
		for _, e := range rule.Examples {
			examples = append(examples, t.prepare(rule, e))
		}
	}
	// One question to the go command for all of them.
	var paths []string
	for _, e := range examples {
		paths = append(paths, e.imports()...)
	}
	if err := t.load(paths); err != nil {
		return nil, err
	}
	results := make([]Result, len(list))
	for i, rule := range list {
		results[i] = Result{Rule: rule.ID, Examples: len(rule.Examples)}
	}
	for _, e := range examples {
		i := slices.IndexFunc(list, func(r goplsconfig.WrittenRule) bool { return r.ID == e.rule.ID })
		failure, err := t.run(e)
		if err != nil {
			return nil, err
		}
		if failure != nil {
			results[i].Failures = append(results[i].Failures, *failure)
		}
	}
	return results, nil
}

type tester struct {
	ctx       context.Context
	options   Options
	module    string
	goVersion string // "go1.26", or "" where it is not known

	imported map[string]*types.Package // by path; nil: cannot be had
	names    map[string]string         // of those packages
}

// moduleOf returns the module around dir and its version of the language.
func moduleOf(dir string) (module, goVersion string) {
	for d := dir; ; d = filepath.Dir(d) {
		name := filepath.Join(d, "go.mod")
		if data, err := os.ReadFile(name); err == nil {
			f, err := modfile.ParseLax(name, data, nil)
			if err != nil || f.Module == nil {
				return "", ""
			}
			if f.Go != nil {
				goVersion = "go" + f.Go.Version
			}
			return f.Module.Mod.Path, goVersion
		}
		if d == filepath.Dir(d) {
			return "", ""
		}
	}
}

// load gets the types of packages. One that cannot be had stays nil.
func (t *tester) load(paths []string) error {
	var wanted []string
	for _, path := range paths {
		if _, ok := t.imported[path]; !ok && path != "C" && !slices.Contains(wanted, path) {
			wanted = append(wanted, path)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	// All at once and all anew: types of two loads do not fit together.
	for path, pkg := range t.imported {
		if pkg != nil {
			wanted = append(wanted, path)
		}
	}
	pkgs, err := packages.Load(&packages.Config{
		Context: t.ctx, Dir: t.options.Dir, BuildFlags: t.options.Flags,
		Env:  append(append(os.Environ(), "PWD="+t.options.Dir), t.options.Env...),
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedExportFile,
	}, wanted...)
	if err != nil {
		return fmt.Errorf("loading what the examples import: %w", err)
	}
	for _, path := range wanted {
		t.imported[path] = nil
	}
	for _, p := range pkgs {
		if p.Name != "" && p.Types != nil && (p.Types.Complete() || len(p.Errors) == 0) {
			t.imported[p.PkgPath], t.names[p.PkgPath] = p.Types, p.Name
		}
	}
	return nil
}

// checked is an example after the type checker.
type checked struct {
	pkg  *packages.Package
	hard []types.Error
	soft []string // what the compiler would also refuse, such as an unused variable
}

// check type-checks the source of an example.
func (t *tester) check(e *example, file *ast.File) checked {
	var c checked
	path := e.path
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Instances: make(map[*ast.Ident]types.Instance), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), FileVersions: make(map[*ast.File]string),
	}
	config := &types.Config{
		GoVersion: t.goVersion, FakeImportC: true, Sizes: types.SizesFor("gc", runtime.GOARCH),
		Importer: importer(func(path string) (*types.Package, error) {
			if pkg := t.imported[path]; pkg != nil {
				return pkg, nil
			}
			if k := e.rule.Kind.Name; k == "forbid-import" || k == "layer" {
				// What is forbidden need not be there.
				pkg := types.NewPackage(path, assumedName(path))
				pkg.MarkComplete()
				return pkg, nil
			}
			return nil, fmt.Errorf("there is no package %s in the build", path)
		}),
		Error: func(err error) {
			if te, ok := err.(types.Error); ok && te.Soft {
				c.soft = append(c.soft, te.Msg)
			} else if ok {
				c.hard = append(c.hard, te)
			}
		},
	}
	pkg, _ := config.Check(path, e.fset, []*ast.File{file}, info) // the error was collected
	c.pkg = &packages.Package{
		ID: path, PkgPath: path, Name: pkg.Name(), Fset: e.fset, Syntax: []*ast.File{file},
		Types: pkg, TypesInfo: info, TypesSizes: config.Sizes, Imports: map[string]*packages.Package{},
		Module: &packages.Module{Path: t.module, GoVersion: strings.TrimPrefix(t.goVersion, "go")},
	}
	return c
}

type importer func(path string) (*types.Package, error)

func (f importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	return f(path)
}

// run runs one example and says what is wrong with it, if anything.
func (t *tester) run(e *example) (*Failure, error) {
	name := "ok"
	if e.Bad {
		name = "bad"
	}
	fail := func(line int, format string, args ...any) *Failure {
		return &Failure{e.Place(line), name + " example " + fmt.Sprintf(format, args...)}
	}
	if e.broken != "" {
		return fail(e.brokenAt, "is no Go: %s", e.broken), nil
	}
	c := t.check(e, e.file)
	if len(c.hard) > 0 {
		line := e.fset.Position(c.hard[0].Pos).Line - e.header
		return fail(max(line, 1), "does not compile: %s", c.hard[0].Msg), nil
	}
	found, err := t.analyse(e, c)
	switch {
	case err != nil:
		return nil, err
	case e.Bad && len(found) == 0:
		return fail(1, "is not reported"), nil
	case !e.Bad && len(found) > 0:
		return fail(max(e.fset.Position(found[0].Pos).Line-e.header, 1), "is reported: %s", found[0].Message), nil
	}
	message, err := t.fixed(e, c, found)
	if err != nil || message == "" {
		return nil, err
	}
	return fail(1, "%s", message), nil
}

// analyse runs the rule over a checked example.
func (t *tester) analyse(e *example, c checked) ([]analysis.Diagnostic, error) {
	rule := e.rule.Rule
	rule.Severity = ""
	if e.In == "" {
		rule.Scope = policy.Scope{}
	}
	rule.ForbidImport, rule.ForbidModule = splitModules(rule.ForbidImport)
	graph, err := checker.Analyze([]*analysis.Analyzer{rules.New(&policy.Policy{Rules: []policy.Rule{rule}})}, []*packages.Package{c.pkg}, nil)
	if err != nil {
		return nil, err
	}
	var found []analysis.Diagnostic
	for _, action := range graph.Roots {
		if action.Err != nil {
			return nil, fmt.Errorf("rule %q: %w", rule.ID, action.Err)
		}
		found = append(found, action.Diagnostics...)
	}
	return found, nil
}

// splitModules tells modules from packages. For examples all versions of the
// build count as forbidden: it may have none.
func splitModules(list []string) (packages []string, modules []policy.Module) {
	for _, entry := range list {
		if path, versions, ok := strings.Cut(entry, "@"); ok {
			modules = append(modules, policy.Module{Path: path, Version: "v0.0.0", Range: versions})
		} else {
			packages = append(packages, entry)
		}
	}
	return packages, modules
}

// fixed applies the first fix of each finding and says what is wrong with what
// comes of it.
func (t *tester) fixed(e *example, before checked, found []analysis.Diagnostic) (string, error) {
	var edits []analysis.TextEdit
	for _, d := range found {
		if len(d.SuggestedFixes) > 0 {
			edits = append(edits, d.SuggestedFixes[0].TextEdits...)
		}
	}
	if len(edits) == 0 {
		return "", nil
	}
	text, err := format.Source(apply(e, edits))
	if err != nil {
		return fmt.Sprintf("is fixed to what is no Go: %v", err), nil
	}
	after := *e
	after.parse(text)
	if after.broken != "" {
		return "is fixed to what is no Go: " + after.broken, nil
	}
	if err := t.load(after.imports()); err != nil {
		return "", err
	}
	c := t.check(&after, after.file)
	if len(c.hard) > 0 {
		return "is fixed to what does not compile: " + c.hard[0].Msg, nil
	}
	for _, msg := range c.soft {
		if !slices.Contains(before.soft, msg) {
			return "is fixed to what does not compile: " + msg, nil
		}
	}
	return "", nil
}

// apply returns the source of an example after edits, without those that
// overlap with one before them.
func apply(e *example, edits []analysis.TextEdit) []byte {
	slices.SortStableFunc(edits, func(a, b analysis.TextEdit) int { return int(a.Pos - b.Pos) })
	var out []byte
	at := 0
	offset := func(p token.Pos) int { return e.fset.Position(p).Offset }
	for i, edit := range edits {
		if !edit.End.IsValid() {
			edit.End = edit.Pos
		}
		start, end := offset(edit.Pos), offset(edit.End)
		if start < at || i > 0 && edit.Pos == edits[i-1].Pos && string(edit.NewText) == string(edits[i-1].NewText) {
			continue
		}
		out = append(append(out, e.source[at:start]...), edit.NewText...)
		at = end
	}
	return append(out, e.source[at:]...)
}
