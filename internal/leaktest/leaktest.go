// Package leaktest finds goroutines that a test leaves behind.
package leaktest

import (
	"runtime"
	"testing"
	"time"
)

// Goroutines returns a function for the end of a test, which waits a moment for
// the goroutines that were begun since and fails the test if some remain. They
// are counted: tests that run in parallel must not use it.
func Goroutines(t testing.TB) (check func()) {
	before := runtime.NumGoroutine()
	return func() {
		t.Helper()
		for range 100 {
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
	}
}
