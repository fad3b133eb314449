package suppression

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/crash"
	"github.com/gohearth/hearth/analyzers/nilfacts"
	"github.com/gohearth/hearth/analyzers/passdoc"
	"github.com/gohearth/hearth/analyzers/report"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

//go:embed doc.go
var doc string

// Wrap returns an analyzer in place of each subject, in their order, which
// does the same but for the findings that comments or the policy suppress, and
// the pass that judges the comments.
//
// Where show is not nil and true when an analyzer runs, suppressed findings are
// reported nevertheless, of category [report.Suppressed] and with the reason as
// related information.
//
// One pass that others require is replaced by what gives them the same for less,
// see [nilfacts.Instead].
//
// The subjects are left as they are, since others may share them. Analyzers
// that require a subject, however indirectly, are replaced as well, so that
// each runs once and no fact type has two owners; inside their Run they find
// the results where they always did.
func Wrap(p *policy.Suppress, subjects []Subject, show *bool) (wrapped []*analysis.Analyzer, judge *analysis.Analyzer) {
	w := &wrapper{
		index:    indexer(p),
		show:     show,
		subjects: make(map[*analysis.Analyzer]*Subject),
		replaced: make(map[*analysis.Analyzer]*analysis.Analyzer),
	}
	for i := range subjects {
		w.subjects[subjects[i].Analyzer] = &subjects[i]
	}
	requires := []*analysis.Analyzer{w.index}
	for _, s := range subjects {
		a := w.replace(s.Analyzer)
		wrapped = append(wrapped, a)
		if s.Ran {
			requires = append(requires, a)
		}
	}
	judge = &analysis.Analyzer{
		Name:     "suppression",
		Doc:      passdoc.Must(doc, "suppression"),
		URL:      passdoc.URL("suppression"),
		Requires: requires, // it has the last word
	}
	judge.Run = func(pass *analysis.Pass) (any, error) {
		// Comments cannot silence what is said of comments; the policy can.
		s, x := &Subject{Analyzer: judge}, pass.ResultOf[w.index].(*index)
		w.judge(pass, x, func(d analysis.Diagnostic) { w.report(pass, x.excepted(pass.Fset, s, &d), d) })
		return nil, nil
	}
	return wrapped, judge
}

type wrapper struct {
	index    *analysis.Analyzer
	show     *bool
	subjects map[*analysis.Analyzer]*Subject
	replaced map[*analysis.Analyzer]*analysis.Analyzer
}

// replace returns what stands for a: a copy if it is a subject, computes facts for
// others, or requires one that is replaced.
func (w *wrapper) replace(a *analysis.Analyzer) *analysis.Analyzer {
	if r, ok := w.replaced[a]; ok {
		return r
	}
	requires := make([]*analysis.Analyzer, len(a.Requires))
	for i, r := range a.Requires {
		requires[i] = w.replace(nilfacts.Instead(r))
	}
	s := w.subjects[a]
	if s == nil && len(a.FactTypes) == 0 && slices.Equal(requires, a.Requires) {
		w.replaced[a] = a
		return a
	}
	c := *a
	c.Requires = requires
	if s != nil {
		c.Requires = append(requires, w.index)
	}
	c.Run = func(pass *analysis.Pass) (any, error) {
		inner := *pass
		inner.Analyzer = a
		inner.ResultOf = make(map[*analysis.Analyzer]any)
		for i, r := range a.Requires {
			inner.ResultOf[r] = pass.ResultOf[requires[i]]
		}
		if s == nil {
			return w.runFacts(&inner)
		}
		x := pass.ResultOf[w.index].(*index)
		inner.Report = func(d analysis.Diagnostic) {
			w.report(pass, x.verdict(pass, s, &d), d)
		}
		result, err := a.Run(&inner)
		if err == nil {
			x.mu.Lock()
			x.ran[&c] = true
			x.mu.Unlock()
		}
		return result, err
	}
	w.replaced[a] = &c
	return &c
}

// runFacts runs a pass of which only others make use. Where one that computes
// facts panics, there are none for the package.
//
// gopls takes the failure of such a pass on one package for that of the pass on
// all that import it: staticcheck's nilness panics on net as gopls sees it, with the
// types of cgo, so nothing that imports net had the findings of SA4023, nor a
// verdict on its comments, which waits for every pass. What needs the result for
// the package itself still fails, and says so. A vettool, which shows what is
// suppressed, deals with every panic itself.
func (w *wrapper) runFacts(pass *analysis.Pass) (any, error) {
	a := pass.Analyzer
	if len(a.FactTypes) == 0 || w.show != nil {
		return a.Run(pass)
	}
	result, err := crash.Run(a.Run, pass)
	if _, ok := errors.AsType[*crash.Panic](err); ok {
		return crash.NoResult(a), nil
	}
	return result, err
}

// report passes d on unless v answers for it.
//
// Fixes are dropped in what cgo made of a file, where their offsets mean nothing
// to whoever has the file itself.
func (w *wrapper) report(pass *analysis.Pass, v *verdict, d analysis.Diagnostic) {
	if pass.Fset.PositionFor(d.Pos, false).Filename != pass.Fset.PositionFor(d.Pos, true).Filename {
		d.SuggestedFixes = nil
	}
	if v == nil {
		pass.Report(d)
		return
	}
	if w.show == nil || !*w.show {
		return
	}
	category := report.Suppressed
	at := analysis.RelatedInformation{Pos: d.Pos, End: d.End, Message: v.reason}
	if v.directive != nil {
		at.Pos, at.End = v.directive.comment.Pos(), v.directive.comment.End()
	} else {
		category += fmt.Sprintf("/%d", v.exception)
	}
	if d.Category != "" {
		category += ":" + d.Category
	}
	d.Category, d.SuggestedFixes = category, nil
	d.Related = []analysis.RelatedInformation{at}
	pass.Report(d)
}
