package main

import _ "go.uber.org/automaxprocs" // want `automaxprocs is not needed from Go 1.25 on, and stops the runtime from following changes of the CPU limit: remove it`

func main() {}
