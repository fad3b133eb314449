package retrydeadline

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/cfg"

	"github.com/gohearth/hearth/analyzers/code"
)

// paths answers questions about the ways through one loop.
type paths struct {
	info  *types.Info
	loop  ast.Stmt // a for statement, or one that ranges over a ticker
	body  *ast.BlockStmt
	g     *cfg.CFG
	tests map[*ast.CaseClause]ast.Expr // what a switch compares with its cases
}

func newPaths(info *types.Info, loop ast.Stmt, g *cfg.CFG) *paths {
	p := &paths{info: info, loop: loop, body: loopBody(loop), g: g, tests: make(map[*ast.CaseClause]ast.Expr)}
	ast.Inspect(p.body, func(n ast.Node) bool {
		var body *ast.BlockStmt
		var test ast.Expr
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SwitchStmt:
			body, test = n.Body, n.Tag
		case *ast.TypeSwitchStmt:
			body, test = n.Body, switched(n)
		}
		if body != nil && test != nil {
			for _, stmt := range body.List {
				if clause, ok := stmt.(*ast.CaseClause); ok {
					p.tests[clause] = test
				}
			}
		}
		return true
	})
	return p
}

func loopBody(loop ast.Stmt) *ast.BlockStmt {
	if loop, ok := loop.(*ast.RangeStmt); ok {
		return loop.Body
	}
	return loop.(*ast.ForStmt).Body
}

// switched returns the expression x.(type) of a type switch.
func switched(s *ast.TypeSwitchStmt) ast.Expr {
	switch assign := s.Assign.(type) {
	case *ast.ExprStmt:
		return assign.X
	case *ast.AssignStmt:
		if len(assign.Rhs) == 1 {
			return assign.Rhs[0]
		}
	}
	return nil
}

// retried returns the first call that the loop retries without a bound, or nil.
func (p *paths) retried() *ast.CallExpr {
	var may *ast.CallExpr
	for _, a := range p.attempts() {
		onNil := p.follow(a, a.block, a.index+1, isNil)
		onErr := p.follow(a, a.block, a.index+1, notNil)
		if !onNil.leaves || !onErr.sleepsAndReturns || p.bounded(a, onErr) {
			continue
		}
		switch {
		case !onNil.goesOn:
			return a.call // success leaves
		case !onNil.returnsAwake && !onErr.leaves && may == nil:
			may = a.call // success leaves if the answer is the right one, else is one more failure
		}
	}
	return may
}

// An attempt is a call whose error decides what happens next.
type attempt struct {
	call  *ast.CallExpr
	v     types.Object    // the variable that gets the error, or nil
	test  *ast.BinaryExpr // f() == nil or f() != nil, if there is no variable
	block *cfg.Block
	index int                   // the node of block that has the call
	about map[types.Object]bool // v, and what is computed from it alone
}

// attempts returns the attempts in the loop, in source order.
func (p *paths) attempts() []attempt {
	var found []attempt
	for _, b := range p.g.Blocks {
		if !b.Live || !p.inLoop(b) {
			continue
		}
		for i, n := range b.Nodes {
			a := attempt{block: b, index: i}
			switch n := n.(type) {
			case *ast.AssignStmt:
				a.call, a.v = p.assigned(n.Lhs, n.Rhs)
			case *ast.ValueSpec:
				lhs := make([]ast.Expr, len(n.Names))
				for i, name := range n.Names {
					lhs[i] = name
				}
				a.call, a.v = p.assigned(lhs, n.Values)
			case ast.Expr:
				a.call, a.test = p.tested(n)
			}
			if a.call != nil && !p.isLocal(a.call) {
				a.about = p.derived(a.v)
				found = append(found, a)
			}
		}
	}
	slices.SortStableFunc(found, func(x, y attempt) int { return int(x.call.Pos() - y.call.Pos()) })
	return found
}

// assigned returns the call at the right, and the variable at the left that
// gets its error.
func (p *paths) assigned(lhs, rhs []ast.Expr) (*ast.CallExpr, types.Object) {
	if len(rhs) != 1 || len(lhs) == 0 {
		return nil, nil
	}
	call, ok := ast.Unparen(rhs[0]).(*ast.CallExpr)
	if !ok {
		return nil, nil
	}
	id, ok := lhs[len(lhs)-1].(*ast.Ident)
	if !ok {
		return nil, nil
	}
	if v, ok := p.info.ObjectOf(id).(*types.Var); ok && code.IsError(v.Type()) {
		return call, v
	}
	return nil, nil
}

// tested returns the call in the condition cond that is compared with nil right
// there.
func (p *paths) tested(cond ast.Expr) (*ast.CallExpr, *ast.BinaryExpr) {
	for leaf := range leaves(cond) {
		test, ok := leaf.(*ast.BinaryExpr)
		if !ok || !p.isNilTest(test) {
			continue
		}
		if call, ok := ast.Unparen(test.X).(*ast.CallExpr); ok && code.IsError(p.info.TypeOf(call)) {
			return call, test
		}
	}
	return nil, nil
}

