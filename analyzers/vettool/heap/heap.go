// Package heap makes the garbage collector wait in processes that live for one
// package.
//
// Most units of go vet need less memory than a collector saves: collecting took
// a third of the time of a vettool, most of it before and during the
// initialization of its 250 packages. So there is no collection below 128 MB.
// Above, where the few large packages are, it is four times as often as is usual:
// on the kubelet and its dependencies, with an empty cache, the largest process
// takes 360 MB in place of 469, and all of them no more time.
//
// The package is imported for its effect, which begins with the
// initialization: it imports next to nothing, so that it comes early. GOGC and
// GOMEMLIMIT in the environment win.
package heap

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/gohearth/hearth/analyzers/report"
)

// quiet is how much memory a process may have before it collects. Four times
// what most units need; what a Go program uses beside the heap is in it.
const quiet = 128 << 20

func init() {
	if gogc := os.Getenv("GOGC"); gogc != "" && gogc != report.GoGC || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(quiet)
	// The first collection is the one at the limit. Keeping the limit would have
	// a process with more live memory collect all the time.
	runtime.AddCleanup(new([16]byte), func(int) {
		debug.SetMemoryLimit(math.MaxInt64)
		debug.SetGCPercent(25)
	}, 0)
}
