package session

import (
	"fmt"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// call is a request to gopls.
type call struct {
	front  *front // nil: ours
	id     lsp.ID // that the front gave it
	method string
	start  time.Time
	tokens []string
	done   func(*lsp.Message) // for ours; may be nil
}

// send sends a request of our own; done gets the answer.
func (s *Session) send(method string, params any, done func(*lsp.Message)) {
	c := &call{method: method, start: time.Now(), done: done}
	m, err := lsp.NewRequest(s.newID(c), method, params)
	if err != nil {
		s.log.Error("sending a request", "method", method, "error", err)
		return
	}
	s.out.Send(m.Bytes())
}

// newID returns the id under which gopls knows c.
func (s *Session) newID(c *call) lsp.ID {
	s.next++
	id := lsp.ID(fmt.Sprint(s.next))
	s.calls[id.String()] = c
	return id
}

// notify sends a notification of our own.
func (s *Session) notify(method string, params any) {
	m, err := lsp.NewNotification(method, params)
	if err != nil {
		s.log.Error("sending a notification", "method", method, "error", err)
		return
	}
	s.out.Send(m.Bytes())
}
