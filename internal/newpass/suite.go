package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

const module = "github.com/gohearth/hearth"

// register returns suite.go with the pass imported and at the end of Ours.
//
// The syntax tree only tells where to insert text: printing a changed tree would
// move comments.
func register(src []byte, name string) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "analyzers/suite.go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	if taken := declared(file, name); taken != "" {
		return nil, fmt.Errorf("%s is %s in analyzers/suite.go", name, taken)
	}
	imports, list := passImport(file), oursList(file)
	if imports == nil || list == nil {
		return nil, errors.New("analyzers/suite.go has no function Ours that returns a list, or imports no pass of ours")
	}
	entry := fmt.Sprintf("\t{Analyzer: %s.Analyzer, Group: Hearth, Severity: policy.Warning},\n\t", name)
	spec := strconv.Quote(module+"/analyzers/"+name) + "\n\t"
	at := func(pos token.Pos) int { return fset.Position(pos).Offset }
	var b []byte
	b = append(b, src[:at(imports.Pos())]...)
	b = append(b, spec...)
	b = append(b, src[at(imports.Pos()):at(list.Rbrace)]...)
	b = append(b, entry...)
	b = append(b, src[at(list.Rbrace):]...)
	return format.Source(b) // puts the import at its place among its neighbours
}

// declared tells what the name is to the file, or "".
func declared(file *ast.File, name string) string {
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		if spec.Name != nil && spec.Name.Name == name || spec.Name == nil && strings.HasSuffix("/"+path, "/"+name) {
			return "an import"
		}
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Name.Name == name {
				return "a function"
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && v.Names[0].Name == name {
					return "a variable"
				}
			}
		}
	}
	return ""
}

// passImport returns the first import of a pass of ours.
func passImport(file *ast.File) *ast.ImportSpec {
	for _, spec := range file.Imports {
		if path, _ := strconv.Unquote(spec.Path.Value); strings.HasPrefix(path, module+"/analyzers/") {
			return spec
		}
	}
	return nil
}

// oursList returns the list that Ours returns.
func oursList(file *ast.File) *ast.CompositeLit {
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Name.Name != "Ours" || fn.Body == nil || len(fn.Body.List) == 0 {
			continue
		}
		ret, ok := fn.Body.List[len(fn.Body.List)-1].(*ast.ReturnStmt)
		if !ok || len(ret.Results) != 1 {
			continue
		}
		list, _ := ret.Results[0].(*ast.CompositeLit)
		return list
	}
	return nil
}
