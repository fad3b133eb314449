package shim

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// A server that ends maxCrashes times within crashWindow is not started again:
// it would do so until the battery is empty.
const (
	maxCrashes  = 3
	crashWindow = time.Minute
)

var errCrashes = errors.New("it ended three times within a minute")

// safe are the requests that only read: asking twice changes nothing. Edits
// that the server returns, rather than applies, are of this kind.
var safe = map[string]bool{
	"callHierarchy/incomingCalls":       true,
	"callHierarchy/outgoingCalls":       true,
	"codeAction/resolve":                true,
	"completionItem/resolve":            true,
	"textDocument/codeAction":           true,
	"textDocument/codeLens":             true,
	"textDocument/completion":           true,
	"textDocument/declaration":          true,
	"textDocument/definition":           true,
	"textDocument/diagnostic":           true,
	"textDocument/documentHighlight":    true,
	"textDocument/documentLink":         true,
	"textDocument/documentSymbol":       true,
	"textDocument/foldingRange":         true,
	"textDocument/formatting":           true,
	"textDocument/hover":                true,
	"textDocument/implementation":       true,
	"textDocument/inlayHint":            true,
	"textDocument/prepareCallHierarchy": true,
	"textDocument/prepareRename":        true,
	"textDocument/prepareTypeHierarchy": true,
	"textDocument/rangeFormatting":      true,
	"textDocument/references":           true,
	"textDocument/rename":               true,
	"textDocument/selectionRange":       true,
	"textDocument/semanticTokens/full":  true,
	"textDocument/semanticTokens/range": true,
	"textDocument/signatureHelp":        true,
	"textDocument/typeDefinition":       true,
	"typeHierarchy/subtypes":            true,
	"typeHierarchy/supertypes":          true,
	"workspace/symbol":                  true,
	"workspaceSymbol/resolve":           true,
}

// lost takes back what the child promised. There is no child afterwards.
func (s *session) lost(why string) {
	s.child, s.ready = nil, false
	modified := &lsp.ResponseError{Code: lsp.CodeContentModified, Message: why}
	for _, r := range s.waiting() {
		switch {
		case r.Method == "shutdown":
			s.editor.Send(lsp.NewResponse(r.ID, nil, nil).Bytes())
		case r.again, !safe[r.Method], bytes.Contains(r.Params, []byte(`"partialResultToken"`)):
			// Asking once more may be what ended the server; and parts that were
			// delivered would be delivered again.
			s.editor.Send(lsp.NewResponse(r.ID, nil, modified).Bytes())
		default:
			continue // until replay
		}
		delete(s.inflight, r.ID.String())
	}
	for _, key := range slices.Sorted(maps.Keys(s.progress)) {
		s.notify("$/progress", map[string]any{
			"token": s.progress[key],
			"value": lsp.WorkDoneProgress{Kind: "end", Message: why},
		})
	}
	clear(s.progress)
	if len(s.registry) > 0 {
		// The new server uses the same ids. Comparing what it registers with
		// what the old one did was the other way; editors differ in what they do
		// with an id that they know, and all of them can forget one.
		s.renames++
		id := lsp.ID(strconv.Quote("hearth-unregister-" + strconv.Itoa(s.renames)))
		m, err := lsp.NewRequest(id, "client/unregisterCapability", map[string]any{"unregisterations": s.registry})
		if err == nil {
			s.asked[id.String()] = &question{method: m.Method}
			s.editor.Send(m.Bytes())
		}
		s.registry = nil
	}
}

// waiting returns the requests in flight in the order in which they came.
func (s *session) waiting() []*request {
	return slices.SortedFunc(maps.Values(s.inflight), func(a, b *request) int { return cmp.Compare(a.order, b.order) })
}

