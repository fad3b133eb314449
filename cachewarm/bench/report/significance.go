package report

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/quantile"
)

// leastP is the least probability that the U-test can find for samples of
// these sizes: that of all of one being above all of the other, either way.
func leastP(n, m int) float64 {
	if n == 0 || m == 0 {
		return 1
	}
	ways := 1.0
	for i := 1; i <= m; i++ {
		ways *= float64(n+i) / float64(i)
	}
	return min(2/ways, 1)
}

// enough returns an error if none of the tests can find anything, however
// large: a gate that can't close is none.
func enough(tests []test, old, now int) error {
	family := 0
	for _, t := range tests {
		if len(t.old) > 0 && len(t.now) > 0 {
			family++
		}
	}
	if family == 0 {
		return hint.Add(errors.New("the reports have no metric in common"), "compare with a report of the same scenarios")
	}
	least := 1.0
	for _, t := range tests {
		least = min(least, leastP(len(t.old), len(t.now)))
	}
	alpha := Alpha / float64(family)
	if least <= alpha {
		return nil
	}
	which := "the metric"
	if family > 1 {
		which = fmt.Sprintf("any of %d metrics", family)
	}
	err := fmt.Errorf("%d runs against %d are too few for %s to be significant", now, old, which)
	const most = 100 // who waits for more
	for n := now + 1; n <= most; n++ {
		if leastP(old, n) <= alpha {
			return hint.Add(err, "write --runs=%d or more", n)
		}
	}
	both := 1
	for leastP(both, both) > alpha {
		both++
	}
	return hint.Add(err, "measure both, also the earlier one, with --runs=%d or more", both)
}

func median(list []float64) float64 {
	return quantile.NearestRank(slices.Sorted(slices.Values(list)), 50)
}

// interval returns where the change of the median is with 95 % confidence, by
// drawing the runs again and again. The seed is fixed: one pair of reports has
// one verdict.
func interval(old, now []float64) (low, high float64) {
	const draws = 2000
	r := rand.New(rand.NewPCG(1, 2))
	draw := func(list []float64) float64 {
		again := make([]float64, len(list))
		for i := range again {
			again[i] = list[r.IntN(len(list))]
		}
		return median(again)
	}
	changes := make([]float64, draws)
	for i := range changes {
		changes[i] = draw(now)/draw(old) - 1
	}
	slices.Sort(changes)
	return quantile.NearestRank(changes, 2.5), quantile.NearestRank(changes, 97.5)
}

// holm corrects the probabilities for the number of tests. Tests that could
// find nothing with their few runs are told so, and do not count: that is known
// without looking at their values.
func holm(verdicts []Verdict, tests []test) {
	family := 0
	for _, v := range verdicts {
		if v.Is == "" {
			family++
		}
	}
	var order []int
	for i := range verdicts {
		v := &verdicts[i]
		if v.Is != "" {
			continue
		}
		if n, m := len(tests[i].old), len(tests[i].now); leastP(n, m) > Alpha/float64(family) {
			v.Is, v.P, v.Why = Inconclusive, 1, fmt.Sprintf("%d runs against %d are too few", m, n)
			continue
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(verdicts[i].P, verdicts[j].P) })
	least := 0.0
	for rank, i := range order {
		least = max(least, min(verdicts[i].P*float64(len(order)-rank), 1))
		verdicts[i].P = least
	}
}
