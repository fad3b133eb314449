package vettool

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/gohearth/hearth/analyzers/report"
)

// timer writes the timings of this process, which is that of one package.
type timer struct {
	dir   *string
	start time.Time

	mu   sync.Mutex
	file *os.File // nil before the first pass
}

// watch makes the passes in roots, and all that they require, write how long
// they take, if the flag asks for it.
//
// It changes the passes themselves. Nobody else has them: the process is that
// of a vettool, and roots are made for it.
func (t *timer) watch(roots []*analysis.Analyzer) {
	everyPass(roots, func(a *analysis.Analyzer) {
		run := a.Run
		a.Run = func(pass *analysis.Pass) (any, error) {
			if *t.dir == "" {
				return run(pass)
			}
			return t.time(pass, run)
		}
	})
}

// everyPass calls f for each of roots and of what they require.
func everyPass(roots []*analysis.Analyzer, f func(*analysis.Analyzer)) {
	seen := make(map[*analysis.Analyzer]bool)
	var visit func([]*analysis.Analyzer)
	visit = func(list []*analysis.Analyzer) {
		for _, a := range list {
			if !seen[a] {
				seen[a] = true
				visit(a.Requires)
				f(a)
			}
		}
	}
	visit(roots)
}

// time runs one pass after another, since two at once would each count the
// other's use of the processor.
func (t *timer) time(pass *analysis.Pass, run func(*analysis.Pass) (any, error)) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.file == nil {
		t.write(report.Timing{Package: pass.Pkg.Path(), Pass: report.Load, Time: time.Since(t.start)})
	}
	start := time.Now()
	result, err := run(pass)
	t.write(report.Timing{Package: pass.Pkg.Path(), Pass: pass.Analyzer.Name, Time: time.Since(start)})
	return result, err
}

func (t *timer) write(timing report.Timing) {
	if t.file == nil {
		// A process id comes again, so a file may hold several packages.
		name := filepath.Join(*t.dir, fmt.Sprintf("%d.jsonl", os.Getpid()))
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
		if err != nil {
			log.Fatal(err)
		}
		t.file = file
	}
	if err := json.NewEncoder(t.file).Encode(timing); err != nil {
		log.Fatal(err)
	}
}
