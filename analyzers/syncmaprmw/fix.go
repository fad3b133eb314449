package syncmaprmw

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// fix offers to make one step of two, where nothing happens between them:
//
//	if _, ok := m.Load(k); !ok { m.Store(k, v) }    m.LoadOrStore(k, v)
//	if _, ok := m.Load(k); ok { m.Delete(k) }       m.Delete(k)
//	if v, ok := m.Load(k); ok { m.Delete(k); … }    if v, ok := m.LoadAndDelete(k); ok { … }
//	v, ok := m.Load(k); if ok { m.Delete(k); … }    the same
//	if !ok { return }; m.Delete(k); …               the same
func (p *pkg) fix(fn inspector.Cursor, s *search, f *finding, advice string) []analysis.SuggestedFix {
	if s.load.sel == nil || f.sel == nil {
		return nil // a helper has other callers
	}
	loadStmt, ok1 := statement(fn, s.load.call)
	write, ok2 := statement(fn, f.call)
	if !ok1 || !ok2 {
		return nil
	}
	if _, ok := write.Node().(*ast.ExprStmt); !ok {
		return nil
	}
	switch {
	case advice == "LoadOrStore" && p.pure(f.value) && p.wholeIf(s, loadStmt, write):
		return p.replaceIf(loadStmt.Parent(), f, "LoadOrStore")
	case advice == "LoadAndDelete" && p.wholeIf(s, loadStmt, write):
		return p.replaceIf(loadStmt.Parent(), f, "Delete")
	case advice == "LoadAndDelete" && f.outcomes == hit && p.adjacent(s, loadStmt, write):
		return p.loadAndDelete(s, write)
	}
	return nil
}

// statement returns the innermost statement around a call in fn.
func statement(fn inspector.Cursor, call *ast.CallExpr) (inspector.Cursor, bool) {
	c, ok := fn.FindNode(call)
	if !ok {
		return c, false
	}
	for ; ; c = c.Parent() {
		switch c.Node().(type) {
		case ast.Stmt:
			return c, true
		case *ast.FuncDecl, *ast.FuncLit, *ast.File:
			return c, false
		}
	}
}

// wholeIf reports whether an if without else does nothing but the two.
func (p *pkg) wholeIf(s *search, loadStmt, write inspector.Cursor) bool {
	ifStmt, ok := ifOf(loadStmt)
	if assign, isAssign := loadStmt.Node().(*ast.AssignStmt); !isAssign || assign.Tok != token.DEFINE {
		return false // ok lives on
	}
	return ok && s.value == nil && ifStmt.Else == nil && len(ifStmt.Body.List) == 1 &&
		ifStmt.Body.List[0] == write.Node() && s.onlyOK(ifStmt.Cond)
}

// ifOf returns the if statement whose init c is.
func ifOf(c inspector.Cursor) (*ast.IfStmt, bool) {
	if kind, _ := c.ParentEdge(); kind != edge.IfStmt_Init {
		return nil, false
	}
	return c.Parent().Node().(*ast.IfStmt), true
}

// onlyOK reports whether cond is ok or !ok.
func (s *search) onlyOK(cond ast.Expr) bool {
	cond = ast.Unparen(cond)
	if not, ok := cond.(*ast.UnaryExpr); ok && not.Op == token.NOT {
		cond = ast.Unparen(not.X)
	}
	return s.isOK(cond)
}

func (s *search) isOK(x ast.Expr) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	return ok && s.ok != nil && s.info.Uses[id] == s.ok
}

// pure reports whether x can as well be evaluated when it is not needed.
func (p *pkg) pure(x ast.Expr) bool {
	if x == nil {
		return false
	}
	ok := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.IndexExpr, *ast.StarExpr, *ast.SliceExpr, *ast.TypeAssertExpr:
			ok = false // may panic
		case *ast.SelectorExpr:
			sel := p.info.Selections[n]
			ok = ok && (sel == nil || sel.Kind() == types.FieldVal && !sel.Indirect())
		case *ast.CallExpr:
			id, isIdent := n.Fun.(*ast.Ident)
			tv := p.info.Types[n.Fun]
			ok = ok && (tv.IsType() || tv.IsBuiltin() && isIdent && id.Name == "new")
		case *ast.BinaryExpr:
			ok = ok && n.Op != token.QUO && n.Op != token.REM && n.Op != token.SHL && n.Op != token.SHR
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		}
		return ok
	})
	return ok
}

