package main

import "runtime"

func alone() {
	runtime.GOMAXPROCS(1) // silent: a test
}
