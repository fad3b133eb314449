// Package shim keeps one editor connected to a gopls that may be restarted
// or replaced without the editor noticing.
//
// [Serve] forwards every message as it came, both ways, with four exceptions:
// the settings that the editor sends pass through [Backend.Settings]; after a
// restart the new server is told what the old one knew; ids of requests that a
// restarted server sends are renamed, since it counts from 1 again; and what
// the old server promised (answers, progress, registrations, diagnostics) is
// taken back.
//
// It does not know where a backend comes from, nor what carries the editor's
// messages. All state belongs to one goroutine, and all queues are unbounded,
// so that a side that does not read delays nobody else.
package shim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/gohearth/hearth/cachewarm/overlay"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/inbox"
	"github.com/gohearth/hearth/internal/lsp"
)

// Server is a running language server: a process of ours, which is what
// [lsp.Process] is, or a connection to one that somebody else keeps.
type Server interface {
	Stream() *lsp.Conn
	Done() <-chan struct{} // closed when the server has ended
	Err() error            // why it ended; nil after a clean end
	CloseInput()           // which makes a server end
	Kill()
	String() string // for logs
}

// A Server may also have a method Note() string, with one line for the editor's
// log about itself: that it is not the one that was hoped for, say.
type noter interface{ Note() string }

// ErrLost is the error of a server whose keeper, not the server itself, is
// gone. It says nothing against the server, and the next start may find it
// elsewhere, so it does not count as a crash.
var ErrLost = errors.New("the connection to the server is lost")

// Backend is what answers an editor: a server, and how the editor's settings
// reach it.
type Backend struct {
	Command []string
	Env     []string // nil: that of this process
	Dir     string   // "": that of this process

	// Start takes the place of Command: it starts or finds a server. It is
	// called again after each loss, and must not take longer than a person at
	// an editor would wait.
	Start func() (Server, error)

	// Settings returns what the server is told instead of the editor's settings
	// for gopls, which it may change. If it is nil, they are passed on.
	Settings func(editor map[string]any) map[string]any

	// Key identifies all of the above: nothing is restarted for an equal Key.
	Key string

	// Note is one line for the editor's log, written when it differs from the
	// last one. It is a warning if Fallback says that this is not the backend
	// that the workspace asks for.
	Note     string
	Fallback bool

	// Doubt says of a backend that is a guess whether another one must be asked
	// for, as soon as that is known; nil: this is the one. Nothing that the server
	// says reaches the editor before, and none of it if so.
	Doubt func() bool

	// Spare takes over when this backend has crashed too often; nil: none does.
	Spare *Backend
}

func (b *Backend) start() (Server, error) {
	if b.Start != nil {
		return b.Start()
	}
	return lsp.StartProcess(lsp.Command{Args: b.Command, Dir: b.Dir, Env: b.Env})
}

// Provider decides what answers in a workspace.
type Provider interface {
	// Backend is asked when the editor initializes, and again after each
	// change. It may take its time: the editor's messages wait in order.
	Backend(ctx context.Context, root string) (Backend, error)

	// Changes says when Backend may answer differently from now on. The channel
	// may be nil.
	Changes(ctx context.Context, root string) <-chan struct{}
}

// Options are what Serve can do without.
type Options struct {
	Log *slog.Logger // nil: no log

	// Introduced receives the parameters of the editor's initialize request,
	// and is called again with its answer to workspace/configuration for the
	// section "gopls", if it is asked. It must be quick.
	Introduced func(root string, params, answer json.RawMessage)

	// Beside, if not nil, runs in a goroutine of its own from the answer to the
	// initialize request on. It shall return when ctx ends; notify sends the
	// editor a notification that is none of the server's.
	Beside func(ctx context.Context, root string, notify func(method string, params any))

	// Grace is how long a server may take to end before it is killed; 0: 3s,
	// which is what editors give us.
	Grace time.Duration

	timing timing
}

// timing is what tests shorten.
type timing struct {
	backoff        time.Duration // before the second restart in a row
	watch          time.Duration // after a server was started; see watchLater
	quiet, silence time.Duration // see settleIn
}

