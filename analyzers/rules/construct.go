package rules

import (
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
)

// construct enters what is to be done for one of the constructs, if an active rule
// forbids it. Those that are left out are found elsewhere: the built-in functions
// among the uses, and imports and comments in the files.
var constructs = map[string]func(c *checker, v *visitors, rules []int){
	"defer": func(c *checker, v *visitors, rules []int) {
		v.on((*ast.DeferStmt)(nil), func(cur inspector.Cursor) {
			c.report(rules, keyword(cur.Node().Pos(), token.DEFER), "defer statement is forbidden")
		})
	},
	"empty-interface": emptyInterface,
	"fallthrough":     branch(token.FALLTHROUGH),
	"go": func(c *checker, v *visitors, rules []int) {
		v.on((*ast.GoStmt)(nil), func(cur inspector.Cursor) {
			c.report(rules, keyword(cur.Node().Pos(), token.GO), "go statement is forbidden")
		})
	},
	"goto": branch(token.GOTO),
	"init": func(c *checker, v *visitors, rules []int) {
		v.on((*ast.FuncDecl)(nil), func(cur inspector.Cursor) {
			if decl := cur.Node().(*ast.FuncDecl); decl.Name.Name == "init" && decl.Recv == nil {
				c.report(rules, decl.Name, "func init is forbidden")
			}
		})
	},
	"label": func(c *checker, v *visitors, rules []int) {
		v.on((*ast.LabeledStmt)(nil), func(cur inspector.Cursor) {
			label := cur.Node().(*ast.LabeledStmt).Label
			c.report(rules, label, "label %s is forbidden", label.Name)
		})
	},
	"naked-return": nakedReturn,
	"package-var":  packageVar,
	"select": func(c *checker, v *visitors, rules []int) {
		v.on((*ast.SelectStmt)(nil), func(cur inspector.Cursor) {
			c.report(rules, keyword(cur.Node().Pos(), token.SELECT), "select statement is forbidden")
		})
	},
	"unchecked-assertion": uncheckedAssertion,
}

func (c *checker) onConstructs(v *visitors) {
	for name, rules := range c.constructs {
		if enter := constructs[name]; enter != nil {
			enter(c, v, rules)
		}
	}
}

// useBuiltin looks at a built-in function, which can only be called.
func (c *checker) useBuiltin(id *ast.Ident, obj *types.Builtin) {
	name := obj.Name()
	construct := name
	if name == "println" {
		construct = "print"
	}
	switch construct {
	case "panic", "print", "recover":
		c.report(c.constructs[construct], id, "call of the built-in %s is forbidden", name)
	}
}

// imports looks at the import declarations and comments of the files.
func (c *checker) imports() {
	blank, dot, cgo, linkname := c.constructs["blank-import"], c.constructs["dot-import"], c.constructs["cgo"], c.constructs["linkname"]
	if len(blank)+len(dot)+len(cgo)+len(linkname) == 0 {
		return
	}
	for _, file := range c.pass.Files {
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			switch {
			case err != nil: // the parser has complained
			case path == "C", c.wasCgo(spec):
				c.report(cgo, span{spec.Pos(), spec.Pos() + token.Pos(len(`"C"`))}, `import "C" is forbidden`)
			case spec.Name != nil && spec.Name.Name == "_":
				c.report(blank, span{spec.Pos(), spec.Path.End()}, "blank import of %q is forbidden", path)
			case spec.Name != nil && spec.Name.Name == ".":
				c.report(dot, span{spec.Pos(), spec.Path.End()}, "dot import of %q is forbidden", path)
			}
		}
		if len(linkname) == 0 {
			continue
		}
		for _, group := range file.Comments {
			for _, comment := range group.List {
				if rest, ok := strings.CutPrefix(comment.Text, "//go:linkname "); ok {
					name, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
					c.report(linkname, comment, "//go:linkname of %s is forbidden", name)
				}
			}
		}
	}
}

