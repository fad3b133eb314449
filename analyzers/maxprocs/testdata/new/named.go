package main

import "go.uber.org/automaxprocs/maxprocs" // want `automaxprocs is not needed`

func named() { maxprocs.Set() }
