package a

import "sync"

type labels struct {
	name string
	all  []string
}

func appendInPlace(m *sync.Map, k, s string) {
	if v, ok := m.Load(k); ok {
		m.Store(k, append(v.([]string), s)) // want `hold a lock over both, or store a pointer, since CompareAndSwap panics on \[\]string$`
	}
}

func dropEmpty(m *sync.Map, k string) {
	if v, ok := m.Load(k); ok && len(v.([]byte)) == 0 {
		m.Delete(k) // want `hold a lock over both, or store a pointer, since CompareAndDelete panics on \[\]byte$`
	}
}

func dropEmptyMaps(m *sync.Map) {
	m.Range(func(k, v any) bool {
		if set := v.(map[string]bool); len(set) == 0 {
			m.Delete(k) // want `since the Range on line \d+; hold a lock over both, .* CompareAndDelete panics on map\[string\]bool$`
		}
		return true
	})
}

func rename(m *sync.Map, k, name string) {
	if v, ok := m.Load(k); ok {
		switch v := v.(type) {
		case labels:
			m.Store(k, labels{name, v.all}) // want `CompareAndSwap panics on labels$`
		}
	}
}

func overwriteSlice(m *sync.Map, k string, all []string) {
	if _, ok := m.Load(k); ok {
		m.Store(k, all) // want `CompareAndSwap panics on \[\]string$`
	}
}

func pointers(m *sync.Map, k string) {
	if v, ok := m.Load(k); ok && len(*v.(*[]string)) == 0 {
		m.Delete(k) // want `use CompareAndDelete$`
	}
}

func generic[T any](m *sync.Map, k string, v T) {
	if _, ok := m.Load(k); ok {
		m.Store(k, v) // want `use CompareAndSwap$`
	}
	if _, ok := m.Load(k); ok {
		m.Store(k, [1]T{v}) // want `use CompareAndSwap$`
	}
	if _, ok := m.Load(k); ok {
		m.Store(k, nil) // want `use CompareAndSwap$`
	}
}
