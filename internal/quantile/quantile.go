// Package quantile has the one kind of percentile that hearth prints.
package quantile

import "math"

// NearestRank returns the nearest-rank percentile of sorted samples, of which
// there must be one: the smallest that at least p percent of them do not exceed.
// It is a value that was really measured, where an interpolated one need not
// be; with fewer than 20 samples the 95th is the maximum.
func NearestRank[T any](sorted []T, p float64) T {
	rank := int(math.Ceil(p * float64(len(sorted)) / 100))
	return sorted[max(rank, 1)-1]
}
