package sharedcache

import (
	"context"
	"sync"
	"time"
)

const (
	// DefaultPatience is how much longer than need be one go command waits for a
	// server, over all that it asks. Ten seconds are what a run of minutes can
	// lose without anybody looking for the reason.
	DefaultPatience = 10 * time.Second

	// An answer may take promptly, and a second for each megabyte: longer than in
	// any office, and about as long as making what it holds.
	promptly     = 100 * time.Millisecond
	promptlyByte = time.Second / 1e6

	// A failure costs more than the time that it took, since a server that
	// fails at once is of no use either; an answer in time restores some.
	failureCost  = 2 * time.Second
	promptReward = 50 * time.Millisecond
)

// patience ends when a server has made a go command wait for too long, or has
// failed too often. Its context ends with it, and so do all requests under way:
// those that hang would each wait for a timeout of its own otherwise.
type patience struct {
	ctx    context.Context
	cancel context.CancelFunc

	whole time.Duration

	mu   sync.Mutex
	rest time.Duration
	last error // of a request
	why  error // it ended
}

func newPatience(whole time.Duration) *patience {
	p := &patience{whole: whole, rest: whole}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// left reports whether there is any.
func (p *patience) left() bool { return p.ctx.Err() == nil }

// spend accounts for a request that took so long for so many bytes.
func (p *patience) spend(took time.Duration, size int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.why != nil {
		return // and the request was ended for it
	}
	late := took - promptly - time.Duration(size)*promptlyByte
	switch {
	case isDenied(err):
		p.rest = 0 // it will not think otherwise about the next
	case err != nil:
		p.rest -= max(late, failureCost)
	case late > 0:
		p.rest -= late
	default:
		p.rest = min(p.rest+promptReward, p.whole)
	}
	if err != nil {
		p.last = err
	} else if late > 0 {
		p.last = slowError(took)
	}
	if p.rest <= 0 {
		p.endLocked(p.last)
	}
}

// end ends patience for a reason.
func (p *patience) end(why error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.endLocked(why)
}

func (p *patience) endLocked(why error) {
	if p.why == nil {
		p.why = why
		p.cancel()
	}
}

// reason returns why patience ended, "" if it did not.
func (p *patience) reason() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.why == nil {
		return ""
	}
	return p.why.Error()
}

type slowError time.Duration

func (e slowError) Error() string {
	return "answers such as one after " + time.Duration(e).Round(10*time.Millisecond).String()
}
