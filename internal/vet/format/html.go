package format

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/vet"
)

//go:embed html.tmpl
var htmlText string

// Parsed when needed: the binary is also the language server, whose start counts.
var htmlTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("html").Parse(htmlText))
})

type htmlPage struct {
	Version    string
	Total      int
	Suppressed int
	Tables     []htmlTable
	Findings   []htmlFinding
	Errors     []vet.Error
	Trend      *htmlTrend // nil if there is nothing to compare with
}

// htmlTable counts findings by something.
type htmlTable struct {
	By   string
	Rows []htmlCount
}

type htmlCount struct {
	Name  string
	Count int
}

type htmlFinding struct {
	vet.Diagnostic
	Path, Rule, Owner           string
	Before, Marked, After, Skip string // parts of the source line; Skip stands for the part that is not shown
}

// writeHTML writes one page that needs nothing else, to open or to keep as an
// artifact of a CI run.
func writeHTML(w io.Writer, in *Input) error {
	page := htmlPage{
		Version: in.Version, Total: len(in.Report.Diagnostics), Suppressed: in.Report.SuppressedCount,
		Errors: slices.Clone(in.Report.Errors), Trend: in.trend(),
	}
	for i, e := range page.Errors {
		if e.File != "" {
			page.Errors[i].File = in.repoPath(e.File)
		}
	}
	for _, d := range in.Report.Diagnostics {
		f := htmlFinding{Diagnostic: d, Path: in.repoPath(d.File), Rule: ruleID(&d), Owner: Nobody}
		if in.Owner != nil {
			f.Owner = in.Owner(&d)
		}
		f.mark(in.Sources.Line(d.File, d.Line))
		page.Findings = append(page.Findings, f)
	}
	page.Tables = []htmlTable{
		page.count("severity", func(f *htmlFinding) string { return f.Severity }),
		page.count("analyzer", func(f *htmlFinding) string { return f.Rule }),
		page.count("package", func(f *htmlFinding) string { return f.Package }),
		page.count("owner", func(f *htmlFinding) string { return f.Owner }),
	}
	slices.SortStableFunc(page.Tables[0].Rows, func(a, b htmlCount) int {
		return cmp.Compare(slices.Index(policy.Severities, a.Name), slices.Index(policy.Severities, b.Name))
	})
	return htmlTemplate().Execute(w, page)
}

// count counts findings by name, most first.
func (p *htmlPage) count(by string, name func(*htmlFinding) string) htmlTable {
	counts := make(map[string]int)
	for i := range p.Findings {
		counts[name(&p.Findings[i])]++
	}
	t := htmlTable{By: by}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		t.Rows = append(t.Rows, htmlCount{name, counts[name]})
	}
	slices.SortStableFunc(t.Rows, func(a, b htmlCount) int { return cmp.Compare(b.Count, a.Count) })
	return t
}

// mark divides the source line at the finding's range.
func (f *htmlFinding) mark(line string) {
	if len(line) > maxLine {
		f.Skip = fmt.Sprintf("a line of %d bytes", len(line))
		return
	}
	start := min(max(f.Column-1, 0), len(line))
	end := len(line)
	if f.EndLine <= f.Line {
		end = max(start, min(f.EndColumn-1, end))
	}
	f.Before, f.Marked, f.After = strings.TrimLeft(line[:start], " \t"), line[start:end], line[end:]
}

// htmlTrend is a curve of the number of findings over reports.
type htmlTrend struct {
	Width, Height int
	Line          string // points of the polyline
	Points        []htmlPoint
}

type htmlPoint struct {
	X, Y, LabelY, Count int
	Name                string
}

// trend draws the numbers of the earlier reports and this one, evenly spaced: a
// report does not say when it was made.
func (in *Input) trend() *htmlTrend {
	if len(in.Earlier) == 0 {
		return nil
	}
	const margin, step, height = 40, 90, 160
	reports := append(slices.Clone(in.Earlier), Earlier{"now", in.Report})
	most := 1
	for _, e := range reports {
		most = max(most, len(e.Report.Diagnostics))
	}
	t := &htmlTrend{Width: 2*margin + step*(len(reports)-1), Height: height}
	var line []string
	for i, e := range reports {
		n := len(e.Report.Diagnostics)
		p := htmlPoint{X: margin + i*step, Y: height - margin - n*(height-2*margin)/most, Count: n, Name: e.Name}
		p.LabelY = p.Y - 8
		t.Points = append(t.Points, p)
		line = append(line, fmt.Sprintf("%d,%d", p.X, p.Y))
	}
	t.Line = strings.Join(line, " ")
	return t
}
