package bench

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/gohearth/hearth/internal/quantile"
)

// The metrics, in the order of a report. The package comment says what they are.
const (
	initialize           = "initialize"
	firstHover           = "first hover"
	firstDefinition      = "first definition"
	firstCompletion      = "first completion"
	firstDiagnostics     = "first diagnostics"
	hover                = "hover"
	definition           = "definition"
	completion           = "completion"
	documentSymbols      = "document symbols"
	references           = "references"
	hoverAfterEdit       = "hover after edit"
	diagnosticsAfterEdit = "diagnostics after edit"
	shutdown             = "shutdown"
	memory               = "resident memory"
)

var metrics = []string{
	initialize, firstHover, firstDefinition, firstCompletion, firstDiagnostics,
	hover, definition, completion, documentSymbols, references,
	hoverAfterEdit, diagnosticsAfterEdit, shutdown, memory,
}

// samples are what was measured, by metric.
type samples map[string][]float64

func (s samples) add(more samples) {
	for metric, list := range more {
		s[metric] = append(s[metric], list...)
	}
}

// Report is what a benchmark found.
type Report struct {
	Dir      string   `json:"dir"`
	Target   string   `json:"target"` // where the editor was, as file:line:column: name
	Commands Commands `json:"commands"`
	Runs     int      `json:"runs"`
	Machine  Machine  `json:"machine"`
	Metrics  []Metric `json:"metrics"`
}

// Commands are the command lines of the servers.
type Commands struct {
	A []string `json:"a"`
	B []string `json:"b,omitempty"`
}

// Machine is where it was measured: elsewhere the figures differ.
type Machine struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	CPUs   int    `json:"cpus"`
}

// Metric compares the servers in one respect.
type Metric struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"` // "seconds" or "bytes"
	A     *Figure `json:"a,omitempty"`
	B     *Figure `json:"b,omitempty"`
	Ratio *Ratio  `json:"ratio,omitempty"` // if there are both
}

// Figure sums up the samples of one server.
type Figure struct {
	P50     float64   `json:"p50"`
	P95     float64   `json:"p95"`
	Max     float64   `json:"max"`
	N       int       `json:"n"`
	Samples []float64 `json:"samples"` // in the order in which they were taken
}

// Ratio is B / A: above 1, A is the faster or the smaller.
type Ratio struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
}

func newReport(opts *Options, sides []side) *Report {
	pos := opts.Target.Position
	r := &Report{
		Dir:      opts.Root,
		Target:   fmt.Sprintf("%s:%d:%d: %s", opts.Target.File, pos.Line+1, pos.Character+1, opts.Target.Name),
		Commands: Commands{A: opts.A.Args},
		Runs:     opts.Runs,
		Machine:  Machine{runtime.GOOS, runtime.GOARCH, runtime.NumCPU()},
	}
	if opts.B != nil {
		r.Commands.B = opts.B.Args
	}
	for _, name := range metrics {
		m := Metric{Name: name, Unit: "seconds", A: newFigure(sides[0].samples[name])}
		if name == memory {
			m.Unit = "bytes"
		}
		if len(sides) > 1 {
			m.B = newFigure(sides[1].samples[name])
		}
		if m.A == nil && m.B == nil {
			continue // the file has no place for it
		}
		m.Ratio = newRatio(m.A, m.B)
		r.Metrics = append(r.Metrics, m)
	}
	return r
}

func newFigure(samples []float64) *Figure {
	if len(samples) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(samples))
	return &Figure{
		P50: quantile.NearestRank(sorted, 50), P95: quantile.NearestRank(sorted, 95), Max: sorted[len(sorted)-1],
		N: len(samples), Samples: samples,
	}
}

// newRatio returns nil where there is nothing to compare or to divide by.
func newRatio(a, b *Figure) *Ratio {
	if a == nil || b == nil || a.P50 == 0 || a.P95 == 0 {
		return nil
	}
	return &Ratio{b.P50 / a.P50, b.P95 / a.P95}
}

// WriteTable writes the report for a person.
func (r *Report) WriteTable(w io.Writer) error {
	width := len("metric")
	for _, m := range r.Metrics {
		width = max(width, len(m.Name))
	}
	var head strings.Builder
	fmt.Fprintf(&head, "%s\n%s/%s, %d CPUs, %d runs\n", r.Target, r.Machine.GOOS, r.Machine.GOARCH, r.Machine.CPUs, r.Runs)
	fmt.Fprintf(&head, "A: %s\n", strings.Join(r.Commands.A, " "))
	if r.Commands.B != nil {
		fmt.Fprintf(&head, "B: %s\n", strings.Join(r.Commands.B, " "))
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
	if r.Commands.B != nil {
		columns = append(columns, "n", "B p50", "p95", "max", "B/A p50", "p95")
	}
	row("metric", columns...)
	for _, m := range r.Metrics {
		cells := m.A.cells(m.Unit)
		if r.Commands.B != nil {
			cells = append(cells, m.B.cells(m.Unit)...)
			cells = append(cells, m.Ratio.cells()...)
		}
		row(m.Name, cells...)
	}
	return tw.Flush()
}

func (f *Figure) cells(unit string) []string {
	if f == nil {
		return []string{"0", "-", "-", "-"}
	}
	cells := []string{fmt.Sprint(f.N)}
	for _, x := range []float64{f.P50, f.P95, f.Max} {
		if unit == "bytes" {
			cells = append(cells, fmt.Sprintf("%.0f MB", x/1e6))
		} else {
			cells = append(cells, seconds(x))
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
