package report

import (
	"math"
	"strings"
)

// buckets is how many of them a histogram of the table has.
const buckets = 16

// histograms draws the samples of A and B in block characters, on one
// logarithmic axis from the least of both to the greatest, so that one below
// the other they show by how much one is behind. Each is as high as its own
// fullest bucket: the two may differ in number.
func histograms(a, b *Figure) [2]string {
	least, greatest := math.Inf(1), 0.0
	for _, f := range []*Figure{a, b} {
		for _, x := range f.positive() {
			least, greatest = min(least, x), max(greatest, x)
		}
	}
	return [2]string{a.histogram(least, greatest), b.histogram(least, greatest)}
}

// positive returns the samples that have a place on a logarithmic axis: one of
// zero is below what the clock can tell.
func (f *Figure) positive() []float64 {
	if f == nil {
		return nil
	}
	var list []float64
	for _, x := range f.Samples {
		if x > 0 {
			list = append(list, x)
		}
	}
	return list
}

func (f *Figure) histogram(least, greatest float64) string {
	var counts [buckets]int
	most := 0
	for _, x := range f.positive() {
		i := 0
		if greatest > least {
			i = min(int(buckets*math.Log(x/least)/math.Log(greatest/least)), buckets-1)
		}
		counts[i]++
		most = max(most, counts[i])
	}
	var s strings.Builder
	blocks := []rune("▁▂▃▄▅▆▇█")
	for _, n := range counts {
		if n == 0 {
			s.WriteByte(' ')
			continue
		}
		// Rounded up: a single slow answer among hundreds is what one looks for.
		s.WriteRune(blocks[(n*len(blocks)+most-1)/most-1])
	}
	return s.String()
}
