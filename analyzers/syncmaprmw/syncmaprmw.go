package syncmaprmw

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/analyzers/passdoc"
)

//go:embed doc.go
var doc string

var Analyzer = &analysis.Analyzer{
	Name:     "syncmaprmw",
	Doc:      passdoc.Must(doc, "syncmaprmw"),
	URL:      passdoc.URL("syncmaprmw"),
	Requires: []*analysis.Analyzer{inspect.Analyzer, ctrlflow.Analyzer},
	Run:      run,
}

// pkg is what the pass knows of the package that it looks at.
type pkg struct {
	pass    *analysis.Pass
	info    *types.Info
	root    inspector.Cursor
	cfgs    *ctrlflow.CFGs
	helpers map[types.Object]helper
	uses    map[types.Object][]inspector.Cursor // filled when first needed
	changed map[*types.TypeName]bool            // the same
}

func run(pass *analysis.Pass) (any, error) {
	if !slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool { return p.Path() == "sync" }) {
		return nil, nil
	}
	p := &pkg{
		pass: pass,
		info: pass.TypesInfo,
		root: pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root(),
		cfgs: pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs),
	}
	if !p.usesMaps() {
		return nil, nil
	}
	p.findHelpers()
	for file := range p.root.Children() {
		f := file.Node().(*ast.File)
		if code.Generated(pass.Fset, f) || code.InTest(pass.Fset, f) {
			continue // tests do one thing after another, and look after each
		}
		for fn := range file.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
			p.function(fn)
		}
	}
	return nil, nil
}

// usesMaps reports whether the package calls a method of sync.Map. Few do, and
// the others shall cost nothing.
func (p *pkg) usesMaps() bool {
	for id, obj := range p.info.Uses {
		if fn, ok := obj.(*types.Func); ok && id.Name == fn.Name() && strings.HasPrefix(fn.FullName(), "(*sync.Map).") {
			return true
		}
	}
	return false
}

// function reports the findings of one function.
func (p *pkg) function(fn inspector.Cursor) {
	ops := p.ops(fn)
	if !slices.ContainsFunc(ops, func(o op) bool { return o.kind == store || o.kind == remove }) {
		return
	}
	var searches []*search
	if s := p.rangeSearch(fn); s != nil {
		searches = append(searches, s)
	}
	for _, o := range ops {
		if o.kind == load {
			searches = append(searches, p.newSearch(o))
		}
	}
	reported := make(map[*ast.CallExpr]bool)
	for _, s := range searches {
		if p.unshared(fn, s.load) || !p.follow(fn, s) {
			continue
		}
		for _, o := range ops { // in the order of the source
			f := s.findings[o.call]
			if f == nil || reported[o.call] {
				continue
			}
			if advice := p.advice(fn, s, f); advice != "" && !p.guarded(fn, 0) {
				reported[o.call] = true
				p.report(fn, s, f, advice)
			}
		}
	}
}

// ops returns what fn itself does to maps, in the order of the source.
func (p *pkg) ops(fn inspector.Cursor) (ops []op) {
	ast.Inspect(body(fn), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if o, ok := p.opOf(n); ok {
				ops = append(ops, o)
			}
		}
		return true
	})
	return ops
}

// follow runs the search, and reports whether it came to an end.
func (p *pkg) follow(fn inspector.Cursor, s *search) bool {
	g := p.graph(fn)
	if g == nil || len(g.Blocks) == 0 {
		return false
	}
	st := state{live: true, known: unknown}
	if s.load.call == nil { // in Range: the entry is there
		st.known = hit
		if s.value != nil {
			st.derived = "," + objectName(s.value) + ","
		}
		return s.run(g, nil, st)
	}
	st.held = strings.Join(heldAt(g, s.load.call), ",")
	for _, b := range g.Blocks {
		for _, n := range b.Nodes {
			found := false
			walk(n, func(n ast.Node) { found = found || n == ast.Node(s.load.call) })
			if found {
				return s.run(g, n, st)
			}
		}
	}
	return false // deferred, or run by another goroutine
}

func (p *pkg) newSearch(o op) *search {
	s := &search{pkg: p, load: o, findings: make(map[*ast.CallExpr]*finding), seen: make(map[visit]bool)}
	if o.call == nil {
		return s
	}
	for c := range p.root.Preorder((*ast.AssignStmt)(nil)) {
		if a := c.Node().(*ast.AssignStmt); len(a.Rhs) == 1 && ast.Unparen(a.Rhs[0]) == ast.Expr(o.call) {
			s.value, s.ok = p.results(a.Lhs)
		}
	}
	return s
}

// results returns what the value and the ok of a Load are assigned to. A helper
// may return only one of them.
func (p *pkg) results(lhs []ast.Expr) (value, ok types.Object) {
	for _, x := range lhs {
		id, isIdent := x.(*ast.Ident)
		if !isIdent || id.Name == "_" {
			continue
		}
		obj := p.info.ObjectOf(id)
		if obj == nil {
			continue
		}
		if basic, isBasic := underlying(obj.Type()).(*types.Basic); isBasic && basic.Info()&types.IsBoolean != 0 && x == lhs[len(lhs)-1] {
			ok = obj
		} else if value == nil {
			value = obj
		}
	}
	return value, ok
}

