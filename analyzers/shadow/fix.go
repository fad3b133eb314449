package shadow

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"
)

// A fixer makes fixes for one file. What it returns compiles if the file does,
// and is gofmt-clean if the file is.
type fixer struct {
	pass  *analysis.Pass
	file  *ast.File
	names map[string]bool // every identifier of the file, for whatever it stands
}

// fix returns what mends s: the assignment that was meant or, where that would
// not compile or change more than the one variable, another name.
func (x *fixer) fix(p *program, s shadowing) []analysis.SuggestedFix {
	if tok, ok := p.assignsInstead(s); ok {
		edit := analysis.TextEdit{Pos: tok, End: tok + token.Pos(len(":=")), NewText: []byte("=")}
		return x.suggest(fmt.Sprintf("Assign to the outer %s", s.name.Name), edit)
	}
	return x.rename(s.name.Name, s.inner)
}

// assignsInstead returns where the := is that could be =.
func (p *program) assignsInstead(s shadowing) (token.Pos, bool) {
	var tok token.Pos
	var left []ast.Expr
	switch n := s.decl.(type) {
	case *ast.AssignStmt:
		tok, left = n.TokPos, n.Lhs
	case *ast.RangeStmt:
		tok, left = n.TokPos, []ast.Expr{n.Key, n.Value}
	default:
		return token.NoPos, false // var x = y would need another shape
	}
	if s.fn.besides(s.outer) {
		return token.NoPos, false // no goroutine should assign it unasked
	}
	for _, x := range left {
		id, ok := x.(*ast.Ident)
		if !ok || id.Name == "_" {
			continue
		}
		inner, ok := p.info.Defs[id].(*types.Var)
		if !ok {
			continue // assigned already
		}
		outer := shadowed(inner)
		if outer == nil || !types.Identical(inner.Type(), outer.Type()) || p.redeclared[inner] {
			return token.NoPos, false
		}
		other := s
		other.name, other.inner, other.outer = id, inner, outer
		if inner != s.inner && p.live(other) && !p.judge(other).IsValid() {
			return token.NoPos, false // somebody wants what that one holds
		}
	}
	return tok, true
}

// live reports whether the outer variable is read without the inner value.
func (p *program) live(s shadowing) bool {
	return slices.ContainsFunc(s.fn.writes(s.inner), func(w point) bool { return len(s.fn.losses(s, w)) > 0 })
}

// besides reports whether f may run beside the function that declares v: it is
// a literal that is spawned, or handed to somebody who may spawn it.
func (f *function) besides(v *types.Var) bool {
	for ; f != nil && !f.contains(v); f = f.parent {
		for _, l := range f.parent.literals {
			if l.fn == f && l.when != called && l.when != deferred {
				return true
			}
		}
	}
	return false
}

// indexRedeclared notes the variables to which a later := of their scope
// assigns. If they were not declared before, that one would declare them.
func (p *program) indexRedeclared(n ast.Node) {
	if a, ok := n.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
		for _, x := range a.Lhs {
			if id, ok := x.(*ast.Ident); ok {
				if v, ok := p.info.Uses[id].(*types.Var); ok {
					p.redeclared[v] = true
				}
			}
		}
	}
}

// rename gives objs, which are one thing to the reader, another name.
func (x *fixer) rename(name string, objs ...types.Object) []analysis.SuggestedFix {
	if strings.Trim(name, "_") == "" {
		return nil
	}
	fresh := x.freshName(name)
	var edits []analysis.TextEdit
	ast.Inspect(x.file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || id.Name != name {
			return true
		}
		obj := x.pass.TypesInfo.ObjectOf(id)
		if obj == nil && id.Pos() == objs[0].Pos() || obj != nil && slices.Contains(objs, obj) {
			edits = append(edits, analysis.TextEdit{Pos: id.Pos(), End: id.End(), NewText: []byte(fresh)})
		}
		return true
	})
	return x.suggest(fmt.Sprintf("Rename the inner %s to %s", name, fresh), edits...)
}

