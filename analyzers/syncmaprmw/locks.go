package syncmaprmw

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/gohearth/hearth/analyzers/code"
)

type lockKind int

const (
	neither lockKind = iota
	locks
	unlocks
)

// lockName tells by its name whether a call takes or releases a lock, so that
// mutexes of one's own making count. A read lock is none: it lets others in
// that hold one.
func lockName(call *ast.CallExpr) lockKind {
	var name string
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = fun.Name
	case *ast.SelectorExpr:
		name = fun.Sel.Name
	}
	name = strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, "unlock"), strings.HasSuffix(name, "unlock"), strings.HasPrefix(name, "release"):
		return unlocks
	case strings.HasSuffix(name, "rlock"), strings.HasSuffix(name, "block"), strings.HasSuffix(name, "clock"):
		return neither
	case strings.HasPrefix(name, "lock"), strings.HasSuffix(name, "lock"), strings.HasPrefix(name, "acquire"):
		return locks
	}
	return neither
}

// owner names the lock that a call takes or releases.
func owner(call *ast.CallExpr) string {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return types.ExprString(sel.X)
	}
	return ""
}

// withLock adds or removes what a call locks or unlocks to or from the held
// locks. The slice given is not changed.
func withLock(held []string, call *ast.CallExpr) []string {
	name := owner(call)
	switch lockName(call) {
	case locks:
		if !slices.Contains(held, name) {
			held = append(slices.Clone(held), name)
			slices.Sort(held)
		}
	case unlocks:
		held = slices.DeleteFunc(slices.Clone(held), func(h string) bool { return h == name })
	}
	return held
}

// heldAt returns the locks that are held on every path to the call.
func heldAt(g *cfg.CFG, call *ast.CallExpr) []string {
	if g == nil || len(g.Blocks) == 0 {
		return nil
	}
	in := map[*cfg.Block][]string{g.Blocks[0]: nil}
	work := []*cfg.Block{g.Blocks[0]}
	var at []string
	found := false
	for len(work) > 0 {
		b := work[0]
		work = work[1:]
		held := in[b]
		for _, n := range b.Nodes {
			walk(n, func(n ast.Node) {
				if c, ok := n.(*ast.CallExpr); ok {
					if c == call {
						at, found = held, true // later visits hold less
					}
					held = withLock(held, c)
				}
			})
		}
		for _, succ := range b.Succs {
			old, seen := in[succ]
			meet := held
			if seen {
				meet = slices.DeleteFunc(slices.Clone(old), func(h string) bool { return !slices.Contains(held, h) })
			}
			if !seen || len(meet) < len(old) {
				in[succ] = meet
				work = append(work, succ)
			}
		}
	}
	if !found {
		return nil
	}
	return at
}

// guarded reports whether whoever calls the function at c holds a lock, or makes
// sure in another way that only one call runs at a time.
func (p *pkg) guarded(c inspector.Cursor, depth int) bool {
	if depth > 3 {
		return false // recursion, or too far to be meant
	}
	switch fn := c.Node().(type) {
	case *ast.FuncDecl:
		if strings.HasSuffix(fn.Name.Name, "Locked") {
			return true
		}
		return !fn.Name.IsExported() && p.calledLocked(p.info.Defs[fn.Name], depth)
	case *ast.FuncLit:
		return p.literalGuarded(c, depth)
	}
	return false
}

// literalGuarded follows a function literal to where it runs. A literal that is
// passed on is taken to run while the callee does.
func (p *pkg) literalGuarded(c inspector.Cursor, depth int) bool {
	kind, i := c.ParentEdge()
	call, ok := c.Parent().Node().(*ast.CallExpr)
	if kind == edge.AssignStmt_Rhs {
		if assign := c.Parent().Node().(*ast.AssignStmt); i < len(assign.Lhs) {
			if id, ok := assign.Lhs[i].(*ast.Ident); ok {
				return p.calledLocked(p.info.ObjectOf(id), depth)
			}
		}
		return false
	}
	if !ok {
		return false
	}
	if _, isGo := c.Parent().Parent().Node().(*ast.GoStmt); isGo {
		return false
	}
	if kind == edge.CallExpr_Args && (lockName(call) == locks || strings.Contains(code.CalleeName(call), "Lock") || p.oneAtATime(call)) {
		return true
	}
	outer, ok := enclosing(c.Parent())
	return ok && (len(heldAt(p.graph(outer), call)) > 0 || p.guarded(outer, depth+1))
}

// oneAtATime reports whether the call runs what it is given once, or once at a
// time: sync.Once and singleflight.
func (p *pkg) oneAtATime(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	recv := typeString(p.info, sel.X)
	return strings.HasPrefix(sel.Sel.Name, "Do") &&
		(strings.HasSuffix(recv, "sync.Once") || strings.HasSuffix(recv, "singleflight.Group"))
}

// calledLocked reports whether obj is called, and only ever with a lock held.
func (p *pkg) calledLocked(obj types.Object, depth int) bool {
	if obj == nil {
		return false
	}
	if p.uses == nil {
		p.uses = make(map[types.Object][]inspector.Cursor)
		for c := range p.root.Preorder((*ast.Ident)(nil)) {
			obj := p.info.Uses[c.Node().(*ast.Ident)]
			if fn, ok := obj.(*types.Func); ok {
				obj = fn.Origin()
			}
			if obj != nil {
				p.uses[obj] = append(p.uses[obj], c)
			}
		}
	}
	for _, use := range p.uses[obj] {
		if kind, _ := use.ParentEdge(); kind == edge.SelectorExpr_Sel {
			use = use.Parent()
		}
		call, ok := use.Parent().Node().(*ast.CallExpr)
		if kind, _ := use.ParentEdge(); !ok || kind != edge.CallExpr_Fun {
			return false // a value: who calls it is not known
		}
		if _, isGo := use.Parent().Parent().Node().(*ast.GoStmt); isGo {
			return false
		}
		outer, ok := enclosing(use)
		if !ok || len(heldAt(p.graph(outer), call)) == 0 && !p.guarded(outer, depth+1) {
			return false
		}
	}
	return len(p.uses[obj]) > 0
}

// enclosing returns the innermost function around c.
func enclosing(c inspector.Cursor) (inspector.Cursor, bool) {
	for fn := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return fn, true
	}
	return inspector.Cursor{}, false
}

func (p *pkg) graph(fn inspector.Cursor) *cfg.CFG {
	switch fn := fn.Node().(type) {
	case *ast.FuncDecl:
		if _, ok := p.info.Defs[fn.Name].(*types.Func); ok { // else there is none to ask for
			return p.cfgs.FuncDecl(fn)
		}
	case *ast.FuncLit:
		return p.cfgs.FuncLit(fn)
	}
	return nil
}
