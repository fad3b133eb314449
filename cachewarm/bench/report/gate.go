package report

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/aclements/go-moremath/stats"

	"github.com/gohearth/hearth/internal/hint"
)

// A change is a regression if it is both significant and above a threshold.
const (
	// Alpha is the chance that of many metrics that did not change one is called
	// a regression or faster.
	Alpha = 0.05

	// Threshold is the least change that counts. It needs no option: noise is
	// what the significance is for, and a smaller change nobody notices.
	Threshold = 0.10
)

// Is says how a metric compares with its earlier self.
type Is string

// The verdicts, from the worst.
const (
	Regression   Is = "regression"   // significantly slower or larger, by more than the threshold
	Inconclusive Is = "inconclusive" // it may have changed by more than the threshold, or not
	Gone         Is = "gone"         // it was measured then, and is not now
	New          Is = "new"          // the other way round
	Faster       Is = "faster"       // significantly faster or smaller, by more than the threshold
	Unchanged    Is = "unchanged"    // within the threshold
)

// Verdict is on one statistic of one metric.
type Verdict struct {
	Scenario, Name string
	Stat           string // "p50" or "p95" of a run
	Unit           string // that of Old and New: of the metric, or "" if they are ratios

	// Old and New are the medians over the runs; of a metric that is gone or new
	// one is 0, and the rest without meaning.
	Old, New  float64
	Change    float64 // New / Old - 1
	Low, High float64 // where the change is with 95 % confidence
	P         float64 // that it is chance, corrected for the number of tests; 1 for want of runs
	Is        Is
	Why       string // of an inconclusive one, if there is more to say; else ""
}

// Gate is a comparison of a report with an earlier one.
type Gate struct {
	// Ratios says that both have the same B, so that A/B is compared: what makes
	// the machine slow today makes both slow.
	Ratios   bool
	Notes    []string // what the reports differ in apart from the figures
	Verdicts []Verdict
}

// Regressions returns how many there are.
func (g *Gate) Regressions() int {
	n := 0
	for _, v := range g.Verdicts {
		if v.Is == Regression {
			n++
		}
	}
	return n
}

// Compare judges a report by an earlier one.
//
// The samples of one run have much in common, so a run counts once, with its p50
// and its p95. The runs are compared by the Mann-Whitney U-test, which assumes no
// distribution, with Holm's correction for the number of tests. It is the test
// of golang.org/x/perf/benchmath, taken from the module that has it: benchmath
// would raise golang.org/x/tools, and with it what every analyzer finds.
//
// The error says why the two can't be compared, or that there are too few runs
// for anything to be significant.
func Compare(old, now *Report) (*Gate, error) {
	g := &Gate{Ratios: sameServer(old.B, now.B)}
	if err := g.comparable(old, now); err != nil {
		return nil, err
	}
	tests := g.tests(old, now)
	if err := enough(tests, old.Runs, now.Runs); err != nil {
		return nil, err
	}
	for _, t := range tests {
		g.Verdicts = append(g.Verdicts, t.measure(g.Ratios))
	}
	holm(g.Verdicts, tests)
	for i := range g.Verdicts {
		g.Verdicts[i].judge()
	}
	return g, nil
}

// Ready finds out before anything is measured what would keep a new report of
// so many runs from being compared with the old one. The new one has its
// machine, runs and commands, and nothing that comes of measuring.
func Ready(old, now *Report) error {
	next := *now
	if old.B != nil && now.B != nil {
		// What it is, a server says when it is started.
		next.B = &Server{Command: now.B.Command, Name: old.B.Name, Version: old.B.Version}
	}
	g := &Gate{Ratios: sameServer(old.B, next.B)}
	if err := g.comparable(old, &next); err != nil {
		return err
	}
	// What was done once in a run, or not in every one, will be so again.
	tests := g.tests(old, old)
	for i := range tests {
		if n := len(tests[i].old); n == old.Runs {
			tests[i].now = make([]float64, now.Runs)
		}
	}
	return enough(tests, old.Runs, now.Runs)
}

// sameServer reports whether two reports measured one server. Its folder may
// differ: the version says what it is.
func sameServer(a, b *Server) bool {
	if a == nil || b == nil || len(a.Command) == 0 || len(b.Command) == 0 {
		return false
	}
	return filepath.Base(a.Command[0]) == filepath.Base(b.Command[0]) && slices.Equal(a.Command[1:], b.Command[1:]) &&
		a.Name == b.Name && a.Version == b.Version
}

// comparable notes what two reports differ in, and refuses what makes their
// figures those of two things.
func (g *Gate) comparable(old, now *Report) error {
	if old.Module != "" && now.Module != "" && old.Module != now.Module {
		return hint.Add(fmt.Errorf("the reports are of two modules, %q and %q", old.Module, now.Module), "compare with a report of the same module")
	}
	a, b := old.Machine, now.Machine
	if a.CPU != b.CPU || a.GOOS != b.GOOS || a.GOARCH != b.GOARCH || a.CPUs != b.CPUs {
		if !g.Ratios {
			return hint.Add(fmt.Errorf("the reports are of two machines, %s and %s, and have no server B in common", a, b),
				"measure the earlier one again here, or both against the same B")
		}
		g.Notes = append(g.Notes, fmt.Sprintf("the machines differ: %s, was %s", b, a))
	}
	// None yet: see Ready.
	if old.Seed != now.Seed && now.Metrics != nil {
		g.Notes = append(g.Notes, fmt.Sprintf("the positions differ: seed %d, was %d", now.Seed, old.Seed))
	}
	if now.Metrics != nil && !slices.Equal(old.Files, now.Files) {
		g.Notes = append(g.Notes, fmt.Sprintf("the files differ: %s, were %s", some(now.Files), some(old.Files)))
	}
	return nil
}

// measure compares without judging.
func (t test) measure(ratios bool) Verdict {
	v := Verdict{Scenario: t.Scenario, Name: t.Name, Stat: t.stat, Unit: t.Unit, P: 1}
	if ratios {
		v.Unit = ""
	}
	switch {
	case len(t.old) == 0 && len(t.now) == 0:
		v.Is, v.Why = Inconclusive, "no run has both A and B"
		return v
	case len(t.old) == 0:
		v.Is, v.New = New, median(t.now)
		return v
	case len(t.now) == 0:
		v.Is, v.Old = Gone, median(t.old)
		return v
	}
	v.Old, v.New = median(t.old), median(t.now)
	v.Change = v.New/v.Old - 1
	v.Low, v.High = interval(t.old, t.now)
	if u, err := stats.MannWhitneyUTest(t.old, t.now, stats.LocationDiffers); err == nil {
		v.P = u.P // an error: all values are equal
	}
	return v
}

// judge decides what is not decided yet.
func (v *Verdict) judge() {
	const less = 1/(1+Threshold) - 1 // as much the other way
	switch {
	case v.Is != "":
	case v.P < Alpha && v.Change > Threshold:
		v.Is = Regression
	case v.P < Alpha && v.Change < less:
		v.Is = Faster
	case v.High > Threshold || v.Low < less || math.IsNaN(v.Change):
		v.Is = Inconclusive
	default:
		v.Is = Unchanged
	}
}
