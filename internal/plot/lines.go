package plot

import "strings"

// Lines is a chart of lines, each with a name in the legend.
type Lines struct {
	Title  string
	X, Y   Axis
	Height int // of the whole; 0: 320
	Lines  []Line
}

// Line is a series of points in the order of X.
type Line struct {
	Name   string
	Points []Point
	Step   bool    // as of a distribution: level until the next point
	Marks  []Point // get a dot, on the line or not
}

// Point is a point of a chart.
type Point struct {
	X, Y float64
	Name string // of a mark: shown to who points at it; may be ""
}

func (l Lines) name() string { return l.Title }

func (l Lines) size() (w, h float64) {
	if l.Height == 0 {
		return width, 320
	}
	return width, float64(l.Height)
}

func (l Lines) draw(c *canvas) {
	w, h := l.size()
	var names []string
	var xs, ys []float64
	for _, line := range l.Lines {
		names = append(names, line.Name)
		for _, points := range [][]Point{line.Points, line.Marks} {
			for _, p := range points {
				xs, ys = append(xs, p.X), append(ys, p.Y)
			}
		}
	}
	c.text(margin, margin+baseline-6, start, "head", l.Title)
	top := c.legend(names, margin+lineUp, w)
	if l.Y.Label != "" {
		top += lineUp
		c.text(margin, top-6, start, "dim", l.Y.Label)
	}
	y := newScale(l.Y, ys, h-margin-2*lineUp, top+4)
	left := 0.0
	for _, t := range y.ticks {
		left = max(left, textWidth(l.Y.format(t)))
	}
	left += margin + 6
	x := newScale(l.X, xs, left, w-2*margin)
	for _, t := range y.ticks {
		c.line(left, y.at(t), x.to, y.at(t), "grid")
		c.text(left-6, y.at(t)+4, end, "dim", l.Y.format(t))
	}
	xAxis(c, l.X, x, y.to, y.from)
	for i, line := range l.Lines {
		c.path(line.d(x, y), "curve "+stroke(i))
		for _, p := range line.Marks {
			c.dot(x.at(p.X), y.at(p.Y), fill(i), p.Name)
		}
	}
}

// xAxis draws the ticks of a horizontal axis between top and bottom, and its
// label in the second line below.
func xAxis(c *canvas, a Axis, x scale, top, bottom float64) {
	for _, t := range x.ticks {
		c.line(x.at(t), top, x.at(t), bottom, "grid")
		c.text(x.at(t), bottom+lineUp-2, middle, "dim", a.format(t))
	}
	c.line(x.from, bottom, x.to, bottom, "axis")
	if a.Label != "" {
		c.text(x.to, bottom+2*lineUp-2, end, "dim", a.Label)
	}
}

// d is the path of a line. Of the thousands of steps of a distribution those
// that are less than half a pixel wide are drawn as one.
func (l Line) d(x, y scale) string {
	var b strings.Builder
	last := 0.0
	for i, p := range l.Points {
		px, py := x.at(p.X), y.at(p.Y)
		switch {
		case i == 0:
			b.WriteString("M" + num(px) + " " + num(py))
		case !l.Step:
			b.WriteString("L" + num(px) + " " + num(py))
		case px-last < 0.5 && i < len(l.Points)-1:
			continue
		default:
			b.WriteString("H" + num(px) + "V" + num(py))
		}
		last = px
	}
	return b.String()
}
