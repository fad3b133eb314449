package growth

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/gohearth/hearth/internal/plot"
	"github.com/gohearth/hearth/internal/quantile"
	"github.com/gohearth/hearth/internal/synth"
)

// The quantities beside those of probes. Times count from the start of the
// server's process.
const (
	answer     = "answer to initialize"
	firstHover = "first hover"
	setUp      = "first hover, no session parked"
	coldHover  = "first hover, empty caches"
	memory     = "resident memory"
)

// The sides, and the units.
const (
	ours   = "hearth"
	theirs = "gopls"

	seconds = "seconds"
	bytes   = "bytes"
)

// The bounds of exponents. Each leaves a tenth for what is measured badly.
const (
	Free   = 0   // not ours to judge
	Flat   = 0.1 // does not grow
	Linear = 1.1 // grows no faster than the workspace
)

// Report is what was measured.
type Report struct {
	Machine    Machine     `json:"machine"`
	Commands   Commands    `json:"commands"`
	Shape      synth.Shape `json:"shape"`
	Sizes      []int       `json:"sizes"`
	Runs       int         `json:"runs"`
	Quantities []*Quantity `json:"quantities"`
}

// Machine is where it was measured.
type Machine struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	CPUs   int    `json:"cpus"`
	Memory int64  `json:"memory"` // bytes; 0: not known
}

// Commands are the command lines of the servers.
type Commands struct {
	Ours  []string `json:"hearth"`
	Stock []string `json:"gopls"`
}

// Quantity is something of one side that may grow.
type Quantity struct {
	Name   string   `json:"name"`
	Of     string   `json:"of"`   // "hearth" or "gopls"
	Unit   string   `json:"unit"` // "seconds" or "bytes"
	Points []*Point `json:"points"`

	K     *float64 `json:"k,omitempty"`     // over all sizes
	LastK *float64 `json:"lastK,omitempty"` // between the last two
	Bound float64  `json:"bound,omitempty"` // of K; 0: none
}

// Point is the quantity in one size.
type Point struct {
	Size    int       `json:"size"`
	P50     float64   `json:"p50"`
	Samples []float64 `json:"samples"` // in the order in which they were taken
}

// add adds a sample.
func (r *Report) add(name, of, unit string, bound float64, size int, value float64) {
	i := slices.IndexFunc(r.Quantities, func(q *Quantity) bool { return q.Name == name && q.Of == of })
	if i < 0 {
		i = len(r.Quantities)
		r.Quantities = append(r.Quantities, &Quantity{Name: name, Of: of, Unit: unit, Bound: bound})
	}
	q := r.Quantities[i]
	if len(q.Points) == 0 || q.Points[len(q.Points)-1].Size != size {
		q.Points = append(q.Points, &Point{Size: size})
	}
	p := q.Points[len(q.Points)-1]
	p.Samples = append(p.Samples, value)
}

// judge works out what follows from the samples, and puts the quantities of one
// name next to each other.
func (r *Report) judge() {
	for _, q := range r.Quantities {
		var sizes, values []float64
		for _, p := range q.Points {
			p.P50 = quantile.NearestRank(slices.Sorted(slices.Values(p.Samples)), 50)
			sizes, values = append(sizes, float64(p.Size)), append(values, p.P50)
		}
		if k, ok := Fit(sizes, values); ok {
			q.K = &k
			last, _ := Fit(sizes[len(sizes)-2:], values[len(values)-2:])
			q.LastK = &last
		}
	}
	order := []string{answer, firstHover, setUp, coldHover, memory}
	rank := func(q *Quantity) int {
		if i := slices.Index(order, q.Name); i >= 0 {
			return i
		}
		return len(order) // a probe
	}
	slices.SortStableFunc(r.Quantities, func(a, b *Quantity) int {
		if d := rank(a) - rank(b); d != 0 || rank(a) == len(order) {
			return d
		}
		return -strings.Compare(a.Of, b.Of)
	})
}

// Findings say in a line each what grows faster than it may.
func (r *Report) Findings() (lines []string) {
	for _, q := range r.Quantities {
		if q.Bound > 0 && q.K != nil && *q.K > q.Bound {
			lines = append(lines, fmt.Sprintf("%s of %s grows as size^%.2f, and may as size^%v", q.Name, q.Of, *q.K, q.Bound))
		}
	}
	return lines
}

// WriteTable writes the medians for a person.
func (r *Report) WriteTable(w io.Writer) error {
	memory := ""
	if r.Machine.Memory > 0 {
		memory = ", " + plot.Bytes(float64(r.Machine.Memory)) + " of memory"
	}
	if _, err := fmt.Fprintf(w, "%s/%s, %d CPUs%s, %d runs\npackages of %s\nhearth: %s\ngopls: %s\n\n",
		r.Machine.GOOS, r.Machine.GOARCH, r.Machine.CPUs, memory, r.Runs, r.Shape,
		strings.Join(r.Commands.Ours, " "), strings.Join(r.Commands.Stock, " ")); err != nil {
		return err
	}
	width := 0
	for _, q := range r.Quantities {
		width = max(width, len(q.Name))
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name, of string, cells []string) {
		fmt.Fprintf(tw, "%-*s  %-6s\t%s\t\n", width, name, of, strings.Join(cells, "\t"))
	}
	var head []string
	for _, size := range r.Sizes {
		head = append(head, strconv.Itoa(size))
	}
	row("packages", "of", append(head, "k", "last k", "at most"))
	for _, q := range r.Quantities {
		row(q.Name, q.Of, q.cells(r.Sizes))
	}
	return tw.Flush()
}

func (q *Quantity) cells(sizes []int) (cells []string) {
	format := plot.Seconds
	if q.Unit == bytes {
		format = plot.Bytes
	}
	for _, size := range sizes {
		cell := "-"
		for _, p := range q.Points {
			if p.Size == size {
				cell = format(p.P50)
			}
		}
		cells = append(cells, cell)
	}
	for _, k := range []*float64{q.K, q.LastK} {
		if k == nil {
			cells = append(cells, "-")
		} else {
			cells = append(cells, fmt.Sprintf("%.2f", math.Round(*k*100)/100+0)) // + 0: no -0.00
		}
	}
	if q.Bound == Free {
		return append(cells, "")
	}
	return append(cells, fmt.Sprint(q.Bound))
}
