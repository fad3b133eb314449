package idle

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/gohearth/hearth/toolchain/grafts/quiet"
)

func TestLook(t *testing.T) {
	const much = 400 << 20
	var allocated uint64
	released := 0
	r := releaser{
		Meter:   quiet.Meter{Read: func() uint64 { return allocated }},
		held:    func() uint64 { return much },
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
	step(20, 32<<20, 0)                       // at work
	step(quiet.Intervals-1, quiet.Most, 0)    // perhaps idle
	step(1, quiet.Most, 1)                    // idle
	step(50, quiet.Most/64, 1)                // once
	step(1, 32<<20, 1)                        // a bit of work,
	step(10, 0, 1)                            // which is not worth it
	step(1, much/worth, 1)                    // more
	step(quiet.Intervals-1, 0, 1)             // and
	step(1, 0, 2)                             // idle again
	step(30, quiet.Most/4, 3)                 // what trickles adds up
	step(quiet.Intervals*99, quiet.Most+1, 3) // always something to do
}

// What the process holds goes down by what was garbage.
func TestHeld(t *testing.T) {
	garbage := make([]byte, 64<<20)
	for i := range garbage {
		garbage[i] = 1
	}
	before := held()
	runtime.KeepAlive(garbage)
	garbage = nil
	debug.FreeOSMemory()
	if after := held(); after+48<<20 > before {
		t.Errorf("held %d, then %d", before, after)
	}
}
