package retention

import (
	"runtime/debug"
	"sync"
	"time"

	"github.com/gohearth/hearth/toolchain/grafts/meminfo"
)

// What is kept may take a share of what gopls takes anyway: a budget for large
// workspaces would be half as much again as a small one takes. A package takes
// about 30 times the size of its source (go.dev/blog/gopls-scalability).
const (
	share        = 1.0 / 4 // of the heap that is in use
	leastBudget  = 16 << 20
	bytesPerByte = 30 // of a package, for one of its source
)

// MostBudget is the largest budget.
const MostBudget = 512 << 20

// Cost returns about how many bytes a package with that much source takes.
func Cost(source int) int64 { return int64(source) * bytesPerByte }

// Budget returns a function that says how many bytes to keep: none where memory
// is short, as the machine has less than a twentieth left, or the heap has
// reached nine tenths of GOMEMLIMIT. It looks once a second at most.
func Budget() func() int64 {
	var mu sync.Mutex
	var looked time.Time
	var budget int64
	return func() int64 {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); now.Sub(looked) > time.Second {
			looked = now
			live, held := meminfo.Heap()
			total, available := meminfo.Machine()
			budget = min(MostBudget, max(leastBudget, int64(share*float64(live))))
			if total > 0 && available < total/20 || held > debug.SetMemoryLimit(-1)/10*9 {
				budget = 0
			}
		}
		return budget
	}
}
