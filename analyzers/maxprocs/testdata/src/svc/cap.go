package main

import "runtime"

func capped() {
	if runtime.NumCPU() > 8 {
		runtime.GOMAXPROCS(8) // silent: a cap, by one who has looked
	}
}
