package idle

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestLook(t *testing.T) {
	const held = 400 << 20
	var allocated uint64
	released := 0
	r := releaser{
		read:    func() (uint64, uint64) { return allocated, held },
		release: func() { released++; allocated += 100 },
	}
	step := func(times int, bytes uint64, want int) {
		t.Helper()
		for range times {
			allocated += bytes
			r.look()
		}
		if released != want {
			t.Errorf("released %d times, want %d", released, want)
		}
	}
	step(20, 32<<20, 0)            // at work
	step(intervals-1, quiet, 0)    // perhaps idle
	step(1, quiet, 1)              // idle
	step(50, quiet/64, 1)          // once
	step(1, 32<<20, 1)             // a bit of work,
	step(10, 0, 1)                 // which is not worth it
	step(1, held/worth, 1)         // more
	step(intervals-1, 0, 1)        // and
	step(1, 0, 2)                  // idle again
	step(30, quiet/4, 3)           // what trickles adds up
	step(intervals*99, quiet+1, 3) // always something to do
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
