package report

import (
	"slices"

	"github.com/gohearth/hearth/internal/quantile"
)

// NewFigure sums up samples, each of which is of the run of the same index; nil
// if there are none.
func NewFigure(samples []float64, rounds []int) *Figure {
	if len(samples) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(samples))
	at := func(p float64) float64 { return quantile.NearestRank(sorted, p) }
	return &Figure{
		P50: at(50), P90: at(90), P95: at(95), P99: at(99), Max: sorted[len(sorted)-1],
		N: len(samples), Samples: samples, Rounds: rounds,
	}
}

// NewSummary sums up samples; nil if there are none.
func NewSummary(samples []float64) *Summary {
	if len(samples) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(samples))
	return &Summary{P50: quantile.NearestRank(sorted, 50), P95: quantile.NearestRank(sorted, 95), N: len(samples)}
}

// NewRatio returns nil where there is nothing to compare or to divide by.
func NewRatio(a, b *Figure) *Ratio {
	if a == nil || b == nil || a.P50 == 0 || a.P95 == 0 {
		return nil
	}
	return &Ratio{b.P50 / a.P50, b.P95 / a.P95}
}
