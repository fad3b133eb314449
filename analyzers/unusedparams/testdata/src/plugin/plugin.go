// Package main may be built with -buildmode=plugin.
package main

import "fmt"

func Serve(name string) { // silent: whoever opens the plugin looks it up
	fmt.Println()
}

func inner(n int) { // want "unused parameter: n"
	fmt.Println()
}

func main() {}
