package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

const workers = 8

func main() {
	// The service has four CPUs.
	runtime.GOMAXPROCS(4) // want `GOMAXPROCS\(4\) ignores the CPUs that the program is given: delete the call, and let the runtime or the environment decide`

	println("started")
	runtime.GOMAXPROCS(workers)    // want `GOMAXPROCS\(workers\) ignores`
	_ = runtime.GOMAXPROCS(1 << 3) // want `GOMAXPROCS\(1 << 3\) ignores`
	if len(os.Args) > 1 {
		runtime.GOMAXPROCS(2) // want `GOMAXPROCS\(2\) ignores`
	}

	runtime.GOMAXPROCS(1) // want `GOMAXPROCS\(1\) ignores`

	debug.SetGCPercent(400)       // silent: main decides for its program
	debug.SetMemoryLimit(1 << 30) // silent: main decides for its program
}

func asks() {
	println(runtime.GOMAXPROCS(0)) // silent: changes nothing
	runtime.GOMAXPROCS(-1)         // silent: changes nothing
}

func computed(n int) {
	runtime.GOMAXPROCS(n)                // silent: somebody else decided
	runtime.GOMAXPROCS(runtime.NumCPU()) // silent: depends on the machine
}

func restored() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // silent: restored
	old := runtime.GOMAXPROCS(2)                    // silent: restored
	defer runtime.GOMAXPROCS(old)
}

func restoredLater() {
	n := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(1) // silent: restored by the call below
	println("alone")
	runtime.GOMAXPROCS(n)
}

func asked() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(4) // silent: the operator has been asked
	}
}

type own struct{}

func (own) GOMAXPROCS(int) {}

func other() {
	own{}.GOMAXPROCS(4) // silent: another function
}