// rangeSearch starts at the entry of a callback of Range: its parameters are a
// key and the value that was loaded for it.
func (p *pkg) rangeSearch(fn inspector.Cursor) *search {
	lit, ok := fn.Node().(*ast.FuncLit)
	if kind, _ := fn.ParentEdge(); !ok || kind != edge.CallExpr_Args {
		return nil
	}
	o, ok := direct(p.info, fn.Parent().Node().(*ast.CallExpr), nil)
	params := p.names(lit.Type.Params)
	if !ok || o.kind != whole || len(params) != 2 || params[0] == nil {
		return nil
	}
	o.key, ok = objectPlace(params[0])
	o.kind, o.call = load, nil
	s := p.newSearch(o)
	s.load.sel = nil
	s.value = params[1]
	return s
}

// unshared reports whether the map is a variable of fn that nobody else sees.
func (p *pkg) unshared(fn inspector.Cursor, o op) bool {
	if len(o.m.parts) != 1 || o.m.name != o.m.parts[0] {
		return false
	}
	outer := fn
	for c := range fn.Enclosing((*ast.FuncDecl)(nil)) {
		outer = c
	}
	var m types.Object
	for c := range outer.Preorder((*ast.Ident)(nil)) {
		if obj := p.info.Defs[c.Node().(*ast.Ident)]; obj != nil && objectName(obj) == o.m.name {
			m = obj
		}
	}
	if m == nil {
		return false
	}
	if _, isPointer := underlying(m.Type()).(*types.Pointer); isPointer {
		return false
	}
	for c := range outer.Preorder((*ast.Ident)(nil)) {
		if p.info.Uses[c.Node().(*ast.Ident)] != m {
			continue
		}
		if kind, _ := c.ParentEdge(); kind != edge.SelectorExpr_X {
			return false // its address is taken
		}
		if runsElsewhere(c, m) {
			return false
		}
	}
	return true
}

// runsElsewhere reports whether c lies in a function literal that captures m,
// other than the callback of a Range.
func runsElsewhere(c inspector.Cursor, m types.Object) bool {
	for lit := range c.Enclosing((*ast.FuncLit)(nil)) {
		if n := lit.Node(); n.Pos() <= m.Pos() && m.Pos() < n.End() {
			return false // declared in there
		}
		call, ok := lit.Parent().Node().(*ast.CallExpr)
		if !ok || code.CalleeName(call) != "Range" {
			return true
		}
	}
	return false
}

func body(fn inspector.Cursor) ast.Node {
	switch fn := fn.Node().(type) {
	case *ast.FuncDecl:
		if fn.Body != nil {
			return fn.Body
		}
	case *ast.FuncLit:
		return fn.Body
	}
	return &ast.BlockStmt{}
}

// advice says what to use, or nothing if the two steps do no harm.
func (p *pkg) advice(fn inspector.Cursor, s *search, f *finding) string {
	switch {
	case !f.live:
		return ""
	case f.kind == remove && f.outcomes == hit && f.looked:
		return "CompareAndDelete"
	case f.kind == remove && s.load.call == nil:
		return "" // everything goes, or what its key says
	case f.kind == remove && (f.outcomes == hit || f.outcomes&miss == 0 && s.value != nil):
		return "LoadAndDelete"
	case f.kind == remove:
		return ""
	case f.outcomes == miss:
		if f.value != nil && (p.stateful(f.value, fn) || !f.called && !p.computes(f.value)) {
			return "LoadOrStore"
		}
		return ""
	case f.derived && f.outcomes == hit:
		return "CompareAndSwap"
	case f.derived:
		return "LoadOrStore, or CompareAndSwap in a loop"
	case f.outcomes == hit && s.load.call != nil:
		return "CompareAndSwap"
	}
	return ""
}

func (p *pkg) report(fn inspector.Cursor, s *search, f *finding, advice string) {
	verb := map[kind]string{store: "Store", remove: "Delete"}[f.kind]
	from, pos, end := "Load", token.NoPos, token.NoPos
	if s.load.call == nil {
		from, pos, end = "Range", fn.Parent().Node().Pos(), fn.Node().Pos()
	} else {
		pos, end = s.load.call.Pos(), s.load.call.End()
	}
	p.pass.Report(analysis.Diagnostic{
		Pos:            f.call.Pos(),
		End:            f.call.End(),
		Message:        fmt.Sprintf("%s of a sync.Map key that may have changed since the %s on line %d; %s", verb, from, p.pass.Fset.Position(pos).Line, p.use(fn, s, f, advice)),
		Related:        []analysis.RelatedInformation{{Pos: pos, End: end, Message: "the key is read here"}},
		SuggestedFixes: p.fix(fn, s, f, advice),
	})
}
