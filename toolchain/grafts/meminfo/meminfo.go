// Package meminfo tells how much memory the machine and this process have.
// Grafts share it.
package meminfo

import (
	"bufio"
	"bytes"
	"math"
	"os"
	"runtime/metrics"
	"strconv"
)

// Machine returns the bytes that the machine has, and those that a process could
// still get; zero where Linux does not tell.
func Machine() (total, available int64) {
	data, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, 0
	}
	return field(data, "MemTotal:"), field(data, "MemAvailable:")
}

// field returns the bytes that a line of /proc/meminfo gives.
func field(meminfo []byte, name string) int64 {
	lines := bufio.NewScanner(bytes.NewReader(meminfo))
	for lines.Scan() {
		words := bytes.Fields(lines.Bytes())
		if len(words) >= 2 && string(words[0]) == name {
			n, err := strconv.ParseInt(string(words[1]), 10, 64)
			if err != nil || n > math.MaxInt64>>10 {
				return 0
			}
			return n << 10
		}
	}
	return 0
}

// Heap returns the bytes that the last collection found in use, and those that
// the process holds of the system, which GOMEMLIMIT counts.
func Heap() (live, held int64) {
	samples := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64()), int64(samples[1].Value.Uint64() - samples[2].Value.Uint64())
}