// freshName returns a name that nothing in the file has, nor in the package.
func (x *fixer) freshName(name string) string {
	name = strings.TrimLeft(name, "_")
	if slices.Contains(initialisms, name) {
		name = strings.ToUpper(name)
	}
	first, size := utf8.DecodeRuneInString(name)
	base := "inner" + string(unicode.ToUpper(first)) + name[size:]
	for i := 1; ; i++ {
		fresh := base
		if i > 1 {
			fresh = fmt.Sprint(base, i)
		}
		if _, obj := x.pass.Pkg.Scope().LookupParent(fresh, token.NoPos); obj == nil && !x.taken(fresh) {
			return fresh
		}
	}
}

// initialisms are the variable names that are usual and that Go writes in
// capitals.
var initialisms = []string{"api", "db", "html", "http", "id", "ip", "json", "sql", "uri", "url", "xml"}

func (x *fixer) taken(name string) bool {
	if x.names == nil {
		x.names = make(map[string]bool)
		ast.Inspect(x.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				x.names[id.Name] = true
			}
			return true
		})
	}
	return x.names[name]
}

// suggest returns the fix that edits make, or none if it cannot be tidied.
func (x *fixer) suggest(message string, edits ...analysis.TextEdit) []analysis.SuggestedFix {
	edits, ok := x.tidy(edits)
	if !ok {
		return nil
	}
	return []analysis.SuggestedFix{{Message: message, TextEdits: edits}}
}

// tidy extends edits, which stay within their lines, such that the result is
// gofmt-clean: another length moves the comments and values that are aligned
// with what changed.
func (x *fixer) tidy(edits []analysis.TextEdit) ([]analysis.TextEdit, bool) {
	file := x.pass.Fset.File(x.file.FileStart)
	src, err := x.pass.ReadFile(file.Name())
	if err != nil || len(src) != file.Size() {
		return nil, false // not the text that was parsed, as with cgo
	}
	slices.SortFunc(edits, func(x, y analysis.TextEdit) int { return int(x.Pos - y.Pos) })
	first, last := x.around(file, edits)
	start, end := file.Offset(file.LineStart(first)), len(src)
	if last < file.LineCount() {
		end = file.Offset(file.LineStart(last + 1))
	}
	var out []byte
	done := start
	for _, e := range edits {
		out = append(out, src[done:file.Offset(e.Pos)]...)
		out = append(out, e.NewText...)
		done = file.Offset(e.End)
	}
	out = append(out, src[done:end]...)
	src = src[start:end]
	formatted, err := format.Source(out)
	if err != nil {
		return nil, false
	}
	if clean, err := format.Source(src); bytes.Equal(out, formatted) || err != nil || !bytes.Equal(clean, src) {
		return edits, true // clean, or never was
	}
	before, after := bytes.Split(src, []byte("\n")), bytes.Split(formatted, []byte("\n"))
	if len(before) != len(after) {
		return nil, false
	}
	edits = nil
	for i := range before {
		if !bytes.Equal(before[i], after[i]) {
			start := file.LineStart(first + i)
			edits = append(edits, analysis.TextEdit{Pos: start, End: start + token.Pos(len(before[i])), NewText: after[i]})
		}
	}
	return edits, true
}

// around returns the lines of the declaration that edits lie in. To format no
// more keeps a fix cheap in a file of 25,000 lines. One that shares a line with
// others, or edits in several, get the whole file.
func (x *fixer) around(file *token.File, edits []analysis.TextEdit) (first, last int) {
	for i, decl := range x.file.Decls {
		if len(edits) == 0 || decl.Pos() > edits[0].Pos || edits[len(edits)-1].End > decl.End() {
			continue
		}
		first, last := lineOf(file, decl.Pos()), lineOf(file, decl.End()-1)
		if i > 0 && lineOf(file, x.file.Decls[i-1].End()-1)+1 >= first || i+1 < len(x.file.Decls) && lineOf(file, x.file.Decls[i+1].Pos())-1 <= last {
			break // comments at the ends of lines without a blank one between are aligned
		}
		return first, last
	}
	return 1, file.LineCount()
}

// lineOf returns a line of the file itself: //line comments lead elsewhere.
func lineOf(file *token.File, pos token.Pos) int { return file.PositionFor(pos, false).Line }
