// Package report is what a benchmark of language servers found, and how that is
// shown: as a table, as JSON, as one page of HTML, and as an SVG for a pull
// request. [Compare] judges a report against an earlier one.
//
// A [Report] has all samples, so that whatever is shown can be made again, and
// otherwise, from its JSON. Nothing here measures.
package report

import (
	"encoding/json"
	"io"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/gohearth/hearth/internal/procstat"
)

// Schema is the version of the JSON. Version 1 had no number, no scenarios and
// no rounds.
const Schema = 2

// Report is what a benchmark found. Its JSON is read by [Read].
type Report struct {
	Schema  int       `json:"schema"`
	Date    time.Time `json:"date"`
	Dir     string    `json:"dir"`
	Module  string    `json:"module,omitempty"` // path of the main module
	Commit  string    `json:"commit,omitempty"` // of git's HEAD; "": not in git
	Seed    uint64    `json:"seed"`             // of the positions
	Files   []string  `json:"files"`            // relative to Dir, in the order in which they are worked on
	Runs    int       `json:"runs"`             // of each server
	Repeat  string    `json:"repeat,omitempty"` // the command that measures the same again
	Machine Machine   `json:"machine"`
	A       Server    `json:"a"`
	B       *Server   `json:"b,omitempty"`
	Metrics []Metric  `json:"metrics"` // those of a scenario follow one another
	Starts  []Start   `json:"starts"`
}

// Machine is where it was measured: elsewhere the figures differ.
type Machine struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	CPUs   int    `json:"cpus"`
	CPU    string `json:"cpu,omitempty"`    // the name of the model; "": not known
	Memory int64  `json:"memory,omitempty"` // in bytes; 0: not known
	Go     string `json:"go,omitempty"`     // its version, as the servers find it
}

// ThisMachine is where this process runs. Which Go the servers find is theirs
// to say.
func ThisMachine() Machine {
	return Machine{
		GOOS: runtime.GOOS, GOARCH: runtime.GOARCH, CPUs: runtime.NumCPU(),
		CPU: procstat.Model(), Memory: procstat.Memory(),
	}
}

// Server is one of the two that are compared.
type Server struct {
	Command []string `json:"command"`
	Name    string   `json:"name,omitempty"` // as its answer to initialize says
	Version string   `json:"version,omitempty"`
}

// The units of metrics. Of the first two less is better; of requests a [Gate]
// has no opinion.
const (
	Seconds  = "seconds"
	Bytes    = "bytes"
	Requests = "requests"
)

// Metric compares the servers in one respect.
type Metric struct {
	Scenario string  `json:"scenario"`
	Name     string  `json:"name"`
	Unit     string  `json:"unit"`
	A        *Figure `json:"a,omitempty"`
	B        *Figure `json:"b,omitempty"`
	Ratio    *Ratio  `json:"ratio,omitempty"` // if there are both
}

// Figure sums up the samples of one server.
type Figure struct {
	P50     float64   `json:"p50"`
	P90     float64   `json:"p90"`
	P95     float64   `json:"p95"`
	P99     float64   `json:"p99"`
	Max     float64   `json:"max"`
	N       int       `json:"n"`
	Samples []float64 `json:"samples"` // in the order in which they were taken
	Rounds  []int     `json:"rounds"`  // the run that each sample is of

	// The parts of the time that the server itself tells of: until it began to
	// work on a request, and from there to its answer.
	Queue   *Summary `json:"queue,omitempty"`
	Handler *Summary `json:"handler,omitempty"`
}

// Summary is a [Figure] without its samples.
type Summary struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	N   int     `json:"n"`
}

// Ratio is B / A: above 1, A is the faster or the smaller.
type Ratio struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
}

// Start is what happened when a server was started.
type Start struct {
	Scenario string  `json:"scenario"`
	Side     string  `json:"side"` // "A" or "B"
	Events   []Event `json:"events"`
}

// Event is one of these, in seconds from the start of the process. Until is At
// for one without an extent.
type Event struct {
	Name  string  `json:"name"`
	At    float64 `json:"at"`
	Until float64 `json:"until"`
}

// NewRatio returns nil where there is nothing to compare or to divide by.
func NewRatio(a, b *Figure) *Ratio {
	if a == nil || b == nil || a.P50 == 0 || a.P95 == 0 {
		return nil
	}
	return &Ratio{b.P50 / a.P50, b.P95 / a.P95}
}

// NewFigure sums up samples, each of which is of the run that has its place in
// rounds; it returns nil if there are none.
//
// The percentiles are those of an HDR histogram with three significant digits:
// each is at most 0.1 % above a sample that was really measured, and never above
// the greatest. The maximum is exact.
func NewFigure(samples []float64, rounds []int) *Figure {
	if len(samples) == 0 {
		return nil
	}
	p := percentiles(samples, 50, 90, 95, 99)
	return &Figure{
		P50: p[0], P90: p[1], P95: p[2], P99: p[3], Max: slices.Max(samples),
		N: len(samples), Samples: samples, Rounds: rounds,
	}
}

// NewSummary is [NewFigure] for samples that are not kept.
func NewSummary(samples []float64) *Summary {
	if len(samples) == 0 {
		return nil
	}
	p := percentiles(samples, 50, 95)
	return &Summary{P50: p[0], P95: p[1], N: len(samples)}
}

// percentiles counts seconds in nanoseconds. What is above a million is no
// time but bytes, and is counted as it is: a billion times as many would leave
// int64 at 9 GB.
func percentiles(samples []float64, ps ...float64) []float64 {
	greatest, unit := slices.Max(samples), 1e-9
	if greatest > 1e6 {
		unit = 1
	}
	count := func(x float64) int64 { return int64(math.Round(max(x, 0) / unit)) }
	const digits = 3
	h := hdrhistogram.New(1, max(count(greatest), 2), digits)
	for _, x := range samples {
		h.RecordValue(count(x)) // fails beyond the greatest alone
	}
	list := make([]float64, len(ps))
	for i, p := range ps {
		list[i] = min(float64(h.ValueAtPercentile(p))*unit, greatest)
	}
	return list
}

// WriteJSON writes the report as [Read] reads it.
func (r *Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// scenarios returns the metrics in groups of one scenario, in the order in
// which the first of each comes.
func (r *Report) scenarios() [][]Metric {
	var groups [][]Metric
	at := make(map[string]int)
	for _, m := range r.Metrics {
		i, ok := at[m.Scenario]
		if !ok {
			i = len(groups)
			at[m.Scenario] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], m)
	}
	return groups
}
