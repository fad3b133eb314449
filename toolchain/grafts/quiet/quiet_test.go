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
