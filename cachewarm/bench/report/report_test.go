package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFigure(t *testing.T) {
	want := &Figure{P50: 2, P90: 3, P95: 3, P99: 3, Max: 3, N: 3, Samples: []float64{3, 1, 2}, Rounds: []int{0, 0, 1}}
	if diff := cmp.Diff(want, NewFigure([]float64{3, 1, 2}, []int{0, 0, 1})); diff != "" {
		t.Errorf("figure (-want +got):\n%s", diff)
	}
	if f := NewFigure(nil, nil); f != nil {
		t.Errorf("of nothing: %+v", f)
	}
	if diff := cmp.Diff(&Summary{P50: 2, P95: 3, N: 3}, NewSummary([]float64{3, 1, 2})); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if s := NewSummary(nil); s != nil {
		t.Errorf("of nothing: %+v", s)
	}
}

func TestRatio(t *testing.T) {
	a, b := &Figure{P50: 2, P95: 4}, &Figure{P50: 3, P95: 1}
	if diff := cmp.Diff(&Ratio{P50: 1.5, P95: 0.25}, NewRatio(a, b)); diff != "" {
		t.Errorf("ratio (-want +got):\n%s", diff)
	}
	for _, pair := range [][2]*Figure{{nil, b}, {a, nil}, {{}, b}} {
		if r := NewRatio(pair[0], pair[1]); r != nil {
			t.Errorf("of %v and %v: %v", pair[0], pair[1], r)
		}
	}
}

func TestTable(t *testing.T) {
	a := NewFigure([]float64{0.00123, 0.0123, 0.123, 1.23}, []int{0, 0, 1, 1})
	b := NewFigure([]float64{0.00246}, []int{0})
	report := &Report{
		Dir: "/w", Seed: 7, Runs: 4,
		Machine: Machine{GOOS: "linux", GOARCH: "amd64", CPUs: 2},
		A:       Server{Command: []string{"hearth", "lsp"}},
		B:       &Server{Command: []string{"gopls"}},
		Metrics: []Metric{
			{Scenario: "steady", Name: "hover", Unit: "seconds", A: a, B: b, Ratio: NewRatio(a, b)},
			{Scenario: "typing", Name: "cancelled", Unit: "requests", A: NewFigure([]float64{3}, []int{0})},
			{Scenario: "memory", Name: "after work", Unit: "bytes", A: NewFigure([]float64{123456789}, []int{0})},
		},
	}
	const both = `
/w
linux/amd64, 2 CPUs, 4 runs, seed 7
A: hearth lsp
B: gopls

  metric              n   A p50     p95     max  n   B p50     p95     max  B/A p50   p95
  steady: hover       4  12.3ms   1.23s   1.23s  1  2.46ms  2.46ms  2.46ms     0.20  0.00
  typing: cancelled   1       3       3       3  0       -       -       -        -     -
  memory: after work  1  123 MB  123 MB  123 MB  0       -       -       -        -     -
`
	const alone = `
/w
linux/amd64, 2 CPUs, 4 runs, seed 7
A: hearth lsp

  metric              n   A p50     p95     max
  steady: hover       4  12.3ms   1.23s   1.23s
  typing: cancelled   1       3       3       3
  memory: after work  1  123 MB  123 MB  123 MB
`
	for _, want := range []string{both, alone} {
		var got strings.Builder
		if err := report.WriteTable(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), got.String()); diff != "" {
			t.Errorf("table (-want +got):\n%s", diff)
		}
		report.B = nil
	}
}