// Serve is a language server for the editor at the other end of the stream. It
// returns nil when the editor said exit or closed the stream, and an error if
// ctx ended or the editor's stream was not LSP. The server that it started is
// gone by then, and the stream closed.
//
// An editor that says exit without having said shutdown gets nil as well. The
// protocol wants exit status 1 for it, but all that editors make of it is a
// message about a crash; and the server is shut down in order in any case.
func Serve(ctx context.Context, editor io.ReadWriteCloser, p Provider, opts Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Grace == 0 {
		opts.Grace = 3 * time.Second
	}
	if opts.timing == (timing{}) {
		opts.timing = timing{backoff: time.Second, watch: 2 * time.Second, quiet: 5 * time.Second, silence: 30 * time.Second}
	}
	conn := lsp.NewConn(editor, editor)
	s := &session{
		ctx:      ctx,
		opts:     opts,
		log:      opts.Log,
		provider: p,
		inbox:    inbox.New(),
		editor:   lsp.NewOutbox(conn),
		docs:     overlay.Set{Encoding: "utf-16"},
		inflight: make(map[string]*request),
		asked:    make(map[string]*question),
		progress: make(map[string]json.RawMessage),
		publish:  make(map[lsp.URI]publication),
	}
	go s.readEditor(conn)
	s.run()

	cancel()
	s.children.Wait()
	s.editor.Close()
	select {
	case <-s.editor.Done():
	case <-time.After(time.Second): // an editor that does not read its last messages
	}
	editor.Close()
	return s.err
}

// Join makes one stream of a reader and a writer, such as the standard input
// and output of the process that an editor starts.
func Join(r io.ReadCloser, w io.WriteCloser) io.ReadWriteCloser { return joined{r, w} }

type joined struct {
	io.ReadCloser
	w io.WriteCloser
}

func (j joined) Write(b []byte) (int, error) { return j.w.Write(b) }
func (j joined) Close() error                { return errors.Join(j.ReadCloser.Close(), j.w.Close()) }

// session is the state of [Serve]. Its methods run in one goroutine, except
// where they say otherwise.
type session struct {
	ctx      context.Context
	opts     Options
	log      *slog.Logger
	provider Provider
	inbox    *inbox.Inbox
	editor   *lsp.Outbox

	finished bool
	err      error // of Serve

	// What the editor said, to be said again.
	root        string
	initialize  *lsp.Message   // nil: not initialized yet
	initialized *lsp.Message   // once it was passed on
	folders     []*lsp.Message // workspace/didChangeWorkspaceFolders
	docs        overlay.Set
	answered    bool // the initialize request
	shutdown    bool // the editor asked for it

	// What answers.
	backend  Backend
	watching bool   // the provider, for changes
	asking   bool   // the provider
	askAgain bool   // when it has answered
	noted    string // the last note that was sent
	child    *child // nil: none yet, or none right now
	ready    bool   // the child is initialized; else messages are held
	restart  bool   // the next child is about to be started
	dead     error  // why there is no child any more
	held     []*lsp.Message
	gen      int    // number of children started
	spent    string // key of the backend whose spare has taken over
	crashes  []time.Time
	children sync.WaitGroup

	// What is under way.
	inflight map[string]*request  // of the editor, by id
	sent     int                  // requests so far, to keep their order
	asked    map[string]*question // of the child, by the id the editor sees
	progress map[string]json.RawMessage
	registry []registration
	publish  map[lsp.URI]publication
	settle   *time.Timer
	renames  int // ids of our own requests to the editor
}

func (s *session) run() {
	for {
		for _, f := range s.inbox.Take() {
			if f(); s.finished {
				return
			}
		}
		select {
		case <-s.inbox.Ready():
		case <-s.ctx.Done():
			s.end(context.Cause(s.ctx))
			return
		}
	}
}

// end ends the session. The child is told, and watched by a goroutine of its
// own until it is gone.
func (s *session) end(err error) {
	s.finished, s.err = true, err
	if s.settle != nil {
		s.settle.Stop()
	}
	if s.child != nil {
		s.stop(s.child, !s.shutdown)
		s.child = nil
	}
}

// ask asks the provider in the background.
func (s *session) ask() {
	if s.asking {
		s.askAgain = true
		return
	}
	s.asking = true
	root := s.root
	go func() { // not waited for: a provider that builds may not end at once
		b, err := s.provider.Backend(s.ctx, root)
		if err == nil && len(b.Command) == 0 && b.Start == nil {
			err = errors.New("no language server to start")
		}
		s.inbox.Post(func() { s.decided(b, err) })
	}()
}

