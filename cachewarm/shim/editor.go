package shim

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gohearth/hearth/internal/lsp"
)

// request is one of the editor's that waits for an answer.
type request struct {
	*lsp.Message
	order   int
	changes int  // of documents, when it was sent
	again   bool // it was sent to a second server
}

// readEditor reads until the editor's stream ends, in a goroutine of its own.
func (s *session) readEditor(conn *lsp.Conn) {
	for {
		body, err := conn.ReadMessage()
		if err != nil {
			s.inbox.Post(func() { s.hungUp(err) })
			return
		}
		m, err := lsp.Parse(body)
		if err != nil {
			s.log.Warn("dropping a message of the editor", "error", err)
			continue
		}
		s.inbox.Post(func() { s.fromEditor(m) })
	}
}

// hungUp ends the session after the editor's stream.
func (s *session) hungUp(err error) {
	if strings.HasPrefix(err.Error(), "lsp:") { // it is there, but speaks something else
		s.end(fmt.Errorf("reading from the editor: %w", err))
		return
	}
	if !errors.Is(err, io.EOF) {
		s.log.Info("the editor is gone", "error", err)
	}
	s.end(nil)
}

// fromEditor handles one message, or holds it until there is a server.
func (s *session) fromEditor(m *lsp.Message) {
	switch m.Method {
	case "exit":
		s.end(nil)
		return
	case "initialize":
		if s.initialize == nil {
			s.begin(m)
			return
		}
	case "shutdown":
		s.shutdown = true
		if !s.ready || s.child == nil {
			s.refuse(&lsp.ResponseError{Code: lsp.CodeRequestFailed, Message: "shutting down"})
			s.editor.Send(lsp.NewResponse(m.ID, nil, nil).Bytes())
			return
		}
	}
	switch {
	case s.initialize == nil:
		if m.Kind() == lsp.Request {
			s.editor.Send(lsp.NewResponse(m.ID, nil, &lsp.ResponseError{
				Code: lsp.CodeServerNotInitialized, Message: "the first request must be initialize"}).Bytes())
		}
	case s.dead != nil:
		s.remember(m)
		if m.Kind() == lsp.Request {
			s.editor.Send(lsp.NewResponse(m.ID, nil, s.deadError()).Bytes())
		}
	case !s.ready:
		s.held = append(s.held, m)
	default:
		s.deliver(m)
	}
}

// begin handles the editor's initialize request.
func (s *session) begin(m *lsp.Message) {
	s.initialize, s.dead = m, nil
	s.root = rootOf(m.Params)
	s.log.Info("initialize", "root", s.root)
	if s.opts.Introduced != nil {
		s.opts.Introduced(s.root, m.Params, nil)
	}
	s.ask()
}

// deliver passes a message of the editor to the child.
func (s *session) deliver(m *lsp.Message) {
	switch m.Kind() {
	case lsp.Notification:
		s.remember(m)
	case lsp.Request:
		s.sent++
		s.inflight[m.ID.String()] = &request{Message: m, order: s.sent, changes: s.docs.Changes}
	case lsp.Response:
		if m = s.reply(m); m == nil {
			return
		}
	}
	s.child.out.Send(m.Bytes())
}

// remember keeps what a new server must be told.
func (s *session) remember(m *lsp.Message) {
	switch m.Method {
	case "initialized":
		s.initialized = m
	case "workspace/didChangeWorkspaceFolders":
		s.folders = append(s.folders, m)
	default:
		s.docs.Apply(m)
	}
}

// refuse answers with err everything that waits for an answer.
func (s *session) refuse(err error) {
	if s.initialize != nil && !s.answered {
		s.editor.Send(lsp.NewResponse(s.initialize.ID, nil, err).Bytes())
		s.initialize = nil // the editor may try again
	}
	for _, r := range s.waiting() {
		s.editor.Send(lsp.NewResponse(r.ID, nil, err).Bytes())
	}
	clear(s.inflight)
	for _, m := range s.held {
		s.remember(m)
		if m.Kind() == lsp.Request {
			s.editor.Send(lsp.NewResponse(m.ID, nil, err).Bytes())
		}
	}
	s.held = nil
}

func (s *session) deadError() error {
	return &lsp.ResponseError{Code: lsp.CodeRequestFailed, Message: fmt.Sprintf("gopls is not running: %v", s.dead)}
}
