package growth

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gohearth/hearth/internal/plot"
)

// WritePlots writes a plot for each quantity into dir, which is made if it is
// not there, and returns the names of the files.
func (r *Report) WritePlots(dir string) (files []string, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	for i := 0; i < len(r.Quantities); {
		name, first := r.Quantities[i].Name, i
		for i < len(r.Quantities) && r.Quantities[i].Name == name {
			i++
		}
		file := filepath.Join(dir, "scale-"+strings.NewReplacer(", ", "-", " ", "-").Replace(name)+".svg")
		if err := os.WriteFile(file, plot.SVG(chart(name, r.Quantities[first:i])), 0o666); err != nil {
			return files, err
		}
		files = append(files, file)
	}
	return files, nil
}

// chart draws what both sides have of a quantity. Both axes are logarithmic: on
// them size^k is a line of slope k.
func chart(name string, sides []*Quantity) plot.Drawing {
	y := plot.Axis{Log: true, Format: plot.Seconds}
	if sides[0].Unit == bytes {
		y.Format = plot.Bytes
	}
	c := plot.Lines{Title: name, X: plot.Axis{Label: "packages", Log: true, Format: plot.Count}, Y: y}
	for _, q := range sides {
		line := plot.Line{Name: q.Of}
		if q.K != nil {
			line.Name = fmt.Sprintf("%s, size^%.2f", q.Of, *q.K)
		}
		for _, p := range q.Points {
			line.Points = append(line.Points, plot.Point{X: float64(p.Size), Y: p.P50})
			line.Marks = append(line.Marks, plot.Point{X: float64(p.Size), Y: p.P50, Name: fmt.Sprintf("%s: %s", plot.Count(float64(p.Size)), y.Format(p.P50))})
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}
