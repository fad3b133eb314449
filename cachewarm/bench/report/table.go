package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// WriteTable writes the report for a person.
func (r *Report) WriteTable(w io.Writer) error {
	width := len("metric")
	for _, m := range r.Metrics {
		width = max(width, len(m.label()))
	}
	var head strings.Builder
	fmt.Fprintf(&head, "%s\n%s/%s, %d CPUs, %d runs, seed %d\n", r.Dir, r.Machine.GOOS, r.Machine.GOARCH, r.Machine.CPUs, r.Runs, r.Seed)
	fmt.Fprintf(&head, "A: %s\n", strings.Join(r.A.Command, " "))
	if r.B != nil {
		fmt.Fprintf(&head, "B: %s\n", strings.Join(r.B.Command, " "))
	}
	if _, err := io.WriteString(w, head.String()+"\n"); err != nil {
		return err
	}
	// Figures are aligned right, and so would be the names if they were not all
	// of one width.
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, cells ...string) {
		fmt.Fprintf(tw, "%-*s\t%s\t\n", width, name, strings.Join(cells, "\t"))
	}
	columns := []string{"n", "A p50", "p95", "max"}
	if r.B != nil {
		columns = append(columns, "n", "B p50", "p95", "max", "B/A p50", "p95")
	}
	row("metric", columns...)
	for _, m := range r.Metrics {
		cells := m.A.cells(m.Unit)
		if r.B != nil {
			cells = append(cells, m.B.cells(m.Unit)...)
			cells = append(cells, m.Ratio.cells()...)
		}
		row(m.label(), cells...)
	}
	return tw.Flush()
}

func (m Metric) label() string { return m.Scenario + ": " + m.Name }

func (f *Figure) cells(unit string) []string {
	if f == nil {
		return []string{"0", "-", "-", "-"}
	}
	cells := []string{fmt.Sprint(f.N)}
	for _, x := range []float64{f.P50, f.P95, f.Max} {
		switch unit {
		case "bytes":
			cells = append(cells, fmt.Sprintf("%.0f MB", x/1e6))
		case "seconds":
			cells = append(cells, seconds(x))
		default:
			cells = append(cells, fmt.Sprint(x))
		}
	}
	return cells
}

func (r *Ratio) cells() []string {
	if r == nil {
		return []string{"-", "-"}
	}
	return []string{fmt.Sprintf("%.2f", r.P50), fmt.Sprintf("%.2f", r.P95)}
}

// seconds prints a time with three digits or so.
func seconds(x float64) string {
	d := time.Duration(x * float64(time.Second))
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.2fs", x)
	case d >= 100*time.Millisecond:
		return fmt.Sprintf("%.0fms", x*1e3)
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%.1fms", x*1e3)
	}
	return fmt.Sprintf("%.2fms", x*1e3)
}
