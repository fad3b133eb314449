package retention

import (
	"bufio"
	"bytes"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"sync"
	"time"
)

// Bounds of what is kept, in bytes. A package takes about 30 times the size of
// its source (go.dev/blog/gopls-scalability), so the upper one is some 4 MB of
// source: more than a person touches in an hour, and a fraction of what gopls
// takes for a workspace in which that much matters.
const (
	leastBudget  = 32 << 20
	mostBudget   = 128 << 20
	budgetShare  = 1.0 / 64 // of the machine's memory
	bytesPerByte = 30       // of a package, for one of its source
)

// Cost returns about how many bytes a package with that much source takes.
func Cost(source int) int64 { return int64(source) * bytesPerByte }

// Budget returns how many bytes to keep on this machine.
func Budget() int64 {
	total, _ := memory()
	return min(mostBudget, max(leastBudget, int64(budgetShare*float64(total))))
}

// Pressed returns a function that reports whether memory is short: the machine
// has less than a twentieth left, or the heap has reached nine tenths of
// GOMEMLIMIT. It looks once a second at most.
func Pressed() func() bool {
	var mu sync.Mutex
	var looked time.Time
	var pressed bool
	return func() bool {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); now.Sub(looked) > time.Second {
			looked = now
			total, available := memory()
			pressed = total > 0 && available < total/20 || heap() > debug.SetMemoryLimit(-1)/10*9
		}
		return pressed
	}
}

// memory returns the bytes that the machine has, and those that a process could
// still get; zero where Linux does not tell.
func memory() (total, available int64) {
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

// heap returns the bytes that GOMEMLIMIT counts.
func heap() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}
