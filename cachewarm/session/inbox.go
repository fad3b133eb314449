package session

import "sync"

// inbox is an unbounded queue of what the session has to do next.
type inbox struct {
	mu    sync.Mutex
	queue []func()
	ready chan struct{} // holds a token while there may be something
}

func newInbox() *inbox { return &inbox{ready: make(chan struct{}, 1)} }

// post may be called by any goroutine.
func (in *inbox) post(f func()) {
	in.mu.Lock()
	in.queue = append(in.queue, f)
	in.mu.Unlock()
	select {
	case in.ready <- struct{}{}:
	default:
	}
}

func (in *inbox) take() []func() {
	in.mu.Lock()
	defer in.mu.Unlock()
	queue := in.queue
	in.queue = nil
	return queue
}
