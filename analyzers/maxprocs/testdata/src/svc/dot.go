package main

import . "runtime"

func dotted() {
	GOMAXPROCS(4) // want `GOMAXPROCS\(4\) ignores`
	println("no fix: a dot import would stay behind")
}
