package report

import (
	"maps"
	"slices"

	"github.com/gohearth/hearth/internal/quantile"
)

// key identifies a metric.
type key struct{ scenario, name string }

func (m Metric) key() key { return key{m.Scenario, m.Name} }

// test is a statistic of a metric: one value for each run.
type test struct {
	Metric
	stat     string
	old, now []float64
}

// tests pairs the metrics of two reports, those that are gone at the end.
func (g *Gate) tests(old, now *Report) []test {
	before := make(map[key]Metric)
	for _, m := range old.Metrics {
		before[m.key()] = m
	}
	var tests []test
	add := func(m, was, is Metric) {
		if m.Unit == Requests {
			return
		}
		stats := []string{"p50", "p95"}
		if was.single() && is.single() {
			stats = stats[:1] // of one sample they are the same
		}
		for i, stat := range stats {
			p := []float64{50, 95}[i]
			tests = append(tests, test{m, stat, g.perRun(was, p), g.perRun(is, p)})
		}
	}
	for _, m := range now.Metrics {
		add(m, before[m.key()], m)
		delete(before, m.key())
	}
	for _, m := range old.Metrics {
		if _, ok := before[m.key()]; ok {
			add(m, m, Metric{})
		}
	}
	return tests
}

// single reports whether no run has a second sample.
func (m Metric) single() bool { return m.A == nil || len(byRun(m.A)) == m.A.N }

func byRun(f *Figure) map[int][]float64 {
	runs := make(map[int][]float64)
	if f != nil {
		for i, x := range f.Samples {
			runs[f.Rounds[i]] = append(runs[f.Rounds[i]], x)
		}
	}
	return runs
}

// perRun returns a percentile of each run of A, or its ratio to that of B.
func (g *Gate) perRun(m Metric, p float64) []float64 {
	a, b := byRun(m.A), byRun(m.B)
	var list []float64
	for _, run := range slices.Sorted(maps.Keys(a)) {
		x := quantile.NearestRank(slices.Sorted(slices.Values(a[run])), p)
		if g.Ratios {
			if len(b[run]) == 0 {
				continue
			}
			y := quantile.NearestRank(slices.Sorted(slices.Values(b[run])), p)
			if y == 0 {
				continue
			}
			x /= y
		}
		list = append(list, x)
	}
	return list
}
