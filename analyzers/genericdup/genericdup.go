package genericdup

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/analyzers/passdoc"
)

//go:embed doc.go
var doc string

var Analyzer = &analysis.Analyzer{
	Name:     "genericdup",
	Doc:      passdoc.Must(doc, "genericdup"),
	URL:      passdoc.URL("genericdup"),
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

// minStmts is the size from which a twin is worth a comment. With 3, what the
// standard library adds are methods such as strings.Builder's Write and
// WriteString, whose body is as short as the call that would replace it.
const minStmts = 4

// A function is a candidate for having a twin.
type function struct {
	decl  *ast.FuncDecl
	obj   *types.Func
	file  *ast.File
	steps []step // only when another function has the same shape
}

// run puts the functions into buckets of one shape each, which is linear, and
// compares only within a bucket. The type checker, which has the last word, sees
// only what is equal but for one type.
func run(pass *analysis.Pass) (any, error) {
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	var shapes []uint64 // in source order
	buckets := make(map[uint64][]*function)
	for file := range root.Children() {
		for _, fn := range candidates(pass, file.Node().(*ast.File)) {
			h := hash(pass.TypesInfo, fn)
			if buckets[h] == nil {
				shapes = append(shapes, h)
			}
			buckets[h] = append(buckets[h], fn)
		}
	}
	for _, h := range shapes {
		if fns := buckets[h]; len(fns) > 1 {
			for _, g := range groups(pass, fns) {
				report(pass, g)
			}
		}
	}
	return nil, nil
}

// candidates returns the functions of file that are worth merging with a twin.
// Tests repeat themselves on purpose.
func candidates(pass *analysis.Pass, file *ast.File) []*function {
	if code.Generated(pass.Fset, file) || code.InTest(pass.Fset, file) {
		return nil
	}
	var fns []*function
	for _, decl := range file.Decls {
		decl, ok := decl.(*ast.FuncDecl)
		if !ok || decl.Body == nil || hasDirective(decl) || !large(pass.Fset, decl.Body) {
			continue
		}
		obj, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
		if !ok || obj.Signature().TypeParams().Len() > 0 || obj.Signature().RecvTypeParams().Len() > 0 {
			continue
		}
		fns = append(fns, &function{decl: decl, obj: obj, file: file})
	}
	return fns
}

// hasDirective reports whether the function is more than its Go code: known to
// the linker or to C, or not to be inlined, split or instrumented.
func hasDirective(decl *ast.FuncDecl) bool {
	return decl.Doc != nil && slices.ContainsFunc(decl.Doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//go:") || strings.HasPrefix(c.Text, "//export ")
	})
}

// large reports whether body has at least minStmts statements, blocks not
// counted, on more than one line. A type that it declares rules it out, since
// one in each twin is another type.
func large(fset *token.FileSet, body *ast.BlockStmt) bool {
	if fset.Position(body.Lbrace).Line == fset.Position(body.Rbrace).Line {
		return false // whoever wrote it thought it small
	}
	stmts, ok := 0, true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.BlockStmt:
		case *ast.TypeSpec, *ast.BadStmt, *ast.BadExpr, *ast.BadDecl:
			ok = false
		case ast.Stmt:
			stmts++
		}
		return ok
	})
	return ok && stmts >= minStmts
}

// maxNames is how many twins a message names before it counts the rest, which
// the related information has.
const maxNames = 3

// report names the twins at the first of them: one comment for a group, where
// its reader starts.
func report(pass *analysis.Pass, g group) {
	first := g.fns[0]
	names := []string{first.obj.Name()}
	var related []analysis.RelatedInformation
	for i, fn := range g.fns[1:] {
		names = append(names, fmt.Sprintf("%s (%s)", fn.obj.Name(), place(pass, first, fn)))
		related = append(related, analysis.RelatedInformation{
			Pos: fn.decl.Name.Pos(),
			End: fn.decl.Name.End(),
			Message: fmt.Sprintf("the same with %s in place of %s",
				typeString(pass, g.types[i+1]), typeString(pass, g.types[0])),
		})
	}
	if len(names) > maxNames+1 {
		names = append(names[:maxNames], fmt.Sprintf("%d more", len(names)-maxNames))
	}
	last := len(names) - 1
	pass.Report(analysis.Diagnostic{
		Pos: first.decl.Name.Pos(),
		End: first.decl.Name.End(),
		Message: fmt.Sprintf("%s and %s differ in one type only: let them share a generic function [T %s]",
			strings.Join(names[:last], ", "), names[last], g.constraint),
		Related: related,
	})
}

// place tells where fn is, for a reader of the file that has from.
func place(pass *analysis.Pass, from, fn *function) string {
	pos := pass.Fset.Position(fn.decl.Name.Pos())
	if from.file == fn.file {
		return fmt.Sprintf("line %d", pos.Line)
	}
	return fmt.Sprintf("%s:%d", filepath.Base(pos.Filename), pos.Line)
}

// typeString writes t as the package would, but for renamed imports.
func typeString(pass *analysis.Pass, t types.Type) string {
	return types.TypeString(t, func(pkg *types.Package) string {
		if pkg == pass.Pkg {
			return ""
		}
		return pkg.Name()
	})
}
