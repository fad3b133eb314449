package shim

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// child is one server.
type child struct {
	gen int // counts from 1
	srv Server
	out *lsp.Outbox
	why error // it said why it ends
}

// replayID is the id of the initialize request that a second server gets. No
// editor uses such an id.
var replayID = lsp.ID(`"hearth-initialize"`)

// question is a request of the child to the editor.
type question struct {
	gen    int // 0: it is ours, and nobody waits for the answer
	id     lsp.ID
	method string
	params json.RawMessage
}

// registration is one that the editor holds on behalf of the child.
type registration struct {
	ID     string `json:"id"`
	Method string `json:"method"`
}

// publication is what was last published for a document.
type publication struct {
	gen   int
	empty bool
}

// startChild starts the backend's server and initializes it.
func (s *session) startChild() {
	s.dead, s.ready, s.restart = nil, false, false
	srv, err := s.backend.start()
	if err != nil {
		s.crashed(err)
		return
	}
	s.gen++
	s.log.Info("started a server", "server", srv, "number", s.gen)
	c := &child{gen: s.gen, srv: srv, out: lsp.NewOutbox(srv.Stream())}
	s.child = c
	doubt := s.backend.Doubt
	s.backend.Doubt = nil // it is settled before the next start
	s.children.Go(func() {
		if doubt != nil && doubt() {
			s.inbox.Post(func() { s.mistaken(c) })
		}
		s.readChild(c)
	})

	params, err := rewriteInitialize(s.initialize.Params, s.backend.Settings)
	if err != nil {
		s.log.Warn("passing the initialize request on as it is", "error", err)
	}
	m := s.initialize.WithParams(params)
	if s.answered {
		m = m.WithID(replayID)
	}
	c.out.Send(m.Bytes())
}

// mistaken ends a child of a backend that is not the right one.
func (s *session) mistaken(c *child) {
	if c != s.child || s.finished {
		return
	}
	s.log.Info("the server was a wrong guess", "server", c.srv)
	s.lost("gopls was replaced")
	s.stop(c, true)
	s.ask()
}

// readChild reads until the child ends, in a goroutine of its own.
func (s *session) readChild(c *child) {
	err := func() error {
		for {
			body, err := c.srv.Stream().ReadMessage()
			if err != nil {
				return err
			}
			m, err := lsp.Parse(body)
			if err != nil {
				return err
			}
			s.inbox.Post(func() { s.fromChild(c, m) })
		}
	}()
	// A server that closed its output or writes garbage is of no use any more,
	// but one that is about to exit shall have its exit status.
	select {
	case <-c.srv.Done():
	case <-time.After(500 * time.Millisecond):
		c.srv.Kill()
		<-c.srv.Done()
	}
	c.out.Close()
	if perr := c.srv.Err(); perr != nil {
		err = perr
	}
	s.inbox.Post(func() {
		if s.child != c {
			return
		}
		s.lost("gopls was restarted")
		if c.why != nil {
			err = c.why
		}
		s.crashed(err)
	})
}

// stop ends a child in the background; polite says that it has not been asked
// to shut down yet. Its messages are ignored from now on.
func (s *session) stop(c *child, polite bool) {
	if polite {
		m, _ := lsp.NewRequest(lsp.ID(`"hearth-shutdown"`), "shutdown", nil)
		c.out.Send(m.Bytes())
	}
	m, _ := lsp.NewNotification("exit", nil)
	c.out.Send(m.Bytes())
	c.out.Close()
	s.children.Go(func() {
		grace := time.NewTimer(s.opts.Grace)
		defer grace.Stop()
		select {
		case <-c.out.Done():
			c.srv.CloseInput()
		case <-grace.C:
		}
		select {
		case <-c.srv.Done():
		case <-grace.C:
			s.log.Warn("killing a server that does not end", "server", c.srv)
			c.srv.Kill()
			<-c.srv.Done()
		}
	})
}

// fromChild handles one message of a child.
func (s *session) fromChild(c *child, m *lsp.Message) {
	if c != s.child {
		return // it was replaced
	}
	switch m.Kind() {
	case lsp.Response:
		s.answer(m)
		return
	case lsp.Request:
		m = s.question(m)
	case lsp.Notification:
		if m.Method == lsp.MethodEnded {
			var p lsp.MessageParams
			_ = json.Unmarshal(m.Params, &p) // it hangs up, with or without a reason
			c.why = errors.New(p.Message)
			return
		}
		m = s.observe(m)
	}
	s.editor.Send(m.Bytes())
}

// answer handles the child's answer to a request.
func (s *session) answer(m *lsp.Message) {
	id := m.ID.String()
	first := !s.answered && s.initialize != nil && id == s.initialize.ID.String()
	switch {
	case first, id == replayID.String():
		s.initializeDone(m, first)
		return
	case s.inflight[id] == nil:
		s.log.Warn("dropping an answer that nobody waits for", "id", id)
		return
	}
	delete(s.inflight, id)
	s.editor.Send(m.Bytes())
}

