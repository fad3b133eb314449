package retention

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/gohearth/hearth/toolchain/grafts/meminfo"
)

func fixed(budget int64) func() int64 { return func() int64 { return budget } }

func TestUse(t *testing.T) {
	c := New[string](fixed(100), 0)
	use := func(key string, cost int64, keep bool, dropped ...string) {
		t.Helper()
		got, list := c.Use(key, cost)
		slices.Sort(list)
		if got != keep || !slices.Equal(list, dropped) {
			t.Errorf("Use(%s, %d) = %v, %v; want %v, %v", key, cost, got, list, keep, dropped)
		}
	}
	use("mine", 30, true)
	use("mine", 30, true) // protected
	use("a", 40, true)
	use("b", 30, true)
	use("c", 30, true, "a") // the scan pushes out what it touched itself
	use("d", 30, true, "b")
	use("huge", 81, false) // more than the protected share
	use("mine", 50, true, "c")
	use("d", 30, true) // both protected: 80
	use("e", 20, true)
	use("e", 20, true) // 100 would be protected; mine is on probation again
	use("f", 10, true, "mine")
	if c.Has("mine") || !c.Has("d") || !c.Has("e") || !c.Has("f") || c.Cost() != 60 {
		t.Errorf("cost %d", c.Cost())
	}
}

// What became too large is no longer there.
func TestGrown(t *testing.T) {
	c := New[int](fixed(100), 0)
	c.Use(1, 10)
	if keep, _ := c.Use(1, 90); keep || c.Has(1) || c.Cost() != 0 {
		t.Errorf("kept: %v, cost %d", keep, c.Cost())
	}
}

// Of what is too large for the budget the last one is kept, beside the rest.
func TestLarge(t *testing.T) {
	budget := int64(100)
	c := New[string](func() int64 { return budget }, 300)
	use := func(key string, cost int64, keep bool, dropped ...string) {
		t.Helper()
		if got, list := c.Use(key, cost); got != keep || !slices.Equal(list, dropped) || c.Has(key) != keep {
			t.Errorf("Use(%s, %d) = %v, %v; want %v, %v", key, cost, got, list, keep, dropped)
		}
	}
	use("a", 80, true)
	use("large", 200, true)
	use("large", 210, true)
	use("b", 20, true)
	use("larger", 300, true, "large")
	use("huge", 301, false, "larger")
	use("large", 100, true)
	if c.Cost() != 200 {
		t.Errorf("cost %d, want 200", c.Cost())
	}
	budget = 250
	use("large", 100, true) // it is not too large any more
	use("larger", 300, true)
	budget = 0
	use("c", 1, false, "larger", "a", "b", "large")
	if c.Cost() != 0 {
		t.Errorf("cost %d", c.Cost())
	}
}

// A budget may go, and come back.
func TestPressed(t *testing.T) {
	budget := int64(100)
	c := New[int](func() int64 { return budget }, 100)
	c.Use(1, 10)
	c.Use(2, 10)
	c.Use(2, 10)
	budget = 0
	keep, dropped := c.Use(3, 10)
	slices.Sort(dropped)
	if keep || !slices.Equal(dropped, []int{1, 2}) || c.Cost() != 0 {
		t.Errorf("kept %v, dropped %v, cost %d", keep, dropped, c.Cost())
	}
	budget = 100
	if keep, _ := c.Use(3, 10); !keep {
		t.Error("nothing is kept after memory was short")
	}
}

// Whoever drops what is to be dropped holds just what the cache says.
func TestRandom(t *testing.T) {
	const budget = 1000
	random := rand.New(rand.NewPCG(1, 2))
	c := New[int](fixed(budget), 0)
	held := make(map[int]int64)
	for range 100_000 {
		key, cost := random.IntN(60), int64(1+random.IntN(200))
		keep, dropped := c.Use(key, cost)
		delete(held, key)
		if keep {
			held[key] = cost
		}
		for _, k := range dropped {
			delete(held, k)
		}
		var total int64
		for k, cost := range held {
			if total += cost; !c.Has(k) {
				t.Fatalf("%d is held in vain", k)
			}
		}
		if total != c.Cost() || total > budget {
			t.Fatalf("%d is held, %d said, %d allowed", total, c.Cost(), budget)
		}
	}
}

func TestBudget(t *testing.T) {
	for limit, want := range map[int64]int64{math.MaxInt64: leastBudget, 1 << 20: 0} {
		old := debug.SetMemoryLimit(limit)
		got := Budget()()
		debug.SetMemoryLimit(old)
		if total, available := meminfo.Machine(); total > 0 && available < total/20 {
			want = 0 // this machine is short of memory
		}
		if got != want {
			t.Errorf("with a limit of %d: %d, want %d", limit, got, want)
		}
	}
}

func BenchmarkUse(b *testing.B) {
	keys := make([]string, 100)
	for i := range keys {
		keys[i] = fmt.Sprint("example.com/package/", i)
	}
	c := New[string](Budget(), MostBudget)
	for i := 0; b.Loop(); i++ {
		c.Use(keys[i%len(keys)], leastBudget/50)
	}
}
