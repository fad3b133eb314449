package lib

import (
	"runtime/debug"
	"testing"
)

func Bench(b *testing.B) {
	debug.SetGCPercent(-1) // silent: for benchmarks
}
