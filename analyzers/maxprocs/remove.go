package maxprocs

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
)

// removeImport returns the fix that removes a blank import, if there is one.
func removeImport(pass *analysis.Pass, file *ast.File, spec *ast.ImportSpec) []analysis.SuggestedFix {
	e := newEraser(pass, file)
	return e.fix("Remove the import of automaxprocs", e.importSpec(spec))
}

// removeCall returns the fix that removes a call of GOMAXPROCS, with the import
// of runtime if nothing else needs it. A statement that is all that a block
// has stays, except that a func init goes with it.
func removeCall(pass *analysis.Pass, file *ast.File, c inspector.Cursor, stmt *ast.ExprStmt) []analysis.SuggestedFix {
	block, ok := c.Parent().Node().(*ast.BlockStmt)
	if !ok {
		return nil
	}
	if call, ok := stmt.X.(*ast.CallExpr); !ok || !isQualified(call.Fun) {
		return nil // of a dot import, nobody can see who else uses it
	}
	e := newEraser(pass, file)
	var spans []span
	if len(block.List) > 1 {
		spans = append(spans, e.lines(stmt, nil))
	} else if decl, ok := c.Parent().Parent().Node().(*ast.FuncDecl); ok && decl.Name.Name == "init" && decl.Recv == nil {
		spans = append(spans, e.lines(decl, decl.Doc))
	} else {
		return nil
	}
	for _, spec := range e.onlyUses(stmt) {
		spans = append(spans, e.importSpec(spec))
	}
	return e.fix("Remove the call of GOMAXPROCS", spans...)
}

func isQualified(fun ast.Expr) bool {
	_, ok := ast.Unparen(fun).(*ast.SelectorExpr)
	return ok
}

// A span is a piece of a file. The zero span is no piece at all.
type span struct{ start, end int }

// An eraser removes lines from one file, so that what stays is formatted as
// before. It works on the text, because comments and blank lines are no part of
// the tree.
type eraser struct {
	pass *analysis.Pass
	file *ast.File
	tok  *token.File
	src  []byte
}

func newEraser(pass *analysis.Pass, file *ast.File) *eraser {
	tok := pass.Fset.File(file.FileStart)
	src, err := pass.ReadFile(tok.Name())
	if err != nil || len(src) != tok.Size() {
		src = nil // there will be no fix
	}
	return &eraser{pass, file, tok, src}
}

// fix returns a fix that erases spans. What it leaves must be formatted, or
// there is no fix: then the file had something on those lines that was not
// thought of here.
func (e *eraser) fix(message string, spans ...span) []analysis.SuggestedFix {
	if e.src == nil || slices.Contains(spans, span{}) {
		return nil
	}
	slices.SortFunc(spans, func(x, y span) int { return cmp.Compare(x.start, y.start) })
	var fixed []byte
	var edits []analysis.TextEdit
	last := 0
	for _, s := range spans {
		s.start = max(s.start, last) // two neighbours may both have taken the blank line between them
		if s.end <= s.start {
			return nil
		}
		fixed = append(fixed, e.src[last:s.start]...)
		edits = append(edits, analysis.TextEdit{Pos: e.tok.Pos(s.start), End: e.tok.Pos(s.end)})
		last = s.end
	}
	fixed = append(fixed, e.src[last:]...)
	formatted, err := format.Source(fixed)
	if err != nil || !bytes.Equal(formatted, fixed) {
		return nil
	}
	return []analysis.SuggestedFix{{Message: message, TextEdits: edits}}
}

// importSpec returns the lines of spec, or of its declaration if that has
// nothing else.
func (e *eraser) importSpec(spec *ast.ImportSpec) span {
	for _, d := range e.file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || !slices.Contains(decl.Specs, ast.Spec(spec)) {
			continue
		}
		if len(decl.Specs) > 1 {
			return e.lines(spec, spec.Doc)
		}
		for _, group := range e.file.Comments {
			if within(group, decl) && group != spec.Doc && group != spec.Comment {
				return span{} // someone's remark would be lost
			}
		}
		return e.lines(decl, decl.Doc)
	}
	return span{}
}

// processors are the words of a comment that explains what is being removed.
var processors = regexp.MustCompile(`(?i)maxprocs|cpu|core|processor|thread|quota|cgroup`)

// lines returns the lines of n, and those of the comment right above it if it is
// n's and speaks of processors; another one may be the heading of what follows.
// Of the blank lines on both sides it takes one, or what stays would have two.
func (e *eraser) lines(n ast.Node, doc *ast.CommentGroup) span {
	if e.src == nil {
		return span{}
	}
	start := e.lineStart(e.tok.Offset(n.Pos()))
	end := e.lineEnd(e.tok.Offset(n.End()))
	if doc == nil {
		doc = e.commentAbove(start)
	}
	if doc != nil && processors.MatchString(doc.Text()) {
		start = e.lineStart(e.tok.Offset(doc.Pos()))
	}
	if len(bytes.TrimSpace(e.src[start:e.tok.Offset(n.Pos())])) > 0 && start == e.lineStart(e.tok.Offset(n.Pos())) {
		return span{} // shares its first line with something else
	}
	if rest := bytes.TrimSpace(e.src[e.tok.Offset(n.End()):end]); len(rest) > 0 && !bytes.HasPrefix(rest, []byte("//")) {
		return span{} // and here its last
	}
	before, after := bytes.TrimRight(e.src[:start], " \t"), e.src[end:]
	opens := bytes.HasSuffix(before, []byte("(\n")) || bytes.HasSuffix(before, []byte("{\n"))
	next := bytes.TrimLeft(after, "\t")
	closes := bytes.HasPrefix(next, []byte(")")) || bytes.HasPrefix(next, []byte("}"))
	switch blankAbove := bytes.HasSuffix(before, []byte("\n\n")); {
	case (blankAbove || opens) && bytes.HasPrefix(after, []byte("\n")):
		end++
	case blankAbove && (closes || len(after) == 0):
		start--
	}
	return span{start, end}
}

// commentAbove returns the comment whose last line is the one above offset.
func (e *eraser) commentAbove(offset int) *ast.CommentGroup {
	for _, group := range e.file.Comments {
		if end := e.tok.Offset(group.End()); e.lineEnd(end) == offset && e.startsLine(group) {
			return group
		}
	}
	return nil
}

func (e *eraser) startsLine(n ast.Node) bool {
	offset := e.tok.Offset(n.Pos())
	return len(bytes.TrimSpace(e.src[e.lineStart(offset):offset])) == 0
}

func (e *eraser) lineStart(offset int) int { return bytes.LastIndexByte(e.src[:offset], '\n') + 1 }

// lineEnd returns the offset behind the line feed.
func (e *eraser) lineEnd(offset int) int {
	if i := bytes.IndexByte(e.src[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(e.src)
}

// onlyUses returns the imports that nothing but stmt uses.
func (e *eraser) onlyUses(stmt *ast.ExprStmt) []*ast.ImportSpec {
	inside, outside := make(map[*types.PkgName]bool), make(map[*types.PkgName]bool)
	ast.Inspect(e.file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if pkg, ok := e.pass.TypesInfo.Uses[id].(*types.PkgName); ok {
				if within(id, stmt) {
					inside[pkg] = true
				} else {
					outside[pkg] = true
				}
			}
		}
		return true
	})
	return slices.DeleteFunc(slices.Clone(e.file.Imports), func(spec *ast.ImportSpec) bool {
		pkg := e.pass.TypesInfo.PkgNameOf(spec)
		return pkg == nil || !inside[pkg] || outside[pkg]
	})
}

func within(n, outer ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }
