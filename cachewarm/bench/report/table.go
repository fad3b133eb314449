package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// WriteTable writes the report for a person, in less than 120 columns if the
// names of the metrics are no longer than 24.
func (r *Report) WriteTable(w io.Writer) error {
	var b strings.Builder
	for _, line := range append(r.head(), r.servers()...) {
		fmt.Fprintln(&b, line)
	}
	indent := len("scenario")
	for _, m := range r.Metrics {
		indent = max(indent, len(m.Name)+1, len(m.Scenario))
	}
	// Figures are aligned right, and so would be the names if they were not all
	// of one width.
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, cells ...string) {
		fmt.Fprintf(tw, "%-*s\t%s\t\n", indent, name, strings.Join(cells, "\t"))
	}
	columns := []string{"n", "p50", "p95", "p99", "max"}
	told := r.told()
	if told {
		columns = append(columns, "queue p95", "handler p95")
	}
	columns = append(columns, fmt.Sprintf("%-*s", buckets, "distribution"))
	if r.B != nil {
		columns = append([]string{""}, append(columns, "B/A p50", "p95")...)
	}
	for _, group := range r.scenarios() {
		row("", make([]string, len(columns))...) // an empty line would end the columns
		row(group[0].Scenario, columns...)
		for _, m := range group {
			shapes := histograms(m.A, m.B)
			a := append(m.A.cells(m.Unit, told), shapes[0])
			if r.B == nil {
				row(" "+m.Name, a...)
				continue
			}
			b := append(m.B.cells(m.Unit, told), shapes[1])
			row(" "+m.Name, append([]string{"A"}, append(a, m.Ratio.cells()...)...)...)
			row("", append([]string{"B"}, append(b, "", "")...)...)
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, trimRight(b.String()))
	return err
}

// trimRight removes the spaces at the ends of lines, which a terminal does not
// show and a copy of it would have.
func trimRight(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// head says what was measured and where, in two lines or three.
func (r *Report) head() []string {
	what := cmp.Or(r.Module, r.Dir)
	if r.Commit != "" {
		what += " at " + r.Commit[:min(len(r.Commit), 12)]
	}
	runs := "1 run"
	if r.Runs != 1 {
		runs = fmt.Sprintf("%d runs", r.Runs)
	}
	lines := []string{
		fmt.Sprintf("%s, %s, seed %d, %s", what, runs, r.Seed, r.Date.UTC().Format("2006-01-02 15:04 UTC")),
		r.Machine.String(),
	}
	if len(r.Files) > 0 {
		lines = append(lines, "files: "+some(r.Files))
	}
	return lines
}

func (r *Report) servers() []string {
	lines := []string{"A: " + r.A.String()}
	if r.B != nil {
		lines = append(lines, "B: "+r.B.String())
	}
	return lines
}

// some names as many of a list as fit into a line.
func some(list []string) string {
	const most = 100
	if len(list) == 0 {
		return "none"
	}
	s := list[0]
	for i, name := range list[1:] {
		if len(s)+len(name) > most {
			return fmt.Sprintf("%s, and %d more", s, len(list)-1-i)
		}
		s += ", " + name
	}
	return s
}

func (m Machine) String() string {
	s := fmt.Sprintf("%s/%s, %d CPUs", m.GOOS, m.GOARCH, m.CPUs)
	if m.CPU != "" {
		s += " (" + m.CPU + ")"
	}
	if m.Memory > 0 {
		s += fmt.Sprintf(", %.1f GB", float64(m.Memory)/1e9)
	}
	if m.Go != "" {
		s += ", " + m.Go
	}
	return s
}

func (s Server) String() string {
	line := strings.Join(s.Command, " ")
	if is := s.is(); is != "" {
		line += " (" + is + ")"
	}
	return line
}

// is says what the server calls itself.
func (s Server) is() string { return strings.TrimSpace(s.Name + " " + s.Version) }

// told reports whether a server tells of the parts of its time.
func (r *Report) told() bool {
	for _, m := range r.Metrics {
		for _, f := range []*Figure{m.A, m.B} {
			if f != nil && (f.Queue != nil || f.Handler != nil) {
				return true
			}
		}
	}
	return false
}

func (f *Figure) cells(unit string, told bool) []string {
	if f == nil {
		f = new(Figure)
	}
	cells := []string{fmt.Sprint(f.N)}
	for _, x := range []float64{f.P50, f.P95, f.P99, f.Max} {
		cells = append(cells, value(x, unit, f.N))
	}
	if told {
		for _, s := range []*Summary{f.Queue, f.Handler} {
			if s == nil {
				s = new(Summary)
			}
			cells = append(cells, value(s.P95, unit, s.N))
		}
	}
	return cells
}

func (r *Ratio) cells() []string {
	if r == nil {
		return []string{"-", "-"}
	}
	return []string{ratio(r.P50), ratio(r.P95)}
}

// ratio prints one with three digits, or two behind the point.
func ratio(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// value prints what was found in n samples, in a unit.
func value(x float64, unit string, n int) string {
	switch {
	case n == 0:
		return "-"
	case unit == Bytes:
		return fmt.Sprintf("%.0fMB", x/1e6)
	case unit == Requests:
		return fmt.Sprintf("%.0f", x)
	}
	return seconds(x)
}

// seconds prints a time with three digits or so.
func seconds(x float64) string {
	d := time.Duration(x * float64(time.Second))
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1fs", x)
	case d >= time.Second:
		return fmt.Sprintf("%.2fs", x)
	case d >= 100*time.Millisecond:
		return fmt.Sprintf("%.0fms", x*1e3)
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%.1fms", x*1e3)
	}
	return fmt.Sprintf("%.2fms", x*1e3)
}
