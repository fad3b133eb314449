package session

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/gohearth/hearth/internal/procstat"
)

// hangTick is how often a session looks whether gopls hangs.
const hangTick = time.Second

// checkHang kills a gopls that owes an answer, says nothing and does nothing.
// One that computes, or waits for a go command, is slow, not hung: killing it
// would only make it begin again.
func (s *Session) checkHang() {
	if s.opts.Hang == 0 || len(s.calls) == 0 || s.waitsForEditor() {
		s.idle = time.Time{}
		return
	}
	oldest := time.Now()
	for _, c := range s.calls {
		if c.start.Before(oldest) {
			oldest = c.start
		}
	}
	if s.heard.After(oldest) {
		oldest = s.heard
	}
	p, err := procstat.Tree(s.Pid())
	if err != nil {
		return // it cannot be told from a busy one
	}
	// A tick of the garbage collector or of a telemetry timer is no work.
	busy := p.CPU-s.cpu > hangTick/50 || working(p.Children, s.opts.Command.Args[0])
	s.cpu = p.CPU
	if busy || s.idle.Before(oldest) {
		s.idle = time.Now()
		return
	}
	if time.Since(s.idle) < s.opts.Hang {
		return
	}
	s.log.Error("gopls hangs", "requests", len(s.calls))
	s.proc.Kill()
	<-s.proc.Done()
	s.hangUp(fmt.Sprintf("gopls had not answered for %s and did nothing", s.opts.Hang))
	s.end()
}

// waitsForEditor reports whether gopls has asked the editor something. A person
// may take as long as they like to answer.
func (s *Session) waitsForEditor() bool {
	for _, a := range s.asks {
		if a.id != nil {
			return true
		}
	}
	return false
}

// working reports whether there is a child that gopls may wait for: the go
// command, or a driver. Its own telemetry process, which has its name, is always
// there.
func working(children []string, server string) bool {
	name := filepath.Base(server)
	name = name[:min(len(name), 15)] // as Linux cuts it
	return slices.ContainsFunc(children, func(child string) bool { return child != name })
}
