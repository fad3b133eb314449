package main

import (
	"os"
	"syscall"
)

// largest returns the megabytes of the largest among an ended process and those
// that it waited for.
func largest(ps *os.ProcessState) float64 {
	return float64(ps.SysUsage().(*syscall.Rusage).Maxrss) / (1 << 10)
}
