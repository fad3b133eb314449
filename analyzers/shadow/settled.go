package shadow

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/cfg"

	"github.com/gohearth/hearth/analyzers/code"
)

// failed reports whether b ends in a condition whose outcome says that the
// assignment of the inner value failed: its error is not nil, or its ok is false.
// A bool of another name, like the more of an iterator, may be said of what is next.
func (s *search) failed(b *cfg.Block, outcome bool) bool {
	assign, ok := s.written.node.(*ast.AssignStmt)
	cond := condition(b)
	if !ok || len(assign.Lhs) < 2 || len(assign.Rhs) != 1 || cond == nil {
		return false
	}
	for _, x := range assign.Lhs {
		id, ok := x.(*ast.Ident)
		if !ok {
			continue
		}
		v, ok := s.info.ObjectOf(id).(*types.Var)
		if ok && v != s.inner && (code.IsError(v.Type()) || isBool(v.Type()) && v.Name() == "ok") && s.impliesFailure(cond, outcome, v) {
			return true
		}
	}
	return false
}

// discarded reports whether b ends in the condition of an if for which the
// outcome means that the author gave the inner error up:
//
//	if cache, err := os.Open(name); err == nil {
//		use(cache)
//	}
//
// What follows must run either way. If the body leaves, what follows runs only
// for the error, and may look at the wrong one. And with no other result there
// is nothing that could be wanted but the error.
func (s *search) discarded(b *cfg.Block, outcome bool) bool {
	assign, ok := s.written.node.(*ast.AssignStmt)
	if !ok || outcome || !code.IsError(s.inner.Type()) || !s.knownNil(b, true, s.inner) || b.Succs[0].Kind != cfg.KindIfThen {
		return false
	}
	head := b.Succs[0].Stmt.(*ast.IfStmt)
	if head.Init != ast.Stmt(assign) || head.Else != nil || !slices.ContainsFunc(assign.Lhs, func(x ast.Expr) bool {
		id, ok := x.(*ast.Ident)
		return ok && !blank(id) && id != s.name
	}) {
		return false
	}
	return slices.ContainsFunc(s.graph.Blocks, func(end *cfg.Block) bool {
		return end != b && end.Live && slices.Contains(end.Succs, b.Succs[1])
	})
}

// passedOn reports whether b ends in a condition whose outcome says that the
// inner error is not nil, and leads to a branch that prints it, or hands it to
// somebody else, and then takes the next turn of a loop:
//
//	if err != nil {
//		log.Print(err)
//		continue
//	}
//
// A branch that goes on below is none of these: what is there may ask again
// whether there was an error, and see the wrong one.
func (s *search) passedOn(b, branch *cfg.Block, outcome bool) bool {
	cond := condition(b)
	if cond == nil || !code.IsError(s.inner.Type()) || !s.impliesFailure(cond, outcome, s.inner) {
		return false
	}
	if branch.Kind != cfg.KindIfThen && branch.Kind != cfg.KindIfElse {
		return false
	}
	told := false
	for _, step := range s.steps[branch] {
		if s.effect(step, s.inner).kill || s.effect(step, s.outer).read.IsValid() {
			return false
		}
		stmt, ok := step.node.(*ast.ExprStmt)
		told = told || ok && s.consumes(stmt, s.inner, false)
	}
	return told && nextTurn(branch)
}

// nextTurn reports whether nothing but the next turn of a loop follows b.
func nextTurn(b *cfg.Block) bool {
	for seen := 0; len(b.Succs) == 1 && seen < 100; seen++ { // goto may make a ring
		from := b.Stmt
		b = b.Succs[0]
		switch b.Kind {
		case cfg.KindForLoop, cfg.KindForPost, cfg.KindForBody, cfg.KindRangeLoop:
			return within(b.Stmt, from.Pos())
		}
		if len(b.Nodes) > 0 || b.Stmt == nil {
			return false
		}
	}
	return false
}

// condition returns the condition in which b ends, or nil.
func condition(b *cfg.Block) ast.Expr {
	if len(b.Succs) != 2 || len(b.Nodes) == 0 {
		return nil
	}
	cond, _ := b.Nodes[len(b.Nodes)-1].(ast.Expr)
	return cond
}

// impliesFailure reports whether v, an error or a bool, is not nil or false when
// cond has the outcome.
func (p *program) impliesFailure(cond ast.Expr, outcome bool, v *types.Var) bool {
	switch cond := ast.Unparen(cond).(type) {
	case *ast.Ident:
		return !outcome && p.info.Uses[cond] == v
	case *ast.UnaryExpr:
		return cond.Op == token.NOT && p.impliesFailure(cond.X, !outcome, v)
	case *ast.BinaryExpr:
		switch cond.Op {
		case token.EQL:
			return !outcome && p.comparesNil(cond, v)
		case token.NEQ:
			return outcome && p.comparesNil(cond, v)
		case token.LAND, token.LOR:
			x, y := p.impliesFailure(cond.X, outcome, v), p.impliesFailure(cond.Y, outcome, v)
			if outcome == (cond.Op == token.LAND) {
				return x || y
			}
			return x && y
		}
	}
	return false
}
