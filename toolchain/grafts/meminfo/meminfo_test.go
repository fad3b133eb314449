package meminfo

import (
	"runtime"
	"testing"
)

func TestField(t *testing.T) {
	const text = "MemTotal:       24560128 kB\nMemFree: 1 kB\nMemAvailable:    1024 kB\nOdd:\nBad: x kB\n"
	for name, want := range map[string]int64{"MemTotal:": 24560128 << 10, "MemAvailable:": 1 << 20, "Odd:": 0, "Bad:": 0, "None:": 0} {
		if got := field([]byte(text), name); got != want {
			t.Errorf("%s %d, want %d", name, got, want)
		}
	}
}

func TestMachine(t *testing.T) {
	total, available := Machine()
	if available < 0 || available > total {
		t.Errorf("%d of %d bytes are available", available, total)
	}
}

func TestHeap(t *testing.T) {
	block := make([]byte, 64<<20)
	runtime.GC()
	before, held := Heap()
	if held <= before {
		t.Errorf("%d bytes in use, %d held", before, held)
	}
	runtime.KeepAlive(block)
	block = nil
	runtime.GC()
	if after, _ := Heap(); before-after < 60<<20 {
		t.Errorf("%d bytes in use, then %d", before, after)
	}
}
