package session

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// Editor is one that wants a session.
type Editor struct {
	Name       string
	Stream     *lsp.Conn
	Close      func() error // of the stream
	Initialize *lsp.Message // read from it already
}

// front is the editor that is attached.
type front struct {
	Editor
	out      *lsp.Outbox
	ready    bool // it has said initialized
	calls    map[string]string
	held     []*lsp.Message // until gopls has answered initialize
	since    time.Time
	shutdown bool
	warm     bool // the session was loaded before it came

	// What it is asked and told a little later, for its first request not to wait.
	late []json.RawMessage // registrations
	owed map[lsp.URI]bool  // documents, by their clean URI, whose diagnostics it has not been shown
}

// Attach gives the session to an editor, which must be the only one: whoever
// keeps sessions knows which are parked. It returns at once; the editor is
// served until it leaves or the session ends, and its stream is closed then.
func (s *Session) Attach(e Editor) {
	s.closing.Lock()
	defer s.closing.Unlock()
	if s.closed {
		Refuse(e, "the session has ended")
		return
	}
	s.stats.set(Attached, e.Name)
	s.inbox.Post(func() {
		if s.ended || s.front != nil {
			Refuse(e, "the session has ended")
			return
		}
		s.attach(&front{Editor: e, out: lsp.NewOutbox(e.Stream), calls: make(map[string]string), since: time.Now()})
	})
}

// Refuse hangs up on an editor that cannot have a session, and says why.
func Refuse(e Editor, why string) {
	f := &front{Editor: e, out: lsp.NewOutbox(e.Stream)}
	f.leave(why)
}

func (s *Session) attach(f *front) {
	s.log.Info("attached", "editor", f.Name)
	s.front = f
	s.primes = nil
	f.warm = s.initialized
	switch {
	case s.failed != nil:
		f.out.Send(lsp.NewResponse(f.Initialize.ID, nil, s.failed).Bytes())
	case s.result != nil:
		f.welcome(s.result)
	}
	if s.watcher != nil {
		s.watcher.Flush() // its report is in the inbox before the editor's first request
	}
	s.rereadGhosts() // the watcher leaves folders out
	s.workers.Go(func() { s.readFront(f) })
}

// welcome answers the editor's initialize.
func (f *front) welcome(result json.RawMessage) {
	f.out.Send(lsp.NewResponse(f.Initialize.ID, result, nil).Bytes())
}

// drain handles what the editor sent before it was welcome.
func (s *Session) drain(f *front) {
	held := f.held
	f.held = nil
	for _, m := range held {
		if s.front == f {
			s.fromFront(f, m)
		}
	}
}

// readFront reads what an editor sends, in a goroutine of its own.
func (s *Session) readFront(f *front) {
	for {
		body, err := f.Stream.ReadMessage()
		if err != nil {
			s.inbox.Post(func() {
				if s.front == f {
					if err != io.EOF {
						s.log.Info("the editor is gone", "error", err)
					}
					s.detach()
				}
			})
			return
		}
		m, err := lsp.Parse(body)
		if err != nil {
			s.log.Warn("dropping a message of the editor", "error", err)
			continue
		}
		s.inbox.Post(func() {
			if s.front == f {
				s.fromFront(f, m)
			}
		})
	}
}

// fromFront handles one message of the editor.
func (s *Session) fromFront(f *front, m *lsp.Message) {
	if m.Method == "exit" {
		s.detach()
		return
	}
	if !s.begun() {
		f.held = append(f.held, m)
		return
	}
	switch m.Kind() {
	case lsp.Request:
		s.request(f, m)
	case lsp.Response:
		s.reply(m)
	default:
		s.notification(f, m)
	}
}

// request passes a request on under an id that no other editor uses.
func (s *Session) request(f *front, m *lsp.Message) {
	switch {
	case m.Method == "shutdown":
		f.shutdown = true
		f.out.Send(lsp.NewResponse(m.ID, nil, nil).Bytes())
		return
	case m.Method == "initialize":
		f.out.Send(lsp.NewResponse(m.ID, nil, &lsp.ResponseError{
			Code: lsp.CodeInvalidRequest, Message: "the server is initialized already"}).Bytes())
		return
	case f.shutdown:
		f.out.Send(lsp.NewResponse(m.ID, nil, &lsp.ResponseError{
			Code: lsp.CodeInvalidRequest, Message: "the server was asked to shut down"}).Bytes())
		return
	}
	c := &call{front: f, id: m.ID, method: m.Method, start: time.Now()}
	id := s.newID(c)
	f.calls[m.ID.String()] = id.String()
	if m.Method == executeCommand {
		s.command(m)
	}
	s.used(m)
	s.out.Send(s.namespace(m, c, id).WithID(id).Bytes())
}

// token is one that an editor made up for progress on a request.
type token struct {
	front *front
	value json.RawMessage
}

// namespace replaces the tokens in a request. An editor that counts them from 1
// would else be shown the progress of a request of the editor before.
func (s *Session) namespace(m *lsp.Message, c *call, id lsp.ID) *lsp.Message {
	for _, name := range []string{"workDoneToken", "partialResultToken"} {
		value := lsp.Member(m.Params, name)
		if value == nil || string(value) == "null" {
			continue
		}
		ours := fmt.Sprintf(`"hearth-%s-%s"`, id, name)
		params, err := lsp.SetMember(m.Params, name, json.RawMessage(ours))
		if err != nil {
			continue
		}
		m = m.WithParams(params)
		s.tokens[ours] = token{c.front, value}
		c.tokens = append(c.tokens, ours)
	}
	return m
}

// notification handles a notification of the editor.
func (s *Session) notification(f *front, m *lsp.Message) {
	switch m.Method {
	case "initialized":
		s.frontReady(f, m)
		return
	case "$/cancelRequest":
		id := lsp.Member(m.Params, "id")
		ours, ok := f.calls[string(id)]
		if !ok {
			return // it was answered meanwhile
		}
		if params, err := lsp.SetMember(m.Params, "id", json.RawMessage(ours)); err == nil {
			m = m.WithParams(params)
		}
	case "window/workDoneProgress/cancel":
		for ours, t := range s.tokens {
			if t.front == f && string(t.value) == string(lsp.Member(m.Params, "token")) {
				if params, err := lsp.SetMember(m.Params, "token", json.RawMessage(ours)); err == nil {
					m = m.WithParams(params)
				}
			}
		}
	case "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose":
		if m = s.document(f, m); m == nil {
			return
		}
	case "workspace/didChangeWatchedFiles":
		s.changedByEditor(m)
		return
	case "workspace/didChangeWorkspaceFolders":
		s.folders.change(m)
	}
	s.out.Send(m.Bytes())
}

// leave ends the conversation with an editor. With a reason, whoever is at the
// other end may start anew.
func (f *front) leave(why string) {
	if why != "" {
		m, err := lsp.NewNotification(lsp.MethodEnded, lsp.MessageParams{Type: lsp.MessageWarning, Message: why})
		if err == nil {
			f.out.Send(m.Bytes())
		}
	}
	f.out.Close()
	go func() {
		select {
		case <-f.out.Done():
		case <-time.After(5 * time.Second): // it does not read
		}
		f.Close()
	}()
}

// hangUp ends the conversation with the editor that is attached.
func (s *Session) hangUp(why string) {
	if f := s.front; f != nil {
		s.front = nil
		f.leave(why)
	}
}
