package main

import "runtime"

// init limits the service to the CPUs of its container.
func init() {
	runtime.GOMAXPROCS(4) // want `GOMAXPROCS\(4\) ignores`
}

func unrelated() {}
