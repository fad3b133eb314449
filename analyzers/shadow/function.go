package shadow

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sort"

	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"
)

// A program is what is known of one package.
type program struct {
	info     *types.Info
	cfgs     *ctrlflow.CFGs
	ignore   map[string]bool
	funcs    map[ast.Node]*function
	mentions map[*types.Var][]token.Pos // sorted

	bound     map[*types.Var]*literal // by the variables that they are bound to
	summaries map[summaryKey]summary

	redeclared map[*types.Var]bool // see [program.indexRedeclared]
}

// A function is a declaration or literal with its control-flow graph.
type function struct {
	*program
	node     ast.Node  // a FuncDecl or FuncLit
	parent   *function // the function around a literal
	typ      *ast.FuncType
	body     *ast.BlockStmt
	graph    *cfg.CFG
	steps    map[*cfg.Block][]step
	literals []*literal // those directly in it
}

// A step is what happens at one point of a block.
//
// The graph lets a range statement assign its variables once, before the
// loop, and a select statement perform all its communications in a row. So
// their assignments are steps of the blocks that follow from them.
type step struct {
	node    ast.Node
	targets []ast.Expr // if not nil, all that happens is that these are assigned
}

// index notes where each variable of the package is mentioned: most steps
// mention none of the two that a question is about, and need no second look.
func (p *program) index(in *inspector.Inspector) {
	p.mentions = make(map[*types.Var][]token.Pos)
	in.Preorder([]ast.Node{(*ast.Ident)(nil), (*ast.AssignStmt)(nil)}, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Ident:
			if v, ok := p.info.ObjectOf(n).(*types.Var); ok && !v.IsField() {
				p.mentions[v] = append(p.mentions[v], n.Pos())
			}
		case *ast.AssignStmt:
			p.indexRedeclared(n)
		}
	})
	for _, list := range p.mentions {
		slices.Sort(list)
	}
}

// mentioned reports whether v occurs in n.
func (p *program) mentioned(v *types.Var, n ast.Node) bool {
	list := p.mentions[v]
	i := sort.Search(len(list), func(i int) bool { return list[i] >= n.Pos() })
	return i < len(list) && list[i] < n.End()
}

// enclosing returns the innermost function around c, or nil.
func (p *program) enclosing(c inspector.Cursor) *function {
	for fn := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return p.function(fn)
	}
	return nil
}

// function returns the function at c, or nil if it has no graph.
//
// The function around a literal comes first: it makes those of its literals.
func (p *program) function(c inspector.Cursor) *function {
	var parent *function
	if _, ok := c.Node().(*ast.FuncLit); ok {
		parent = p.enclosing(c.Parent())
	}
	if f, ok := p.funcs[c.Node()]; ok {
		return f
	}
	f := &function{program: p, node: c.Node(), parent: parent}
	switch n := c.Node().(type) {
	case *ast.FuncDecl:
		f.typ, f.body = n.Type, n.Body
		if _, ok := p.info.Defs[n.Name].(*types.Func); ok { // FuncDecl panics without
			f.graph = p.cfgs.FuncDecl(n)
		}
	case *ast.FuncLit:
		f.typ, f.body = n.Type, n.Body
		f.graph = p.cfgs.FuncLit(n)
	}
	if f.graph == nil {
		f = nil
	}
	p.funcs[c.Node()] = f
	if f != nil {
		f.build()
		f.findLiterals(c)
	}
	return f
}

// build lays out the steps of the graph.
func (f *function) build() {
	moved := make(map[ast.Node]bool) // nodes whose assignments happen elsewhere
	entry := make(map[*cfg.Block]step)
	for _, b := range f.graph.Blocks {
		switch n := b.Stmt.(type) {
		case *ast.RangeStmt:
			if b.Kind == cfg.KindRangeBody && n.Key != nil {
				targets := []ast.Expr{n.Key}
				moved[n.Key] = true
				if n.Value != nil {
					targets = append(targets, n.Value)
					moved[n.Value] = true
				}
				entry[b] = step{n, targets}
			}
		case *ast.CommClause:
			if a, ok := n.Comm.(*ast.AssignStmt); ok && b.Kind == cfg.KindSelectCaseBody && len(a.Lhs) > 0 {
				moved[a], moved[a.Lhs[0]] = true, true
				entry[b] = step{a, a.Lhs}
			}
		}
	}
	f.steps = make(map[*cfg.Block][]step)
	for _, b := range f.graph.Blocks {
		var steps []step
		if s, ok := entry[b]; ok {
			steps = append(steps, s)
		}
		for _, n := range b.Nodes {
			if a, ok := n.(*ast.AssignStmt); ok && moved[n] {
				for _, x := range a.Rhs {
					steps = append(steps, step{node: x})
				}
			} else if !moved[n] {
				steps = append(steps, step{node: n})
			}
		}
		f.steps[b] = steps
	}
}

// A point is a place in the graph: behind step i-1, before step i.
type point struct {
	block *cfg.Block
	i     int
}

// before returns the point before the step that assigns what stmt declares,
// or no point when control never gets there.
func (f *function) before(stmt ast.Node) (point, bool) {
	for _, b := range f.graph.Blocks {
		for i, s := range f.steps[b] {
			if s.node == stmt && b.Live {
				return point{b, i}, true
			}
		}
	}
	return point{}, false
}

// at returns the point before the step that contains pos.
func (f *function) at(pos token.Pos) (point, bool) {
	var found point
	var best ast.Node
	for _, b := range f.graph.Blocks {
		if !b.Live {
			continue
		}
		for i, s := range f.steps[b] {
			if s.targets == nil && within(s.node, pos) && (best == nil || within(best, s.node.Pos()) && s.node.End() <= best.End()) {
				found, best = point{b, i}, s.node
			}
		}
	}
	return found, best != nil
}

// contains reports whether v is declared in f.
func (f *function) contains(v *types.Var) bool { return within(f.node, v.Pos()) }

// result reports whether v is a named result of f.
func (f *function) result(v *types.Var) bool {
	return f.typ.Results != nil && within(f.typ.Results, v.Pos())
}

func within(n ast.Node, pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }
