package report

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/internal/hint"
)

// measured is a report of many metrics with so many runs, whose A takes factor
// times as long as it should. Runs of A and B are slow together, as on a
// machine with something else to do; drift is how slow this machine is.
func measured(seed uint64, runs int, factor, drift float64, alone bool) *Report {
	r := rand.New(rand.NewPCG(seed, seed))
	report := fixed()
	report.Runs, report.Metrics = runs, nil
	if alone {
		report.B = nil
	}
	for _, name := range []string{"hover", "definition", "completion", "references", "rename", "format", "symbols", "hints"} {
		var a, b []float64
		var rounds []int
		for round := range runs {
			load := drift * math.Exp(0.2*r.NormFloat64())
			if alone {
				load = drift
			}
			for range 20 {
				a = append(a, 0.005*factor*load*math.Exp(0.05*r.NormFloat64()))
				b = append(b, 0.02*load*math.Exp(0.05*r.NormFloat64()))
				rounds = append(rounds, round)
			}
		}
		m := metric("steady", name, Seconds, NewFigure(a, rounds), NewFigure(b, rounds))
		if alone {
			m.B, m.Ratio = nil, nil
		}
		report.Metrics = append(report.Metrics, m)
	}
	return report
}

// verdicts counts them.
func verdicts(t *testing.T, old, now *Report) map[Is]int {
	t.Helper()
	g, err := Compare(old, now)
	if err != nil {
		t.Fatal(err)
	}
	counts := make(map[Is]int)
	for _, v := range g.Verdicts {
		counts[v.Is]++
	}
	if counts[Regression] != g.Regressions() {
		t.Errorf("%d regressions are counted, there are %d", g.Regressions(), counts[Regression])
	}
	return counts
}

func TestGate(t *testing.T) {
	for _, test := range []struct {
		name          string
		factor, drift float64
		alone         bool
		want          map[Is]int
	}{
		{"the same", 1, 1, false, map[Is]int{Unchanged: 16}},
		{"the same alone", 1, 1, true, map[Is]int{Unchanged: 16}},
		{"the same on a slow day", 1, 1.5, false, map[Is]int{Unchanged: 16}},
		{"slower", 1.2, 1, false, map[Is]int{Regression: 16}},
		{"slower alone", 1.2, 1, true, map[Is]int{Regression: 16}},
		{"slower on a fast day", 1.2, 0.7, false, map[Is]int{Regression: 16}},
		{"faster", 1 / 1.2, 1, false, map[Is]int{Faster: 16}},
		{"significantly slower, but by less than the threshold", 1.04, 1, true, map[Is]int{Unchanged: 16}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for seed := range uint64(3) {
				got := verdicts(t, measured(seed, 10, 1, 1, test.alone), measured(100+seed, 10, test.factor, test.drift, test.alone))
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("seed %d (-want +got):\n%s", seed, diff)
				}
			}
		})
	}
}

// TestGateFalseAlarms compares many reports in which nothing changed, with more
// noise than threshold: rarely may one of the many metrics of a report be said
// to be slower.
func TestGateFalseAlarms(t *testing.T) {
	const pairs = 60
	alarms := 0
	for i := range uint64(pairs) {
		old, now := noisy(i), noisy(1000+i)
		if verdicts(t, old, now)[Regression] > 0 {
			alarms++
		}
	}
	// Alpha is one in 20, and half of that for either direction.
	if alarms > pairs/10 {
		t.Errorf("%d false alarms in %d comparisons", alarms, pairs)
	}
}

// noisy differs from run to run by a quarter.
func noisy(seed uint64) *Report {
	r := rand.New(rand.NewPCG(seed, 3))
	report := alone()
	report.Runs, report.Metrics = 10, nil
	for _, name := range strings.Fields("a b c d e f g h i j k l") {
		var samples []float64
		var rounds []int
		for round := range report.Runs {
			samples, rounds = append(samples, math.Exp(0.25*r.NormFloat64())), append(rounds, round)
		}
		report.Metrics = append(report.Metrics, metric("steady", name, Seconds, NewFigure(samples, rounds), nil))
	}
	return report
}

func TestGateNewAndGone(t *testing.T) {
	old, now := measured(1, 10, 1, 1, false), measured(2, 10, 1, 1, false)
	old.Metrics[0].Name, now.Metrics[1].Unit = "gone", Requests
	g, err := Compare(old, now)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]Is)
	for _, v := range g.Verdicts {
		got[v.Name+" "+v.Stat] = v.Is
	}
	for name, want := range map[string]Is{"hover p50": New, "hover p95": New, "gone p50": Gone, "gone p95": Gone, "completion p95": Unchanged, "definition p50": ""} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}

// A metric with too few runs is said to have them, and does not weaken the rest.
func TestGateFewOfOne(t *testing.T) {
	old, now := measured(1, 8, 1, 1, false), measured(2, 8, 1.3, 1, false)
	for _, r := range []*Report{old, now} {
		few := metric("cold", "first hover", Seconds, figure(3, 2, 3, 1), figure(4, 2, 3, 1))
		r.Metrics = append(r.Metrics, few)
	}
	g, err := Compare(old, now)
	if err != nil {
		t.Fatal(err)
	}
	last := g.Verdicts[len(g.Verdicts)-1]
	if last.Is != Inconclusive || last.Why != "3 runs against 3 are too few" || last.Stat != "p50" || g.Regressions() != 16 {
		t.Errorf("%d regressions, and %+v", g.Regressions(), last)
	}
}

