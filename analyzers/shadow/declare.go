package shadow

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
)

// A shadowing is a declaration that hides a variable of the same name to
// which its value could have been assigned.
type shadowing struct {
	name         *ast.Ident
	inner, outer *types.Var
	decl         ast.Node // the AssignStmt, ValueSpec or RangeStmt that declares inner
	fn           *function
	narrow       bool // it has a scope of its own: a head of an if, for, switch or select, or a closure
	derived      bool // from what it hides, as x := x is; the author knew of both
	normalizes   bool // derived as in path, err := filepath.Abs(path), and not in a loop
	sibling      bool // another branch assigns the outer one
}

// shadowings returns the local variables that the statement at c declares and
// that shadow another local one.
func (p *program) shadowings(c inspector.Cursor) []shadowing {
	names, values := declared(c)
	var found []shadowing
	for _, name := range names {
		inner, ok := p.info.Defs[name].(*types.Var)
		if !ok || name.Name == "_" || p.ignore[name.Name] {
			continue
		}
		outer := shadowed(inner)
		if outer == nil {
			continue
		}
		if fn := p.enclosing(c); fn != nil {
			s := shadowing{name: name, inner: inner, outer: outer, decl: c.Node(), fn: fn, narrow: isHead(c)}
			s.derived = slices.ContainsFunc(values, func(x ast.Expr) bool { return mentions(p.info, x, outer) })
			s.normalizes = s.derived && p.normalizes(c, names)
			s.sibling = p.sibling(c, inner, outer)
			found = append(found, s)
		}
	}
	return found
}

// normalizes reports whether c is a call whose error forced the :=, in a
// branch rather than in a loop, where each turn starts anew.
func (p *program) normalizes(c inspector.Cursor, names []*ast.Ident) bool {
	if isHead(c) || len(names) != 2 {
		return false
	}
	err := p.info.ObjectOf(names[1])
	if err == nil || !code.IsError(err.Type()) {
		return false
	}
	for range c.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil)) {
		return false
	}
	return true
}

// sibling reports whether another branch of a statement around the declaration
// at c assigns outer, of the same type. A comma-ok is nobody else's.
func (p *program) sibling(c inspector.Cursor, inner, outer *types.Var) bool {
	a, ok := c.Node().(*ast.AssignStmt)
	if !ok || commaOK(a) && isBool(inner.Type()) || !types.Identical(inner.Type(), outer.Type()) {
		return false
	}
	for stmt := range c.Enclosing((*ast.IfStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.TypeSwitchStmt)(nil), (*ast.SelectStmt)(nil), (*ast.FuncLit)(nil)) {
		if _, ok := stmt.Node().(*ast.FuncLit); ok || !outer.Parent().Contains(stmt.Node().Pos()) {
			return false
		}
		for _, branch := range branches(stmt.Node()) {
			if !within(branch, c.Node().Pos()) && p.assigns(branch, outer) {
				return true
			}
		}
	}
	return false
}

func commaOK(a *ast.AssignStmt) bool {
	if len(a.Lhs) != 2 || len(a.Rhs) != 1 {
		return false
	}
	switch x := ast.Unparen(a.Rhs[0]).(type) {
	case *ast.TypeAssertExpr, *ast.IndexExpr:
		return true
	case *ast.UnaryExpr:
		return x.Op == token.ARROW
	}
	return false
}

// branches returns the parts of stmt of which only one runs.
func branches(stmt ast.Node) []ast.Node {
	var list []ast.Node
	var body *ast.BlockStmt
	switch n := stmt.(type) {
	case *ast.IfStmt:
		list = append(list, n.Body)
		if n.Else != nil {
			list = append(list, n.Else)
		}
	case *ast.SwitchStmt:
		body = n.Body
	case *ast.TypeSwitchStmt:
		body = n.Body
	case *ast.SelectStmt:
		body = n.Body
	}
	if body != nil {
		for _, clause := range body.List {
			list = append(list, clause)
		}
	}
	return list
}

// assigns reports whether n assigns v by =.
func (p *program) assigns(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.AssignStmt:
			found = found || n.Tok == token.ASSIGN && slices.ContainsFunc(n.Lhs, func(x ast.Expr) bool {
				id, ok := x.(*ast.Ident)
				return ok && p.denotes(id, v)
			})
		}
		return !found
	})
	return found
}

// isHead reports whether the declaration at c belongs to the head of another
// statement, which gives it a scope of its own.
func isHead(c inspector.Cursor) bool {
	switch c.ParentEdgeKind() {
	case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body, edge.LabeledStmt_Stmt:
		_, loop := c.Node().(*ast.RangeStmt)
		return loop
	}
	_, spec := c.Node().(*ast.ValueSpec)
	return !spec
}

// declared returns the names that the statement at c declares, those that it
// merely assigns included, and what it gives them.
//
// The symbol of a type switch is not among them: there is no other way to
// write one. Nor are parameters, which nothing writes where they are declared.
func declared(c inspector.Cursor) (names []*ast.Ident, values []ast.Expr) {
	var left []ast.Expr
	switch n := c.Node().(type) {
	case *ast.AssignStmt:
		if c.ParentEdgeKind() == edge.TypeSwitchStmt_Assign || n.Tok != token.DEFINE {
			return nil, nil
		}
		left, values = n.Lhs, n.Rhs
	case *ast.RangeStmt:
		if n.Tok != token.DEFINE {
			return nil, nil
		}
		left, values = []ast.Expr{n.Key, n.Value}, []ast.Expr{n.X}
	case *ast.ValueSpec:
		return n.Names, n.Values
	}
	for _, x := range left {
		if id, ok := x.(*ast.Ident); ok {
			names = append(names, id)
		}
	}
	return names, values
}

// shadowed returns the local variable that inner hides and could have been
// assigned to, or nil. Variables of the package are another pass's: that a
// function has a local of the same name is how locals are usually named.
func shadowed(inner *types.Var) *types.Var {
	outer, ok := hidden(inner).(*types.Var)
	if !ok || inner.Pkg() == nil || outer.Pkg() != inner.Pkg() || outer.Parent() == inner.Pkg().Scope() {
		return nil
	}
	if !assignable(inner, outer) {
		return nil // the author wanted two different things
	}
	return outer
}

// hidden returns what the name of a local object would mean without it.
func hidden(obj types.Object) types.Object {
	scope := obj.Parent()
	if scope == nil || scope.Parent() == nil {
		return nil
	}
	_, outer := scope.Parent().LookupParent(obj.Name(), obj.Pos())
	return outer
}

func assignable(inner, outer *types.Var) bool {
	invalid := types.Typ[types.Invalid]
	return inner.Type() != invalid && outer.Type() != invalid && types.AssignableTo(inner.Type(), outer.Type())
}

// mentions reports whether n uses v.
func mentions(info *types.Info, n ast.Node, v types.Object) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == v {
			found = true
		}
		return !found
	})
	return found
}
