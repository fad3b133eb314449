package quiet

import (
	"context"
	"testing"
)

func TestIdle(t *testing.T) {
	var allocated uint64
	m := Meter{Read: func() uint64 { return allocated }}
	step := func(times int, bytes uint64, want bool) {
		t.Helper()
		var idle bool
		for range times {
			allocated += bytes
			idle = m.Idle()
		}
		if idle != want {
			t.Errorf("idle is %v after %d intervals of %d bytes, want %v", idle, times, bytes, want)
		}
	}
	step(20, Most+1, false)        // at work
	step(Intervals-1, Most, false) // perhaps idle
	step(1, Most, true)            // idle
	step(9, 0, true)               // still
	step(1, Most+1, false)         // asked
	step(Intervals-1, 0, false)    // and
	step(1, 0, true)               // idle again
	allocated += Most + 1          // which is our own,
	m.Skip()                       // and so
	step(1, 0, true)               // not work
}

func TestAllocated(t *testing.T) {
	var m Meter
	before := m.Allocated()
	garbage = make([]byte, 1<<20)
	if n := m.Allocated() - before; n < 1<<20 {
		t.Errorf("%d bytes were allocated, want a megabyte at least", n)
	}
}

var garbage []byte

// snapshot is one of a server that serves nothing.
type snapshot struct{ ctx context.Context }

func (s snapshot) BackgroundContext() context.Context { return s.ctx }

// Work is done with a snapshot that lasts until the process is idle, and again
// until it came to its end; all snapshots are released.
func TestDo(t *testing.T) {
	outdated, cancel := context.WithCancel(t.Context())
	cancel()
	list := []snapshot{{outdated}, {t.Context()}, {t.Context()}}
	held, worked := 0, 0
	Do(func() (snapshot, func(), error) {
		if len(list) == 0 {
			return snapshot{}, nil, context.Canceled
		}
		s := list[0]
		list = list[1:]
		held++
		return s, func() { held-- }, nil
	}, func(s snapshot) bool {
		if s.ctx.Err() != nil {
			t.Error("it worked for a snapshot that is outdated")
		}
		worked++
		return len(list) == 0
	})
	if worked != 2 || held != 0 {
		t.Errorf("it worked for %d snapshots and holds %d", worked, held)
	}
	Do(func() (snapshot, func(), error) { return snapshot{}, nil, context.Canceled }, func(snapshot) bool {
		t.Error("it worked without a snapshot")
		return true
	})
}

func TestWait(t *testing.T) {
	if !Wait(t.Context()) {
		t.Error("a process that does nothing is not idle")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if Wait(ctx) {
		t.Error("it is idle though nobody waits any longer")
	}
}
