package plot

import (
	"fmt"
	"math"
	"strconv"
)

// Axis says how values become positions.
type Axis struct {
	Label  string
	Log    bool
	Format func(float64) string // of a tick; nil: three digits
	Ticks  []float64            // nil: they are chosen to fit the data; else these, from the least to the greatest
}

// Seconds formats a time for an axis.
func Seconds(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 0.9995e-3:
		return fmt.Sprintf("%.3g µs", x*1e6)
	case x < 0.9995:
		return fmt.Sprintf("%.3g ms", x*1e3)
	}
	return fmt.Sprintf("%.3g s", x)
}

// Bytes formats a size for an axis.
func Bytes(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 0.9995e6:
		return fmt.Sprintf("%.3g kB", x/1e3)
	case x < 0.9995e9:
		return fmt.Sprintf("%.3g MB", x/1e6)
	}
	return fmt.Sprintf("%.3g GB", x/1e9)
}

// Count formats a number of things for an axis.
func Count(x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func (a Axis) format(x float64) string {
	if a.Format == nil {
		return fmt.Sprintf("%.3g", x)
	}
	return a.Format(x)
}

// scale is an axis that knows its data and its place.
type scale struct {
	log      bool
	lo, hi   float64 // values
	from, to float64 // their positions
	ticks    []float64
}

// newScale finds the ends of an axis and its ticks. Of values that a
// logarithmic axis can't have, those of 0 or less, it takes no notice.
func newScale(a Axis, values []float64, from, to float64) scale {
	s := scale{log: a.Log, lo: math.Inf(1), hi: math.Inf(-1), from: from, to: to}
	if a.Ticks != nil {
		values = a.Ticks
	}
	for _, x := range values {
		if !math.IsInf(x, 0) && !math.IsNaN(x) && (x > 0 || !a.Log) {
			s.lo, s.hi = min(s.lo, x), max(s.hi, x)
		}
	}
	switch {
	case s.lo > s.hi: // no data
		s.lo, s.hi = 1, 10
	case a.Ticks != nil:
		s.ticks = a.Ticks
		return s
	}
	if a.Log {
		s.logTicks()
	} else {
		s.linearTicks()
	}
	return s
}

// at returns the position of a value. One outside of the axis is at its end.
func (s scale) at(x float64) float64 {
	x = min(max(x, s.lo), s.hi)
	part := (x - s.lo) / (s.hi - s.lo)
	if s.log {
		part = math.Log(x/s.lo) / math.Log(s.hi/s.lo)
	}
	return s.from + part*(s.to-s.from)
}

// logTicks puts the ends at 1, 2, or 5 times a power of ten, with ticks at all
// of these, or at the powers alone where there are too many.
func (s *scale) logTicks() {
	// A value that was computed may miss a tick by a bit.
	const below, above = 1 - 1e-9, 1 + 1e-9
	first := int(math.Floor(math.Log10(s.lo))) - 1
	last := int(math.Ceil(math.Log10(s.hi))) + 1
	var all []float64
	for k := first; k <= last; k++ {
		for _, m := range []float64{1, 2, 5} {
			all = append(all, m*math.Pow10(k))
		}
	}
	for len(all) > 2 && all[1] <= s.lo*above {
		all = all[1:]
	}
	for len(all) > 2 && all[len(all)-2] >= s.hi*below {
		all = all[:len(all)-1]
	}
	s.lo, s.hi = all[0], all[len(all)-1]
	const most = 9
	for _, x := range all {
		power := math.Pow10(int(math.Round(math.Log10(x))))
		if len(all) <= most || math.Abs(x/power-1) < 1e-9 {
			s.ticks = append(s.ticks, x)
		}
	}
}

// linearTicks puts ticks at multiples of 1, 2, or 5 times a power of ten, from
// zero on, since a bar that begins elsewhere deceives.
func (s *scale) linearTicks() {
	s.lo = min(s.lo, 0)
	s.hi = max(s.hi, 0)
	if s.lo == s.hi {
		s.hi = 1
	}
	const about = 5
	step := math.Pow10(int(math.Floor(math.Log10((s.hi - s.lo) / about))))
	for _, m := range []float64{1, 2, 5, 10} {
		if (s.hi-s.lo)/(m*step) <= about {
			step *= m
			break
		}
	}
	first, last := math.Floor(s.lo/step+1e-9), math.Ceil(s.hi/step-1e-9)
	s.lo, s.hi = first*step, last*step
	for i := first; i <= last; i++ {
		s.ticks = append(s.ticks, i*step)
	}
}
