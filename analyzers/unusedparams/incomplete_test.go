package unusedparams_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/unusedparams"
	"github.com/gohearth/hearth/analyzers/widesignature"
)

// TestIncompleteCode cuts the test data off at many places: an editor holds
// such code most of the time, and no pass may panic.
func TestIncompleteCode(t *testing.T) {
	passes := []*analysis.Analyzer{unusedparams.Analyzer, widesignature.Analyzer}
	for _, path := range []string{"testdata/src/a/a.go", "testdata/src/known/known.go", "../widesignature/testdata/src/a/a.go"} {
		src, err := os.ReadFile(filepath.FromSlash(path))
		if err != nil {
			t.Fatal(err)
		}
		for end := 97; end < len(src); end += 97 { // a prime, to cut at all sorts of tokens
			fset := token.NewFileSet()
			for _, text := range []string{string(src[:end]), string(src[:end-50]) + string(src[end:])} {
				if file, _ := parser.ParseFile(fset, "cut.go", text, parser.ParseComments); file != nil && file.Name.Name != "" {
					analyze(fset, []*ast.File{file}, passes)
				}
			}
		}
	}
}
