package rules

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/passdoc"
	"github.com/gohearth/hearth/analyzers/pkgpath"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

//go:embed doc.go
var doc string

// New returns the pass that enforces the rules of p.
//
// gopls keys the analysis results that it keeps on disk by the names of the
// analyzers and by nothing else that a rule could change. So the pass requires
// a pass that does nothing but carry a hash of the rules in its name. The hash
// in the pass's own name would do as well, but would show in every diagnostic
// and every setting.
func New(p *policy.Policy) *analysis.Analyzer {
	rules := compile(p.Rules)
	return &analysis.Analyzer{
		Name:     "rules",
		Doc:      passdoc.Must(doc, "rules"),
		URL:      passdoc.URL("rules"),
		Requires: []*analysis.Analyzer{carrier(p.RulesDigest())},
		Run:      func(pass *analysis.Pass) (any, error) { return nil, run(pass, rules) },
	}
}

// carrier returns the pass that carries digest into the cache key. Twelve
// digits: two policies of one machine that collide would need millions of
// policies.
func carrier(digest string) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "rules_" + digest[:12],
		Doc:  "carry a hash of the policy's rules into gopls's cache key\n\nIt reports nothing.",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	}
}

// run reports what the rules forbid in the package. The two halves of a rule
// see the package differently: imports as they are written, functions as the
// type checker resolved them.
func run(pass *analysis.Pass, rules []rule) error {
	path := pkgpath.Of(pass.Pkg)
	if pass.Pkg.Name() == "main" && strings.HasSuffix(path, ".test") {
		return nil // the go command's own, which some drivers load with the tests
	}
	rules = slices.DeleteFunc(slices.Clone(rules), func(r rule) bool { return !r.applies(path) })
	if len(rules) == 0 {
		return nil // the common case, and the reason why nothing was computed before
	}
	reportImports(pass, rules)
	reportUses(pass, rules)
	return nil
}

func reportImports(pass *analysis.Pass, rules []rule) {
	for _, file := range pass.Files {
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue // the parser has complained
			}
			for _, r := range rules {
				if r.imports.Match(path) {
					report(pass, r, spec.Path, fmt.Sprintf("import of %q is forbidden", path))
				}
			}
		}
	}
}

// reportUses looks at every identifier that denotes a function rather than at
// call expressions, so that a method value, a method expression and a function
// handed on count like the call that they become.
func reportUses(pass *analysis.Pass, rules []rule) {
	for _, id := range sortedUses(pass.TypesInfo) {
		fn := pass.TypesInfo.Uses[id].(*types.Func)
		names := fullNames(fn)
		for _, r := range rules {
			if r.calls.match(names...) {
				report(pass, r, id, fmt.Sprintf("use of %s is forbidden", names[0]))
			}
		}
	}
}

// sortedUses returns the identifiers that denote functions, in source order:
// a map's order would make two runs print differently.
func sortedUses(info *types.Info) []*ast.Ident {
	var ids []*ast.Ident
	for id, obj := range info.Uses {
		if _, ok := obj.(*types.Func); ok {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(x, y *ast.Ident) int { return cmp.Compare(x.Pos(), y.Pos()) })
	return ids
}

// report reports node under r. The rule's ID is in the message, because go vet
// prints nothing else, and is the category, which editors show as the code.
func report(pass *analysis.Pass, r rule, node ast.Node, fallback string) {
	pass.Report(analysis.Diagnostic{
		Pos:      node.Pos(),
		End:      node.End(),
		Category: r.ID,
		Message:  fmt.Sprintf("%s (%s)", cmp.Or(r.Message, fallback), r.ID),
		// Without a URL of its own the driver would make one of the
		// category, "#ID" in our reference page, where no team's rule is.
		URL: cmp.Or(r.URL, passdoc.URL("rules")),
	})
}
