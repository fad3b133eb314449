package vet

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Progress says how far a run is. What it costs nothing to know it always
// knows: how many packages were analysed, from what go vet prints. Once watched
// it also knows how many there are and what was begun last, dependencies among
// it, which take most of the time of a first run.
//
// A Progress is safe for concurrent use; a nil one stays empty.
type Progress struct {
	file string // to which vettools append, see [report.Started]; "" while nobody watches

	mu       sync.Mutex
	build    string
	analysed int // units: a package, or its tests from outside
	total    int // 0: not known yet
}

// Watch prepares for [Progress.Line], before the run. The caller calls close at
// the end.
func (p *Progress) Watch() (close func(), err error) {
	dir, err := os.MkdirTemp("", "hearth-progress-*")
	if err != nil {
		return nil, err
	}
	p.file = filepath.Join(dir, "started")
	return func() { os.RemoveAll(dir) }, nil
}

// watched returns the file that vettools are to append to, or "".
func (p *Progress) watched() string {
	if p == nil {
		return ""
	}
	return p.file
}

// countAfter is how long a run lasts until its packages are counted, which takes
// a second of a processor in a large repository. Runs that find all in the cache
// are over by then.
const countAfter = 5 * time.Second

// start is told of each build, and stop of its end.
func (p *Progress) start(ctx context.Context, o Options, build string) (stop func()) {
	if p == nil {
		return func() {}
	}
	p.mu.Lock()
	p.build, p.analysed, p.total = build, 0, 0
	p.mu.Unlock()
	if p.file == "" {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.count(ctx, o)
	}()
	return func() { cancel(); <-ended }
}

// count counts the units that will be analysed. Where that fails go vet will
// say why.
func (p *Progress) count(ctx context.Context, o Options) {
	select {
	case <-time.After(countAfter):
	case <-ctx.Done():
		return
	}
	const each = "-f={{if or .GoFiles .CgoFiles .TestGoFiles}}x{{end}}{{if .XTestGoFiles}}x{{end}}"
	args := append([]string{"list", "-e", each}, o.Flags...)
	stdout, _, err := o.goOutput(ctx, append(append(args, "--"), o.Patterns...))
	if err == nil {
		p.mu.Lock()
		p.total = strings.Count(string(stdout), "x")
		p.mu.Unlock()
	}
}

// done is told of each unit that was analysed.
func (p *Progress) done() {
	if p != nil {
		p.mu.Lock()
		p.analysed++
		p.mu.Unlock()
	}
}

// String says how far the run is.
func (p *Progress) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := fmt.Sprintf("%d packages analysed", p.analysed)
	if p.total > 0 {
		s = fmt.Sprintf("%d of %d packages analysed", min(p.analysed, p.total), p.total) // before Go 1.27 a package may come twice
	}
	if p.build != "" {
		s = p.build + ": " + s
	}
	return s
}

// Line says the same, with what the vettools of a watched run did besides.
func (p *Progress) Line() string {
	line := fmt.Sprintf("vet: %s", p)
	data, err := os.ReadFile(p.file)
	if begun := strings.Fields(string(data)); err == nil && len(begun) > 0 {
		line += fmt.Sprintf(", %d begun with their dependencies, %s last", len(begun), begun[len(begun)-1])
	}
	return line
}
