package main

import (
	"fmt"

	// For their effects:
	_ "go.uber.org/automaxprocs" // want `automaxprocs is not needed`
	_ "net/http/pprof"
)

func heading() { fmt.Println() }
