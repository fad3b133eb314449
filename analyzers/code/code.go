// Package code answers what several passes ask about the code before them. All
// of it bears incomplete code, and is safe for concurrent use.
package code

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// InTest reports whether file is a test file by its name.
func InTest(fset *token.FileSet, file *ast.File) bool {
	f := fset.File(file.FileStart)
	return f != nil && strings.HasSuffix(f.Name(), "_test.go")
}

// ForTests reports whether only tests run file: it is one of theirs, or helps
// them, and so imports testing.
func ForTests(fset *token.FileSet, file *ast.File) bool {
	if InTest(fset, file) {
		return true
	}
	for _, spec := range file.Imports {
		if spec.Path.Value == `"testing"` {
			return true
		}
	}
	return false
}

// ErrorType is the type error.
var ErrorType = types.Universe.Lookup("error").Type()

// IsError reports whether typ is the type error itself.
func IsError(typ types.Type) bool {
	return typ != nil && types.Identical(typ, ErrorType)
}

// CalleeName returns the name of the function or method that call calls, "" for
// one without a name.
func CalleeName(call *ast.CallExpr) string {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	switch x := fun.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}
