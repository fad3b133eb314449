package syncmaprmw

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/cfg"
)

// outcome is what a path knows about a Load. A bit each, so that outcomes of
// several paths add up.
type outcome uint8

const (
	unknown outcome = 1 << iota
	hit
	miss
)

// state is what a path from a Load has seen so far.
type state struct {
	live    bool    // nothing in between makes up for the gap
	known   outcome // from a test of ok, or of the value for nil
	stale   bool    // ok or the value were assigned to anew
	looked  bool    // a condition depends on the value
	called  bool    // something else ran, which may take its time
	held    string  // locks held since the Load
	derived string  // variables that derive from the value, each in commas
}

// A finding is a write that the search met, with what all paths to it know.
type finding struct {
	op
	outcomes outcome // of all paths, settled or not
	live     bool    // at least one path is not settled
	looked   bool    // a live path depends on the value
	derived  bool    // a live path stores what it made of the value
	called   bool    // other calls run before it on a live path
}

// A search follows all paths from one Load.
type search struct {
	*pkg
	load     op
	value    types.Object // what the value is assigned to, or nil
	ok       types.Object
	findings map[*ast.CallExpr]*finding
	seen     map[visit]bool
}

type visit struct {
	block *cfg.Block
	state state
}

// maxVisits bounds a search. Nothing in the standard library or in Kubernetes
// needs a tenth of it.
const maxVisits = 5000

// run follows the paths from the node behind start, or from the entry of the
// graph when start is nil, as for the callback of a Range. It reports whether
// it came to an end.
func (s *search) run(g *cfg.CFG, start ast.Node, st state) bool {
	if start == nil {
		return s.visit(g.Blocks[0], 0, st)
	}
	for _, b := range g.Blocks {
		for i, n := range b.Nodes {
			if n == start && b.Live {
				return s.visit(b, i, st)
			}
		}
	}
	return true
}

func (s *search) visit(b *cfg.Block, i int, st state) bool {
	if len(s.seen) > maxVisits {
		return false
	}
	started := i == 0 && len(s.seen) > 0 || s.load.call == nil
	for _, n := range b.Nodes[i:] {
		if !s.node(n, &st, &started) {
			return true // the path is over
		}
	}
	var cond ast.Expr
	if len(b.Succs) == 2 && len(b.Nodes) > 0 {
		cond, _ = b.Nodes[len(b.Nodes)-1].(ast.Expr)
	}
	for i, succ := range b.Succs {
		next := st
		if !s.enter(succ, &next) {
			continue
		}
		if cond != nil {
			if o := s.implies(cond, i == 0, st); o != unknown {
				if st.known != unknown && st.known != o {
					continue // this way was ruled out before
				}
				next.known = o
			}
			next.looked = next.looked || s.mentions(cond, st) && s.implies(cond, i == 0, st) == unknown || s.mixed(cond, st)
		}
		if v := (visit{succ, next}); !s.seen[v] {
			s.seen[v] = true
			if !s.visit(succ, 0, next) {
				return false
			}
		}
	}
	return true
}

// enter takes the effects of the variables of a range statement into st, whose
// body b is. The graph has them in front of the loop only.
func (s *search) enter(b *cfg.Block, st *state) (goesOn bool) {
	loop, ok := b.Stmt.(*ast.RangeStmt)
	if !ok || b.Kind != cfg.KindRangeBody {
		return true
	}
	for _, x := range []ast.Expr{loop.Key, loop.Value} {
		if x == nil {
			continue
		}
		if s.moves(x) {
			return false
		}
		s.assign(x, nil, st)
	}
	return true
}

// mixed reports whether cond asks for more than whether the key was there.
func (s *search) mixed(cond ast.Expr, st state) bool {
	bin, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && (bin.Op == token.LAND || bin.Op == token.LOR) && s.mentions(cond, st)
}

// node takes the effects of n into st, and reports whether the path goes on.
// Until started, it skips what runs before the Load.
func (s *search) node(n ast.Node, st *state, started *bool) (goesOn bool) {
	goesOn = true
	walk(n, func(n ast.Node) {
		if !goesOn {
			return
		}
		if !*started {
			*started = n == ast.Node(s.load.call)
			return
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			goesOn = s.call(n, st)
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				rhs := n.Rhs
				if len(n.Lhs) == len(n.Rhs) {
					rhs = n.Rhs[i : i+1]
				}
				if i == 1 && isAssertion(rhs) {
					rhs = nil // of which type the value is decides nothing
				}
				s.assign(lhs, rhs, st)
				goesOn = goesOn && !s.moves(lhs)
			}
		case *ast.IncDecStmt:
			goesOn = !s.moves(n.X)
		case *ast.ValueSpec:
			for i, name := range n.Names {
				rhs := n.Values
				if len(n.Names) == len(n.Values) {
					rhs = n.Values[i : i+1]
				}
				s.assign(name, rhs, st)
			}
		}
	})
	return goesOn
}