// wasCgo reports whether spec was an import of "C" before cgo rewrote the file.
// gopls shows a pass what was written, go vet what cgo made of it: there the
// import is _ "unsafe", at a place that a //line comment maps to the original. So
// is an import of unsafe that somebody wrote; only the original tells.
func (c *checker) wasCgo(spec *ast.ImportSpec) bool {
	if spec.Name == nil || spec.Name.Name != "_" || spec.Path.Value != `"unsafe"` {
		return false
	}
	made, written := c.pass.Fset.PositionFor(spec.Pos(), false), c.pass.Fset.PositionFor(spec.Pos(), true)
	if made.Filename == written.Filename || !strings.HasSuffix(made.Filename, ".cgo1.go") {
		return false
	}
	text, err := os.ReadFile(written.Filename)
	if err != nil {
		return true
	}
	lines := strings.SplitN(string(text), "\n", written.Line+1)
	if len(lines) < written.Line || len(lines[written.Line-1]) < written.Column {
		return true
	}
	return !strings.HasPrefix(lines[written.Line-1][written.Column-1:], "_")
}

func branch(tok token.Token) func(*checker, *visitors, []int) {
	return func(c *checker, v *visitors, rules []int) {
		v.on((*ast.BranchStmt)(nil), func(cur inspector.Cursor) {
			if b := cur.Node().(*ast.BranchStmt); b.Tok == tok {
				c.report(rules, keyword(b.TokPos, tok), "%s statement is forbidden", tok)
			}
		})
	}
}

// emptyInterface finds interface{} and any, but not as the constraint of a type
// parameter, where it says that there is none.
func emptyInterface(c *checker, v *visitors, rules []int) {
	constraints := make(map[ast.Expr]bool)
	collect := func(params *ast.FieldList) {
		if params != nil {
			for _, f := range params.List {
				constraints[f.Type] = true
			}
		}
	}
	v.on((*ast.FuncType)(nil), func(cur inspector.Cursor) { collect(cur.Node().(*ast.FuncType).TypeParams) })
	v.on((*ast.TypeSpec)(nil), func(cur inspector.Cursor) { collect(cur.Node().(*ast.TypeSpec).TypeParams) })
	v.on((*ast.InterfaceType)(nil), func(cur inspector.Cursor) {
		if t := cur.Node().(*ast.InterfaceType); t.Methods != nil && len(t.Methods.List) == 0 && !constraints[t] {
			c.report(rules, t, "the empty interface is forbidden")
		}
	})
	v.after = append(v.after, func() {
		for _, id := range c.anys {
			if !constraints[id] {
				c.report(rules, id, "the empty interface is forbidden")
			}
		}
	})
}

var anyType = types.Universe.Lookup("any")

func nakedReturn(c *checker, v *visitors, rules []int) {
	v.on((*ast.ReturnStmt)(nil), func(cur inspector.Cursor) {
		ret := cur.Node().(*ast.ReturnStmt)
		if len(ret.Results) > 0 {
			return
		}
		for fn := range cur.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
			var typ *ast.FuncType
			switch fn := fn.Node().(type) {
			case *ast.FuncDecl:
				typ = fn.Type
			case *ast.FuncLit:
				typ = fn.Type
			}
			if typ.Results != nil && len(typ.Results.List) > 0 {
				c.report(rules, ret, "return without operands is forbidden in a function with named results")
			}
			return
		}
	})
}

// packageVar finds variables at package level. One that is called _ is none.
func packageVar(c *checker, v *visitors, rules []int) {
	v.on((*ast.File)(nil), func(cur inspector.Cursor) {
		for _, decl := range cur.Node().(*ast.File).Decls {
			decl, ok := decl.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR {
				continue
			}
			for _, spec := range decl.Specs {
				spec, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				for _, name := range slices.DeleteFunc(slices.Clone(spec.Names), func(id *ast.Ident) bool { return id.Name == "_" }) {
					c.report(rules, name, "variable %s at package level is forbidden", name.Name)
				}
			}
		}
	})
}

func uncheckedAssertion(c *checker, v *visitors, rules []int) {
	v.on((*ast.TypeAssertExpr)(nil), func(cur inspector.Cursor) {
		x := cur.Node().(*ast.TypeAssertExpr)
		if x.Type == nil {
			return // x.(type)
		}
		typ := c.pass.TypesInfo.TypeOf(x)
		if _, checked := typ.(*types.Tuple); typ == nil || checked {
			return // v, ok := x.(T)
		}
		c.report(rules, x, "type assertion that panics is forbidden: use v, ok := x.(%s)", types.ExprString(x.Type))
	})
}
