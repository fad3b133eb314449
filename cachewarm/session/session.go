// Package session keeps a gopls alive between editors.
//
// A [Session] is one gopls process with one workspace loaded. It is attached
// while exactly one editor uses it, and parked otherwise: then it stands in for
// the editor, so that gopls never notices that nobody is there. Attaching costs
// no load: the answer to initialize is the recorded one, what gopls asked of
// the last editor is asked of the new one, and the diagnostics are those that
// gopls published before.
//
// What an editor sees is what a gopls of its own would show. Ids and progress
// tokens of one editor never reach another one, what it left unsaved is given
// up, and the files that a parked session keeps open to have their packages
// type-checked ("ghosts") show no more than closed files would.
//
// A session does not outlive its gopls. When that ends or hangs, the editor's
// side is told why and hung up on; package shim starts anew and replays.
//
// All state belongs to one goroutine. All queues are unbounded, so that a side
// that does not read delays nobody else.
package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/gohearth/hearth/cachewarm/overlay"
	"github.com/gohearth/hearth/internal/inbox"
	"github.com/gohearth/hearth/internal/lsp"
)

// Options say what to start and how to keep it.
type Options struct {
	Command lsp.Command
	Root    string          // the workspace folder, absolute
	Params  json.RawMessage // of initialize

	// Answers are those to workspace/configuration until an editor has given its
	// own; they come from a session of the same editor.
	Answers Answers

	// Files are opened as ghosts, before those that an editor used.
	Files []string

	// Ghosts is how many files stay open while parked; 0: none.
	Ghosts int

	// Version is what this kind of editor gives a document that it opens, as far
	// as is known before one came. A ghost of another version must be told to
	// gopls again.
	Version int

	// Hang is how long gopls may owe an answer, say nothing and use no CPU
	// before it is killed; 0: for ever.
	Hang time.Duration

	// Idle is how long a session is parked before gopls is asked to collect
	// its garbage; 0: a minute.
	Idle time.Duration

	// Watch watches the files of the workspace for as long as ctx lasts; nil:
	// only the editor says what changed.
	Watch func(ctx context.Context, notify func([]FileChange)) Watcher

	// Changed is called when the session was parked, and when it has ended. It
	// must not wait for the session. It may be nil.
	Changed func(*Session)

	Log *slog.Logger // nil: no log
}

// FileChange is a file that changed on disk.
type FileChange struct {
	Path string
	Type lsp.FileChange
}

// Watcher sees what changes on disk while no editor does, or does not say so.
type Watcher interface {
	Flush()                // reports what changed until now, before it returns
	Absorb(paths []string) // somebody else has reported these
	String() string        // how it works, for people
}

// Session is a gopls with a workspace. Its exported methods may be called by
// any goroutine.
type Session struct {
	opts    Options
	log     *slog.Logger
	ctx     context.Context // ends with the session
	cancel  context.CancelFunc
	inbox   *inbox.Inbox
	proc    *lsp.Process
	out     *lsp.Outbox // to gopls
	watcher Watcher     // nil: there is none, or not yet
	watched bool        // it has begun, if there is one
	stats   stats
	done    chan struct{}
	ready   chan struct{} // closed when gopls has loaded the workspace
	workers sync.WaitGroup

	closing sync.Mutex
	closed  bool // nothing that is posted will run

	// What gopls is.
	result      json.RawMessage // of initialize; nil: not known yet
	failed      error           // its error
	initialized bool            // it was told so
	answers     Answers
	registry    []json.RawMessage // registrations
	progress    []*progress       // that gopls created and has not ended
	published   map[lsp.URI]*publication
	folders     folders // that editors added and removed
	tainted     string  // why it must not be attached again

	// What it has open.
	docs    overlay.Set
	ghosts  map[lsp.URI]bool // clean; those of docs that no editor has open
	recent  []lsp.URI        // clean; what editors used, the latest first
	version int              // that a ghost gets

	// Who uses it.
	front   *front
	parks   int         // how often it was parked
	collect *time.Timer // of collectLater
	primes  []lsp.URI
	priming bool // a request of it is under way

	// What is under way.
	next   int              // id of a request to gopls
	calls  map[string]*call // to gopls, by id
	asks   map[string]*ask  // of gopls to the front, by id
	tokens map[string]token // that stand for an editor's own
	heard  time.Time        // from gopls
	idle   time.Time        // since when it uses no CPU
	cpu    time.Duration    // that it had used at the last look
	ended  bool
}

