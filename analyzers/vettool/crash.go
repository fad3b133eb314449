package vettool

import (
	"flag"
	"fmt"
	"path"
	"reflect"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/report"
)

// guard makes the failure of one pass, a panic above all, a finding among those
// of its package, where unitchecker would end with the first panic. The other
// passes report what they find.
//
// An error returned to unitchecker would be simpler, but of those the go command
// shows one at random in place of all findings of the package.
//
// A panic in a goroutine that a pass starts still ends the process, as does
// os.Exit. What a pass does to a dependency, whose findings nobody sees, stays
// unseen, as in gopls.
type guard struct {
	roots map[*analysis.Analyzer]bool

	mu     sync.Mutex
	failed map[*analysis.Analyzer]bool
	unsaid []analysis.Diagnostic // about passes that report nothing themselves
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
	if g.blocked(a, pass) {
		return zero(a)
	}
	var found []analysis.Diagnostic
	inner := *pass
	inner.Report = func(d analysis.Diagnostic) { found = append(found, d) }
	result, err := protect(run, &inner)
	if err != nil {
		g.fail(a, pass, err)
		return zero(a)
	}
	for _, d := range found {
		pass.Report(d)
	}
	return result
}

// blocked reports whether a pass that a requires has failed, and if so has a
// say what nobody else said.
func (g *guard) blocked(a *analysis.Analyzer, pass *analysis.Pass) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range a.Requires {
		if g.failed[r] {
			g.failed[a] = true
		}
	}
	if g.failed[a] && g.shown(a) {
		for _, d := range g.unsaid {
			pass.Report(d)
		}
		g.unsaid = nil
	}
	return g.failed[a]
}

func (g *guard) fail(a *analysis.Analyzer, pass *analysis.Pass, err error) {
	d := analysis.Diagnostic{Pos: pass.Files[0].Name.Pos(), Category: report.Failed + a.Name, Message: a.Name + " " + err.Error()}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.failed[a] = true
	if g.shown(a) {
		pass.Report(d)
	} else {
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

// zero returns what stands for the result of a pass that has none. Nobody
// reads it: what requires the pass is blocked.
func zero(a *analysis.Analyzer) any {
	if a.ResultType == nil {
		return nil
	}
	return reflect.Zero(a.ResultType).Interface()
}

// protect runs a pass and says of a panic where it came from.
func protect(run func(*analysis.Pass) (any, error), pass *analysis.Pass) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("crashed: %v%s", r, panicked())
		}
	}()
	if result, err = run(pass); err != nil {
		err = fmt.Errorf("failed: %w", err)
	}
	return result, err
}

// panicked returns the function that panicked, for use while recovering.
func panicked() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for unwinding := false; ; {
		frame, more := frames.Next()
		if unwinding && !strings.HasPrefix(frame.Function, "runtime.") {
			return fmt.Sprintf(" in %s (%s:%d)", frame.Function, path.Base(frame.File), frame.Line)
		}
		unwinding = unwinding || frame.Function == "runtime.gopanic"
		if !more {
			return ""
		}
	}
}
