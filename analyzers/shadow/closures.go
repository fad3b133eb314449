package shadow

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// A literal is a function literal as the function around it uses it.
type literal struct {
	node *ast.FuncLit
	fn   *function
	when when
	name *types.Var // for bound
	stmt ast.Node   // for deferred: the DeferStmt
}

// when says when a function literal runs.
type when int

const (
	passed   when = iota // as an argument or a value: where it stands, or later
	called               // where it stands
	deferred             // when the function returns
	spawned              // from where it stands, at any time
	bound                // where its name is used
)

// findLiterals notes the function literals of f at c.
func (f *function) findLiterals(c inspector.Cursor) {
	for lit := range c.Preorder((*ast.FuncLit)(nil)) {
		if lit.Node() == f.node {
			continue
		}
		if fn := f.function(lit); fn != nil && fn.parent == f {
			l := classify(f.info, lit)
			l.fn = fn
			f.literals = append(f.literals, l)
			if l.when == bound {
				f.bound[l.name] = l
			}
		}
	}
}

func classify(info *types.Info, c inspector.Cursor) *literal {
	l := &literal{node: c.Node().(*ast.FuncLit)}
	parent := c.Parent()
	switch kind, i := c.ParentEdge(); kind {
	case edge.CallExpr_Fun:
		switch stmt := parent.Parent().Node().(type) {
		case *ast.DeferStmt:
			l.when, l.stmt = deferred, stmt
		case *ast.GoStmt:
			l.when = spawned
		default:
			l.when = called
		}
	case edge.AssignStmt_Rhs:
		if n := parent.Node().(*ast.AssignStmt); i < len(n.Lhs) {
			l.bind(info, n.Lhs[i])
		}
	case edge.ValueSpec_Values:
		if n := parent.Node().(*ast.ValueSpec); i < len(n.Names) {
			l.bind(info, n.Names[i])
		}
	}
	return l
}

func (l *literal) bind(info *types.Info, x ast.Expr) {
	id, ok := x.(*ast.Ident)
	if !ok {
		return
	}
	if v, ok := info.ObjectOf(id).(*types.Var); ok && !v.IsField() && v.Pkg() != nil && v.Parent() != v.Pkg().Scope() {
		l.when, l.name = bound, v
	}
}

// A summary is what a call of a function literal does to a variable of a
// function around it.
type summary struct {
	read   token.Pos // read before it is assigned, on some path
	writes bool
}

type summaryKey struct {
	node *ast.FuncLit
	v    *types.Var
}

func (p *program) summary(l *literal, v *types.Var) summary {
	key := summaryKey{l.node, v}
	if s, ok := p.summaries[key]; ok || !p.mentioned(v, l.node) {
		return s
	}
	p.summaries[key] = summary{} // what a recursive call is taken to do
	var s summary
	for _, b := range l.fn.graph.Blocks {
		for _, step := range l.fn.steps[b] {
			s.writes = s.writes || l.fn.effect(step, v).touch
		}
	}
	if reads := l.fn.reads(point{l.fn.graph.Blocks[0], 0}, v); len(reads) > 0 {
		s.read = reads[0]
	}
	p.summaries[key] = s
	return s
}

// literal notes what a function literal does where it stands.
func (w *walker) literal(n *ast.FuncLit) {
	for _, l := range w.f.literals {
		if l.node == n && l.when != deferred && l.when != bound {
			w.apply(w.f.summary(l, w.v))
		}
	}
}

// bound notes what the function literal does that id is the name of.
func (w *walker) bound(id *ast.Ident) {
	if v, ok := w.f.info.Uses[id].(*types.Var); ok && w.f.bound[v] != nil {
		w.apply(w.f.summary(w.f.bound[v], w.v))
	}
}

func (w *walker) apply(s summary) {
	if s.read.IsValid() && !w.read.IsValid() {
		w.read = s.read
	}
	w.kill = w.kill || s.writes
	w.touch = w.touch || s.writes
}

// callsBound reports whether n uses the name of a function literal that
// mentions v.
func (f *function) callsBound(n ast.Node, v *types.Var) bool {
	for name, l := range f.bound {
		if f.mentioned(v, l.node) && f.mentioned(name, n) {
			return true
		}
	}
	return false
}

// defers returns the statements of f that make a closure read v when f
// returns, with where it does. A closure that writes v as well, such as one
// that adds the error of Close, collects: what it reads is not decisive.
func (f *function) defers(v *types.Var) map[ast.Node]token.Pos {
	found := make(map[ast.Node]token.Pos)
	for _, l := range f.literals {
		if l.when == deferred {
			if s := f.summary(l, v); s.read.IsValid() && !s.writes {
				found[l.stmt] = s.read
			}
		}
	}
	return found
}

// unsettled reports whether a function literal of f writes v at a time that
// the graph does not tell: one that runs beside f, or that others may keep.
func (f *function) unsettled(v *types.Var) bool {
	for _, l := range f.literals {
		if (l.when == spawned || l.when == passed) && f.summary(l, v).writes {
			return true
		}
	}
	return false
}
