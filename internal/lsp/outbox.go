package lsp

import "sync"

// Outbox writes messages to a connection, in order and without making the
// sender wait.
//
// Its queue is unbounded on purpose. Both sides of an LSP connection may stop
// reading while they write; a proxy with a bounded queue then blocks the one
// because of the other, and soon all of them wait for each other.
type Outbox struct {
	conn *Conn

	mu     sync.Mutex
	cond   sync.Cond
	queue  [][]byte
	closed bool
	err    error
	done   chan struct{}
}

// NewOutbox starts the goroutine that writes to conn. It ends when the outbox
// is closed and empty, or when a write fails.
func NewOutbox(conn *Conn) *Outbox {
	o := &Outbox{conn: conn, done: make(chan struct{})}
	o.cond.L = &o.mu
	go o.run()
	return o
}

// Send queues body, which must not be changed any more. A message for a
// connection that is closed or broken is dropped.
func (o *Outbox) Send(body []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || o.err != nil {
		return
	}
	o.queue = append(o.queue, body)
	o.cond.Signal()
}

// Close stops accepting messages. Those already queued are still written;
// [Outbox.Done] tells when.
func (o *Outbox) Close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.cond.Signal()
}

// Done is closed when nothing will be written any more.
func (o *Outbox) Done() <-chan struct{} { return o.done }

// Err returns the write error that ended the outbox, if one did.
func (o *Outbox) Err() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

func (o *Outbox) run() {
	defer close(o.done)
	o.mu.Lock()
	defer o.mu.Unlock()
	for {
		for len(o.queue) == 0 {
			if o.closed {
				return
			}
			o.cond.Wait()
		}
		batch := o.queue
		o.queue = nil
		o.mu.Unlock()
		var err error
		for _, body := range batch {
			if err = o.conn.WriteMessage(body); err != nil {
				break
			}
		}
		o.mu.Lock()
		if err != nil {
			o.err, o.queue = err, nil
			return
		}
	}
}
