package a

import "sync"

// Slices cannot be compared: CompareAndSwap and CompareAndDelete would panic.

func grow(m *sync.Map, k, s string) {
	if v, ok := m.Load(k); ok {
		m.Store(k, append(v.([]string), s)) // want `use a lock around both, since such values cannot be compared`
	}
}

func dropEmpty(m *sync.Map, k string) {
	if v, ok := m.Load(k); ok && len(v.([]byte)) == 0 {
		m.Delete(k) // want `use a lock around both, since such values cannot be compared`
	}
}
