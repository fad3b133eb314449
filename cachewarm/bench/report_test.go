package bench

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFigure(t *testing.T) {
	samples := []float64{3, 1, 2}
	if diff := cmp.Diff(&Figure{P50: 2, P95: 3, Max: 3, N: 3, Samples: []float64{3, 1, 2}}, newFigure(samples)); diff != "" {
		t.Errorf("figure (-want +got):\n%s", diff)
	}
	if f := newFigure(nil); f != nil {
		t.Errorf("of nothing: %+v", f)
	}
}

func TestRatio(t *testing.T) {
	a, b := &Figure{P50: 2, P95: 4}, &Figure{P50: 3, P95: 1}
	if diff := cmp.Diff(&Ratio{P50: 1.5, P95: 0.25}, newRatio(a, b)); diff != "" {
		t.Errorf("ratio (-want +got):\n%s", diff)
	}
	for _, pair := range [][2]*Figure{{nil, b}, {a, nil}, {{}, b}} {
		if r := newRatio(pair[0], pair[1]); r != nil {
			t.Errorf("of %v and %v: %v", pair[0], pair[1], r)
		}
	}
}

func TestTable(t *testing.T) {
	a := newFigure([]float64{0.00123, 0.0123, 0.123, 1.23})
	b := newFigure([]float64{0.00246})
	report := &Report{
		Target:   "/w/p.go:5:20: Println",
		Commands: Commands{A: []string{"hearth", "lsp"}, B: []string{"gopls"}},
		Runs:     4,
		Machine:  Machine{"linux", "amd64", 2},
		Metrics: []Metric{
			{Name: hover, Unit: "seconds", A: a, B: b, Ratio: newRatio(a, b)},
			{Name: memory, Unit: "bytes", A: newFigure([]float64{123456789})},
		},
	}
	const both = `
/w/p.go:5:20: Println
linux/amd64, 2 CPUs, 4 runs
A: hearth lsp
B: gopls

  metric           n   A p50     p95     max  n   B p50     p95     max  B/A p50   p95
  hover            4  12.3ms   1.23s   1.23s  1  2.46ms  2.46ms  2.46ms     0.20  0.00
  resident memory  1  123 MB  123 MB  123 MB  0       -       -       -        -     -
`
	const alone = `
/w/p.go:5:20: Println
linux/amd64, 2 CPUs, 4 runs
A: hearth lsp

  metric           n   A p50     p95     max
  hover            4  12.3ms   1.23s   1.23s
  resident memory  1  123 MB  123 MB  123 MB
`
	for _, want := range []string{both, alone} {
		var got strings.Builder
		if err := report.WriteTable(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), got.String()); diff != "" {
			t.Errorf("table (-want +got):\n%s", diff)
		}
		report.Commands.B = nil
	}
}
