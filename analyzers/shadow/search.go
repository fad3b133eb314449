package shadow

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/cfg"

	"github.com/gohearth/hearth/analyzers/code"
)

// A loss is where the outer variable is read without the value that the inner
// one was given.
type loss struct {
	read     token.Pos
	deferred bool // by a deferred closure
	bare     bool // by a return without results
	fate
}

// A fate is what became of the inner value before its scope was left.
type fate struct {
	consumed bool // it was of use
	handled  bool // something was done
	returned bool // it was returned
}

// A search follows every path from a write of the inner variable until the
// outer one has a value of its own.
//
// Within the inner scope no path can meet the outer variable, except through
// closures made before: there the name means the inner one. So the search
// need not know where that scope ends.
type search struct {
	*function
	shadowing
	written step
	defers  map[ast.Node]token.Pos
	seen    map[state]bool
	losses  []loss
	exits   []fate // with which the function returned
}

type state struct {
	block *cfg.Block
	armed token.Pos // what a deferred closure will read
	fate
}

// losses returns where the outer variable is read behind the write at w.
func (f *function) losses(s shadowing, w point) []loss {
	search := &search{
		function:  f,
		shadowing: s,
		written:   f.steps[w.block][w.i],
		defers:    f.defers(s.outer),
		seen:      make(map[state]bool),
	}
	start := state{block: w.block}
	for stmt, read := range search.defers {
		if at, ok := f.before(stmt); ok && f.reaches(at, w, nil) && (!start.armed.IsValid() || read < start.armed) {
			start.armed = read
		}
	}
	search.visit(start, w.i+1)
	if !f.contains(s.outer) {
		for _, read := range f.parent.after(f, s.outer) {
			for _, fate := range search.exits {
				search.losses = append(search.losses, loss{read: read, fate: fate})
			}
		}
	}
	return search.losses
}

func (s *search) visit(st state, i int) {
	for _, step := range s.steps[st.block][i:] {
		if s.effect(step, s.inner).kill {
			return // from where another search starts
		}
		outer := s.effect(step, s.outer)
		ret, _ := step.node.(*ast.ReturnStmt)
		if step.targets == nil {
			uses := s.consumes(step.node, s.inner, s.fresh(s.inner, s.written))
			st.returned = ret != nil && uses
			st.consumed = st.consumed || uses
			st.handled = st.handled || s.acts(step.node)
		}
		switch {
		case outer.read.IsValid():
			s.losses = append(s.losses, loss{read: outer.read, bare: ret != nil && len(ret.Results) == 0, fate: st.fate})
			return
		case outer.touch:
			return
		case ret != nil && st.armed.IsValid():
			s.losses = append(s.losses, loss{read: st.armed, deferred: true, fate: st.fate})
			return
		case ret != nil:
			s.exits = append(s.exits, st.fate)
			return
		}
		if read, ok := s.defers[step.node]; ok {
			st.armed = read
		}
	}
	for i, succ := range st.block.Succs {
		if code.IsError(s.inner.Type()) && s.knownNil(st.block, i == 0, s.inner) {
			continue // no loss, and no value that anybody needs
		}
		if s.failed(st.block, i == 0) || s.discarded(st.block, i == 0) || s.passedOn(st.block, succ, i == 0) {
			continue // nothing is lost, or nothing that the author did not give up
		}
		next := st
		next.block = succ
		if !s.seen[next] {
			s.seen[next] = true
			s.visit(next, 0)
		}
	}
}

// acts reports whether n does something in the inner scope, rather than decide
// where to go.
func (s *search) acts(n ast.Node) bool {
	switch n.(type) {
	case *ast.ReturnStmt, ast.Expr:
		return false
	}
	scope := s.inner.Parent()
	return scope.Pos() <= n.Pos() && n.Pos() < scope.End()
}

// after returns where f, or a function around it, reads v after its function
// literal lit ran.
func (f *function) after(lit *function, v *types.Var) []token.Pos {
	for _, l := range f.literals {
		if l.fn == lit && l.when == deferred {
			if f.result(v) {
				return []token.Pos{f.body.Rbrace} // the caller reads it
			}
			return nil
		}
	}
	var reads []token.Pos
	for _, at := range f.runs(lit) {
		if !f.effect(f.steps[at.block][at.i], v).assigned { // as in err = lit()
			reads = append(reads, f.reads(point{at.block, at.i + 1}, v)...)
		}
	}
	if !f.contains(v) && f.parent != nil {
		reads = append(reads, f.parent.after(f, v)...)
	}
	return reads
}

// reads returns where v is read without a new value, on paths from p.
func (f *function) reads(p point, v *types.Var) []token.Pos {
	var reads []token.Pos
	f.walk(p, nil, func(s step) bool {
		e := f.effect(s, v)
		if e.read.IsValid() {
			reads = append(reads, e.read)
			return false
		}
		return !e.kill
	})
	slices.Sort(reads)
	return reads
}

// walk calls visit for each step from p on, along every path until it returns
// false. With v, it leaves out the paths on which v is known to be nil.
func (f *function) walk(p point, v *types.Var, visit func(step) bool) {
	seen := make(map[*cfg.Block]bool)
	var block func(b *cfg.Block, i int)
	block = func(b *cfg.Block, i int) {
		for _, s := range f.steps[b][i:] {
			if !visit(s) {
				return
			}
		}
		for i, succ := range b.Succs {
			if !seen[succ] && (v == nil || !f.knownNil(b, i == 0, v)) {
				seen[succ] = true
				block(succ, 0)
			}
		}
	}
	block(p.block, p.i)
}

// reaches reports whether some path leads from p to q. With v, it must be one
// on which v is not assigned, nor known to be nil.
func (f *function) reaches(p, q point, v *types.Var) bool {
	target := f.steps[q.block][q.i].node
	found := false
	f.walk(p, v, func(s step) bool {
		if s.node == target {
			found = true
		}
		return !found && (v == nil || !f.effect(s, v).kill)
	})
	return found
}

// knownNil reports whether b ends in a condition whose outcome says that v is
// nil.
func (f *function) knownNil(b *cfg.Block, outcome bool, v *types.Var) bool {
	cond := condition(b)
	return cond != nil && f.impliesNil(cond, outcome, v)
}
