package helpers

import "sync"

type session struct {
	mu sync.Mutex
	n  int
}

type store struct{ m sync.Map }

func (s *store) get(id string) (*session, bool) {
	v, ok := s.m.Load(id)
	if !ok {
		return nil, false
	}
	return v.(*session), true
}

func (s *store) put(id string, v *session) { s.m.Store(id, v) }

func (s *store) drop(id string) { s.m.Delete(id) }

func (s *store) session(id string) *session {
	v, ok := s.get(id)
	if !ok {
		v = &session{}
		s.put(id, v) // want `Store of a sync.Map key that may have changed since the Load on line 25; use LoadOrStore`
	}
	return v
}

func (s *store) end(id string) {
	if v, ok := s.get(id); ok {
		v.n = 0
		s.drop(id) // want `use LoadAndDelete`
	}
}

func (s *store) move(from, to string) {
	if v, ok := s.get(from); ok {
		s.put(to, v) // silent: another key
	}
}

type counts struct{ m sync.Map }

func (c *counts) of(k string) int {
	v, ok := c.m.Load(k)
	if !ok {
		return 0
	}
	return v.(int)
}

func (c *counts) Add(k string) {
	c.m.Store(k, c.of(k)+1) // want `use LoadOrStore, or CompareAndSwap in a loop`
}

func closures(m *sync.Map, k string) {
	have := func() bool {
		_, ok := m.Load(k)
		return ok
	}
	set := func(v *session) { m.Store(k, v) }
	if !have() {
		set(&session{}) // want `use LoadOrStore`
	}
}

func closuresWithKey(m *sync.Map, k string) {
	load := func(k string) (any, bool) { return m.Load(k) }
	set := func(k string, v *session) { m.Store(k, v) }
	if _, ok := load(k); !ok {
		set("other", &session{}) // silent: another key
		set(k, &session{})       // want `use LoadOrStore`
	}
}

func rebound(m *sync.Map, k string) {
	set := func(v *session) { m.Store(k, v) }
	set = func(v *session) {}
	if _, ok := m.Load(k); !ok {
		set(&session{}) // silent: which one is not known
	}
}

// typed is what teams write around a sync.Map to get rid of the assertions.
type typed[V any] struct{ m sync.Map }

func (t *typed[V]) Load(k string) (v V, ok bool) {
	x, ok := t.m.Load(k)
	if ok {
		v = x.(V)
	}
	return v, ok
}

func (t *typed[V]) Store(k string, v V) { t.m.Store(k, v) }

func useTyped(t *typed[*session], k string) {
	if _, ok := t.Load(k); !ok {
		t.Store(k, &session{}) // want `use LoadOrStore`
	}
}

func (s *store) byCall(id func() string) {
	if _, ok := s.get(id()); !ok {
		s.put(id(), &session{}) // silent: a call may return something else
	}
}