// call takes the effects of a call into st.
func (s *search) call(call *ast.CallExpr, st *state) bool {
	if call == s.load.call {
		return false // around a loop: that is another Load
	}
	if o, ok := s.opOf(call); ok {
		if o.m.name != s.load.m.name || o.kind == whole || o.key.name != s.load.key.name {
			return true
		}
		if o.kind == store || o.kind == remove {
			s.record(o, *st)
		}
		st.live = false
		return true
	}
	switch lockName(call) {
	case locks:
		if s.mentions(call.Fun, *st) {
			break // guards what was loaded, not the map
		}
		st.live = false // of what was loaded without the lock, nothing is known
	case unlocks:
		st.held = strings.Join(withLock(split(st.held), call), ",")
	}
	st.called = st.called || !s.cheap(call)
	return true
}

func (s *search) record(o op, st state) {
	f := s.findings[o.call]
	if f == nil {
		f = &finding{op: o}
		s.findings[o.call] = f
	}
	f.outcomes |= st.known
	if !st.live || st.held != "" {
		return
	}
	f.live = true
	f.looked = f.looked || st.looked
	f.called = f.called || st.called
	f.derived = f.derived || o.value != nil && s.mentions(o.value, st)
}

// assign notes what becomes of a variable: it derives from the value if what it
// is given does.
func (s *search) assign(lhs ast.Expr, rhs []ast.Expr, st *state) {
	id, ok := ast.Unparen(lhs).(*ast.Ident)
	if !ok {
		return
	}
	obj := s.info.ObjectOf(id)
	if obj == nil || id.Name == "_" {
		return
	}
	derives := slices.ContainsFunc(rhs, func(x ast.Expr) bool { return s.mentions(x, *st) })
	if s.isLoad(rhs) {
		derives = obj != s.ok
	} else if obj == s.ok || obj == s.value {
		st.stale = true
	}
	entry := "," + objectName(obj) + ","
	st.derived = strings.ReplaceAll(st.derived, entry, "")
	if derives {
		st.derived += entry
	}
}

func isAssertion(rhs []ast.Expr) bool {
	if len(rhs) != 1 {
		return false
	}
	_, ok := ast.Unparen(rhs[0]).(*ast.TypeAssertExpr)
	return ok
}

// isLoad reports whether rhs is the Load.
func (s *search) isLoad(rhs []ast.Expr) bool {
	return len(rhs) == 1 && ast.Unparen(rhs[0]) == ast.Expr(s.load.call) && s.load.call != nil
}

// mentions reports whether x contains the Load, or a variable that derives
// from it.
func (s *search) mentions(x ast.Node, st state) (found bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			found = found || n == s.load.call
		case *ast.Ident:
			if obj := s.info.Uses[n]; obj != nil && st.derived != "" {
				found = found || strings.Contains(st.derived, ","+objectName(obj)+",")
			}
		}
		return !found
	})
	return found
}

// moves reports whether an assignment to x changes which map or key is meant.
func (s *search) moves(x ast.Expr) bool {
	p, ok := placeOf(s.info, x, nil)
	return ok && (slices.Contains(s.load.key.parts, p.name) || slices.Contains(s.load.m.parts, p.name))
}

// implies returns what cond says of the Load when it has the result.
func (s *search) implies(cond ast.Expr, result bool, st state) outcome {
	if st.stale {
		return unknown
	}
	of := func(b bool) outcome {
		if b {
			return hit
		}
		return miss
	}
	switch cond := ast.Unparen(cond).(type) {
	case *ast.Ident:
		if obj := s.info.Uses[cond]; obj != nil && obj == s.ok {
			return of(result)
		}
	case *ast.CallExpr:
		if cond == s.load.call {
			return of(result) // a helper that returns ok only
		}
	case *ast.UnaryExpr:
		if cond.Op == token.NOT {
			return s.implies(cond.X, !result, st)
		}
	case *ast.BinaryExpr:
		switch {
		case cond.Op == token.EQL && s.isNilTest(cond):
			return of(!result)
		case cond.Op == token.NEQ && s.isNilTest(cond):
			return of(result)
		case cond.Op == token.LAND && result, cond.Op == token.LOR && !result:
			if o := s.implies(cond.X, result, st); o != unknown {
				return o
			}
			return s.implies(cond.Y, result, st)
		}
	}
	return unknown
}

func (s *search) isNilTest(x *ast.BinaryExpr) bool {
	id, ok := ast.Unparen(x.X).(*ast.Ident)
	return ok && s.value != nil && s.info.Uses[id] == s.value && s.info.Types[x.Y].IsNil()
}

// walk calls f for n and what it contains in the order of evaluation: operands
// before what uses them. It leaves out what runs later or elsewhere.
func walk(n ast.Node, f func(ast.Node)) {
	var stack []ast.Node
	ast.Inspect(n, func(n ast.Node) bool {
		switch n.(type) {
		case nil:
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			f(top)
			return true
		case *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt:
			return false
		}
		stack = append(stack, n)
		return true
	})
}

func split(held string) []string {
	if held == "" {
		return nil
	}
	return strings.Split(held, ",")
}
