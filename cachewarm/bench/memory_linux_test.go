package bench

import (
	"os"
	"slices"
	"testing"
)

func TestTreeMemory(t *testing.T) {
	p := processes{
		children: map[int][]int{1: {2, 5}, 2: {3, 4}},
		resident: map[int]int64{1: 1, 2: 10, 3: 100, 4: 1000, 5: 10000},
	}
	for pid, want := range map[int]int64{1: 11111, 2: 1110, 5: 10000, 6: 0} {
		if got := p.tree(pid); got != want {
			t.Errorf("tree of %d: %d, want %d", pid, got, want)
		}
	}
}

func TestReadProcesses(t *testing.T) {
	p := readProcesses()
	if !slices.Contains(p.children[os.Getppid()], os.Getpid()) {
		t.Error("this process is not its parent's child")
	}
	// No Go program runs in less than a megabyte, nor do its tests take a terabyte.
	if size := p.resident[os.Getpid()]; size < 1<<20 || size > 1<<40 {
		t.Errorf("this process takes %d bytes", size)
	}
}
