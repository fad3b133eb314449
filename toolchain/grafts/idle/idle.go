// Package idle gives memory back to the system when a process has nothing to do.
//
// The garbage collector lets the heap grow to twice what is in use and collects
// when that is reached, or after two minutes. A process that waits for a person
// holds all of it meanwhile, and what it has ever held goes back only slowly.
package idle

import (
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/gohearth/hearth/toolchain/grafts/meminfo"
)

// A process is idle when it has allocated less than quiet in each of so many
// intervals; then memory is released, if that is worth the collection: since the
// last release it has allocated a quarter of what it holds. What it holds does
// not tell: of that, less may be in use than then. A gopls that does nothing
// allocates up to 10 MB a second for minutes, as it looks through its file cache for
// what is old.
const (
	interval  = time.Second
	intervals = 3
	quiet     = 16 << 20
	worth     = 4 // the part of what is held
)

// Watch releases memory whenever the process is idle. It does not return.
func Watch() {
	r := releaser{read: read, release: debug.FreeOSMemory}
	for {
		time.Sleep(interval)
		r.look()
	}
}

type releaser struct {
	read    func() (allocated, held uint64)
	release func()

	last     uint64 // allocated when it was looked at last
	idle     int    // intervals since then
	released uint64 // allocated when memory was released last
}

// look is called once in each interval.
func (r *releaser) look() {
	allocated, held := r.read()
	if allocated-r.last > quiet {
		r.idle = 0
	} else {
		r.idle++
	}
	r.last = allocated
	if r.idle < intervals || allocated-r.released < max(held/worth, quiet) {
		return
	}
	r.release()
	r.released, _ = r.read() // a collection allocates too
	r.last = r.released
}

// read returns the bytes that were ever allocated, and those that the process
// holds of the system.
func read() (allocated, held uint64) {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	_, now := meminfo.Heap()
	return sample[0].Value.Uint64(), uint64(now)
}
