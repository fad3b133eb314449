package session

import (
	"slices"
	"sync"
	"time"

	"github.com/gohearth/hearth/internal/quantile"
)

// State is what a session is doing.
type State string

// The states of a session.
const (
	Parked   State = "parked"
	Attached State = "attached"
	Ended    State = "ended"
)

// Status is a session as others see it.
type Status struct {
	Root     string             `json:"root"`
	State    State              `json:"state"`
	Editor   string             `json:"editor,omitempty"` // that is attached, or was last
	Pid      int                `json:"pid"`
	Started  time.Time          `json:"started"`
	Since    time.Time          `json:"since"`    // when the state was entered
	Attached int                `json:"attached"` // how often an editor came
	Watcher  string             `json:"watcher,omitempty"`
	Latency  map[string]Latency `json:"latency,omitempty"` // by method
}

// Latency is how long requests took, in seconds, of the last some hundred: from
// the daemon's reading the request to its having the answer.
type Latency struct {
	Count int     `json:"count"` // of all
	P50   float64 `json:"p50"`
	P95   float64 `json:"p95"`
}

// samples bounds what is kept of each method.
const samples = 256

// stats may be used by any goroutine.
type stats struct {
	mu       sync.Mutex
	started  time.Time
	state    State
	since    time.Time
	editor   string
	attached int
	watcher  Watcher
	methods  map[string]*method
	answers  Answers
	recent   []string
	outdated bool
}

type method struct {
	count int
	took  []time.Duration // the last ones, in a ring
}

func (st *stats) set(state State, editor string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.state == Ended {
		return // an editor came too late
	}
	st.state, st.since = state, time.Now()
	if state == Attached {
		st.attached++
		st.editor = editor
	}
}

func (st *stats) setWatcher(w Watcher) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.watcher = w
}

func (st *stats) setOutdated() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.outdated = true
}

// Outdated reports whether the session has ended, or is about to, because too
// much has changed on disk: nothing was wrong with it, and it should be started
// again.
func (s *Session) Outdated() bool {
	s.stats.mu.Lock()
	defer s.stats.mu.Unlock()
	return s.stats.outdated
}

func (st *stats) setRecent(paths []string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.recent = paths
}

// Recent returns the files that editors used, the latest first, as of when the
// session was parked last.
func (s *Session) Recent() []string {
	s.stats.mu.Lock()
	defer s.stats.mu.Unlock()
	return s.stats.recent
}

func (st *stats) watching() Watcher {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.watcher
}

func (st *stats) setAnswers(a Answers) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.answers = a
}

// Answers returns what editors have answered to workspace/configuration.
func (s *Session) Answers() Answers {
	s.stats.mu.Lock()
	defer s.stats.mu.Unlock()
	return s.stats.answers.clone()
}

func (st *stats) record(name string, took time.Duration) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.methods == nil {
		st.methods = make(map[string]*method)
	}
	m := st.methods[name]
	if m == nil {
		m = &method{}
		st.methods[name] = m
	}
	if len(m.took) < samples {
		m.took = append(m.took, took)
	} else {
		m.took[m.count%samples] = took
	}
	m.count++
}

// State returns what the session is doing now.
func (s *Session) State() State {
	s.stats.mu.Lock()
	defer s.stats.mu.Unlock()
	return s.stats.state
}

// Status returns what there is to say about the session now.
func (s *Session) Status() Status {
	st := &s.stats
	st.mu.Lock()
	defer st.mu.Unlock()
	status := Status{
		Root: s.opts.Root, State: st.state, Editor: st.editor, Pid: s.Pid(),
		Started: st.started, Since: st.since, Attached: st.attached,
		Latency: make(map[string]Latency),
	}
	if status.Since.IsZero() {
		status.Since = st.started
	}
	if st.watcher != nil {
		status.Watcher = st.watcher.String()
	}
	for name, m := range st.methods {
		sorted := slices.Sorted(slices.Values(m.took))
		status.Latency[name] = Latency{Count: m.count, P50: quantile.NearestRank(sorted, 50).Seconds(), P95: quantile.NearestRank(sorted, 95).Seconds()}
	}
	return status
}
