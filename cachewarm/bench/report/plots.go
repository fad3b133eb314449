package report

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/gohearth/hearth/internal/plot"
)

// SVG returns one drawing of all metrics, fit to be put into a pull request: p50
// to p95 of A and of B, the ratios, and what was measured where.
func (r *Report) SVG() []byte {
	stack := plot.Stack{Title: "hearth bench lsp"}
	for _, unit := range []string{Seconds, Bytes} {
		if ranges := r.ranges(unit); len(ranges.Rows) > 0 {
			stack.Of = append(stack.Of, ranges)
		}
	}
	stack.Of = append(stack.Of, plot.Text(r.head()))
	return plot.SVG(stack)
}

// series names the sides in a legend.
func (r *Report) series() []string {
	names := []string{"A: " + short(r.A)}
	if r.B != nil {
		names = append(names, "B: "+short(*r.B))
	}
	return names
}

// short is a server's command without its folder, and what it says it is.
func short(s Server) string {
	s.Command = append([]string{filepath.Base(s.Command[0])}, s.Command[1:]...)
	return s.String()
}

func axis(unit string) plot.Axis {
	switch unit {
	case Bytes:
		return plot.Axis{Log: true, Format: plot.Bytes}
	case Requests:
		return plot.Axis{Format: plot.Count} // there may be none
	}
	return plot.Axis{Log: true, Format: plot.Seconds}
}

// ranges has the metrics of a unit, grouped by scenario.
func (r *Report) ranges(unit string) plot.Ranges {
	d := plot.Ranges{Title: unit + ", p50 to p95", X: axis(unit), Series: r.series()}
	if r.B != nil {
		d.Notes = []string{"B/A p50", "p95"}
	}
	for _, group := range r.scenarios() {
		heading := false
		for _, m := range group {
			if m.Unit != unit {
				continue
			}
			if !heading {
				d.Rows = append(d.Rows, plot.Row{Name: m.Scenario})
				heading = true
			}
			row := plot.Row{Name: m.Name, Ranges: []plot.Range{m.A.span()}}
			if r.B != nil {
				row.Ranges = append(row.Ranges, m.B.span())
				row.Notes = m.Ratio.cells()
			}
			d.Rows = append(d.Rows, row)
		}
	}
	return d
}

func (f *Figure) span() plot.Range {
	if f == nil {
		return plot.Range{}
	}
	return plot.Range{From: f.P50, To: f.P95}
}

// distribution draws which part of the samples of a metric was as fast as that,
// or as small, with p50 and p95 marked.
func (r *Report) distribution(m Metric) plot.Lines {
	d := plot.Lines{
		Title: m.Scenario + ": " + m.Name, X: axis(m.Unit), Height: 240,
		Y: plot.Axis{Ticks: []float64{0, 0.5, 0.95, 1}, Format: func(x float64) string {
			return map[float64]string{0: "0", 0.5: "p50", 0.95: "p95", 1: ""}[x]
		}},
	}
	names := r.series()
	for i, f := range []*Figure{m.A, m.B}[:len(names)] {
		line := plot.Line{Name: names[i][:1] + ": none", Step: true} // also where there is no sample, for the colours
		if f != nil {
			line.Name = fmt.Sprintf("%s: n %d, p50 %s, p95 %s", names[i][:1], f.N, value(f.P50, m.Unit, f.N), value(f.P95, m.Unit, f.N))
			sorted := slices.Sorted(slices.Values(f.Samples))
			line.Points = []plot.Point{{X: sorted[0]}}
			for i, x := range sorted {
				line.Points = append(line.Points, plot.Point{X: x, Y: float64(i+1) / float64(len(sorted))})
			}
			line.Marks = []plot.Point{
				{X: f.P50, Y: 0.5, Name: "p50 " + value(f.P50, m.Unit, f.N)},
				{X: f.P95, Y: 0.95, Name: "p95 " + value(f.P95, m.Unit, f.N)},
			}
		}
		d.Lines = append(d.Lines, line)
	}
	return d
}

// timeline draws the starts of a scenario; ok is false if there is none.
func (r *Report) timeline(scenario string) (d plot.Lanes, ok bool) {
	d = plot.Lanes{
		Title: "Timeline of a start, " + scenario,
		X:     plot.Axis{Label: "since the start of the process", Format: plot.Seconds},
	}
	names := r.series()
	for i, side := range []string{"A", "B"}[:len(names)] {
		lane := plot.Lane{Name: names[i]}
		for _, s := range r.Starts {
			if s.Scenario != scenario || s.Side != side {
				continue
			}
			ok = true
			for _, e := range s.Events {
				lane.Events = append(lane.Events, plot.Event(e))
			}
		}
		d.Lanes = append(d.Lanes, lane)
	}
	return d, ok
}
