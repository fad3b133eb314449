package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Sum counts the verdicts, in words.
func (g *Gate) Sum() string {
	var parts []string
	for _, is := range []Is{Regression, Inconclusive, Gone, New, Faster, Unchanged} {
		n := 0
		for _, v := range g.Verdicts {
			if v.Is == is {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s: %d", is, n))
		}
	}
	return strings.Join(parts, ", ")
}

// What says what the verdicts are of.
func (g *Gate) What() string {
	what := "A"
	if g.Ratios {
		what = "A/B, as both reports have the same B"
	}
	return fmt.Sprintf("%s: the median of the runs, then and now; a change of more than %.0f %% counts if it is significant", what, 100*Threshold)
}

// verdictColumns are the heads of what [Verdict.cells] returns.
var verdictColumns = []string{"", "then", "now", "change", "95 % interval", "p", "verdict"}

func (v Verdict) cells() []string {
	cells := []string{v.Stat, v.value(v.Old, v.Is == New), v.value(v.New, v.Is == Gone), "-", "-", "-", string(v.Is)}
	if v.Is != New && v.Is != Gone && v.Old > 0 {
		cells[3] = percent(v.Change)
		cells[4] = percent(v.Low) + " to " + percent(v.High)
		if cells[5] = fmt.Sprintf("%.3f", v.P); v.P < 0.001 {
			cells[5] = "<0.001"
		}
	}
	if v.Why != "" {
		cells[6] += ": " + v.Why
	}
	return cells
}

func (v Verdict) value(x float64, missing bool) string {
	switch {
	case missing:
		return "-"
	case v.Unit == "":
		return fmt.Sprintf("%.3g", x)
	}
	return value(x, v.Unit, 1)
}

func percent(x float64) string { return fmt.Sprintf("%+.1f%%", 100*x) }

// WriteTable writes the verdicts for a person.
func (g *Gate) WriteTable(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintln(&b, g.What())
	for _, note := range g.Notes {
		fmt.Fprintf(&b, "note: %s\n", note)
	}
	fmt.Fprintln(&b)
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(scenario, name string, cells []string) {
		fmt.Fprintf(tw, "%s\t%s\t%s\n", scenario, name, strings.Join(cells, "\t"))
	}
	row("scenario", "metric", verdictColumns)
	for _, v := range g.Verdicts {
		row(v.Scenario, v.Name, v.cells())
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(&b, "\n%s\n", g.Sum())
	if strings.Contains(g.Sum(), string(Inconclusive)) {
		fmt.Fprintln(&b, "what is inconclusive needs more runs, or a quieter machine")
	}
	_, err := io.WriteString(w, trimRight(b.String()))
	return err
}
