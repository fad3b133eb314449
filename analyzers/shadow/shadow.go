package shadow

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/ctrlflow"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/passdoc"
)

//go:embed doc.go
var doc string

// A Family is the passes of this package. Each has a flag -ignore of its own.
type Family struct {
	Shadow     *analysis.Analyzer // local variables, by flow
	PackageVar *analysis.Analyzer // shadowpkgvar: variables and constants of the package
	Import     *analysis.Analyzer // shadowimport
	Builtin    *analysis.Analyzer // shadowbuiltin: predeclared identifiers
}

// Default is the family that ignores no name.
var Default = New()

// Analyzer is the pass named shadow that ignores no name.
var Analyzer = Default.Shadow

// New returns passes that ignore the variables of the given names, unless
// their flags say otherwise.
//
// gopls keys the analysis results that it keeps on disk by the names of the
// analyzers. So passes that ignore something require one that does nothing
// but carry a hash of the list in its name.
func New(ignore ...string) Family {
	var carriers []*analysis.Analyzer
	list := strings.Join(ignore, ",")
	if list != "" {
		carriers = append(carriers, &analysis.Analyzer{
			Name: fmt.Sprintf("shadow_%x", sha256.Sum256([]byte(list)))[:len("shadow_")+12],
			Doc:  "carry a hash of the names that shadow ignores into gopls's cache key\n\nIt reports nothing.",
			Run:  func(*analysis.Pass) (any, error) { return nil, nil },
		})
	}
	pass := func(name string, run func(*analysis.Pass, map[string]bool), requires ...*analysis.Analyzer) *analysis.Analyzer {
		names := list
		a := &analysis.Analyzer{
			Name:     name,
			Doc:      passdoc.Must(doc, name),
			URL:      passdoc.URL(name),
			Requires: append(append(requires, inspect.Analyzer), carriers...),
			Run: func(pass *analysis.Pass) (any, error) {
				ignored := make(map[string]bool)
				for name := range strings.SplitSeq(names, ",") {
					ignored[strings.TrimSpace(name)] = true
				}
				run(pass, ignored)
				return nil, nil
			},
		}
		a.Flags.StringVar(&names, "ignore", names, "comma-separated names of variables not to report")
		return a
	}
	return Family{
		Shadow:     pass("shadow", run, ctrlflow.Analyzer),
		PackageVar: pass("shadowpkgvar", runPackageVar),
		Import:     pass("shadowimport", runImport),
		Builtin:    pass("shadowbuiltin", runBuiltin),
	}
}

// run looks at each declaration inside a function in two steps: does it shadow
// a variable that it could be mistaken for, and does control flow show that a
// value is lost.
func run(pass *analysis.Pass, ignore map[string]bool) {
	p := &program{
		info:       pass.TypesInfo,
		cfgs:       pass.ResultOf[ctrlflow.Analyzer].(*ctrlflow.CFGs),
		ignore:     ignore,
		funcs:      make(map[ast.Node]*function),
		bound:      make(map[*types.Var]*literal),
		summaries:  make(map[summaryKey]summary),
		redeclared: make(map[*types.Var]bool),
	}
	p.index(pass.ResultOf[inspect.Analyzer].(*inspector.Inspector))
	for file := range written(pass) {
		x := &fixer{pass: pass, file: file.Node().(*ast.File)}
		for decl := range file.Preorder((*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil), (*ast.RangeStmt)(nil)) {
			for _, s := range p.shadowings(decl) {
				if read := p.judge(s); read.IsValid() {
					report(pass, s, read, x.fix(p, s))
				}
			}
		}
	}
}

func report(pass *analysis.Pass, s shadowing, read token.Pos, fixes []analysis.SuggestedFix) {
	pass.Report(analysis.Diagnostic{
		Pos: s.name.Pos(),
		End: s.name.End(),
		Message: fmt.Sprintf("this %s is a new variable: the one declared at %s is read at %s without the value assigned here",
			s.name.Name, place(pass, s.name.Pos(), s.outer.Pos()), place(pass, s.name.Pos(), read)),
		Related: []analysis.RelatedInformation{
			related(s.outer, "the shadowed variable is declared here"),
			{Pos: read, Message: "and read here, after the inner one is gone"},
		},
		SuggestedFixes: fixes,
	})
}
