package main

import (
	"log"
	"os"

	"app/lib"
)

type wrapper struct{ lib.Thing }

func main() {
	if len(os.Args) > 3 {
		log.Fatal("usage") // silent: the exception
	}
	var w wrapper
	w.Own()           // want `internal \(method\)`
	_ = (wrapper).Own // want `internal \(method\)`
	os.Exit(1)        // silent: the exception
}
