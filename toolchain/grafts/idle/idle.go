// Package idle gives memory back to the system when a process has nothing to do.
//
// The garbage collector lets the heap grow to twice what is in use and collects
// when that is reached, or after two minutes. A process that waits for a person
// holds all of it meanwhile, and what it has ever held goes back only slowly.
package idle

import (
	"runtime/debug"
	"time"

	"github.com/gohearth/hearth/toolchain/grafts/meminfo"
	"github.com/gohearth/hearth/toolchain/grafts/quiet"
)

// Memory is released when the process is idle, if that is worth the collection:
// since the last release it has allocated a quarter of what it holds. What it
// holds does not tell: of that, less may be in use than then.
const worth = 4 // the part of what is held

// Watch releases memory whenever the process is idle. It does not return.
func Watch() {
	r := releaser{held: held, release: debug.FreeOSMemory}
	for {
		time.Sleep(quiet.Interval)
		r.look()
	}
}

type releaser struct {
	quiet.Meter
	held    func() uint64 // what the process holds of the system, in bytes
	release func()

	released uint64 // allocated when memory was released last
}

// look is called once in each interval.
func (r *releaser) look() {
	if !r.Idle() || r.Allocated()-r.released < max(r.held()/worth, quiet.Most) {
		return
	}
	r.release()
	r.Skip() // a collection allocates too
	r.released = r.Allocated()
}

func held() uint64 {
	_, now := meminfo.Heap()
	return uint64(now)
}
