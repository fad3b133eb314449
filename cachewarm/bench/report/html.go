package report

import (
	_ "embed"
	"html/template"
	"io"

	"github.com/gohearth/hearth/internal/plot"
)

//go:embed page.html
var pageText string

// page is what page.html is filled with.
type page struct {
	Title   string
	Head    []string
	Repeat  string
	Style   template.CSS
	Summary []template.HTML
	Columns []string
	Groups  []pageGroup
	Gate    *pageGate // nil: nothing to compare with
}

type pageGroup struct {
	Scenario string
	Rows     []pageRow
	Timeline template.HTML
	Plots    []template.HTML
}

// pageRow is a line of a table; Class is what it is coloured by.
type pageRow struct {
	Class, Name string
	Cells       []string
}

type pageGate struct {
	What, Sum string
	Notes     []string
	Columns   []string
	Rows      []pageRow
}

// WriteHTML writes the report as one page that needs nothing else: no network,
// no script. g is what [Compare] found, or nil.
func (r *Report) WriteHTML(w io.Writer, g *Gate) error {
	// Parsed when it is needed, not whenever hearth starts.
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	head := r.head()
	p := page{
		Title: "hearth bench lsp: " + head[0], Head: append(head[1:], r.servers()...), Repeat: r.Repeat,
		Style: template.CSS(plot.Style), Columns: r.htmlColumns(),
	}
	inline := func(d plot.Drawing) template.HTML { return template.HTML(plot.Inline(d)) }
	for _, unit := range []string{Seconds, Bytes} {
		if ranges := r.ranges(unit); len(ranges.Rows) > 0 {
			p.Summary = append(p.Summary, inline(ranges))
		}
	}
	for _, metrics := range r.scenarios() {
		group := pageGroup{Scenario: metrics[0].Scenario}
		if lanes, ok := r.timeline(group.Scenario); ok {
			group.Timeline = inline(lanes)
		}
		for _, m := range metrics {
			group.Rows = append(group.Rows, r.htmlRows(m)...)
			group.Plots = append(group.Plots, inline(r.distribution(m)))
		}
		p.Groups = append(p.Groups, group)
	}
	if g != nil {
		p.Gate = g.html()
	}
	return t.Execute(w, p)
}

func (r *Report) htmlColumns() []string {
	columns := []string{"", "n", "p50", "p90", "p95", "p99", "max"}
	if r.told() {
		columns = append(columns, "queue p50", "p95", "handler p50", "p95")
	}
	if r.B != nil {
		columns = append(columns, "B/A p50", "p95")
	}
	return columns
}

// htmlRows are the rows of a metric: of A, and where there is a B of B.
func (r *Report) htmlRows(m Metric) []pageRow {
	rows := []pageRow{{Name: m.Name, Cells: append([]string{"A"}, r.htmlCells(m.A, m.Unit)...)}}
	if r.B != nil {
		rows[0].Cells = append(rows[0].Cells, m.Ratio.cells()...)
		rows = append(rows, pageRow{Class: "b", Cells: append(append([]string{"B"}, r.htmlCells(m.B, m.Unit)...), "", "")})
	}
	return rows
}

func (r *Report) htmlCells(f *Figure, unit string) []string {
	if f == nil {
		f = new(Figure)
	}
	cells := f.cells(unit, false)
	cells = append(cells[:2], append([]string{value(f.P90, unit, f.N)}, cells[2:]...)...)
	if r.told() {
		for _, s := range []*Summary{f.Queue, f.Handler} {
			if s == nil {
				s = new(Summary)
			}
			cells = append(cells, value(s.P50, unit, s.N), value(s.P95, unit, s.N))
		}
	}
	return cells
}

func (g *Gate) html() *pageGate {
	p := &pageGate{What: g.What(), Sum: g.Sum(), Notes: g.Notes, Columns: verdictColumns}
	for _, v := range g.Verdicts {
		p.Rows = append(p.Rows, pageRow{Class: string(v.Is), Name: v.Scenario + ": " + v.Name, Cells: v.cells()})
	}
	return p
}
