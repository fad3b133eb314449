package syncmaprmw

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
)

// stateful reports whether it matters that all goroutines share the value that
// x denotes in fn. Two equal regular expressions are as good as one; of two
// counters, one is lost. What was looked up or computed is not new, and most
// likely the same for everyone who comes here.
func (p *pkg) stateful(x ast.Expr, fn inspector.Cursor) bool {
	x = ast.Unparen(x)
	if fresh(x) {
		return true
	}
	values := []ast.Expr{x}
	if id, ok := x.(*ast.Ident); ok {
		// What the variable holds says more than its type does.
		if values = p.assigned(id, fn); len(values) == 0 {
			return p.statefulType(p.info.TypeOf(x), 0) // a parameter
		}
	}
	return slices.ContainsFunc(values, func(x ast.Expr) bool {
		return p.isNew(x) && p.statefulType(p.info.TypeOf(x), 0)
	})
}

// assigned returns what is assigned to a variable in fn.
func (p *pkg) assigned(id *ast.Ident, fn inspector.Cursor) (values []ast.Expr) {
	obj := p.info.ObjectOf(id)
	ast.Inspect(body(fn), func(n ast.Node) bool {
		if assign, ok := n.(*ast.AssignStmt); ok && obj != nil && len(assign.Rhs) > 0 {
			for i, lhs := range assign.Lhs {
				if id, ok := lhs.(*ast.Ident); ok && p.info.ObjectOf(id) == obj {
					values = append(values, ast.Unparen(assign.Rhs[min(i, len(assign.Rhs)-1)]))
				}
			}
		}
		return true
	})
	return values
}

// makers matches the names of functions that make something new.
var makers = regexp.MustCompile(`^(?i:new|make|create|open|start|dial|connect)`)

// isNew reports whether x makes something.
func (p *pkg) isNew(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		return x.Op == token.AND
	case *ast.CallExpr:
		if tv := p.info.Types[x.Fun]; tv.IsType() && len(x.Args) == 1 {
			return p.isNew(ast.Unparen(x.Args[0]))
		}
		return makers.MatchString(code.CalleeName(x))
	}
	return false
}

// fresh reports whether x is a new, empty map: somebody is going to fill it. One
// in a variable has been filled, and is most likely only read from then on.
func fresh(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.CompositeLit:
		_, isMap := x.Type.(*ast.MapType)
		return isMap && len(x.Elts) == 0
	case *ast.CallExpr:
		if id, ok := x.Fun.(*ast.Ident); ok && id.Name == "make" && len(x.Args) > 0 {
			_, isMap := x.Args[0].(*ast.MapType)
			return isMap
		}
	}
	return false
}

// statefulType reports whether values of typ change after they were made, and
// others notice.
func (p *pkg) statefulType(typ types.Type, depth int) bool {
	if typ == nil || depth > 3 {
		return false
	}
	switch t := underlying(typ).(type) {
	case *types.Chan:
		return true
	case *types.Pointer:
		return p.changes(t.Elem()) || mutators(typ)
	case *types.Interface:
		return mutators(typ)
	case *types.Struct:
		for f := range t.Fields() {
			if p.statefulType(f.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

// changes reports whether what lies behind a pointer to typ changes: it holds a
// lock, an atomic or a channel, or the package assigns to its fields.
func (p *pkg) changes(typ types.Type) bool {
	if named, ok := types.Unalias(typ).(*types.Named); ok {
		p.findChanged()
		if p.changed[named.Origin().Obj()] {
			return true
		}
	}
	return synchronized(typ, 0)
}

func synchronized(typ types.Type, depth int) bool {
	if named, ok := types.Unalias(typ).(*types.Named); ok {
		if pkg := named.Obj().Pkg(); pkg != nil && (pkg.Path() == "sync" || pkg.Path() == "sync/atomic") {
			return true
		}
	}
	switch t := underlying(typ).(type) {
	case *types.Chan:
		return true
	case *types.Struct:
		for f := range t.Fields() {
			if depth < 3 && synchronized(f.Type(), depth+1) {
				return true
			}
		}
	case *types.Array:
		return depth < 3 && synchronized(t.Elem(), depth+1)
	}
	return false
}

// mutators reports whether typ has a method that is called what changes things
// are called.
func mutators(typ types.Type) bool {
	methods := types.NewMethodSet(typ)
	for i := range methods.Len() {
		name := methods.At(i).Obj().Name()
		for _, prefix := range []string{"Add", "Close", "Inc", "Lock", "Push", "Put", "Register", "Set", "Start", "Stop", "Store", "Update", "Write"} {
			rest, ok := strings.CutPrefix(name, prefix)
			if ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z') {
				return true
			}
		}
	}
	return false
}

// findChanged collects the types whose fields the package assigns to, other than
// in functions that make a value of the type.
func (p *pkg) findChanged() {
	if p.changed != nil {
		return
	}
	p.changed = make(map[*types.TypeName]bool)
	for c := range p.root.Preorder((*ast.FuncDecl)(nil)) {
		fn := c.Node().(*ast.FuncDecl)
		made := make(map[*types.TypeName]bool)
		var written []*types.TypeName
		write := func(x ast.Expr) {
			if t := p.fieldOwner(x); t != nil {
				written = append(written, t)
			}
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if t := typeName(p.info.TypeOf(n)); t != nil {
					made[t] = true
				}
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "new" && len(n.Args) == 1 {
					made[typeName(p.info.TypeOf(n.Args[0]))] = true
				}
			case *ast.AssignStmt:
				for _, lhs := range n.Lhs {
					write(lhs)
				}
			case *ast.IncDecStmt:
				write(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					write(n.X)
				}
			}
			return true
		})
		for _, t := range written {
			if !made[t] {
				p.changed[t] = true
			}
		}
	}
}

// fieldOwner returns the type that x is a field, or an element of a field, of.
func (p *pkg) fieldOwner(x ast.Expr) *types.TypeName {
	for {
		switch y := ast.Unparen(x).(type) {
		case *ast.IndexExpr:
			x = y.X
		case *ast.SelectorExpr:
			return typeName(p.info.TypeOf(y.X))
		default:
			return nil
		}
	}
}

func typeName(typ types.Type) *types.TypeName {
	if typ == nil {
		return nil
	}
	if ptr, ok := underlying(typ).(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	if named, ok := types.Unalias(typ).(*types.Named); ok {
		return named.Origin().Obj()
	}
	return nil
}

// cheap reports whether a call takes no time and has no effects: conversions,
// and builtin functions.
func (p *pkg) cheap(call *ast.CallExpr) bool {
	tv := p.info.Types[ast.Unparen(call.Fun)]
	return tv.IsType() || tv.IsBuiltin()
}

// computes reports whether x calls something.
func (p *pkg) computes(x ast.Expr) (found bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && !p.cheap(call) {
			found = true
		}
		return !found
	})
	return found
}
