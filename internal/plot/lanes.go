package plot

// Lanes shows when things happened: a lane for each that did them, in it a line
// for each event.
type Lanes struct {
	Title string
	X     Axis
	Lanes []Lane
}

// Lane is the events of one side.
type Lane struct {
	Name   string
	Events []Event
}

// Event is a bar, or a mark if it has no extent.
type Event struct {
	Name      string
	At, Until float64
}

func (l Lanes) name() string { return l.Title }

func (l Lanes) size() (w, h float64) {
	h = margin + lineUp
	for _, lane := range l.Lanes {
		h += float64(1+len(lane.Events)) * lineUp
	}
	return width, h + 2*lineUp + margin
}

func (l Lanes) draw(c *canvas) {
	w, h := l.size()
	xs := []float64{0}
	left := 0.0
	for _, lane := range l.Lanes {
		for _, e := range lane.Events {
			xs = append(xs, e.At, e.Until)
			left = max(left, textWidth(e.Name))
		}
	}
	left += 2 * margin
	x := newScale(l.X, xs, left, w-5*margin) // a label is behind the last event
	c.text(margin, margin+baseline-6, start, "head", l.Title)
	y := float64(margin + lineUp)
	xAxis(c, l.X, x, y, h-margin-2*lineUp)
	for i, lane := range l.Lanes {
		c.rect(margin, y+3, 10, 10, fill(i), "")
		c.text(margin+16, y+baseline, start, "head", lane.Name)
		y += lineUp
		for _, e := range lane.Events {
			c.text(left-8, y+baseline, end, "", e.Name)
			l.event(c, x, e, y, fill(i))
			y += lineUp
		}
	}
}

// event draws a bar or a mark, and behind it how long the one was or when the
// other.
func (l Lanes) event(c *canvas, x scale, e Event, y float64, class string) {
	from, to, label := x.at(e.At), x.at(e.Until), l.X.format(e.At)
	if e.Until > e.At {
		label = l.X.format(e.Until - e.At)
		c.rect(from, y+4, max(to-from, 1), lineUp-8, class, e.Name+": "+l.X.format(e.At)+" to "+l.X.format(e.Until))
	} else {
		to = from
		c.dot(from, y+lineUp/2, class, e.Name+": "+label)
	}
	c.text(to+8, y+baseline, start, "dim", label)
}
