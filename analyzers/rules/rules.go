package rules

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

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
	// A vettool is also started for packages of which it computes nothing but
	// facts, and gopls for a workspace without rules.
	reach := newReach(p)
	compiled := sync.OnceValue(func() *engine { return compile(p.Rules, reach) })
	requires := []*analysis.Analyzer{carrier("rules", p.RulesDigest()), inspect.Analyzer}
	if reach.pass != nil {
		requires = append(requires, reach.pass)
	}
	return &analysis.Analyzer{
		Name:     "rules",
		Doc:      passdoc.Must(doc, "rules"),
		URL:      passdoc.URL("rules"),
		Requires: requires,
		Run: func(pass *analysis.Pass) (any, error) {
			if len(p.Rules) > 0 {
				compiled().run(pass)
			}
			return nil, nil
		},
	}
}

// carrier returns the pass that carries digest into the cache key of the pass
// that requires it. Twelve digits: two policies of one machine that collide would
// need millions of policies.
func carrier(name, digest string) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: name + "_" + digest[:12],
		Doc:  "carry a hash of the policy's " + name + " into gopls's cache key\n\nIt reports nothing.",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	}
}

// run reports what the rules forbid in the package.
func (e *engine) run(pass *analysis.Pass) {
	path := pkgpath.Of(pass.Pkg)
	if pass.Pkg.Name() == "main" && strings.HasSuffix(path, ".test") {
		return // the go command's own, which some drivers load with the tests
	}
	active, some := make([]bool, len(e.rules)), false
	for i := range e.rules {
		active[i] = e.rules[i].applies(path)
		some = some || active[i]
	}
	if !some {
		return // the common case, and the reason why nothing was computed before
	}
	found := collect(pass)
	c := newChecker(found.pass, e, active)
	c.importPaths()
	c.uses()
	c.selections()
	c.imports()
	c.walk()
	c.replacements()
	c.finishFixes()
	found.report()
}

// report reports node under r. The rule's ID is in the message, because go vet
// prints nothing else, and is the category, which editors show as the code.
func report(pass *analysis.Pass, r rule, node analysis.Range, fallback string, fixes ...analysis.SuggestedFix) {
	file := fileOf(pass, node.Pos())
	if file == nil || !r.appliesTo(pass, file) {
		return
	}
	pass.Report(analysis.Diagnostic{
		Pos:      node.Pos(),
		End:      node.End(),
		Category: r.ID,
		Message:  fmt.Sprintf("%s (%s)", cmp.Or(r.Message, fallback), r.ID),
		// Without a URL of its own the driver would make one of the
		// category, "#ID" in our reference page, where no team's rule is.
		URL:            cmp.Or(r.URL, passdoc.URL("rules")),
		SuggestedFixes: fixes,
	})
}

// fileOf returns the file at pos.
func fileOf(pass *analysis.Pass, pos token.Pos) *ast.File {
	for _, file := range pass.Files {
		if file.FileStart <= pos && pos <= file.FileEnd {
			return file
		}
	}
	return nil
}

// findings collects what a pass reports, since the maps of the type checker have
// no order, and two ways lead to some findings.
type findings struct {
	pass *analysis.Pass // with a Report that collects
	to   func(analysis.Diagnostic)
	list []analysis.Diagnostic
}

func collect(pass *analysis.Pass) *findings {
	inner := *pass
	f := &findings{pass: &inner, to: pass.Report}
	inner.Report = func(d analysis.Diagnostic) { f.list = append(f.list, d) }
	return f
}

// report hands on what was collected, in the order of the source, and once for
// each place and rule.
func (f *findings) report() {
	slices.SortStableFunc(f.list, func(x, y analysis.Diagnostic) int {
		return cmp.Or(cmp.Compare(x.Pos, y.Pos), cmp.Compare(x.Category, y.Category), cmp.Compare(x.End, y.End), cmp.Compare(x.Message, y.Message))
	})
	for i, d := range f.list {
		if i == 0 || d.Pos != f.list[i-1].Pos || d.Category != f.list[i-1].Category {
			d.SuggestedFixes = slices.DeleteFunc(d.SuggestedFixes, func(fix analysis.SuggestedFix) bool { return len(fix.TextEdits) == 0 })
			f.to(d)
		}
	}
}
