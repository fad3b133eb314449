package session

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// ask is a request of gopls that an editor is to answer.
type ask struct {
	id     lsp.ID // under which gopls waits; nil: it is ours
	method string
	params json.RawMessage
	done   func(*lsp.Message) // for ours; may be nil
}

// fromServer handles one message of gopls.
func (s *Session) fromServer(m *lsp.Message) {
	s.heard = time.Now()
	if s.ended {
		return
	}
	switch m.Kind() {
	case lsp.Response:
		s.answered(m)
	case lsp.Request:
		s.question(m)
	default:
		s.told(m)
	}
}

// answered handles an answer of gopls.
func (s *Session) answered(m *lsp.Message) {
	c := s.calls[m.ID.String()]
	if c == nil {
		s.log.Warn("gopls answers what nobody asked", "id", m.ID)
		return
	}
	delete(s.calls, m.ID.String())
	if c.method != executeCommand { // which may go on after its answer
		for _, t := range c.tokens {
			delete(s.tokens, t)
		}
	}
	if c.front == nil {
		if c.done != nil {
			c.done(m)
		}
		return
	}
	if c.front != s.front {
		return // it left
	}
	s.stats.record(c.method, time.Since(c.start))
	delete(c.front.calls, c.id.String())
	if edits := s.ofClosed(m.Result); edits != nil {
		m = m.WithResult(edits)
	}
	c.front.out.Send(m.WithID(c.id).Bytes())
}

// question handles a request of gopls. The ids of gopls are unique in its life,
// so the editor may see them as they are.
func (s *Session) question(m *lsp.Message) {
	s.note(m)
	if f := s.front; f != nil && f.ready && !s.ofOthers(m.Method) {
		s.asks[m.ID.String()] = &ask{id: m.ID, method: m.Method, params: m.Params}
		if edits := s.ofClosed(m.Params); edits != nil {
			m = m.WithParams(edits)
		}
		f.out.Send(m.Bytes())
		return
	}
	s.standIn(m.ID, m.Method, m.Params)
}

const executeCommand = "workspace/executeCommand"

// ofOthers reports whether a question may come of a command that an editor has
// started which left. gopls does not stop it, and its edits are not for the
// editor that is attached now.
func (s *Session) ofOthers(method string) bool {
	switch method {
	case "workspace/applyEdit", "window/showDocument", "window/showMessageRequest":
	default:
		return false
	}
	for _, c := range s.calls {
		if c.method == executeCommand && c.front != nil && c.front != s.front {
			return true
		}
	}
	return false
}

// note keeps what a request of gopls changes for the editors to come.
func (s *Session) note(m *lsp.Message) {
	switch m.Method {
	case "client/registerCapability", "client/unregisterCapability":
		if s.front != nil {
			s.registerLate(s.front) // what gopls asked for before
		}
	}
	switch m.Method {
	case "client/registerCapability":
		s.registry = append(s.registry, elements(lsp.Member(m.Params, "registrations"))...)
	case "client/unregisterCapability":
		for _, gone := range elements(lsp.Member(m.Params, "unregisterations")) { // sic
			for i, r := range s.registry {
				if string(lsp.Member(r, "id")) == string(lsp.Member(gone, "id")) {
					s.registry = append(s.registry[:i:i], s.registry[i+1:]...)
					break
				}
			}
		}
	case "window/workDoneProgress/create":
		s.progress = append(s.progress, &progress{token: lsp.Member(m.Params, "token")})
	}
}

// elements returns those of a JSON array.
func elements(data json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	_ = json.Unmarshal(data, &list) // not a list: none
	return list
}

// reply handles the editor's answer to a question of gopls, or of ours.
func (s *Session) reply(m *lsp.Message) {
	a := s.asks[m.ID.String()]
	if a == nil {
		return // it is answered, or it is an earlier editor's
	}
	delete(s.asks, m.ID.String())
	if a.id == nil {
		if a.done != nil {
			a.done(m)
		}
		return
	}
	if a.method == "workspace/configuration" && m.Err() == nil {
		s.answers.record(a.params, m.Result)
		s.stats.setAnswers(s.answers.clone())
	}
	s.out.Send(m.WithID(a.id).Bytes())
}

