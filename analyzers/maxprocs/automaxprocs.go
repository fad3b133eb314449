package maxprocs

import (
	"go/ast"
	"go/version"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

const automaxprocs = "go.uber.org/automaxprocs"

// readsCgroup reports whether the runtime of a program with this package reads
// CPU limits by itself. What decides is the go line of the main module, which
// is no older than that of any other. A file's own go:build line does not count.
func readsCgroup(pass *analysis.Pass) bool {
	v := pass.Pkg.GoVersion()
	if !version.IsValid(v) || version.Compare(v, "go1.25") < 0 {
		return false
	}
	for _, file := range pass.Files {
		for _, group := range file.Comments {
			for _, c := range group.List {
				if args, ok := strings.CutPrefix(c.Text, "//go:debug "); ok && optsOut(args) {
					return false
				}
			}
		}
	}
	return true
}

func optsOut(setting string) bool {
	switch strings.TrimSpace(setting) {
	case "containermaxprocs=0", "updatemaxprocs=0":
		return true
	}
	// default=go1.24 brings back all that was the default then.
	v, ok := strings.CutPrefix(strings.TrimSpace(setting), "default=")
	return ok && version.IsValid(v) && version.Compare(v, "go1.25") < 0
}

func reportImports(pass *analysis.Pass, file *ast.File) {
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || path != automaxprocs && !strings.HasPrefix(path, automaxprocs+"/") {
			continue
		}
		d := analysis.Diagnostic{
			Pos:     spec.Path.Pos(),
			End:     spec.Path.End(),
			Message: "automaxprocs is not needed from Go 1.25 on, and stops the runtime from following changes of the CPU limit: remove it",
		}
		if spec.Name != nil && spec.Name.Name == "_" {
			d.SuggestedFixes = removeImport(pass, file, spec)
		}
		pass.Report(d)
	}
}
