package a

import (
	"fmt"
	"log"
	"regexp"
	"sync"
	"sync/atomic"
	"time"
)

type counter struct {
	name string
	n    atomic.Int64
}

type box struct {
	counters sync.Map
	other    sync.Map
}

// counter is what orian/counters#5 did when it moved from a map with a mutex to
// a sync.Map: a counter that loses the race is counted on, and never seen again.
func (b *box) counter(name string) *counter {
	value, ok := b.counters.Load(name)
	if !ok {
		value = &counter{name: name}
		b.counters.Store(name, value) // want `Store of a sync.Map key that may have changed since the Load on line 25; use LoadOrStore`
	}
	return value.(*counter)
}

type server struct {
	mu    sync.Mutex
	pods  map[string]bool
	ready bool
}

type registry struct {
	servers sync.Map
}

// update is volcano-sh/kthena#1196: the object is made on a miss, changed in
// either case, and stored by a statement that both ways come to.
func (r *registry) update(name string, pods map[string]bool) {
	var obj *server
	if v, ok := r.servers.Load(name); !ok {
		obj = &server{}
		obj.pods = pods
	} else {
		obj = v.(*server)
		obj.mu.Lock()
		obj.pods = pods
		obj.mu.Unlock()
	}
	r.servers.Store(name, obj) // want `use LoadOrStore, or CompareAndSwap in a loop`
}

// register is the question that go-ethereum's reviewers asked of a registry of
// metrics in a sync.Map: what if another one registers after the look?
func (r *registry) register(name string, s *server) error {
	if _, dup := r.servers.Load(name); dup {
		return fmt.Errorf("%s is registered twice", name)
	}
	r.servers.Store(name, s) // want `use LoadOrStore`
	return nil
}

func (r *registry) registerAtOnce(name string, s *server) error {
	if _, dup := r.servers.LoadOrStore(name, s); dup {
		return fmt.Errorf("%s is registered twice", name)
	}
	return nil // silent: one step
}

func nilTest(m *sync.Map, k string) *counter {
	v, _ := m.Load(k)
	if v == nil {
		c := &counter{}
		m.Store(k, c) // want `use LoadOrStore`
		return c
	}
	return v.(*counter)
}

func increment(m *sync.Map, k string) {
	n := 0
	if v, ok := m.Load(k); ok {
		n = v.(int)
	}
	m.Store(k, n+1) // want `use LoadOrStore, or CompareAndSwap in a loop`
}

func decrement(m *sync.Map, k string) {
	v, ok := m.Load(k)
	if !ok {
		return
	}
	if n := v.(int); n > 1 {
		m.Store(k, n-1) // want `Store of a sync.Map key .* use CompareAndSwap`
	} else {
		m.Delete(k) // want `Delete of a sync.Map key .* use CompareAndDelete`
	}
}

func replace(m *sync.Map, k, v string) {
	if _, ok := m.Load(k); ok {
		m.Store(k, v) // want `use CompareAndSwap`
	}
}

func appendTo(m *sync.Map, k, v string) {
	var list []string
	if old, ok := m.Load(k); ok {
		list = old.([]string)
	}
	list = append(list, v)
	m.Store(k, list) // want `since the Load on line \d+; hold a lock over both, or store a pointer, since CompareAndSwap panics on \[\]string$`
}

func once(seen *sync.Map, k string) {
	if _, ok := seen.Load(k); ok {
		return
	}
	seen.Store(k, true) // want `use LoadOrStore`
	fmt.Println(k)
}

func take(m *sync.Map, k string) {
	if v, ok := m.Load(k); ok {
		v.(*time.Timer).Stop()
		m.Delete(k) // want `Delete of a sync.Map key that may have changed since the Load on line \d+; use LoadAndDelete`
	}
}

func takeEarly(m *sync.Map, k string) (any, error) {
	v, ok := m.Load(k)
	if !ok {
		return nil, fmt.Errorf("no %s", k)
	}
	m.Delete(k) // want `use LoadAndDelete`
	return v, nil
}

func takeAny(m *sync.Map, k string) any {
	v, _ := m.Load(k)
	m.Delete(k) // want `use LoadAndDelete`
	return v
}

func dropAnyhow(m *sync.Map, k string) {
	_, ok := m.Load(k)
	log.Print(ok)
	m.Delete(k) // silent: nothing depends on the Load
}

func expire(m *sync.Map, now time.Time) {
	m.Range(func(k, v any) bool {
		if v.(time.Time).Before(now) {
			m.Delete(k) // want `Delete of a sync.Map key that may have changed since the Range on line \d+; use CompareAndDelete`
		}
		return true
	})
}

func clear(m *sync.Map) {
	m.Range(func(k, _ any) bool {
		m.Delete(k) // silent: everything goes
		return true
	})
}

func clearSome(m *sync.Map, prefix int) {
	m.Range(func(k, v any) bool {
		if k.(string)[0] == 'x' {
			m.Delete(k) // silent: whatever the value is
		}
		return true
	})
}

func age(m *sync.Map) {
	m.Range(func(k, v any) bool {
		m.Store(k, v.(int)+1) // want `since the Range on line \d+; use CompareAndSwap`
		return true
	})
}

func reset(m *sync.Map) {
	m.Range(func(k, v any) bool {
		m.Store(k, 0) // silent: whatever the value is
		return true
	})
}

