package shadow

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"
)

// flow answers questions about paths through the functions of a package.
type flow struct {
	info *types.Info
	cfgs *ctrlflow.CFGs
}

// lost returns where the outer variable is read although the inner one has the
// value, or NoPos.
func (f *flow) lost(s shadowing) token.Pos {
	fn := s.fn.Node()
	if !within(fn, s.outer.Pos()) {
		return f.lostInClosure(s)
	}
	use := effects{info: f.info, v: s.outer, result: isResult(fn, s.outer), targets: targets(fn)}
	if writtenInClosure(f.info, fn, s.outer) {
		return token.NoPos // when it runs is beyond this graph
	}
	g := f.graph(fn)
	if !f.idle(g, s, use) {
		return token.NoPos
	}
	// An inner value that its scope returns has been delivered: that a bare
	// return elsewhere delivers zero is then what "not found" looks like.
	use.result = use.result && !returned(f.info, fn, s.inner)
	for _, start := range f.assignments(s) {
		if read := f.search(g, start, s, use); read.IsValid() {
			return read
		}
	}
	return token.NoPos
}

// lostInClosure answers for a function literal that shadows a variable of the
// function around it. When the literal runs, and how often, is its callee's
// choice, so only the certain case counts: the outer variable never gets any
// value but zero, and yet it is read behind the literal.
func (f *flow) lostInClosure(s shadowing) token.Pos {
	outermost := s.fn
	for !within(outermost.Node(), s.outer.Pos()) {
		fn, ok := enclosingFunc(outermost.Parent())
		if !ok {
			return token.NoPos
		}
		outermost = fn
	}
	spec := zeroSpec(outermost, s.outer)
	if spec == nil {
		return token.NoPos
	}
	body := funcBody(outermost.Node())
	use := effects{info: f.info, v: s.outer, ignore: spec}
	if _, write := use.of(body); write {
		return token.NoPos
	}
	return firstUse(f.info, body, s.outer, s.fn.Node().End())
}

func (f *flow) graph(fn ast.Node) *cfg.CFG {
	if decl, ok := fn.(*ast.FuncDecl); ok {
		return f.cfgs.FuncDecl(decl)
	}
	return f.cfgs.FuncLit(fn.(*ast.FuncLit))
}

// assignments returns the nodes that give the inner variable a value. A
// declaration without one is not among them.
func (f *flow) assignments(s shadowing) []ast.Node {
	var starts []ast.Node
	if len(s.values) > 0 {
		starts = append(starts, s.decl)
	}
	ast.Inspect(funcBody(s.fn.Node()), func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && a != s.decl && slices.ContainsFunc(a.Lhs, func(lhs ast.Expr) bool {
			id, ok := lhs.(*ast.Ident)
			return ok && f.info.Uses[id] == s.inner
		}) {
			starts = append(starts, a)
		}
		return true
	})
	return starts
}

// search follows every path from start until it is settled, and returns the
// first read of the outer variable that it meets.
//
// Within the inner scope no path can meet one: there the name means the inner
// variable. So the search need not know where that scope ends.
func (f *flow) search(g *cfg.CFG, start ast.Node, s shadowing, outer effects) token.Pos {
	block, index := locate(g, start)
	if block == nil {
		return token.NoPos // unreachable, or in a closure, which has its own graph
	}
	status := isStatus(s.inner.Type())
	inner := effects{info: f.info, v: s.inner}
	seen := make(map[*cfg.Block]bool)
	var visit func(b *cfg.Block, i int) token.Pos
	visit = func(b *cfg.Block, i int) token.Pos {
		for _, n := range b.Nodes[i:] {
			read, write := outer.of(n)
			if read.IsValid() {
				return read
			}
			innerRead, innerWrite := inner.of(n)
			if write || innerWrite || status && innerRead.IsValid() && !isNilTest(f.info, n, s.inner) {
				// The outer variable has a new value; or the inner one has,
				// from where another search starts; or someone looked at
				// the error, and decided.
				return token.NoPos
			}
		}
		for i, succ := range b.Succs {
			if seen[succ] || status && f.knownNil(b, i == 0, s.inner) {
				continue
			}
			seen[succ] = true
			if read := visit(succ, 0); read.IsValid() {
				return read
			}
		}
		return token.NoPos
	}
	return visit(block, index+1)
}

// knownNil reports whether b ends in a condition whose outcome says that v is
// nil. An error that is nil is no loss, and no value that anybody needs.
func (f *flow) knownNil(b *cfg.Block, outcome bool, v *types.Var) bool {
	if len(b.Succs) != 2 || len(b.Nodes) == 0 {
		return false
	}
	cond, ok := b.Nodes[len(b.Nodes)-1].(ast.Expr)
	return ok && impliesNil(f.info, cond, outcome, v)
}

// locate finds the block that has n among its nodes.
func locate(g *cfg.CFG, n ast.Node) (*cfg.Block, int) {
	for _, b := range g.Blocks {
		if i := slices.Index(b.Nodes, n); i >= 0 && b.Live {
			return b, i
		}
	}
	return nil, 0
}

func within(n ast.Node, pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }

func funcBody(fn ast.Node) *ast.BlockStmt {
	if decl, ok := fn.(*ast.FuncDecl); ok {
		return decl.Body
	}
	return fn.(*ast.FuncLit).Body
}

// targets returns the expressions that a range or select statement in fn
// assigns to. The graph has them as nodes of their own, in which they look like
// reads.
func targets(fn ast.Node) map[ast.Node]bool {
	set := make(map[ast.Node]bool)
	ast.Inspect(funcBody(fn), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.RangeStmt:
			set[n.Key], set[n.Value] = true, true
		case *ast.CommClause:
			if assign, ok := n.Comm.(*ast.AssignStmt); ok {
				set[assign.Lhs[0]] = true
			}
		}
		return true
	})
	return set
}

// isResult reports whether v is a named result of fn.
func isResult(fn ast.Node, v *types.Var) bool {
	var typ *ast.FuncType
	switch fn := fn.(type) {
	case *ast.FuncDecl:
		typ = fn.Type
	case *ast.FuncLit:
		typ = fn.Type
	}
	return typ.Results != nil && within(typ.Results, v.Pos())
}

// returned reports whether a return statement in fn mentions v.
func returned(info *types.Info, fn ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(funcBody(fn), func(n ast.Node) bool {
		if ret, ok := n.(*ast.ReturnStmt); ok {
			found = found || mentions(info, ret.Results, v)
		}
		return !found
	})
	return found
}

// zeroSpec returns the var without a value that declares v in fn, if one does.
func zeroSpec(fn inspector.Cursor, v *types.Var) *ast.ValueSpec {
	for c := range fn.Preorder((*ast.ValueSpec)(nil)) {
		spec := c.Node().(*ast.ValueSpec)
		if len(spec.Values) == 0 && slices.ContainsFunc(spec.Names, func(id *ast.Ident) bool { return id.Pos() == v.Pos() }) {
			return spec
		}
	}
	return nil
}

// firstUse returns the first use of v at or behind pos.
func firstUse(info *types.Info, body ast.Node, v *types.Var, pos token.Pos) (use token.Pos) {
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == v && id.Pos() >= pos && !use.IsValid() {
			use = id.Pos()
		}
		return !use.IsValid()
	})
	return use
}
