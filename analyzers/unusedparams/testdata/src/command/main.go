// Command command has exported functions that nobody can import.
package main

import "fmt"

func Run(name string, verbose bool) { // want "unused parameter: verbose"
	fmt.Println(name)
}

var Step = func(n int) { fmt.Println() } // want "unused parameter: n"

func Hook(n int) { // silent: the external test uses it as a value
	fmt.Println()
}

type server struct{}

func (server) Handle(name string) { // silent: an interface of any package may ask for it
	fmt.Println()
}

//export Callback
func Callback(n int) { // silent: C calls it
	fmt.Println()
}

//go:wasmexport add
func Add(n int) { // silent: the host calls it
	fmt.Println()
}

func main() {
	Run("x", true)
	Step(1)
	Hook(1)
}
