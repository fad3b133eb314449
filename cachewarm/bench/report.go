package bench

import (
	"path/filepath"
	"time"

	"github.com/gohearth/hearth/cachewarm/bench/report"
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

var scenarios = []struct {
	name    string
	metrics []string
}{
	{"warm", []string{initialize, firstHover, firstDefinition, firstCompletion, firstDiagnostics, shutdown}},
	{"steady", []string{hover, definition, completion, documentSymbols, references}},
	{"edit", []string{hoverAfterEdit, diagnosticsAfterEdit}},
	{"memory", []string{memory}},
}

// samples are what was measured, by metric.
type samples map[string][]float64

// figures are samples of several runs.
type figures map[string]*measured

type measured struct {
	samples []float64
	rounds  []int
}

func (f figures) add(round int, more samples) {
	for metric, list := range more {
		m := f[metric]
		if m == nil {
			m = new(measured)
			f[metric] = m
		}
		for _, x := range list {
			m.samples, m.rounds = append(m.samples, x), append(m.rounds, round)
		}
	}
}

// figure returns nil for what was not measured.
func (f figures) figure(metric string) *report.Figure {
	m := f[metric]
	if m == nil {
		return nil
	}
	return report.NewFigure(m.samples, m.rounds)
}

func newReport(opts *Options, sides []side) *report.Report {
	r := &report.Report{
		Schema: report.Schema, Date: time.Now(), Dir: opts.Root, Runs: opts.Runs,
		Files: []string{opts.Target.File}, Machine: report.ThisMachine(),
		A: report.Server{Command: opts.A.Args},
	}
	if rel, err := filepath.Rel(opts.Root, opts.Target.File); err == nil {
		r.Files[0] = rel
	}
	if opts.B != nil {
		r.B = &report.Server{Command: opts.B.Args}
	}
	for _, s := range scenarios {
		for _, name := range s.metrics {
			m := report.Metric{Scenario: s.name, Name: name, Unit: report.Seconds, A: sides[0].figures.figure(name)}
			if name == memory {
				m.Unit = report.Bytes
			}
			if len(sides) > 1 {
				m.B = sides[1].figures.figure(name)
			}
			if m.A == nil && m.B == nil {
				continue // the file has no place for it
			}
			m.Ratio = report.NewRatio(m.A, m.B)
			r.Metrics = append(r.Metrics, m)
		}
	}
	return r
}
