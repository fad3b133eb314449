package vettool

import (
	"errors"
	"flag"
	"fmt"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/crash"
	"github.com/gohearth/hearth/analyzers/report"
)

// guard makes the failure of one pass, a panic above all, a finding among those
// of its package, where unitchecker would end with the first panic. The other
// passes report what they find.
//
// An error returned to unitchecker would be simpler, but of those the go command
// shows one at random in place of all findings of the package.
//
// The passes that go on are those that go on in gopls, so that both show the
// same: all but what requires a pass that failed. A pass for facts alone that
// panics fails nobody, see [suppression.Wrap]; what needs its result then may
// panic as well, which is not said twice. What a pass does to a dependency,
// whose findings nobody sees, stays unseen.
type guard struct {
	roots map[*analysis.Analyzer]bool

	mu     sync.Mutex
	failed map[*analysis.Analyzer]bool
	unsaid []analysis.Diagnostic // about passes that are not shown
}

// watch guards the passes in roots, and all that they require, by changing
// them; see [timer.watch].
func (g *guard) watch(roots []*analysis.Analyzer) {
	g.roots, g.failed = make(map[*analysis.Analyzer]bool), make(map[*analysis.Analyzer]bool)
	for _, a := range roots {
		g.roots[a] = true
	}
	everyPass(roots, func(a *analysis.Analyzer) {
		run := a.Run
		a.Run = func(pass *analysis.Pass) (any, error) { return g.run(a, run, pass), nil }
	})
}

// run runs one pass. Its findings count if it comes to its end, as in gopls.
func (g *guard) run(a *analysis.Analyzer, run func(*analysis.Pass) (any, error), pass *analysis.Pass) any {
	lacking, blocked := g.begin(a, pass)
	if blocked {
		return crash.NoResult(a)
	}
	var found []analysis.Diagnostic
	inner := *pass
	inner.Report = func(d analysis.Diagnostic) { found = append(found, d) }
	result, err := crash.Run(run, &inner)
	if err != nil {
		g.fail(a, pass, err, lacking)
		return crash.NoResult(a)
	}
	for _, d := range found {
		pass.Report(d)
	}
	return result
}

// begin reports whether a pass that a requires has failed, and whether a fails
// with it. It has a say what nobody said so far.
func (g *guard) begin(a *analysis.Analyzer, pass *analysis.Pass) (lacking, blocked bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range a.Requires {
		if g.failed[r] {
			lacking = true
			blocked = blocked || g.roots[r] || len(r.FactTypes) == 0
		}
	}
	if blocked {
		g.failed[a] = true
	}
	if g.shown(a) {
		for _, d := range g.unsaid {
			pass.Report(d)
		}
		g.unsaid = nil
	}
	return lacking, blocked
}

func (g *guard) fail(a *analysis.Analyzer, pass *analysis.Pass, err error, lacking bool) {
	how := "failed"
	if _, ok := errors.AsType[*crash.Panic](err); ok {
		how = "crashed"
	}
	d := analysis.Diagnostic{
		Pos: pass.Files[0].Name.Pos(), Category: report.Failed + a.Name,
		Message: fmt.Sprintf("%s %s: %v", a.Name, how, err),
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.failed[a] = true
	switch {
	case lacking: // of what was said
	case g.shown(a):
		pass.Report(d)
	default:
		g.unsaid = append(g.unsaid, d)
	}
}

// shown reports whether unitchecker shows what a reports: it is no mere
// prerequisite of others. Flags have been parsed when passes run.
func (g *guard) shown(a *analysis.Analyzer) bool {
	value := func(a *analysis.Analyzer) string {
		if f := flag.Lookup(a.Name); f != nil {
			return f.Value.String()
		}
		return ""
	}
	if !g.roots[a] || value(a) == "false" {
		return false
	}
	for root := range g.roots {
		if value(root) == "true" {
			return value(a) == "true"
		}
	}
	return true
}
