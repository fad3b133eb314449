package bench

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/gohearth/hearth/cachewarm/bench/report"
	"github.com/gohearth/hearth/internal/lsp"
)

// side is one of the servers under test, with what was measured of it.
type side struct {
	name    string
	server  Server
	info    serverInfo
	samples map[metric][]float64
	rounds  map[metric][]int // the run that each sample is of
	starts  map[string][]*run
	queue   map[metric][]float64
	handler map[metric][]float64
}

func newSide(name string, server Server) *side {
	return &side{
		name: name, server: server,
		samples: make(map[metric][]float64), rounds: make(map[metric][]int), starts: make(map[string][]*run),
		queue: make(map[metric][]float64), handler: make(map[metric][]float64),
	}
}

// add takes what a run measured.
func (s *side) add(r *run, round int) {
	for m, list := range r.samples {
		s.samples[m] = append(s.samples[m], list...)
		s.rounds[m] = append(s.rounds[m], slices.Repeat([]int{round}, len(list))...)
	}
	if r.start.counts {
		s.starts[r.start.scenario] = append(s.starts[r.start.scenario], r)
	}
	s.info = r.info
}

func (s *side) figure(m metric) *report.Figure {
	f := report.NewFigure(s.samples[m], s.rounds[m])
	if f != nil {
		f.Queue, f.Handler = summary(s.queue[m]), summary(s.handler[m])
	}
	return f
}

func summary(samples []float64) *report.Summary { return report.NewSummary(samples) }

func (s *side) report() report.Server {
	return report.Server{Command: s.server.Args, Name: s.info.Name, Version: s.info.version()}
}

// median is the run in the middle, by the first hover.
func (s *side) median(scenario string) *run {
	runs := slices.Clone(s.starts[scenario])
	if len(runs) == 0 {
		return nil
	}
	hovered := func(r *run) float64 { return r.samples[metric{scenario, firstHover}][0] }
	slices.SortStableFunc(runs, func(a, b *run) int { return cmp.Compare(hovered(a), hovered(b)) })
	return runs[(len(runs)-1)/2]
}

// report sums up. What its caller alone knows is left out.
func (b *bench) report() *report.Report {
	r := &report.Report{Schema: 2, Date: time.Now(), Dir: b.Root, Seed: b.Seed, Runs: b.Runs, Machine: report.ThisMachine(), Starts: []report.Start{}}
	for _, d := range b.documents {
		r.Files = append(r.Files, d.name)
	}
	r.A = b.sides[0].report()
	if len(b.sides) > 1 {
		server := b.sides[1].report()
		r.B = &server
	}
	for _, name := range metrics() {
		m := report.Metric{Scenario: name.scenario, Name: name.name, Unit: name.unit(), A: b.sides[0].figure(name)}
		if len(b.sides) > 1 {
			m.B = b.sides[1].figure(name)
		}
		if m.A == nil && m.B == nil {
			continue // not asked for, or no file has a place for it
		}
		m.Ratio = report.NewRatio(m.A, m.B)
		r.Metrics = append(r.Metrics, m)
	}
	for _, scenario := range []string{cold, warm, attach} {
		for _, s := range b.sides {
			if run := s.median(scenario); run != nil {
				r.Starts = append(r.Starts, report.Start{Scenario: scenario, Side: s.name, Events: run.timeline()})
			}
		}
	}
	return r
}

// serverInfo is what a server says of itself.
type serverInfo struct{ Name, Version string }

func readServerInfo(answer json.RawMessage) (info serverInfo) {
	_ = json.Unmarshal(lsp.Member(answer, "serverInfo"), &info)
	return info
}

// version is short: gopls gives all that its build is made of, as JSON.
func (i serverInfo) version() string {
	var build struct {
		GoVersion string
		Main      struct{ Version string }
	}
	if json.Unmarshal([]byte(i.Version), &build) != nil || build.Main.Version == "" {
		return i.Version
	}
	return build.Main.Version + " " + build.GoVersion
}
