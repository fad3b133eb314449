// Package gcpace lets the heap grow while memory is plentiful, so that a process
// at work collects garbage less often.
//
// A collection of a large heap takes a core for a good part of a second. On a
// machine of two, that is what a request waits for. GOGC=400 would quarter that
// everywhere, but take five times the live heap; here the garbage may take a
// share of what the machine has left, and no collection comes later than at
// GOGC=400 or earlier than at GOGC=100.
package gcpace

import (
	"os"
	"runtime/debug"
	"time"

	"github.com/gohearth/hearth/toolchain/grafts/meminfo"
)

const (
	interval = time.Second
	share    = 8 // the part of the available memory that garbage may take
	least    = 100
	most     = 400
	slack    = 10 // percent by which to be off is not worth a change, which stops the world
)

// Watch sets GOGC from time to time. It returns at once where somebody has set
// it, or where the machine does not tell of its memory; otherwise it does not.
func Watch() {
	if _, set := os.LookupEnv("GOGC"); set {
		return
	}
	now := least
	for {
		total, available := meminfo.Machine()
		if total == 0 {
			return
		}
		live, _ := meminfo.Heap()
		if want := percent(live, available); worth(now, want) {
			debug.SetGCPercent(want)
			now = want
		}
		time.Sleep(interval)
	}
}

// percent returns the GOGC for so many bytes in use, where so many are available
// besides.
func percent(live, available int64) int {
	if live == 0 {
		live = 1 // there was no collection yet
	}
	return int(min(most, max(least, available/share*100/live)))
}

// worth reports whether to change from one value to another.
func worth(now, want int) bool {
	return max(now, want)-min(now, want) > now*slack/100 || now != want && (want == least || want == most)
}
