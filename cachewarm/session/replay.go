package session

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// frontReady handles the editor's "initialized": from here on it may be asked
// and told things. A gopls that has been told so already is not told again;
// the editor gets what gopls said to the one before.
func (s *Session) frontReady(f *front, m *lsp.Message) {
	f.ready = true
	if !s.initialized {
		s.out.Send(m.Bytes())
		s.nowInitialized()
		return
	}
	for _, registration := range s.registry {
		if len(registration) > largeRegistration {
			f.late = append(f.late, registration)
			continue
		}
		s.register(f, registration)
	}
	if len(f.late) > 0 {
		time.AfterFunc(registerAfter, func() { s.inbox.Post(func() { s.registerLate(f) }) })
	}
	f.owed = make(map[lsp.URI]bool)
	for uri, p := range s.published {
		if !empty(p.params) {
			f.owed[uri] = true
		}
	}
	if len(f.owed) > 0 {
		time.AfterFunc(showAfter, func() { s.inbox.Post(func() { s.showOwed(f) }) })
	}
	for _, p := range s.progress {
		s.askFront(f, "window/workDoneProgress/create", map[string]any{"token": p.token}, nil)
		if p.begin != nil {
			f.out.Send(p.begin.Bytes())
		}
		if p.last != nil {
			f.out.Send(p.last.Bytes())
		}
	}
	if f.warm {
		note, err := lsp.NewNotification("window/logMessage", lsp.MessageParams{Type: lsp.MessageInfo, Message: fmt.Sprintf(
			"hearth: attached to a warm gopls, process %d, up %s", s.Pid(), time.Since(s.stats.started).Round(time.Second))})
		if err == nil {
			f.out.Send(note.Bytes())
		}
		s.compareAnswers(f)
	}
}

// gopls has VS Code watch each folder of the workspace, by its name: of 20,000
// packages that is a message of more than a megabyte, which two processes and the
// editor read before the answer to its first hover. So what is large comes a little
// later than the rest. A gopls of the editor's own registers nothing at all before it
// has loaded the workspace; what changes meanwhile, the session sees by itself.
const (
	largeRegistration = 4 << 10 // bytes; all others together have some hundreds
	registerAfter     = time.Second
)

// The diagnostics of files that the editor has not opened are for its list of
// problems. In a large workspace they are dozens of messages, which took 15 ms
// of the 25 between the editor's first words and the answer to its first hover.
const showAfter = 200 * time.Millisecond

// showOwed shows the editor what it has not been shown meanwhile.
func (s *Session) showOwed(f *front) {
	if s.front != f || s.ended {
		return
	}
	for uri := range f.owed {
		if p := s.published[uri]; p != nil {
			s.show(f, p)
		}
	}
	f.owed = nil
}

func (s *Session) register(f *front, registration json.RawMessage) {
	s.askFront(f, "client/registerCapability", map[string]any{"registrations": []json.RawMessage{registration}}, nil)
}

// registerLate asks the editor for what was put off, if it is still there.
func (s *Session) registerLate(f *front) {
	late := f.late
	f.late = nil
	for _, registration := range late {
		if s.front == f && !s.ended {
			s.register(f, registration)
		}
	}
}

// compareAnswers asks the editor what gopls asked the one before. Other
// settings than then are told to gopls, which asks again and loads what it
// must; equal ones cost it nothing.
//
// gopls puts new settings on top of the old ones, so it does not forget one
// that is not there any more. Then the editor is hung up on, for it to get a
// session of its own, and this one ends.
func (s *Session) compareAnswers(f *front) {
	p := s.answers.items()
	if len(p.Items) == 0 {
		return
	}
	s.askFront(f, "workspace/configuration", p, func(m *lsp.Message) {
		switch {
		case m.Err() != nil || s.answers.same(p, m.Result):
		case s.answers.covered(p, m.Result):
			s.log.Info("the editor has other settings")
			s.notify("workspace/didChangeConfiguration", map[string]any{"settings": nil})
		default:
			s.log.Info("the editor lacks settings that the one before had")
			s.hangUp("")
			s.Stop("", stopGrace)
		}
	})
}

// folders are what editors did to the workspace folders of the session.
type folders struct {
	added, removed []lsp.WorkspaceFolder
}

type foldersEvent struct {
	Added   []lsp.WorkspaceFolder `json:"added"`
	Removed []lsp.WorkspaceFolder `json:"removed"`
}

// change follows workspace/didChangeWorkspaceFolders.
func (w *folders) change(m *lsp.Message) {
	var p struct{ Event foldersEvent }
	if json.Unmarshal(m.Params, &p) != nil {
		return
	}
	w.added, w.removed = exchange(w.added, w.removed, p.Event.Added)
	w.removed, w.added = exchange(w.removed, w.added, p.Event.Removed)
}

// exchange adds list to one set, except for what that takes out of the other.
func exchange(to, from, list []lsp.WorkspaceFolder) (_, _ []lsp.WorkspaceFolder) {
next:
	for _, folder := range list {
		for i, other := range from {
			if other.URI.Clean() == folder.URI.Clean() {
				from = append(from[:i:i], from[i+1:]...)
				continue next
			}
		}
		to = append(to, folder)
	}
	return to, from
}

// restore returns the message that takes the changes back; nil: there are none.
func (w *folders) restore() *lsp.Message {
	if len(w.added)+len(w.removed) == 0 {
		return nil
	}
	event := foldersEvent{Added: w.removed, Removed: w.added}
	if event.Added == nil {
		event.Added = []lsp.WorkspaceFolder{}
	}
	if event.Removed == nil {
		event.Removed = []lsp.WorkspaceFolder{}
	}
	*w = folders{}
	m, err := lsp.NewNotification("workspace/didChangeWorkspaceFolders", map[string]any{"event": event})
	if err != nil {
		return nil
	}
	return m
}

// lasting are the commands of gopls that change how it answers from then on,
// whoever asks. A session that has run one is not handed on.
var lasting = map[string]bool{
	"gopls.gc_details":               true,
	"gopls.start_debugging":          true,
	"gopls.start_profile":            true,
	"gopls.run_govulncheck":          true,
	"gopls.vulncheck":                true,
	"gopls.check_upgrades":           true,
	"gopls.reset_go_mod_diagnostics": true,
}

// command looks at a command that an editor has gopls run.
func (s *Session) command(m *lsp.Message) {
	var name string
	_ = json.Unmarshal(lsp.Member(m.Params, "command"), &name)
	if lasting[name] {
		s.tainted = name
	}
}