// initializeDone handles the answer to the initialize request, the editor's
// own or the replayed one.
func (s *session) initializeDone(m *lsp.Message, first bool) {
	if err := m.Err(); err != nil {
		if first {
			// Its settings are wrong, say. The editor is told, as without us, and
			// may try again.
			s.editor.Send(m.Bytes())
			s.initialize = nil
			for _, early := range s.held {
				if early.Kind() == lsp.Request {
					s.editor.Send(lsp.NewResponse(early.ID, nil, err).Bytes())
				}
			}
			s.held = nil
			old := s.child
			s.child = nil
			s.stop(old, true)
			return
		}
		old := s.child
		s.lost("gopls was restarted")
		s.stop(old, true)
		s.crashed(fmt.Errorf("initialize: %w", err))
		return
	}
	encoding := "utf-16"
	json.Unmarshal(lsp.Member(lsp.Member(m.Result, "capabilities"), "positionEncoding"), &encoding)
	if !first && encoding != s.docs.Encoding {
		old := s.child
		s.lost("gopls was restarted")
		s.stop(old, true)
		s.crashed(fmt.Errorf("the new server counts in %s, the editor in %s", encoding, s.docs.Encoding))
		return
	}
	s.note()
	if n, ok := s.child.srv.(noter); ok {
		s.say(logMessage, lsp.MessageWarning, n.Note())
	}
	s.docs.Encoding = encoding
	s.ready = true
	if first {
		s.answered = true
		s.editor.Send(m.Bytes())
		s.beside()
	} else {
		s.replay()
	}
	held := s.held
	s.held = nil
	for _, m := range held {
		s.deliver(m)
	}
}

// question prepares a request of the child for the editor.
func (s *session) question(m *lsp.Message) *lsp.Message {
	q := &question{gen: s.child.gen, id: m.ID, method: m.Method, params: m.Params}
	if s.child.gen > 1 {
		// It counts from 1 again, and the editor may still answer the first 1.
		m = m.WithID(s.rename(m.ID))
	}
	s.asked[m.ID.String()] = q
	switch m.Method {
	case "client/registerCapability":
		var p struct{ Registrations []registration }
		json.Unmarshal(m.Params, &p)
		s.registry = append(s.registry, p.Registrations...)
	case "client/unregisterCapability":
		var p struct{ Unregisterations []registration } // sic
		json.Unmarshal(m.Params, &p)
		for _, u := range p.Unregisterations {
			for i, r := range s.registry {
				if r == u {
					s.registry = append(s.registry[:i:i], s.registry[i+1:]...)
					break
				}
			}
		}
	}
	return m
}

// rename returns the id under which the editor sees a request of a child that
// is not the first.
func (s *session) rename(id lsp.ID) lsp.ID {
	return lsp.ID(strconv.Quote(fmt.Sprintf("hearth-%d-%s", s.child.gen, id)))
}

// reply prepares the editor's answer to a question for the child; nil: it is
// not for this child.
func (s *session) reply(m *lsp.Message) *lsp.Message {
	q := s.asked[m.ID.String()]
	delete(s.asked, m.ID.String())
	if q == nil || q.gen != s.child.gen {
		return nil
	}
	if q.method == "workspace/configuration" && m.Err() == nil {
		s.introduce(q.params, m.Result)
	}
	if q.method == "workspace/configuration" && s.backend.Settings != nil && m.Err() == nil {
		result, err := rewriteConfiguration(q.params, m.Result, s.backend.Settings)
		if err == nil {
			return m.WithID(q.id).WithResult(result)
		}
		s.log.Warn("passing the editor's settings on as they are", "error", err)
	}
	if q.gen == 1 {
		return m
	}
	return m.WithID(q.id)
}

// introduce passes on what settings the editor has.
func (s *session) introduce(params, result json.RawMessage) {
	var p lsp.ConfigurationParams
	var answers []json.RawMessage
	if s.opts.Introduced == nil || json.Unmarshal(params, &p) != nil || json.Unmarshal(result, &answers) != nil {
		return
	}
	for i, item := range p.Items {
		if item.Section == "gopls" && i < len(answers) {
			s.opts.Introduced(s.root, s.initialize.Params, answers[i])
			return
		}
	}
}

// observe follows what the child tells the editor.
func (s *session) observe(m *lsp.Message) *lsp.Message {
	switch m.Method {
	case "$/progress":
		token := lsp.Member(m.Params, "token")
		var kind string
		json.Unmarshal(lsp.Member(lsp.Member(m.Params, "value"), "kind"), &kind)
		switch kind {
		case "begin":
			s.progress[string(token)] = token
		case "end":
			delete(s.progress, string(token))
		}
	case "textDocument/publishDiagnostics":
		var uri lsp.URI
		if json.Unmarshal(lsp.Member(m.Params, "uri"), &uri) == nil {
			diagnostics := string(lsp.Member(m.Params, "diagnostics"))
			s.publish[uri] = publication{s.child.gen, diagnostics == "[]" || diagnostics == "null"}
			s.published()
		}
	case "$/cancelRequest":
		if id := lsp.Member(m.Params, "id"); s.child.gen > 1 && id != nil {
			params, err := lsp.SetMember(m.Params, "id", json.RawMessage(s.rename(lsp.ID(id))))
			if err == nil {
				return m.WithParams(params)
			}
		}
	}
	return m
}
