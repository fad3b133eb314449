package locks

import (
	"sync"

	"singleflight"
)

type T struct {
	mu sync.Mutex
	rw sync.RWMutex
	m  sync.Map
	g  singleflight.Group
	sync.Once
}

type V struct{ n int }

func (v *V) inc() { v.n++ }

func (t *T) held(k string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.m.Load(k); !ok {
		t.m.Store(k, new(V)) // silent: the lock is held
	}
}

func (t *T) heldThenReleased(k string) {
	t.mu.Lock()
	_, ok := t.m.Load(k)
	t.mu.Unlock()
	if !ok {
		t.m.Store(k, new(V)) // want `use LoadOrStore`
	}
}

func (t *T) sometimesHeld(k string, b bool) {
	if b {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	if _, ok := t.m.Load(k); !ok {
		t.m.Store(k, new(V)) // want `use LoadOrStore`
	}
}

func (t *T) two(k string) {
	t.mu.Lock()
	t.rw.Lock()
	t.rw.Unlock()
	if _, ok := t.m.Load(k); !ok {
		t.m.Store(k, new(V)) // silent: mu is still held
	}
	t.mu.Unlock()
}

func (t *T) readLock(k string) {
	t.rw.RLock()
	defer t.rw.RUnlock()
	if _, ok := t.m.Load(k); !ok {
		t.m.Store(k, new(V)) // want `use LoadOrStore`
	}
}

func (t *T) doubleChecked(k string) {
	if _, ok := t.m.Load(k); ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.m.Load(k); !ok {
		t.m.Store(k, new(V)) // silent: looked at again under the lock
	}
}

func (t *T) lockedToStore(k string) {
	if _, ok := t.m.Load(k); !ok {
		t.mu.Lock()
		t.m.Store(k, new(V)) // silent: where locks are involved, we do not know enough
		t.mu.Unlock()
	}
}

type embeds struct {
	sync.Mutex
	m sync.Map
}

func (e *embeds) get(k string) {
	e.Lock()
	defer e.Unlock()
	if _, ok := e.m.Load(k); !ok {
		e.m.Store(k, new(V)) // silent: the embedded mutex is held
	}
}

type striped struct{}

func (striped) Lock(key string)   {}
func (striped) Unlock(key string) {}

type S struct {
	locks striped
	m     sync.Map
}

func (s *S) Begin(k string) {
	s.locks.Lock(k)
	defer s.locks.Unlock(k)
	s.add(k, 1)
}

func (s *S) End(k string) {
	s.locks.Lock(k)
	defer s.locks.Unlock(k)
	func() { s.add(k, -1) }()
}

func (s *S) add(k string, d int) {
	n, _ := s.m.Load(k)
	i, _ := n.(int)
	s.m.Store(k, i+d) // silent: all callers hold the lock
}

func (s *S) addUnlocked(k string, d int) {
	n, _ := s.m.Load(k)
	i, _ := n.(int)
	s.m.Store(k, i+d) // want `use LoadOrStore, or CompareAndSwap in a loop`
}

func (s *S) Forgot(k string) { s.addUnlocked(k, 1) }

func (s *S) addLocked(k string, d int) {
	n, _ := s.m.Load(k)
	i, _ := n.(int)
	s.m.Store(k, i+d) // silent: the name says who has the lock
}

func (t *T) single(k string) {
	t.g.Do(k, func() (any, error) {
		if _, ok := t.m.Load(k); !ok {
			t.m.Store(k, new(V)) // silent: one call at a time for a key
		}
		return nil, nil
	})
	t.Once.Do(func() {
		if _, ok := t.m.Load(k); !ok {
			t.m.Store(k, new(V)) // silent: once
		}
	})
}

func (t *T) heldByOuter(k string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	each(func(k string) {
		if _, ok := t.m.Load(k); !ok {
			t.m.Store(k, new(V)) // silent: each runs it, with the lock held
		}
	})
	go func() {
		if _, ok := t.m.Load(k); !ok {
			t.m.Store(k, new(V)) // want `use LoadOrStore`
		}
	}()
}

func each(f func(string)) { f("") }
