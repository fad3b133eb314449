package ctxfield

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/code"
)

// tagField returns the fix that hides field from the codec, if it is declared
// in this package and has no tag, into which another one would have to fit.
func tagField(pass *analysis.Pass, field *types.Var, c *codec) []analysis.SuggestedFix {
	if c.tag == "" || field.Pkg() != pass.Pkg || generic(field) {
		return nil
	}
	for _, file := range pass.Files {
		if field.Pos() < file.FileStart || file.FileEnd <= field.Pos() || code.Generated(pass.Fset, file) {
			continue
		}
		decl := declaration(file, field)
		if decl == nil || decl.Tag != nil || len(decl.Names) > 1 {
			return nil // a tag of two names would hide both
		}
		tag := fmt.Sprintf("`%s:\"-\"`", c.tag)
		edit, ok := insert(pass, file, decl, " "+tag)
		if !ok {
			return nil
		}
		return []analysis.SuggestedFix{{
			Message:   fmt.Sprintf("Add the tag %s to %s", tag, field.Name()),
			TextEdits: []analysis.TextEdit{edit},
		}}
	}
	return nil
}

// declaration returns the part of a struct type that declares field.
func declaration(file *ast.File, field *types.Var) (decl *ast.Field) {
	ast.Inspect(file, func(n ast.Node) bool {
		t, ok := n.(*ast.StructType)
		if !ok || t.Fields == nil {
			return decl == nil
		}
		for _, f := range t.Fields.List {
			named := slices.ContainsFunc(f.Names, func(id *ast.Ident) bool { return id.Pos() == field.Pos() })
			embedded := len(f.Names) == 0 && f.Type.Pos() <= field.Pos() && field.Pos() < f.Type.End()
			if named || embedded {
				decl = f
			}
		}
		return decl == nil
	})
	return decl
}

// insert returns the edit that puts text behind the type of decl and formats
// the lines around it anew, since gofmt aligns tags and comments.
func insert(pass *analysis.Pass, file *ast.File, decl *ast.Field, text string) (analysis.TextEdit, bool) {
	tok := pass.Fset.File(file.FileStart)
	src, err := pass.ReadFile(tok.Name())
	if err != nil || len(src) != tok.Size() {
		return analysis.TextEdit{}, false
	}
	if formatted, err := format.Source(src); err != nil || !bytes.Equal(formatted, src) {
		return analysis.TextEdit{}, false // the edit would be about more than the tag
	}
	at := tok.Offset(decl.Type.End())
	fixed, err := format.Source(slices.Insert(slices.Clone(src), at, []byte(text)...))
	if err != nil {
		return analysis.TextEdit{}, false
	}
	start := 0
	for start < len(src) && start < len(fixed) && src[start] == fixed[start] {
		start++
	}
	end := 0
	for end < len(src)-start && end < len(fixed)-start && src[len(src)-1-end] == fixed[len(fixed)-1-end] {
		end++
	}
	return analysis.TextEdit{
		Pos:     tok.Pos(start),
		End:     tok.Pos(len(src) - end),
		NewText: fixed[start : len(fixed)-end],
	}, true
}
