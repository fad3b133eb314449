// Package inbox is the queue of a goroutine that owns all of a state: others
// post functions, the owner runs them one after the other.
package inbox

import "sync"

// Inbox is an unbounded queue: whoever posts is never made to wait, so that no
// two owners can wait for each other.
type Inbox struct {
	mu    sync.Mutex
	queue []func()
	ready chan struct{} // holds a token while there may be something
}

// New returns an empty inbox.
func New() *Inbox { return &Inbox{ready: make(chan struct{}, 1)} }

// Post queues f. It may be called by any goroutine, also after the owner ended.
func (in *Inbox) Post(f func()) {
	in.mu.Lock()
	in.queue = append(in.queue, f)
	in.mu.Unlock()
	select {
	case in.ready <- struct{}{}:
	default:
	}
}

// Ready receives when there may be something to take.
func (in *Inbox) Ready() <-chan struct{} { return in.ready }

// Take empties the queue.
func (in *Inbox) Take() []func() {
	in.mu.Lock()
	defer in.mu.Unlock()
	queue := in.queue
	in.queue = nil
	return queue
}
