package idle

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestLook(t *testing.T) {
	var allocated, held uint64
	released := 0
	r := releaser{
		read:    func() (uint64, uint64) { return allocated, held },
		release: func() { released++; held /= 2; allocated += 100 },
	}
	step := func(times int, bytes, grown uint64, want int) {
		t.Helper()
		for range times {
			allocated += bytes
			held += grown
			r.look()
		}
		if released != want {
			t.Errorf("released %d times, want %d", released, want)
		}
	}
	step(10, 8<<20, 4<<20, 0)         // at work
	step(intervals-1, quiet, 0, 0)    // perhaps idle
	step(1, quiet, 0, 1)              // idle: half of it goes
	step(100, quiet, 0, 1)            // once
	step(1, 8<<20, 1<<20, 1)          // a bit of work,
	step(100, 0, 0, 1)                // which is not worth it
	step(1, 8<<20, 8<<20, 1)          // more
	step(intervals-1, 0, 0, 1)        // and
	step(1, 0, 0, 2)                  // idle again
	step(intervals*3, quiet+1, 99, 2) // always something to do
}

// What the process holds goes down by what was garbage.
func TestRead(t *testing.T) {
	garbage := make([]byte, 64<<20)
	for i := range garbage {
		garbage[i] = 1
	}
	allocated, before := read()
	runtime.KeepAlive(garbage)
	garbage = nil
	debug.FreeOSMemory()
	again, after := read()
	if allocated < 64<<20 || again < allocated || after+48<<20 > before {
		t.Errorf("allocated %d, then %d; held %d, then %d", allocated, again, before, after)
	}
}
