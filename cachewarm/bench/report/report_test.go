package report

import (
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// figure has n samples about mid in each of so many runs.
func figure(seed uint64, mid float64, runs, n int) *Figure {
	r := rand.New(rand.NewPCG(seed, seed))
	var samples []float64
	var rounds []int
	for round := range runs {
		drift := math.Exp(0.05 * r.NormFloat64()) // what the runs differ in
		for range n {
			samples = append(samples, mid*drift*math.Exp(0.3*r.NormFloat64()))
			rounds = append(rounds, round)
		}
	}
	return NewFigure(samples, rounds)
}

func metric(scenario, name, unit string, a, b *Figure) Metric {
	return Metric{Scenario: scenario, Name: name, Unit: unit, A: a, B: b, Ratio: NewRatio(a, b)}
}

// fixed is a report of everything that a report may have.
func fixed() *Report {
	hover := metric("steady", "hover", Seconds, figure(1, 0.0005, 8, 40), figure(2, 0.02, 8, 40))
	hover.A.Queue, hover.A.Handler = NewSummary([]float64{0.0001}), NewSummary([]float64{0.0003, 0.0004})
	return &Report{
		Schema: Schema, Date: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC),
		Dir: "/src/hertz", Module: "example.com/hertz", Commit: "0123456789abcdef0123", Seed: 7,
		Files: []string{"pkg/app/server.go", "pkg/<app>/context.go"}, Runs: 8,
		Repeat:  `hearth bench lsp --seed=7 --runs=8 --b "gopls -rpc.trace"`,
		Machine: Machine{GOOS: "linux", GOARCH: "amd64", CPUs: 2, CPU: "Example CPU @ 2 GHz", Memory: 8e9, Go: "go1.26.8"},
		A:       Server{Command: []string{"/bin/hearth", "lsp"}, Name: "gopls", Version: "v0.23.0+hearth"},
		B:       &Server{Command: []string{"/bin/gopls"}, Name: "gopls", Version: "v0.23.0"},
		Metrics: []Metric{
			metric("warm", "first hover", Seconds, figure(3, 0.035, 8, 1), figure(4, 1.2, 8, 1)),
			hover,
			metric("steady", "workspace symbols", Seconds, figure(5, 0.004, 8, 10), nil),
			metric("edit", "diagnostics", Seconds, figure(6, 0.9, 8, 5), figure(7, 1, 8, 5)),
			metric("memory", "resident memory", Bytes, figure(8, 300e6, 8, 1), figure(9, 250e6, 8, 1)),
		},
		Starts: []Start{
			{"warm", "A", []Event{{"initialize", 0, 0.012}, {"first hover", 0.012, 0.035}, {"first diagnostics", 0.05, 0.05}}},
			{"warm", "B", []Event{{"initialize", 0, 0.11}, {"first hover", 0.11, 1.2}, {"first diagnostics", 1.9, 1.9}}},
		},
	}
}

// alone is the same without B.
func alone() *Report {
	r := fixed()
	r.B, r.Starts = nil, r.Starts[:1]
	for i := range r.Metrics {
		r.Metrics[i].B, r.Metrics[i].Ratio = nil, nil
	}
	r.Metrics[1].A.Queue, r.Metrics[1].A.Handler = nil, nil
	return r
}

// golden compares with a file in testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s\nto update: go test ./cachewarm/bench/report -update", file, diff)
	}
}

func TestTable(t *testing.T) {
	for name, r := range map[string]*Report{"both.txt": fixed(), "alone.txt": alone()} {
		var b strings.Builder
		if err := r.WriteTable(&b); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.String())
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(line)); n > 120 {
				t.Errorf("%s: %d columns: %s", name, n, line)
			}
		}
	}
}

func TestHTML(t *testing.T) {
	r := fixed()
	g, err := Compare(r, r)
	if err != nil {
		t.Fatal(err)
	}
	for name, gate := range map[string]*Gate{"report.html": nil, "gate.html": g} {
		var b strings.Builder
		if err := r.WriteHTML(&b, gate); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.String())
		for _, bad := range []string{"<script", " src=", " href=", "url(", "@import", "ZgotmplZ", "<app>"} {
			if strings.Contains(b.String(), bad) {
				t.Errorf("%s has %q", name, bad)
			}
		}
	}
}

func TestSVG(t *testing.T) {
	golden(t, "both.svg", string(fixed().SVG()))
	golden(t, "alone.svg", string(alone().SVG()))
}

func TestFigure(t *testing.T) {
	var upTo []float64
	for i := range 1000 {
		upTo = append(upTo, float64(i+1)/1000)
	}
	for _, test := range []struct {
		name    string
		samples []float64
		want    Figure
	}{
		{"few", []float64{3, 1, 2}, Figure{P50: 2, P90: 3, P95: 3, P99: 3, Max: 3}},
		{"many", upTo, Figure{P50: 0.5, P90: 0.9, P95: 0.95, P99: 0.99, Max: 1}},
		{"one", []float64{0.25}, Figure{P50: 0.25, P90: 0.25, P95: 0.25, P99: 0.25, Max: 0.25}},
		{"none took any time", []float64{0, 0}, Figure{}},
		{"hours", []float64{7200, 1e-7}, Figure{P50: 1e-7, P90: 7200, P95: 7200, P99: 7200, Max: 7200}},
		{"bytes", []float64{5e9, 2e12, 4e8}, Figure{P50: 5e9, P90: 2e12, P95: 2e12, P99: 2e12, Max: 2e12}},
	} {
		got := NewFigure(test.samples, make([]int, len(test.samples)))
		if got.N != len(test.samples) || !cmp.Equal(got.Samples, test.samples) || len(got.Rounds) != got.N {
			t.Errorf("%s: %+v", test.name, got)
		}
		for _, pair := range [][2]float64{
			{got.P50, test.want.P50}, {got.P90, test.want.P90}, {got.P95, test.want.P95}, {got.P99, test.want.P99}, {got.Max, test.want.Max},
		} {
			if pair[0] < pair[1]*0.9999 || pair[0] > pair[1]*1.001 {
				t.Errorf("%s: %v, want %v", test.name, pair[0], pair[1])
			}
		}
	}
	if f := NewFigure(nil, nil); f != nil {
		t.Errorf("of nothing: %+v", f)
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

func TestHistogram(t *testing.T) {
	fig := func(samples ...float64) *Figure { return NewFigure(samples, make([]int, len(samples))) }
	for _, test := range []struct {
		a, b *Figure
		want [2]string
	}{
		{fig(1, 1, 1, 1, 1, 1, 1, 1, 256), nil, [2]string{"█              ▁", "                "}},
		{fig(1, 2), fig(4, 16), [2]string{"█   █           ", "        █      █"}},
		{fig(3), fig(3, 3), [2]string{"█               ", "█               "}},
		{fig(0, 0), nil, [2]string{"                ", "                "}},
	} {
		if got := histograms(test.a, test.b); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

func TestMachine(t *testing.T) {
	m := ThisMachine()
	if m.CPUs < 1 || m.GOOS == "" || !strings.HasPrefix(m.String(), m.GOOS+"/"+m.GOARCH) {
		t.Errorf("%+v", m)
	}
}
