package bench

import (
	"go/ast"
	"strconv"
	"strings"
)

// implementor is a method that makes its type implement an interface with this
// one method, which is declared in a file of this name.
type implementor struct {
	place
	file string
}

// interfaces are those of one method, by its name and type. Which package
// declares each must be imported by the file, lest the interface be in nobody's
// build; "" is the universe, which gopls shows as a file.
var interfaces = map[string]struct{ imports, file string }{
	"Error() string":             {"", "/builtin/builtin.go"},
	"String() string":            {"fmt", "/fmt/print.go"},
	"Close() error":              {"io", "/io/io.go"},
	"Read([]byte) int error":     {"io", "/io/io.go"},
	"Write([]byte) int error":    {"io", "/io/io.go"},
	"MarshalJSON() []byte error": {"encoding/json", "/encoding/json/encode.go"},
}

// implementor returns the method if, by its syntax, it is such a one.
func (f *file) implementor(fn *ast.FuncDecl) (m implementor, ok bool) {
	receiver := fn.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if _, ok := receiver.(*ast.Ident); !ok {
		return m, false // of a generic type
	}
	of, ok := interfaces[fn.Name.Name+"("+types(fn.Type.Params)+") "+types(fn.Type.Results)]
	if !ok || of.imports != "" && !f.imports(of.imports) {
		return m, false
	}
	return implementor{f.place(fn.Name), of.file}, true
}

func (f *file) imports(path string) bool {
	for _, spec := range f.tree.Imports {
		if spec.Path.Value == strconv.Quote(path) {
			return true
		}
	}
	return false
}

// types returns the types of a list of parameters, or of results, as far as they
// are of the universe.
func types(list *ast.FieldList) string {
	if list == nil {
		return ""
	}
	var words []string
	for _, field := range list.List {
		text, of := "", field.Type
		if slice, ok := of.(*ast.ArrayType); ok && slice.Len == nil {
			text, of = "[]", slice.Elt
		}
		if id, ok := of.(*ast.Ident); ok && id.Obj == nil {
			text += id.Name
		} else {
			text = "?"
		}
		for range max(1, len(field.Names)) {
			words = append(words, text)
		}
	}
	return strings.Join(words, " ")
}
