package main

import (
	"fmt"

	// Set GOMAXPROCS to the quota of the container.
	_ "go.uber.org/automaxprocs" // want `automaxprocs is not needed`
)

func group() { fmt.Println() }
