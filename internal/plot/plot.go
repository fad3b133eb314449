// Package plot draws the few kinds of charts that hearth's measurements need,
// as SVG: [Lines], [Ranges], [Lanes], and a [Stack] of these.
//
// A drawing is text that stays text, in the colours of the reader: one
// stylesheet with a light and a dark half, and a background of its own, as a
// page that shows it as an image may be dark where the reader's system is light.
// The same drawing has the same bytes always, so that it can be compared with a
// golden file and lies quietly in a repository. There is no script in it and
// nothing is fetched.
//
// Libraries were looked at first. gonum.org/v1/plot v0.17.0 has all the axes,
// but writes every colour into every element, so that there is no dark half,
// and adds 8 MB to hearth, which is also the program that an editor starts, and
// a millisecond to each of its starts (9.4 ms against 8.3 for "hearth version").
// github.com/go-analyze/charts v0.6.4 costs less, 4 MB, but has no logarithmic
// axis, without which a hover and a cold start don't fit one chart.
package plot

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Drawing is a chart that can be written as SVG.
type Drawing interface {
	name() string
	size() (width, height float64)
	draw(*canvas)
}

// SVG returns a drawing as a file of its own.
func SVG(d Drawing) []byte {
	return write(d, "<style>"+Style+"</style>")
}

// Inline returns a drawing as an element of an HTML page, in which [Style] must
// be once.
func Inline(d Drawing) []byte {
	return write(d, "")
}

func write(d Drawing, style string) []byte {
	c := new(canvas)
	w, h := d.size()
	fmt.Fprintf(&c.buf, `<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s">`, num(w), num(h))
	fmt.Fprintf(&c.buf, "<title>%s</title>%s\n", escape(d.name()), style)
	c.rect(0, 0, w, h, "paper", "")
	d.draw(c)
	c.buf.WriteString("</svg>\n")
	return c.buf.Bytes()
}

// colours is how many series can be told apart by colour.
const colours = 6

// Style is the stylesheet of all drawings. The colours are those of Okabe and
// Ito, which the colour-blind can tell apart, and lighter ones for the dark.
const Style = `
.plot{--paper:#fff;--ink:#1f2328;--faint:#d1d9e0;--dim:#59636e;--s0:#0072b2;--s1:#d55e00;--s2:#009e73;--s3:#a5478a;--s4:#8c6d00;--s5:#333;font:12px system-ui,sans-serif}
@media (prefers-color-scheme:dark){.plot{--paper:#0d1117;--ink:#e6edf3;--faint:#30363d;--dim:#9198a1;--s0:#58a6ff;--s1:#f0883e;--s2:#3fb950;--s3:#d2a8ff;--s4:#e3b341;--s5:#ccc}}
.plot text{fill:var(--ink)}.plot .dim{fill:var(--dim)}.plot .head{font-weight:600}.plot .paper{fill:var(--paper)}
.plot .grid{stroke:var(--faint)}.plot .axis{stroke:var(--dim)}.plot .curve{fill:none;stroke-width:2;stroke-linejoin:round}
` +
	`.plot .f0{fill:var(--s0)}.plot .f1{fill:var(--s1)}.plot .f2{fill:var(--s2)}.plot .f3{fill:var(--s3)}.plot .f4{fill:var(--s4)}.plot .f5{fill:var(--s5)}
.plot .l0{stroke:var(--s0)}.plot .l1{stroke:var(--s1)}.plot .l2{stroke:var(--s2)}.plot .l3{stroke:var(--s3)}.plot .l4{stroke:var(--s4)}.plot .l5{stroke:var(--s5)}
`

func fill(series int) string   { return "f" + strconv.Itoa(series%colours) }
func stroke(series int) string { return "l" + strconv.Itoa(series%colours) }

// Measures of all drawings, in pixels.
const (
	margin   = 16
	lineUp   = 18 // from a line of text to the next
	baseline = 13 // of the text in such a line
	width    = 720
)

// textWidth guesses the width of a text: what it is drawn with is the reader's.
func textWidth(s string) float64 { return 6.6 * float64(utf8.RuneCountInString(s)) }

// canvas takes the elements of a drawing. Positions count from its upper left.
type canvas struct{ buf bytes.Buffer }

// anchor says which end of a text is at its position.
type anchor string

const (
	start  anchor = "start"
	middle anchor = "middle"
	end    anchor = "end"
)

func (c *canvas) text(x, y float64, at anchor, class, s string) {
	fmt.Fprintf(&c.buf, `<text x="%s" y="%s" text-anchor="%s"`, num(x), num(y), at)
	if class != "" {
		fmt.Fprintf(&c.buf, ` class="%s"`, class)
	}
	fmt.Fprintf(&c.buf, ">%s</text>\n", escape(s))
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(&c.buf, "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>\n", num(x1), num(y1), num(x2), num(y2), class)
}

// rect has a title, which is shown to who points at it, unless it is "".
func (c *canvas) rect(x, y, w, h float64, class, title string) {
	fmt.Fprintf(&c.buf, `<rect x="%s" y="%s" width="%s" height="%s" class="%s"`, num(x), num(y), num(w), num(h), class)
	c.titled("rect", title)
}

func (c *canvas) dot(x, y float64, class, title string) {
	fmt.Fprintf(&c.buf, `<circle cx="%s" cy="%s" r="4" class="%s"`, num(x), num(y), class)
	c.titled("circle", title)
}

func (c *canvas) titled(element, title string) {
	if title == "" {
		c.buf.WriteString("/>\n")
		return
	}
	fmt.Fprintf(&c.buf, "><title>%s</title></%s>\n", escape(title), element)
}

func (c *canvas) path(d, class string) {
	fmt.Fprintf(&c.buf, "<path d=\"%s\" class=\"%s\"/>\n", d, class)
}

// legend names the series in lines from y on, and returns where these end.
func (c *canvas) legend(names []string, y, width float64) float64 {
	x := float64(margin)
	for i, name := range names {
		w := 16 + textWidth(name) + 20
		if x > margin && x+w > width {
			x, y = margin, y+lineUp
		}
		c.rect(x, y+3, 10, 10, fill(i), "")
		c.text(x+16, y+baseline, start, "", name)
		x += w
	}
	return y + lineUp
}

// num prints a position to a tenth of a pixel.
func num(x float64) string {
	rounded := math.Round(x*10)/10 + 0 // not -0
	return strings.TrimSuffix(strconv.FormatFloat(rounded, 'f', 1, 64), ".0")
}

func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}

// Stack is drawings one below the other.
type Stack struct {
	Title string
	Of    []Drawing
}

func (s Stack) name() string { return s.Title }

func (s Stack) size() (w, h float64) {
	if s.Title != "" {
		h = margin + lineUp
	}
	for _, d := range s.Of {
		dw, dh := d.size()
		w, h = max(w, dw), h+dh
	}
	return w, h
}

func (s Stack) draw(c *canvas) {
	y := 0.0
	if s.Title != "" {
		c.text(margin, margin+baseline, start, "head", s.Title)
		y = margin + lineUp
	}
	for _, d := range s.Of {
		fmt.Fprintf(&c.buf, "<g transform=\"translate(0 %s)\">\n", num(y))
		d.draw(c)
		c.buf.WriteString("</g>\n")
		_, h := d.size()
		y += h
	}
}