// crashed starts the next server after the last one has ended by itself.
func (s *session) crashed(err error) {
	if s.shutdown {
		return // and that is what it was asked for
	}
	s.log.Warn("the server ended", "error", err)
	if errors.Is(err, ErrLost) {
		s.restart = true
		s.inbox.Post(s.startAgain)
		return
	}
	now := time.Now()
	s.crashes = slices.DeleteFunc(s.crashes, func(t time.Time) bool { return now.Sub(t) > crashWindow })
	s.crashes = append(s.crashes, now)
	if n := len(s.crashes); n < maxCrashes {
		s.say(logMessage, lsp.MessageWarning, fmt.Sprintf("hearth: restarting gopls: %v", err))
		s.restart = true
		if n == 1 {
			s.inbox.Post(s.startAgain)
			return
		}
		time.AfterFunc(s.opts.timing.backoff, func() { s.inbox.Post(s.startAgain) })
		return
	}
	if spare := s.backend.Spare; spare != nil {
		s.say(showMessage, lsp.MessageWarning, fmt.Sprintf("hearth: gopls has failed and another one takes over: %v: %v", errCrashes, err))
		s.backend, s.crashes, s.spent = *spare, nil, s.backend.Key
		s.startChild()
		return
	}
	s.giveUp(fmt.Errorf("%w: %w", errCrashes, err))
}

// startAgain starts the next server, unless something else has happened.
func (s *session) startAgain() {
	if s.restart && s.child == nil && !s.shutdown {
		s.startChild()
	}
}

// giveUp tells the editor that there is no server, until the provider says that
// something changed.
func (s *session) giveUp(err error) {
	s.say(showMessage, lsp.MessageError, fmt.Sprintf("hearth: gopls is not running: %v", err))
	s.dead, s.restart = err, false
	s.refuse(s.deadError())
	s.clearStale(s.gen + 1)
}

// replay tells a new child what the last one knew.
func (s *session) replay() {
	if s.initialized != nil {
		s.child.out.Send(s.initialized.Bytes())
	}
	for _, m := range s.folders {
		s.child.out.Send(m.Bytes())
	}
	for _, doc := range s.docs.Open {
		m, err := lsp.NewNotification("textDocument/didOpen", lsp.DidOpenParams{TextDocument: *doc})
		if err != nil {
			s.log.Error("opening a document again", "uri", doc.URI, "error", err)
			continue
		}
		s.child.out.Send(m.Bytes())
	}
	for _, r := range s.waiting() {
		if r.changes != s.docs.Changes {
			// Its positions are those of an older text.
			delete(s.inflight, r.ID.String())
			s.editor.Send(lsp.NewResponse(r.ID, nil, &lsp.ResponseError{
				Code: lsp.CodeContentModified, Message: "the text changed while gopls was restarted"}).Bytes())
			continue
		}
		r.again = true
		s.child.out.Send(r.Bytes())
	}
	s.settleIn(s.opts.timing.silence)
}

// settleIn clears the diagnostics of older servers after d, unless it is put
// off: the new one must have been quiet for a while after it published
// something and while it does not report progress, or have said nothing at all
// for longer.
//
// gopls publishes the first diagnosis of a workspace in one go, but does not
// say that it has. Clearing too early makes diagnostics flicker, since the new
// server publishes what is still there; too late leaves what has been fixed.
func (s *session) settleIn(d time.Duration) {
	if s.settle != nil {
		s.settle.Stop()
	}
	gen := s.gen
	s.settle = time.AfterFunc(d, func() {
		s.inbox.Post(func() {
			switch {
			case gen != s.gen || s.child == nil:
			case len(s.progress) > 0: // it still loads
				s.settleIn(s.opts.timing.quiet)
			default:
				s.clearStale(gen)
				s.settle = nil
			}
		})
	})
}

// published puts the clearing off after the new child published something.
func (s *session) published() {
	if s.settle != nil {
		s.settleIn(s.opts.timing.quiet)
	}
}

// clearStale clears the diagnostics that servers before gen left.
func (s *session) clearStale(gen int) {
	for _, uri := range slices.Sorted(maps.Keys(s.publish)) {
		if p := s.publish[uri]; p.gen < gen {
			delete(s.publish, uri)
			if !p.empty {
				s.notify("textDocument/publishDiagnostics", lsp.PublishDiagnosticsParams{URI: uri, Diagnostics: []lsp.Diagnostic{}})
			}
		}
	}
}
