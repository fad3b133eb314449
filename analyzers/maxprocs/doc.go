// Package maxprocs defines a pass that reports code that decides about the
// processors and the memory of a program that it does not know.
//
// # Analyzer maxprocs
//
// maxprocs: find hard-coded GOMAXPROCS and garbage collector settings
//
// The pass reports three mistakes, all of which fit the machine that the author
// had in mind and no other.
//
// A constant number of processors:
//
//	func main() {
//		runtime.GOMAXPROCS(4) // in a container of 1 CPU: throttled; on 64: idle
//
// Delete the call: the runtime knows the machine and, from Go 1.25 on, the limit
// of the container and its changes, until somebody calls GOMAXPROCS. A fix does
// so, unless the constant is 1, on which a program may rely.
//
// A package other than main that sets the collector of its program:
//
//	package cache
//
//	func init() { debug.SetGCPercent(400) } // for all that link cache
//
// Leave it to main, or to GOGC and GOMEMLIMIT. Below a folder named cmd, packages
// belong to one program, and are silent.
//
// An import of go.uber.org/automaxprocs in a module of Go 1.25 or later, where the
// runtime does the same and goes on doing it: automaxprocs reads the limit once,
// and its call of GOMAXPROCS keeps the runtime from following later changes. A
// fix removes an import that is there for its effect alone; go mod tidy then
// removes the requirement. One difference may matter: automaxprocs rounds 2.5
// CPUs down, the runtime up, and not below 2. A package with a
// //go:debug containermaxprocs=0 or updatemaxprocs=0 line has decided otherwise,
// and is silent; what a godebug line of go.mod says is not seen.
//
// Silent are values that only ask (GOMAXPROCS(0), SetMemoryLimit(-1)) or are
// computed; calls whose result is kept, as in
//
//	defer debug.SetGCPercent(debug.SetGCPercent(-1))
//
// or that are followed in the same function by one with such a value, since both
// restore what was before; functions that read GOMAXPROCS, GOGC or GOMEMLIMIT
// from the environment first; calls of GOMAXPROCS below a condition on NumCPU or
// GOMAXPROCS, which set an upper limit; tests, benchmarks and what imports
// testing; and generated files.
package maxprocs
