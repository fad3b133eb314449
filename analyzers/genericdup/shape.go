package genericdup

import (
	"fmt"
	"go/ast"
	"go/types"
	"hash/maphash"
	"reflect"
	"strconv"
)

// Kinds of steps; all others are those of the syntax tree.
const (
	typeExpr  = "type"
	signature = "signature" // of a function whose parameters have names
	name      = "name"      // declared elsewhere
	local     = "local"
	self      = "self"
	end       = "end" // of what the steps before are parts of
)

// A step is one node of a walk through a function, written so that twins take
// steps of the same kind and text. What they mention is compared later.
type step struct {
	kind string
	text string       // what twins must share
	obj  types.Object // what an identifier denotes
	typ  types.Type   // of a type expression, whose parts are no steps
	node ast.Node
}

var seed = maphash.MakeSeed()

// hash returns the same for twins.
func hash(info *types.Info, fn *function) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	walk(info, fn, func(s step) {
		h.WriteString(s.kind)
		h.WriteByte(' ')
		h.WriteString(s.text)
		h.WriteByte('\n')
	})
	return h.Sum64()
}

// walk emits the steps of fn.
func walk(info *types.Info, fn *function, emit func(step)) {
	named := map[*ast.FuncType]bool{fn.decl.Type: true}
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case nil:
			emit(step{kind: end})
			return true
		case *ast.CommentGroup:
			return false
		case *ast.FuncLit:
			named[n.Type] = true
		case *ast.FuncType:
			if named[n] {
				emit(step{kind: signature, node: n})
				return true
			}
		case *ast.Ident:
			if tv := info.Types[n]; !tv.IsType() {
				emit(identStep(info, fn, n))
				return true
			}
		}
		if x, ok := n.(ast.Expr); ok {
			if tv := info.Types[x]; tv.IsType() {
				emit(step{kind: typeExpr, typ: tv.Type, node: n})
				return false
			}
		}
		emit(step{kind: reflect.TypeOf(n).String(), text: detail(n), node: n})
		return true
	}
	if fn.decl.Recv != nil {
		ast.Inspect(fn.decl.Recv, visit)
	}
	ast.Inspect(fn.decl.Type, visit)
	ast.Inspect(fn.decl.Body, visit)
}

// identStep returns the step of an identifier that denotes no type. A local name
// is the author's choice, any other one counts.
func identStep(info *types.Info, fn *function, id *ast.Ident) step {
	obj := origin(info.ObjectOf(id))
	s := step{kind: name, text: id.Name, obj: obj, node: id}
	switch {
	case id.Name == "_":
		s.obj = nil // := gives it a variable, and nobody can mean that
	case obj == types.Object(fn.obj):
		s.kind, s.text = self, ""
	case obj == nil, fn.isLocal(obj):
		s.kind, s.text = local, "" // nil: the x of a switch x := y.(type)
	}
	if pkg, ok := obj.(*types.PkgName); ok {
		s.text = pkg.Imported().Path()
	}
	return s
}

// isLocal reports whether obj is declared in the function. A field of a struct
// that is written in it is not: it goes by its name.
func (fn *function) isLocal(obj types.Object) bool {
	if v, ok := obj.(*types.Var); ok && v.IsField() {
		return false
	}
	return fn.decl.Pos() <= obj.Pos() && obj.Pos() < fn.decl.End()
}

// origin returns the object of which obj is an instance.
func origin(obj types.Object) types.Object {
	switch obj := obj.(type) {
	case *types.Func:
		return obj.Origin()
	case *types.Var:
		return obj.Origin()
	}
	return obj
}

// detail returns what the kind of n and its parts do not tell.
func detail(n ast.Node) string {
	switch n := n.(type) {
	case *ast.BasicLit:
		return n.Value
	case *ast.BinaryExpr:
		return n.Op.String()
	case *ast.UnaryExpr:
		return n.Op.String()
	case *ast.AssignStmt:
		return n.Tok.String()
	case *ast.IncDecStmt:
		return n.Tok.String()
	case *ast.BranchStmt:
		return n.Tok.String()
	case *ast.GenDecl:
		return n.Tok.String()
	case *ast.RangeStmt:
		return n.Tok.String()
	case *ast.CallExpr:
		return strconv.FormatBool(n.Ellipsis.IsValid())
	case *ast.SliceExpr:
		return fmt.Sprint(n.Low != nil, n.High != nil, n.Slice3)
	case *ast.ForStmt:
		return fmt.Sprint(n.Init != nil, n.Cond != nil, n.Post != nil)
	}
	return ""
}
