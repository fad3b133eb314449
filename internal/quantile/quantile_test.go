package quantile

import "testing"

func TestNearestRank(t *testing.T) {
	upTo := func(n int) (list []float64) {
		for i := range n {
			list = append(list, float64(i+1))
		}
		return list
	}
	for _, test := range []struct {
		n       int
		p, want float64
	}{
		{1, 50, 1}, {1, 95, 1}, {2, 50, 1}, {3, 50, 2}, {10, 50, 5},
		{10, 95, 10}, {19, 95, 19}, {20, 95, 19}, {21, 95, 20}, {100, 95, 95}, {5, 0, 1}, {5, 100, 5},
	} {
		if got := NearestRank(upTo(test.n), test.p); got != test.want {
			t.Errorf("%v%% of 1..%d: %v, want %v", test.p, test.n, got, test.want)
		}
	}
}
