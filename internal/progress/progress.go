// Package progress shows what a long command is doing: one live line on a
// terminal, plain lines elsewhere, and a table of the steps at the end.
//
// A Display is safe for concurrent use, but its steps follow one another:
// starting a step ends the one before.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// Display prints the steps of one command.
type Display struct {
	mu    sync.Mutex
	w     io.Writer
	live  bool // w is a terminal: the line of the running step is redrawn
	steps []*Step
	stop  chan struct{} // ends the redrawing of the running step
	width int           // of the line drawn last
}

// New returns a Display that writes to w.
func New(w io.Writer) *Display {
	return &Display{w: w, live: IsTerminal(w)}
}

// IsTerminal reports whether w is a terminal that understands control characters.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// Step is one part of the work.
type Step struct {
	d        *Display
	name     string
	detail   string
	result   string
	start    time.Time
	duration time.Duration
	state    state
}

type state int

const (
	running state = iota
	done
	failed
	skipped
)

var marks = map[state]string{done: "ok", failed: "failed", skipped: "skipped"}

// Start begins a step.
func (d *Display) Start(name string) *Step {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &Step{d: d, name: name, start: time.Now()}
	d.steps = append(d.steps, s)
	if d.live {
		d.stop = make(chan struct{})
		go d.redraw(s, d.stop)
	} else {
		fmt.Fprintf(d.w, "%s ...\n", name)
	}
	return s
}

// redraw keeps the line of a running step current: what it does and for how long.
func (d *Display) redraw(s *Step, stop chan struct{}) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		d.mu.Lock()
		if s.state != running {
			d.mu.Unlock()
			return
		}
		d.draw(fmt.Sprintf("%s: %s %s", s.name, s.detail, time.Since(s.start).Round(time.Second)))
		d.mu.Unlock()
		select {
		case <-tick.C:
		case <-stop:
			return
		}
	}
}

// draw replaces the live line. The caller holds d.mu.
func (d *Display) draw(line string) {
	if f, ok := d.w.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 4 && len(line) >= w {
			line = line[:w-4] + "..."
		}
	}
	fmt.Fprintf(d.w, "\r%s\r%s", strings.Repeat(" ", d.width), line)
	d.width = len(line)
}

// Detail says what the step is doing now.
func (s *Step) Detail(format string, args ...any) {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	detail := fmt.Sprintf(format, args...)
	if detail == s.detail {
		return
	}
	s.detail = detail
	if !s.d.live {
		fmt.Fprintf(s.d.w, "  %s: %s\n", s.name, detail)
	}
}

// Done, Fail and Skip end the step; the text goes into the table.
func (s *Step) Done(format string, args ...any) { s.end(done, format, args...) }
func (s *Step) Fail(format string, args ...any) { s.end(failed, format, args...) }
func (s *Step) Skip(format string, args ...any) { s.end(skipped, format, args...) }

func (s *Step) end(st state, format string, args ...any) {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	if s.state != running {
		return
	}
	s.state, s.duration, s.result = st, time.Since(s.start), fmt.Sprintf(format, args...)
	if s.d.live {
		close(s.d.stop)
		s.d.draw("")
		fmt.Fprint(s.d.w, "\r")
	}
	fmt.Fprintf(s.d.w, "%s: %s in %s: %s\n", s.name, marks[st], round(s.duration), s.result)
}

// Table returns the steps, their times and results as aligned columns.
func (d *Display) Table() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	name, took := len("step"), len("time")
	for _, s := range d.steps {
		name, took = max(name, len(s.name)), max(took, len(round(s.duration)))
	}
	var b strings.Builder
	row := func(n, t, r string) { fmt.Fprintf(&b, "%-*s  %*s  %s\n", name, n, took, t, r) }
	row("step", "time", "result")
	for _, s := range d.steps {
		result := s.result
		if s.state != done {
			result = marks[s.state] + ": " + result
		}
		row(s.name, round(s.duration), result)
	}
	return b.String()
}

func round(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Millisecond).String()
}
