package plot

// Ranges is a chart with a row for each thing that was measured, and in it a
// bar for each series, from a typical value to a bad one. On a logarithmic axis
// bars have no zero to begin at; a range needs none.
type Ranges struct {
	Title  string
	X      Axis
	Series []string // their names
	Notes  []string // heads of the columns of notes
	Rows   []Row
}

// Row is a row of [Ranges], or with no ranges a heading.
type Row struct {
	Name   string
	Ranges []Range // one for each series
	Notes  []string
}

// Range is a bar. The zero Range is not drawn.
type Range struct{ From, To float64 }

func (r Ranges) name() string { return r.Title }

// height is that of a row.
func (r Ranges) height(row Row) float64 {
	if len(row.Ranges) == 0 {
		return lineUp + 6
	}
	return max(lineUp, float64(len(row.Ranges))*barUp+4)
}

const barUp = 9 // from a bar to the next

func (r Ranges) size() (w, h float64) {
	h = margin + 2*lineUp + lineUp // title, legend, heads of notes
	for _, row := range r.Rows {
		h += r.height(row)
	}
	return width, h + 2*lineUp + margin
}

func (r Ranges) draw(c *canvas) {
	left, right := 0.0, 0.0
	noteWidths := make([]float64, len(r.Notes))
	var xs []float64
	for i, n := range r.Notes {
		noteWidths[i] = textWidth(n)
	}
	for _, row := range r.Rows {
		left = max(left, textWidth(row.Name))
		for i, n := range row.Notes {
			noteWidths[i] = max(noteWidths[i], textWidth(n))
		}
		for _, x := range row.Ranges {
			if x != (Range{}) {
				xs = append(xs, x.From, x.To)
			}
		}
	}
	for _, w := range noteWidths {
		right += w + margin
	}
	left += 2 * margin
	right = width - margin - right
	x := newScale(r.X, xs, left, right-margin)

	c.text(margin, margin+baseline-6, start, "head", r.Title)
	top := c.legend(r.Series, margin+lineUp, width)
	notes := func(y float64, class string, list []string) {
		at := right
		for i, n := range list {
			at += noteWidths[i] + margin
			c.text(at, y, end, class, n)
		}
	}
	notes(top+baseline, "dim", r.Notes)
	top += lineUp
	_, h := r.size()
	xAxis(c, r.X, x, top, h-margin-2*lineUp)
	for _, row := range r.Rows {
		bottom := top + r.height(row)
		if len(row.Ranges) == 0 {
			c.text(margin, bottom-5, start, "head", row.Name)
		} else {
			mid := (top+bottom)/2 + 4
			c.text(left-8, mid, end, "", row.Name)
			r.bars(c, x, row, top+2)
			notes(mid, "", row.Notes)
		}
		top = bottom
	}
}

func (r Ranges) bars(c *canvas, x scale, row Row, y float64) {
	for i, bar := range row.Ranges {
		if bar == (Range{}) {
			continue
		}
		at := y + float64(i)*barUp
		// A range without an extent is still a finding.
		from := x.at(bar.From)
		c.rect(from-1, at+1, max(x.at(bar.To)-from, 1)+2, barUp-2, fill(i),
			r.Series[i]+": "+r.X.format(bar.From)+" to "+r.X.format(bar.To))
	}
}