func copyTo(from, to *sync.Map) {
	from.Range(func(k, v any) bool {
		to.Store(k, v) // silent: another map
		return true
	})
}

func (b *box) otherMap(k string) {
	if _, ok := b.counters.Load(k); !ok {
		b.other.Store(k, new(counter)) // silent: another map
	}
}

func otherKey(m *sync.Map, j, k string) {
	if _, ok := m.Load(j); !ok {
		m.Store(k, new(counter)) // silent: another key
	}
}

func keyMoves(m *sync.Map, k string) {
	if _, ok := m.Load(k); !ok {
		k = "other"
		m.Store(k, new(counter)) // silent: k is another key by now
	}
}

func loop(m *sync.Map, keys []string) {
	var found bool
	for _, k := range keys {
		if !found {
			m.Store(k, new(counter)) // silent: the Load was for the key before
		}
		_, found = m.Load(k)
	}
}

func overwrite(m *sync.Map, k, v string) {
	if old, ok := m.Load(k); ok {
		log.Print("replacing ", old)
	}
	m.Store(k, v) // silent: stored in either case, the last one wins
}

type entry struct {
	value string
	until time.Time
}

func cached(m *sync.Map, k string) string {
	v, ok := m.Load(k)
	if ok && v.(entry).until.After(time.Now()) {
		return v.(entry).value
	}
	v = entry{fetch(k), time.Now().Add(time.Minute)}
	m.Store(k, v) // silent: a fresh entry replaces a stale one, or another fresh one
	return v.(entry).value
}

func fetch(k string) string { return k }

var lengths, patterns sync.Map

func length(k string) int {
	if n, ok := lengths.Load(k); ok {
		return n.(int)
	}
	n := len(fetch(k))
	lengths.Store(k, n) // silent: computed from the key, the same whoever does it
	return n
}

func pattern(k string) *regexp.Regexp {
	if re, ok := patterns.Load(k); ok {
		return re.(*regexp.Regexp)
	}
	re := regexp.MustCompile(k)
	patterns.Store(k, re) // silent: never changes, two are as good as one
	return re
}

func names(m *sync.Map, k string) map[string]bool {
	if v, ok := m.Load(k); ok {
		return v.(map[string]bool)
	}
	names := map[string]bool{}
	for _, r := range fetch(k) {
		names[string(r)] = true
	}
	m.Store(k, names) // silent: complete, and the same whoever does it
	return names
}

func index(m *sync.Map, k string) {
	if _, ok := m.Load(k); !ok {
		m.Store(k, make(map[string]bool)) // want `use LoadOrStore`
	}
}

var servers sync.Map

func lookup(k string) *server {
	if s, ok := servers.Load(k); ok {
		return s.(*server)
	}
	s := find(k)
	servers.Store(k, s) // silent: find knows the one server, which is not new
	return s
}

func find(k string) *server { return nil }

func dropForeign(m *sync.Map) {
	m.Range(func(k, v any) bool {
		if _, ok := v.(*server); !ok {
			m.Delete(k) // silent: it stays of the wrong type
		}
		return true
	})
}

func inBetween(m *sync.Map, k string) {
	if _, ok := m.Load(k); !ok {
		if _, loaded := m.LoadOrStore(k, new(counter)); !loaded {
			return
		}
	}
	m.Store(k, new(counter)) // silent: LoadOrStore has settled it
}

func okMoves(m *sync.Map, k string) error {
	_, ok := m.Load(k)
	log.Print(ok)
	_, ok = m.Load("other")
	if !ok {
		m.Store(k, new(counter)) // silent: that was not this key's ok
	}
	return nil
}

func local(keys []string) int {
	var seen sync.Map
	for _, k := range keys {
		if _, ok := seen.Load(k); !ok {
			seen.Store(k, true) // silent: nobody else has this map
		}
	}
	n := 0
	seen.Range(func(_, _ any) bool { n++; return true })
	return n
}

func localShared(keys []string) {
	var seen sync.Map
	for _, k := range keys {
		go func() {
			if _, ok := seen.Load(k); !ok {
				seen.Store(k, true) // want `use LoadOrStore`
			}
		}()
	}
}

type key struct{ ns, name string }

func composite(m *sync.Map, ns, name string) {
	if _, ok := m.Load(key{ns, name}); !ok {
		m.Store(key{ns, name}, new(counter)) // want `use LoadOrStore`
	}
}

func converted(m *sync.Map, b []byte, ks []string, i int) {
	if _, ok := m.Load(string(b)); !ok {
		m.Store(string(b), new(counter)) // want `use LoadOrStore`
	}
	if _, ok := m.Load("x/" + ks[i]); !ok {
		m.Store("x/"+ks[i], new(counter)) // want `use LoadOrStore`
	}
	if _, ok := m.Load(fetch("a")); !ok {
		m.Store(fetch("a"), new(counter)) // silent: a call may return something else
	}
}

type embedded struct{ sync.Map }

func (e *embedded) get(k string) {
	if _, ok := e.Load(k); !ok {
		e.Map.Store(k, new(counter)) // want `use LoadOrStore`
	}
}

func deferred(m *sync.Map, k string) error {
	if _, busy := m.Load(k); busy {
		return fmt.Errorf("busy")
	}
	defer m.Delete(k)      // silent: runs when everything is done
	m.Store(k, struct{}{}) // want `use LoadOrStore`
	return nil
}