func TestGateTooFewRuns(t *testing.T) {
	for _, test := range []struct {
		old, now  int
		err, hint string
	}{
		{3, 10, "", ""}, // 2/C(13,3) is 0.007, and there are 16 tests: 0.003
		{10, 3, "", ""},
		{10, 4, "", ""},
		{20, 20, "", ""},
		{7, 7, "", ""},
	} {
		if test.old*test.now <= 30 {
			test.err = "are too few for any of 16 metrics to be significant"
			test.hint = "write --runs="
		}
		old, now := measured(1, test.old, 1, 1, false), measured(2, test.now, 1, 1, false)
		_, err := Compare(old, now)
		before := Ready(old, &Report{Module: now.Module, Runs: now.Runs, Machine: now.Machine, A: now.A, B: &Server{Command: now.B.Command}})
		for _, err := range []error{err, before} {
			if (err == nil) != (test.err == "") {
				t.Errorf("%d against %d: %v", test.now, test.old, err)
			} else if err != nil && (!strings.Contains(err.Error(), test.err) || !strings.HasPrefix(hint.Of(err), test.hint)) {
				t.Errorf("%d against %d: %v (%s), want %q (%s)", test.now, test.old, err, hint.Of(err), test.err, test.hint)
			}
		}
	}
	// What the hint says is enough, and one less is not.
	old := measured(1, 3, 1, 1, false)
	err := Ready(old, measured(2, 3, 1, 1, false))
	if got, want := hint.Of(err), "write --runs=14 or more"; got != want {
		t.Fatalf("hint %q, want %q", got, want)
	}
	if err := Ready(old, measured(2, 14, 1, 1, false)); err != nil {
		t.Error(err)
	}
	if err := Ready(old, measured(2, 13, 1, 1, false)); err == nil {
		t.Error("13 are said to be enough")
	}
	// One earlier run is never enough.
	err = Ready(measured(1, 1, 1, 1, false), measured(2, 50, 1, 1, false))
	if got, want := hint.Of(err), "measure both, also the earlier one, with --runs=6 or more"; got != want {
		t.Errorf("hint %q, want %q", got, want)
	}
}

func TestGateMachines(t *testing.T) {
	for _, alone := range []bool{true, false} {
		old, now := measured(1, 10, 1, 1, alone), measured(2, 10, 1, 2, alone)
		now.Machine.CPU = "Slow CPU"
		g, err := Compare(old, now)
		if ready := Ready(old, now); (ready == nil) != (err == nil) {
			t.Errorf("ready: %v, compared: %v", ready, err)
		}
		if alone {
			if err == nil || !strings.HasPrefix(err.Error(), "the reports are of two machines, linux/amd64, 2 CPUs (Example CPU @ 2 GHz)") {
				t.Errorf("%v; want that the machines differ", err)
			}
		} else if err != nil || len(g.Notes) != 1 || !strings.HasPrefix(g.Notes[0], "the machines differ: ") {
			t.Errorf("%v, %+v", err, g)
		}
	}
	// Before it is measured, B is known by its command alone.
	next := &Report{Runs: 10, Machine: Machine{CPU: "Slow CPU"}, B: &Server{Command: []string{"/elsewhere/gopls"}}}
	if err := Ready(measured(1, 10, 1, 1, false), next); err != nil {
		t.Error(err)
	}
	next.B.Command = []string{"gopls", "-remote=auto"}
	if err := Ready(measured(1, 10, 1, 1, false), next); err == nil {
		t.Error("another command is said to be the same B")
	}
	// Another B is none in common, and another module is other work.
	old, now := measured(1, 10, 1, 1, false), measured(2, 10, 1, 1, false)
	now.B.Version = "v0.24.0"
	if g, err := Compare(old, now); err != nil || g.Ratios {
		t.Errorf("%v, %+v", err, g)
	}
	now.Seed, now.Files = 8, nil
	if g, err := Compare(old, now); err != nil || len(g.Notes) != 2 {
		t.Errorf("%v, %+v", err, g)
	}
	now.Module = "example.com/other"
	if _, err := Compare(old, now); err == nil || !strings.Contains(err.Error(), "two modules") {
		t.Errorf("%v; want that the modules differ", err)
	}
}

func TestHolm(t *testing.T) {
	var vs []Verdict
	var tests []test
	for _, p := range []float64{0.04, 0.001, 0.03, 0.9} {
		vs = append(vs, Verdict{P: p})
		tests = append(tests, test{old: make([]float64, 20), now: make([]float64, 20)})
	}
	holm(vs, tests)
	for i, want := range []float64{0.09, 0.004, 0.09, 0.9} {
		if got := vs[i].P; math.Abs(got-want) > 1e-12 {
			t.Errorf("%d: %v, want %v", i, got, want)
		}
	}
}

func TestLeastP(t *testing.T) {
	for _, test := range []struct {
		n, m int
		want float64
	}{{1, 1, 1}, {3, 3, 0.1}, {5, 5, 2.0 / 252}, {7, 7, 2.0 / 3432}, {0, 5, 1}, {2, 4, 2.0 / 15}} {
		if got := leastP(test.n, test.m); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%d and %d: %v, want %v", test.n, test.m, got, test.want)
		}
	}
}

func TestGateTable(t *testing.T) {
	old, now := measured(1, 10, 1, 1, false), measured(2, 10, 1.2, 1, false)
	old.Metrics = append(old.Metrics, metric("memory", "resident memory", Bytes, figure(1, 3e8, 10, 1), figure(2, 3e8, 10, 1)))
	now.Seed = 9
	g, err := Compare(old, now)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := g.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "gate.txt", b.String())
}