// askFront asks the editor something of our own.
func (s *Session) askFront(f *front, method string, params any, done func(*lsp.Message)) {
	s.next++
	id := lsp.ID(fmt.Sprintf(`"hearth-%d"`, s.next)) // gopls uses numbers
	m, err := lsp.NewRequest(id, method, params)
	if err != nil {
		s.log.Error("asking the editor", "method", method, "error", err)
		return
	}
	s.asks[id.String()] = &ask{method: method, done: done}
	f.out.Send(m.Bytes())
}

// standIn answers gopls in place of an editor.
func (s *Session) standIn(id lsp.ID, method string, params json.RawMessage) {
	var result any
	var err error
	switch method {
	case "workspace/configuration":
		answer := s.answers.answer(params)
		result = answer
		// The next editor is asked whether it would say the same.
		if data, err := json.Marshal(answer); err == nil {
			s.answers.record(params, data)
			s.stats.setAnswers(s.answers.clone())
		}
	case "workspace/workspaceFolders":
		result = lsp.Member(s.opts.Params, "workspaceFolders")
	case "workspace/applyEdit":
		result = map[string]any{"applied": false, "failureReason": "no editor is attached"}
	case "window/showDocument":
		result = map[string]any{"success": false}
	case "client/registerCapability", "client/unregisterCapability",
		"window/workDoneProgress/create", "window/showMessageRequest",
		"workspace/codeLens/refresh", "workspace/semanticTokens/refresh",
		"workspace/inlayHint/refresh", "workspace/inlineValue/refresh",
		"workspace/diagnostic/refresh", "workspace/foldingRange/refresh":
	default:
		err = &lsp.ResponseError{Code: lsp.CodeMethodNotFound, Message: fmt.Sprintf("no editor is attached that could answer %s", method)}
	}
	s.out.Send(lsp.NewResponse(id, result, err).Bytes())
}

// told handles a notification of gopls.
func (s *Session) told(m *lsp.Message) {
	switch m.Method {
	case "textDocument/publishDiagnostics":
		s.publish(m)
		return
	case "$/progress":
		if m = s.progressed(m); m == nil {
			return
		}
	case "window/showMessage", "window/logMessage":
		if s.front == nil || !s.front.ready {
			s.log.Info("gopls says", "message", string(lsp.Member(m.Params, "message")))
		}
	case "$/cancelRequest":
		delete(s.asks, string(lsp.Member(m.Params, "id")))
	}
	if f := s.front; f != nil && f.ready {
		f.out.Send(m.Bytes())
	}
}

// progress is work of gopls that it has told about.
type progress struct {
	token json.RawMessage
	begin *lsp.Message // nil: it has not begun
	last  *lsp.Message // report
}

// progressed follows work of gopls, and gives progress on a request to who
// asked. It returns what the editor is to be told, or nil.
func (s *Session) progressed(m *lsp.Message) *lsp.Message {
	name := lsp.Member(m.Params, "token")
	if t, ok := s.tokens[string(name)]; ok {
		var kind string
		_ = json.Unmarshal(lsp.Member(lsp.Member(m.Params, "value"), "kind"), &kind)
		if kind == "end" {
			delete(s.tokens, string(name))
		}
		params, err := lsp.SetMember(m.Params, "token", t.value)
		if err != nil || t.front != s.front {
			return nil
		}
		return m.WithParams(params)
	}
	for i, p := range s.progress {
		if string(p.token) != string(name) {
			continue
		}
		var kind string
		_ = json.Unmarshal(lsp.Member(lsp.Member(m.Params, "value"), "kind"), &kind)
		switch kind {
		case "begin":
			p.begin = m
		case "end":
			s.progress = append(s.progress[:i:i], s.progress[i+1:]...)
		default:
			p.last = m
		}
		return m
	}
	return nil // of a request of an editor that left
}
