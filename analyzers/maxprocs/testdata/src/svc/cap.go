package main

import "runtime"

func capped(tiny bool) {
	if runtime.NumCPU() > 8 {
		runtime.GOMAXPROCS(8) // silent: an upper limit
	}
	if n := runtime.GOMAXPROCS(0); n > 16 && !tiny {
		runtime.GOMAXPROCS(16) // silent: the same
	}
	cpus := runtime.NumCPU()
	switch {
	case tiny:
	case cpus > 4:
		func() { runtime.GOMAXPROCS(4) }() // silent: the same
	}
	switch cpus {
	case 3:
		runtime.GOMAXPROCS(2) // silent: the same
	}
}

func uncapped(tiny bool) {
	println(runtime.NumCPU()) // decides nothing
	if tiny {
		runtime.GOMAXPROCS(1) // want `GOMAXPROCS\(1\) ignores`
	}
}

var _ = func() bool {
	if tiny := true; tiny {
		runtime.GOMAXPROCS(1) // want `GOMAXPROCS\(1\) ignores`
	}
	return true
}()
