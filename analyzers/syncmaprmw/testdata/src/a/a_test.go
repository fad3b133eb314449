package a

import "sync"

func inTest(m *sync.Map, k string) {
	if _, ok := m.Load(k); !ok {
		m.Store(k, true) // silent: a test
	}
}