// replaceIf replaces the if by the write, under the name of another method.
func (p *pkg) replaceIf(ifStmt inspector.Cursor, f *finding, name string) []analysis.SuggestedFix {
	n := ifStmt.Node()
	if kind, _ := ifStmt.ParentEdge(); kind == edge.IfStmt_Else || p.commentIn(n.Pos(), f.call.Pos()) || p.commentIn(f.call.End(), n.End()) {
		return nil
	}
	edits := []analysis.TextEdit{{Pos: n.Pos(), End: f.call.Pos()}}
	if f.sel.Sel.Name != name {
		edits = append(edits, analysis.TextEdit{Pos: f.sel.Sel.Pos(), End: f.sel.Sel.End(), NewText: []byte(name)})
	}
	edits = append(edits, analysis.TextEdit{Pos: f.call.End(), End: n.End()})
	return []analysis.SuggestedFix{{Message: "Call " + name + " alone", TextEdits: edits}}
}

// adjacent reports whether the Delete is the first thing that happens after a
// hit, and happens after every one.
func (p *pkg) adjacent(s *search, loadStmt, write inspector.Cursor) bool {
	kind, _ := write.ParentEdge()
	if kind != edge.BlockStmt_List {
		return false
	}
	first, hasPrev := firstOf(write)
	if ifStmt, ok := ifOf(loadStmt); ok {
		return first && write.Parent().Node() == ast.Node(ifStmt.Body) && s.isOK(ifStmt.Cond)
	}
	next, ok := loadStmt.NextSibling()
	if !ok {
		return false
	}
	ifStmt, ok := next.Node().(*ast.IfStmt)
	if !ok || ifStmt.Init != nil {
		return false
	}
	if first && write.Parent().Node() == ast.Node(ifStmt.Body) {
		return s.isOK(ifStmt.Cond)
	}
	// if !ok { … }, which does not fall through: the outcome would be unknown.
	not, ok := ast.Unparen(ifStmt.Cond).(*ast.UnaryExpr)
	return ok && hasPrev != nil && hasPrev == ast.Node(ifStmt) && not.Op == token.NOT && s.isOK(not.X) && ifStmt.Else == nil
}

// firstOf reports whether c is the first statement of its block, or else what
// stands before it.
func firstOf(c inspector.Cursor) (first bool, before ast.Node) {
	prev, ok := c.PrevSibling()
	if !ok {
		return true, nil
	}
	return false, prev.Node()
}

// loadAndDelete takes the Delete out, and has the Load do it.
func (p *pkg) loadAndDelete(s *search, write inspector.Cursor) []analysis.SuggestedFix {
	from := token.NoPos
	if prev, ok := write.PrevSibling(); ok {
		from = prev.Node().End()
	} else {
		from = write.Parent().Node().Pos() + 1 // the brace
	}
	end := write.Node().End()
	after := write.Parent().Node().End() - 1
	if next, ok := write.NextSibling(); ok {
		after = next.Node().Pos()
	} else if first, _ := firstOf(write); first {
		return nil // nothing would be left of the block
	}
	line := func(pos token.Pos) int { return p.pass.Fset.Position(pos).Line }
	if line(from) == line(write.Node().Pos()) || line(end) == line(after) || p.commentIn(from, after) {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message: "Call LoadAndDelete",
		TextEdits: []analysis.TextEdit{
			{Pos: s.load.sel.Sel.Pos(), End: s.load.sel.Sel.End(), NewText: []byte("LoadAndDelete")},
			{Pos: from, End: end},
		},
	}}
}

// commentIn reports whether a comment lies between two positions of one file.
func (p *pkg) commentIn(from, to token.Pos) bool {
	for _, f := range p.pass.Files {
		if f.FileStart <= from && from < f.FileEnd {
			for _, c := range f.Comments {
				if from <= c.Pos() && c.Pos() < to {
					return true
				}
			}
		}
	}
	return false
}
