package growth

import "math"

// Fit returns the exponent k of the size^k that fits values best: the slope of
// the line of least squares through the logarithms. 0 is no growth, 1 growth by
// as much as the size. ok is false for fewer than two sizes, or where a value
// has no logarithm.
//
// A constant part of a value hides the growth of the rest as long as that is
// small: the exponent of the last two sizes alone shows it first.
func Fit(sizes, values []float64) (k float64, ok bool) {
	if len(sizes) != len(values) || len(sizes) < 2 {
		return 0, false
	}
	n := float64(len(sizes))
	var sumX, sumY, sumXX, sumXY float64
	for i := range sizes {
		if sizes[i] <= 0 || values[i] <= 0 {
			return 0, false
		}
		x, y := math.Log(sizes[i]), math.Log(values[i])
		sumX, sumY, sumXX, sumXY = sumX+x, sumY+y, sumXX+x*x, sumXY+x*y
	}
	spread := n*sumXX - sumX*sumX
	if spread <= 1e-9 { // one size many times
		return 0, false
	}
	return (n*sumXY - sumX*sumY) / spread, true
}
