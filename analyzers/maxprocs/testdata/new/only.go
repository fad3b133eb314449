package main

import (
	_ "go.uber.org/automaxprocs" // want `automaxprocs is not needed`
)

func only() {}
