package main

import (
	// a remark that is nobody's

	_ "go.uber.org/automaxprocs" // want `automaxprocs is not needed`
)

func remark() {}