// outcome is where paths from an attempt lead.
type outcome struct {
	leaves           bool // the loop
	goesOn           bool // to another iteration, or to another attempt in this one
	returnsAwake     bool // to the attempt, without a sleep
	sleepsAndReturns bool
	others           []*cfg.Block // branches on the way that depend on more than the error
}

// follow walks the paths from node i of block on, given what is known about the
// error of a, up to where they leave the loop or come back to a.
func (p *paths) follow(a attempt, block *cfg.Block, i int, s state) outcome {
	type point struct {
		b     *cfg.Block
		s     state
		slept bool
	}
	var out outcome
	seen := make(map[point]bool)
	var visit func(b *cfg.Block, i int, s state, slept bool)
	visit = func(b *cfg.Block, i int, s state, slept bool) {
		for ; i < len(b.Nodes); i++ {
			if b == a.block && i == a.index {
				out.goesOn = true
				out.returnsAwake = out.returnsAwake || !slept
				out.sleepsAndReturns = out.sleepsAndReturns || slept
				return
			}
			slept = slept || findSleep(p.info, b.Nodes[i]) != nil
			s = p.after(a, b.Nodes[i], s)
		}
		if len(b.Succs) == 0 {
			// A return, a panic, an exit; or the dead end that a graph has
			// behind the last case of a select.
			out.leaves = out.leaves || b.Kind != cfg.KindSelectAfterCase
			return
		}
		cond := p.cond(b)
		truth := p.eval(a, cond, s)
		if len(b.Succs) > 1 && !(b.Stmt == p.loop && b.Kind == cfg.KindRangeLoop) && truth == maybe && !p.aboutError(a, cond, s) && !slices.Contains(out.others, b) {
			out.others = append(out.others, b)
		}
		succs := b.Succs
		if b.Stmt == p.loop && b.Kind == cfg.KindRangeLoop {
			succs, slept = succs[:1], true // a ticker makes wait, and its channel is never closed
		}
		for i, succ := range succs {
			if len(b.Succs) == 2 && (i == 0 && truth == no || i == 1 && truth == yes) {
				continue
			}
			if !p.inLoop(succ) {
				out.leaves = true
				continue
			}
			if succ.Stmt == p.loop && (succ.Kind == cfg.KindForBody || succ.Kind == cfg.KindRangeBody) {
				out.goesOn = true
			}
			if at := (point{succ, s, slept}); !seen[at] {
				seen[at] = true
				visit(succ, 0, s, slept)
			}
		}
	}
	visit(block, i, s, false)
	return out
}

// bounded reports whether a failing attempt can end the loop for a reason other
// than its error: a branch of which one side is certain to leave, and another
// is not.
func (p *paths) bounded(a attempt, onErr outcome) bool {
	for _, b := range onErr.others {
		sides := b.Succs
		certain := slices.DeleteFunc(slices.Clone(sides), func(succ *cfg.Block) bool { return !p.mustLeave(a, succ) })
		switch p.eval(a, p.cond(b), notNil) {
		case yes: // asks for the error of another call that has the same variable
			certain = slices.DeleteFunc(certain, func(succ *cfg.Block) bool { return succ != sides[0] })
		case no:
			certain = slices.DeleteFunc(certain, func(succ *cfg.Block) bool { return succ != sides[1] })
		}
		if 0 < len(certain) && len(certain) < len(sides) {
			return true
		}
	}
	return onErr.leaves && p.takesContext()
}

// mustLeave reports whether every path from b leaves the loop.
func (p *paths) mustLeave(a attempt, b *cfg.Block) bool {
	if !p.inLoop(b) {
		return true
	}
	out := p.follow(a, b, 0, notNil)
	return out.leaves && !out.goesOn
}

// inLoop reports whether b is part of the loop.
func (p *paths) inLoop(b *cfg.Block) bool {
	if b.Stmt == p.loop {
		return b.Kind != cfg.KindForDone && b.Kind != cfg.KindRangeDone
	}
	return b.Stmt != nil && p.body.Pos() <= b.Stmt.Pos() && b.Stmt.Pos() < p.body.End()
}

// cond returns what b branches on, or nil if it has no expression, as for a
// select, or none that decides, as for a range.
func (p *paths) cond(b *cfg.Block) ast.Expr {
	if len(b.Succs) != 2 {
		return nil
	}
	var last ast.Expr
	if len(b.Nodes) > 0 {
		last, _ = b.Nodes[len(b.Nodes)-1].(ast.Expr)
	}
	switch then := b.Succs[0]; then.Kind {
	case cfg.KindIfThen, cfg.KindForBody:
		return last
	case cfg.KindSwitchCaseBody:
		clause, _ := then.Stmt.(*ast.CaseClause)
		test := p.tests[clause]
		if _, ok := test.(*ast.TypeAssertExpr); ok || last == nil {
			return test
		}
		if test != nil {
			return &ast.BinaryExpr{X: test, Op: token.EQL, Y: last}
		}
		return last
	}
	return nil
}
