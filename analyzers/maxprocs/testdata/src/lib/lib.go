package lib

import (
	"os"
	"runtime"
	"runtime/debug"
)

func init() {
	debug.SetGCPercent(400)              // want `SetGCPercent\(400\) in a package other than main sets the collector of every program that links it: leave it to main or to GOGC`
	debug.SetMemoryLimit(2 << 30)        // want `SetMemoryLimit\(2 << 30\) in a package other than main sets the collector of every program that links it: leave it to main or to GOMEMLIMIT`
	runtime.GOMAXPROCS(runtime.NumCPU()) // silent: depends on the machine
}

func off() {
	debug.SetGCPercent(-1) // want `SetGCPercent\(-1\) in a package`
}

func asks() {
	debug.SetMemoryLimit(-1) // silent: changes nothing
}

func paused() {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // silent: restored
	println("no collection here")
}

func configured(percent int) {
	debug.SetGCPercent(percent) // silent: somebody else decided
}

func asked() {
	if _, ok := os.LookupEnv("GOGC"); !ok {
		debug.SetGCPercent(200) // silent: the operator has been asked
	}
}
