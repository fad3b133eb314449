package main

import (
	"fmt"

	"runtime"
)

// start says hello.
func start() {
	fmt.Println("hello")
	runtime.GOMAXPROCS(16) // want `GOMAXPROCS\(16\) ignores`
}
