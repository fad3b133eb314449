package daemon

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/cachewarm/session"
	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/procstat"
)

// grace is how long gopls may take to end.
const grace = 3 * time.Second

// pool is the sessions of a daemon. It is safe for concurrent use.
type pool struct {
	opts   Options
	log    *slog.Logger
	limits Limits

	mu       sync.Mutex
	members  []*member
	retired  bool           // what is parked ends
	restarts map[string]int // by workspace folder
	nextID   int
	checked  time.Time // when the memory was looked at
	looking  bool      // for the folders of sessions
	ending   sync.WaitGroup
}

// member is a session of the pool.
type member struct {
	*session.Session
	key    string // which editors it fits
	spec   Spec
	params json.RawMessage
	socket string // of its MCP endpoint; "": none
	parked bool
	ending bool // it was told to end
	used   time.Time
	memory int64
}

func newPool(o Options) *pool {
	return &pool{opts: o, log: o.Log, limits: o.Limits.withDefaults(), restarts: make(map[string]int)}
}

// attach gives an editor the session that fits, or a new one.
func (p *pool) attach(spec Spec, e session.Editor) {
	key := sessionKey(spec, e.Initialize.Params)
	p.mu.Lock()
	m := p.take(key)
	if m == nil {
		var err error
		if m, err = p.start(spec, key, e.Initialize.Params, p.answers(key), nil); err != nil {
			p.mu.Unlock()
			p.log.Error("starting a session", "dir", spec.Dir, "error", err)
			session.Refuse(e, err.Error())
			return
		}
		m.parked = false
	}
	p.mu.Unlock()
	m.Attach(e)
}

// take returns the parked session that was used last of those that fit, and
// marks it as taken. p.mu is held.
func (p *pool) take(key string) *member {
	var best *member
	for _, m := range p.members {
		fits := m.key == key && m.parked && !m.ending && !m.Outdated() && m.State() != session.Ended
		if fits && (best == nil || m.used.After(best.used)) {
			best = m
		}
	}
	if best != nil {
		best.parked, best.used = false, time.Now()
	}
	return best
}

// answers returns those that an editor of this kind gave. p.mu is held.
func (p *pool) answers(key string) session.Answers {
	for _, m := range p.members {
		if m.key == key {
			return m.Answers()
		}
	}
	return nil
}

// start starts a session, which is parked. p.mu is held, but not while the
// process is started: that may hang in a folder on a network.
func (p *pool) start(spec Spec, key string, params json.RawMessage, answers session.Answers, files []string) (*member, error) {
	m := &member{key: key, spec: spec, params: params, parked: true, used: time.Now()}
	command := lsp.Command{Args: spec.Command, Dir: spec.Dir, Env: spec.Env}
	if spec.MCP {
		p.nextID++
		m.socket = p.opts.Place.endpoint(p.nextID)
		command.Args = append(slices.Clone(command.Args), "serve", "-mcp.listen=unix:"+m.socket)
	}
	o := session.Options{
		Command: command,
		Root:    spec.Dir,
		Params:  anonymous(params),
		Answers: answers,
		Files:   files,
		Ghosts:  max(0, p.limits.Ghosts),
		Version: profile.FirstVersion(params),
		Hang:    p.limits.Hang,
		Log:     p.log.With("dir", spec.Dir),
		Changed: func(*session.Session) { p.changed(m) },
		Watch: func(ctx context.Context, notify func([]session.FileChange)) session.Watcher {
			return watchFiles(ctx, spec.Dir, params, p.log.With("dir", spec.Dir), notify, func() { p.outdated(m) })
		},
	}
	p.mu.Unlock()
	started, err := session.Start(o)
	p.mu.Lock()
	if err != nil {
		return nil, err
	}
	m.Session = started
	if started.State() == session.Ended {
		return nil, errors.New("gopls ended at once")
	}
	if p.retired {
		started.Stop("the daemon ends", grace)
		return nil, errors.New("the daemon ends")
	}
	p.members = append(p.members, m)
	p.ending.Go(func() {
		<-m.Done()
		if m.socket != "" {
			os.Remove(m.socket)
		}
	})
	return m, nil
}

// outdated ends a session in favour of another one.
func (p *pool) outdated(m *member) {
	p.mu.Lock()
	s := m.Session
	p.mu.Unlock()
	if s != nil { // else it loads what is there now
		s.Outdate()
	}
}

// changed handles that a session was parked or has ended.
func (p *pool) changed(m *member) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m.Session == nil {
		return // start will see for itself
	}
	m.used = time.Now()
	if m.State() == session.Ended {
		p.remove(m)
		return
	}
	m.parked = true
	if p.retired {
		p.end(m)
		return
	}
	p.enforce()
}

// remove forgets a session that has ended. One that ended by itself is started
// again if nobody was attached: whoever is takes care of that. p.mu is held.
func (p *pool) remove(m *member) {
	p.members = slices.DeleteFunc(p.members, func(other *member) bool { return other == m })
	if m.ending || p.retired {
		return
	}
	if !m.Outdated() {
		p.restarts[m.spec.Dir]++
		if time.Since(m.Status().Started) < time.Minute {
			return // it would end again
		}
	}
	if m.parked {
		p.twin(m)
	}
}

// twin starts a session like m. p.mu is held.
func (p *pool) twin(m *member) {
	if _, err := p.start(m.spec, m.key, m.params, m.Answers(), m.Recent()); err != nil {
		p.log.Error("starting another session", "dir", m.spec.Dir, "error", err)
	}
}

// end ends a session. p.mu is held.
func (p *pool) end(m *member) {
	if !m.ending {
		m.ending = true
		m.Stop("", grace)
	}
}

// stop ends the parked sessions of a workspace folder, or of all if dir is "". It
// returns those that end, which may take a moment, and how many are in use.
func (p *pool) stop(dir string) (ending []*session.Session, inUse int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.members {
		switch {
		case dir != "" && m.spec.Dir != dir || m.ending:
		case m.parked:
			p.end(m)
			ending = append(ending, m.Session)
		default:
			inUse++
		}
	}
	return ending, inUse
}

// retire ends what is parked, now and from now on, as stop does.
func (p *pool) retire() (ending []*session.Session, inUse int) {
	p.mu.Lock()
	p.retired = true
	p.mu.Unlock()
	return p.stop("")
}

// close ends everything and waits.
func (p *pool) close() {
	p.mu.Lock()
	p.retired = true
	for _, m := range p.members {
		m.ending = true
		m.Stop("the daemon ends", grace)
	}
	p.mu.Unlock()
	p.ending.Wait()
}

// status describes the sessions, the latest used first.
func (p *pool) status() []Session {
	p.mu.Lock()
	defer p.mu.Unlock()
	members := slices.Clone(p.members)
	slices.SortFunc(members, func(a, b *member) int { return cmp.Compare(b.used.UnixNano(), a.used.UnixNano()) })
	list := []Session{}
	for _, m := range members {
		s := Session{Status: m.Status(), Restarts: p.restarts[m.spec.Dir], Key: m.key}
		if s.State == session.Parked && !m.parked {
			s.State = session.Attached // it is about to be
		}
		if u, err := procstat.Tree(m.Pid()); err == nil {
			s.Memory = u.RSS
		}
		list = append(list, s)
	}
	return list
}
