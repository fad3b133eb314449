//go:debug containermaxprocs=0
package main

import _ "go.uber.org/automaxprocs" // silent: the runtime has been told not to read the limit

func main() {}