// decided handles the provider's answer.
func (s *session) decided(b Backend, err error) {
	s.asking = false
	s.watchLater(err)
	if s.askAgain { // this answer may be out of date
		s.askAgain = false
		if s.child != nil || err != nil {
			s.ask()
			return
		}
		defer s.ask()
	}
	switch {
	case s.shutdown, s.initialize == nil:
		return
	case err != nil && (s.child != nil || s.restart):
		s.say(logMessage, lsp.MessageWarning, fmt.Sprintf("hearth: the running gopls is kept: %v", err))
		return
	case err != nil:
		if h := hint.Of(err); h != "" {
			err = fmt.Errorf("%w (%s)", err, h)
		}
		s.giveUp(err)
		return
	case b.Key == s.spent && s.child != nil:
		return // it would crash again: nothing has changed
	case b.Key == s.backend.Key && (s.child != nil || s.restart):
		s.backend = b // its note and its spare may be others
		if s.ready {
			s.note()
		}
		return
	}
	if s.child != nil {
		s.log.Info("replacing the server", "old", s.backend.Key, "new", b.Key)
		old := s.child
		s.lost("gopls was replaced")
		s.stop(old, true)
	}
	s.backend, s.crashes, s.spent = b, nil, ""
	s.startChild()
}

// note tells the editor what there is to say about the backend.
func (s *session) note() {
	if s.backend.Note != "" && s.backend.Note != s.noted {
		level := lsp.MessageInfo
		if s.backend.Fallback {
			level = lsp.MessageWarning
		}
		s.say(logMessage, level, s.backend.Note)
	}
	s.noted = s.backend.Note
}

// watchLater begins to watch for changes a while after a server was started, as
// the load of a workspace needs all of the machine; at once if none was. What
// has changed until then is found by asking once more.
func (s *session) watchLater(err error) {
	if s.watching {
		return
	}
	s.watching = true
	if err != nil {
		s.watch()
		return
	}
	time.AfterFunc(s.opts.timing.watch, func() {
		s.inbox.Post(func() {
			if !s.finished && s.watch() {
				s.ask()
			}
		})
	})
}

// watch asks again whenever the provider says that something changed. It reports
// whether the provider ever will.
func (s *session) watch() bool {
	changes := s.provider.Changes(s.ctx, s.root)
	if changes == nil {
		return false
	}
	go func() {
		for {
			select {
			case _, ok := <-changes:
				if !ok {
					return
				}
				s.inbox.Post(s.ask)
			case <-s.ctx.Done():
				return
			}
		}
	}()
	return true
}

const (
	logMessage  = "window/logMessage"
	showMessage = "window/showMessage"
)

// say tells the person at the editor.
func (s *session) say(method string, level lsp.MessageType, text string) {
	s.log.Info("telling the editor", "message", text)
	s.notify(method, lsp.MessageParams{Type: level, Message: text})
}

// beside starts what runs beside the session.
func (s *session) beside() {
	if s.opts.Beside == nil {
		return
	}
	root := s.root
	go s.opts.Beside(s.ctx, root, func(method string, params any) { // not waited for, like the provider
		s.inbox.Post(func() { s.notify(method, params) })
	})
}

func (s *session) notify(method string, params any) {
	m, err := lsp.NewNotification(method, params)
	if err != nil {
		s.log.Error("notifying the editor", "method", method, "error", err)
		return
	}
	s.editor.Send(m.Bytes())
}

// rootOf returns the folder that the editor opens.
func rootOf(params json.RawMessage) string {
	var p struct {
		WorkspaceFolders []lsp.WorkspaceFolder
		RootURI          lsp.URI
		RootPath         string
	}
	if err := json.Unmarshal(params, &p); err == nil {
		if len(p.WorkspaceFolders) > 0 {
			if path, err := p.WorkspaceFolders[0].URI.Path(); err == nil {
				return path
			}
		}
		if path, err := p.RootURI.Path(); err == nil {
			return path
		}
		if p.RootPath != "" {
			return p.RootPath
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	return dir
}
