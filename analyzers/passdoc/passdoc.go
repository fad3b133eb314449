// Package passdoc takes the documentation of a pass out of the doc.go of its
// package, so that the package page, `hearth-vet help NAME` and the hover in
// the editor are one text.
package passdoc

import (
	"fmt"
	"go/parser"
	"go/token"
	"strings"
)

// Must returns the text below the heading "# Analyzer NAME" in the package
// comment of src, a Go file, without the "NAME: " that the text begins with.
// It panics when there is none: an undocumented pass is a bug that the first
// test run should hit.
func Must(src, name string) string {
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", src, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		panic(fmt.Sprintf("passdoc: %v", err))
	}
	_, text, ok := strings.Cut(f.Doc.Text(), "# Analyzer "+name+"\n\n"+name+": ")
	if !ok {
		panic(fmt.Sprintf("passdoc: no section %q that begins with %q", "# Analyzer "+name, name+": "))
	}
	text, _, _ = strings.Cut(text, "\n# ") // the next heading ends the section
	return strings.TrimSpace(text)
}

// URL returns the address of the pass's section in the reference page.
func URL(name string) string {
	return "https://github.com/gohearth/hearth/blob/main/docs/analyzers.md#" + name
}
