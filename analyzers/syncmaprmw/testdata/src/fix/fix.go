package fix

import (
	"log"
	"sync"
)

type T struct {
	m sync.Map
	n int
}

type value struct {
	mu sync.Mutex
	of string
}

func store(t *T, k string) {
	// want +2 `use LoadOrStore`
	if _, ok := t.m.Load(k); !ok {
		t.m.Store(k, &value{of: k})
	}
	log.Print("stored")
}

func storeFlag(t *T, k string) {
	// want +2 `use LoadOrStore`
	if _, ok := t.m.Load(k); !ok {
		t.m.Store(k, true)
	}
}

func storeElse(t *T, k string) {
	// want +2 `use LoadOrStore`
	if _, ok := t.m.Load(k); !ok {
		t.m.Store(k, new(value))
	} else {
		log.Print("there already")
	}
}

func storeComment(t *T, k string) {
	// want +3 `use LoadOrStore`
	if _, ok := t.m.Load(k); !ok {
		// A comment would be lost.
		t.m.Store(k, new(value))
	}
}

func storeMade(t *T, k string) {
	// want +2 `use LoadOrStore`
	if _, ok := t.m.Load(k); !ok {
		t.m.Store(k, make1(k))
	}
}

func make1(k string) *value { return &value{of: k} }

func remove(t *T, k string) {
	// want +2 `use LoadAndDelete`
	if _, ok := t.m.Load(k); ok {
		t.m.Delete(k)
	}
	log.Print("removed")
}

func removeAnd(t *T, k string) {
	// want +2 `use LoadAndDelete`
	if _, ok := t.m.Load(k); ok {
		t.m.Delete(k)
		log.Print("removed")
	}
}

func removeBehind(t *T, k string) (any, bool) {
	// want +5 `use LoadAndDelete`
	v, ok := t.m.Load(k)
	if !ok {
		return nil, false
	}
	t.m.Delete(k)
	return v, true
}

func removeIn(t *T, k string) {
	// want +3 `use LoadAndDelete`
	v, ok := t.m.Load(k)
	if ok {
		t.m.Delete(k)
		log.Print(v)
	}
}

func removeLater(t *T, k string) {
	// want +3 `use LoadAndDelete`
	if v, ok := t.m.Load(k); ok {
		log.Print(v)
		t.m.Delete(k)
	}
}

func removeInElse(t *T, k string) {
	if k == "" {
		log.Print("none")
	} else if _, ok := t.m.Load(k); ok {
		t.m.Delete(k) // want `use LoadAndDelete`
	}
}
