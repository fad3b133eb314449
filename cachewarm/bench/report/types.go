// Package report is what a benchmark of language servers found: the figures,
// and how a person reads them.
package report

import "time"

// Report is what a benchmark found.
type Report struct {
	Schema  int       `json:"schema"` // 2
	Date    time.Time `json:"date"`
	Dir     string    `json:"dir"`
	Module  string    `json:"module,omitempty"` // path of the main module
	Commit  string    `json:"commit,omitempty"` // of git; "": there is none
	Seed    uint64    `json:"seed"`
	Files   []string  `json:"files"` // relative to Dir, in the order in which they are worked on
	Runs    int       `json:"runs"`
	Machine Machine   `json:"machine"`
	A       Server    `json:"a"`
	B       *Server   `json:"b,omitempty"`
	Metrics []Metric  `json:"metrics"`
	Starts  []Start   `json:"starts"` // the median run of each scenario and side
}

// Machine is where it was measured: elsewhere the figures differ.
type Machine struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	CPUs   int    `json:"cpus"`
	CPU    string `json:"cpu,omitempty"` // name of the model
	Memory int64  `json:"memory,omitempty"`
	Go     string `json:"go,omitempty"` // version
}

// Server is one of the servers that were compared.
type Server struct {
	Command []string `json:"command"`
	Name    string   `json:"name,omitempty"` // as it says itself
	Version string   `json:"version,omitempty"`
}

// Metric compares the servers in one respect.
type Metric struct {
	Scenario string  `json:"scenario"` // "cold", "warm", "attach", "steady", "edit", "typing", "memory"
	Name     string  `json:"name"`
	Unit     string  `json:"unit"` // "seconds", "bytes" or "requests"
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
	Rounds  []int     `json:"rounds"`  // the run that each is of
	Queue   *Summary  `json:"queue,omitempty"`
	Handler *Summary  `json:"handler,omitempty"`
}

// Summary is what a server tells of its own time, in runs that are not counted.
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

// Start is the timeline of a start.
type Start struct {
	Scenario string  `json:"scenario"`
	Side     string  `json:"side"` // "A" or "B"
	Events   []Event `json:"events"`
}

// Event is something that happened, in seconds from the start of the process.
// Until is At for what takes no time.
type Event struct {
	Name  string  `json:"name"`
	At    float64 `json:"at"`
	Until float64 `json:"until"`
}
