package gcpace

import "testing"

func TestPercent(t *testing.T) {
	for _, test := range []struct {
		live, available int64
		want            int
	}{
		{0, 16 << 30, 400}, // just started
		{100 << 20, 16 << 30, 400},
		{1 << 30, 16 << 30, 200},
		{4 << 30, 16 << 30, 100},  // half a GB would do, but not less than ever
		{100 << 20, 2 << 30, 256}, // a small machine
		{1 << 30, 100 << 20, 100}, // and one that is short
		{1 << 30, 0, 100},
	} {
		if got := percent(test.live, test.available); got != test.want {
			t.Errorf("%d MB in use, %d MB available: %d, want %d", test.live>>20, test.available>>20, got, test.want)
		}
	}
}

func TestWorth(t *testing.T) {
	for _, test := range []struct {
		now, want int
		worth     bool
	}{
		{100, 100, false}, {400, 400, false}, {200, 215, false}, {200, 185, false},
		{200, 230, true}, {200, 170, true}, {105, 100, true}, {395, 400, true},
	} {
		if got := worth(test.now, test.want); got != test.worth {
			t.Errorf("from %d to %d: %v", test.now, test.want, got)
		}
	}
}
