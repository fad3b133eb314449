package main

import _ "go.uber.org/automaxprocs" // silent: the runtime of a Go 1.24 module does not read the limit

func main() {}