// Start starts a gopls and initializes it. The session is parked.
func Start(o Options) (*Session, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Idle == 0 {
		o.Idle = time.Minute
	}
	proc, err := lsp.StartProcess(o.Command)
	if err != nil {
		return nil, err
	}
	s := &Session{
		opts:      o,
		log:       o.Log.With("pid", proc.Pid()),
		inbox:     inbox.New(),
		proc:      proc,
		out:       lsp.NewOutbox(proc.Conn),
		done:      make(chan struct{}),
		ready:     make(chan struct{}),
		answers:   o.Answers.clone(),
		published: make(map[lsp.URI]*publication),
		docs:      overlay.Set{Encoding: "utf-16"},
		ghosts:    make(map[lsp.URI]bool),
		calls:     make(map[string]*call),
		asks:      make(map[string]*ask),
		tokens:    make(map[string]token),
		heard:     time.Now(),
		version:   o.Version,
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.stats.started = time.Now()
	s.stats.state = Parked
	s.stats.setAnswers(s.answers.clone())
	s.log.Info("started gopls", "root", o.Root)
	s.send("initialize", o.Params, s.initializeDone)
	s.workers.Go(s.read)
	s.workers.Go(s.watch)
	go s.run()
	return s, nil
}

// Done is closed when gopls is gone and nobody is attached.
func (s *Session) Done() <-chan struct{} { return s.done }

// Pid returns the process id of gopls.
func (s *Session) Pid() int { return s.proc.Pid() }

// Stop ends the session: gopls, if it does not end by itself, is killed after
// grace. An editor that is attached is told why.
func (s *Session) Stop(why string, grace time.Duration) {
	s.inbox.Post(func() {
		if s.ended {
			return
		}
		s.hangUp(why)
		s.send("shutdown", nil, nil)
		s.notify("exit", nil)
		s.out.Close()
		time.AfterFunc(grace, s.proc.Kill)
		s.end()
	})
}

// nowInitialized is called after gopls was told so. It answers nothing until it
// has loaded the workspace.
func (s *Session) nowInitialized() {
	s.initialized = true
	s.barrier(func() { close(s.ready) })
}

// barrier calls f once gopls has dealt with all that it was told until now: it
// deals with one message after the other, and listing its views is no work.
func (s *Session) barrier(f func()) {
	s.send(executeCommand, lsp.ExecuteCommandParams{Command: "gopls.views"}, func(*lsp.Message) { f() })
}

// Catch returns when gopls has loaded the workspace and knows all files as they
// are on disk now. That is for who asks it by another way than LSP: an editor's
// requests queue behind what gopls is told.
func (s *Session) Catch(ctx context.Context) error {
	caught := make(chan struct{})
	select {
	case <-s.ready:
	case <-s.done:
		return errors.New("gopls has ended")
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if w := s.stats.watching(); w != nil {
		w.Flush()
	}
	s.inbox.Post(func() {
		s.rereadGhosts()
		s.barrier(func() { close(caught) })
	})
	select {
	case <-caught:
		return nil
	case <-s.done:
		return errors.New("gopls has ended")
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// run is the goroutine that owns the state.
func (s *Session) run() {
	tick := time.NewTicker(hangTick)
	defer tick.Stop()
	for !s.ended {
		// All of a batch, also behind what ends the session: one may be an editor
		// that came, and must be told.
		for _, f := range s.inbox.Take() {
			f()
		}
		if s.ended {
			break
		}
		select {
		case <-s.inbox.Ready():
		case <-tick.C:
			s.checkHang()
		}
	}
	s.cancel()
	// Editors that came while the loop ended are told so; see Attach.
	s.closing.Lock()
	s.closed = true
	s.closing.Unlock()
	for _, f := range s.inbox.Take() {
		f()
	}
	<-s.proc.Done()
	s.out.Close()
	s.workers.Wait()
	s.log.Info("ended", "error", s.proc.Err())
	if s.opts.Changed != nil {
		s.opts.Changed(s)
	}
	close(s.done)
}

// end leaves the loop.
func (s *Session) end() {
	s.ended = true
	s.forgetTimer()
	s.stats.set(Ended, "")
}

// read reads what gopls sends, in a goroutine of its own.
func (s *Session) read() {
	for {
		body, err := s.proc.Conn.ReadMessage()
		if err == nil {
			var m *lsp.Message
			if m, err = lsp.Parse(body); err == nil {
				s.inbox.Post(func() { s.fromServer(m) })
				continue
			}
		}
		s.inbox.Post(func() { s.lost(err) })
		return
	}
}

// lost handles the end of gopls.
func (s *Session) lost(err error) {
	if s.ended {
		return
	}
	// One that closed its output or writes garbage is of no use any more, but
	// one that is about to exit shall have its exit status.
	select {
	case <-s.proc.Done():
	case <-time.After(500 * time.Millisecond):
		s.proc.Kill()
		<-s.proc.Done()
	}
	if perr := s.proc.Err(); perr != nil {
		err = perr
	} else if err == io.EOF {
		err = fmt.Errorf("gopls ended")
	}
	s.log.Warn("gopls is lost", "error", err)
	s.hangUp(err.Error())
	s.end()
}

// initializeDone handles gopls's answer to initialize.
func (s *Session) initializeDone(m *lsp.Message) {
	if err := m.Err(); err != nil {
		s.failed = err
		s.tainted = "gopls refused to initialize: " + err.Error()
		if s.front == nil {
			s.log.Warn("gopls refuses to initialize", "error", err)
			s.Stop("", stopGrace)
			return
		}
		s.front.out.Send(lsp.NewResponse(s.front.Initialize.ID, nil, err).Bytes())
		return
	}
	s.result = m.Result
	if json.Unmarshal(lsp.Member(lsp.Member(m.Result, "capabilities"), "positionEncoding"), &s.docs.Encoding) != nil {
		s.docs.Encoding = "utf-16"
	}
	if s.front != nil {
		s.front.welcome(s.result)
	}
	s.begin()
}

// watch begins to watch the files, in a goroutine of its own.
func (s *Session) watch() {
	var w Watcher
	if s.opts.Watch != nil {
		w = s.opts.Watch(s.ctx, func(changes []FileChange) {
			s.inbox.Post(func() { s.changedOnDisk(changes) })
		})
	}
	s.inbox.Post(func() {
		s.watcher, s.watched = w, true
		s.stats.setWatcher(w)
		s.begin()
	})
}

// begin lets gopls load the workspace, once it is initialized and the files are
// watched: what changes before both, nobody would notice.
func (s *Session) begin() {
	switch {
	case !s.begun():
	case s.front != nil:
		s.drain(s.front)
	default:
		s.settle()
	}
}

func (s *Session) begun() bool { return s.watched && (s.result != nil || s.failed != nil) }
