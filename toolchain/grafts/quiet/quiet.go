// Package quiet tells when a process has nothing to do.
//
// That is when it hardly allocates: a Go program that works for somebody makes
// garbage, and whether it uses the processor does not tell, as the collector and
// timers do so as well.
package quiet

import (
	"context"
	"runtime/metrics"
	"time"
)

// Interval is how often a [Meter] is looked at.
const Interval = time.Second

// A process that allocates no more than Most in an interval is quiet. A gopls that
// does nothing allocates up to 10 MB a second for minutes, as it looks through its
// file cache for what is old.
const Most = 16 << 20

// Intervals without work after which a process is idle.
const Intervals = 3

// A Meter counts the intervals in which the process was quiet. Its zero value is
// ready.
type Meter struct {
	Read func() uint64 // the bytes that were ever allocated; nil for those of this process

	last  uint64
	quiet int
}

// Idle is called once in each interval, and reports whether the process was quiet
// in the last [Intervals].
func (m *Meter) Idle() bool {
	allocated := m.Allocated()
	if allocated-m.last > Most {
		m.quiet = 0
	} else {
		m.quiet++
	}
	m.last = allocated
	return m.quiet >= Intervals
}

// Allocated returns the bytes that were ever allocated.
func (m *Meter) Allocated() uint64 {
	if m.Read != nil {
		return m.Read()
	}
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// Skip leaves out what was allocated since the last interval.
func (m *Meter) Skip() { m.last = m.Allocated() }

// Do does work that nobody waits for: it calls work with the latest snapshot of what a
// server serves when the process is idle, and with a later one until that reports that it
// came to its end. It returns then, or if latest has no more. The context of a snapshot is
// done when there is a later one; latest returns what releases it, too.
func Do[S interface{ BackgroundContext() context.Context }](latest func() (S, func(), error), work func(S) bool) {
	for done := false; !done; {
		s, release, err := latest()
		if err != nil {
			return
		}
		done = Wait(s.BackgroundContext()) && work(s)
		release()
	}
}

// Wait waits until the process is idle. It returns false if ctx is done first.
func Wait(ctx context.Context) bool {
	var m Meter
	tick := time.NewTicker(Interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
			if m.Idle() {
				return true
			}
		}
	}
}
