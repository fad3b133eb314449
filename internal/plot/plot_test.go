package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// distribution is n points of a distribution about mid.
func distribution(mid float64, n int) (points []Point) {
	for i := range n {
		part := (float64(i) + 0.5) / float64(n)
		points = append(points, Point{X: mid * math.Pow(part/(1-part), 0.2), Y: part})
	}
	return points
}

// drawings are what the golden files are of.
func drawings() map[string]Drawing {
	loglog := Lines{
		Title: "Attach against packages",
		X:     Axis{Label: "packages", Log: true, Format: Count},
		Y:     Axis{Label: "time to the first hover", Log: true, Format: Seconds},
	}
	for _, l := range []Line{
		{Name: "hearth lsp", Points: []Point{{X: 100, Y: 0.031}, {X: 1000, Y: 0.033}, {X: 5000, Y: 0.032}, {X: 20000, Y: 0.036}}},
		{Name: "gopls <stock>", Points: []Point{{X: 100, Y: 0.31}, {X: 1000, Y: 1.1}, {X: 5000, Y: 4.9}, {X: 20000, Y: 22}}},
	} {
		l.Marks = l.Points
		loglog.Lines = append(loglog.Lines, l)
	}
	ranges := Ranges{
		Title: "hearth lsp and gopls, p50 to p95", X: Axis{Log: true, Format: Seconds},
		Series: []string{"A: hearth lsp", "B: gopls"}, Notes: []string{"p50 B/A", "p95"},
		Rows: []Row{
			{Name: "steady"},
			{Name: "hover", Ranges: []Range{{0.0005, 0.002}, {0.02, 0.066}}, Notes: []string{"40.0", "33.0"}},
			{Name: "definition", Ranges: []Range{{0.0007, 0.0007}, {}}, Notes: []string{"-", "-"}},
			{Name: "edit"},
			{Name: "diagnostics", Ranges: []Range{{0.3, 0.9}, {0.35, 1.2}}, Notes: []string{"1.17", "1.33"}},
		},
	}
	lanes := Lanes{
		Title: "A start, warm", X: Axis{Label: "since the start of the process", Format: Seconds},
		Lanes: []Lane{
			{"A: hearth lsp", []Event{{"initialize", 0, 0.012}, {"first hover", 0.012, 0.035}, {"first diagnostics", 0.05, 0.05}}},
			{"B: gopls", []Event{{"initialize", 0, 0.11}, {"first hover", 0.11, 1.3}, {"first diagnostics", 1.9, 1.9}}},
		},
	}
	return map[string]Drawing{
		"loglog": loglog,
		"distribution": Lines{
			Title: "hover", X: Axis{Log: true, Format: Seconds},
			Y: Axis{Ticks: []float64{0, 0.5, 0.95, 1}},
			Lines: []Line{
				{Name: "A: p50 1 ms", Points: distribution(0.001, 3000), Step: true, Marks: []Point{{0.001, 0.5, "p50"}}},
				{Name: "B: p50 20 ms", Points: distribution(0.02, 40), Step: true},
			},
		},
		"ranges": ranges,
		"lanes":  lanes,
		"stack":  Stack{Title: "All & more", Of: []Drawing{ranges, lanes}},
		"empty":  Stack{Of: []Drawing{Lines{}, Ranges{X: Axis{Log: true}}, Lanes{}}},
	}
}

func TestGolden(t *testing.T) {
	for name, d := range drawings() {
		got := SVG(d)
		golden := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(golden, got, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s\nto update: go test ./internal/plot -update", golden, diff)
		}
	}
}

// TestSelfContained: what is drawn is well-formed, stays small, and asks for
// nothing.
func TestSelfContained(t *testing.T) {
	for name, d := range drawings() {
		for _, data := range [][]byte{SVG(d), Inline(d)} {
			dec := xml.NewDecoder(bytes.NewReader(data))
			for {
				token, err := dec.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatalf("%s: %v\n%s", name, err, data)
				}
				element, ok := token.(xml.StartElement)
				if !ok {
					continue
				}
				for _, a := range element.Attr {
					if element.Name.Local == "script" || a.Name.Local == "href" || a.Name.Local == "id" || strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
						t.Errorf("%s: <%s %s=%q>", name, element.Name.Local, a.Name.Local, a.Value)
					}
				}
			}
			if len(data) > 40_000 {
				t.Errorf("%s: %d bytes", name, len(data))
			}
		}
	}
}

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		axis   Axis
		values []float64
		want   []float64
	}{
		{Axis{}, []float64{0, 1}, []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
		{Axis{}, []float64{3, 17}, []float64{0, 5, 10, 15, 20}},
		{Axis{}, []float64{-4, 4}, []float64{-4, -2, 0, 2, 4}},
		{Axis{}, []float64{0}, []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
		{Axis{Log: true}, []float64{100, 20000}, []float64{100, 200, 500, 1000, 2000, 5000, 10000, 20000}},
		{Axis{Log: true}, []float64{0.0004, 8}, []float64{0.001, 0.01, 0.1, 1, 10}},
		{Axis{Log: true}, []float64{1, 1}, []float64{1, 2}},
		{Axis{Log: true}, []float64{0, 3, math.NaN()}, []float64{2, 5}},
		{Axis{Log: true}, nil, []float64{1, 2, 5, 10}},
		{Axis{Ticks: []float64{0, 0.5, 1}}, []float64{0.2, 7}, []float64{0, 0.5, 1}},
	} {
		s := newScale(test.axis, test.values, 0, 100)
		if len(s.ticks) != len(test.want) {
			t.Errorf("%v: ticks %v, want %v", test.values, s.ticks, test.want)
			continue
		}
		for i, want := range test.want {
			if got := s.ticks[i]; math.Abs(got-want) > 1e-9*math.Abs(want) {
				t.Errorf("%v: ticks %v, want %v", test.values, s.ticks, test.want)
			}
		}
	}
}

func TestScale(t *testing.T) {
	log := newScale(Axis{Log: true}, []float64{1, 100}, 50, 250)
	linear := newScale(Axis{}, []float64{0, 10}, 300, 100) // upwards
	for _, test := range []struct {
		scale   scale
		x, want float64
	}{
		{log, 1, 50}, {log, 10, 150}, {log, 100, 250}, {log, 0, 50}, {log, 1e9, 250},
		{linear, 0, 300}, {linear, 5, 200}, {linear, 10, 100}, {linear, -1, 300},
	} {
		if got := test.scale.at(test.x); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%v is at %v, want %v", test.x, got, test.want)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{Seconds(0), "0"}, {Seconds(5e-5), "50 µs"}, {Seconds(0.0123), "12.3 ms"}, {Seconds(0.9999), "1 s"}, {Seconds(0.001), "1 ms"}, {Seconds(20), "20 s"},
		{Bytes(5e5), "500 kB"}, {Bytes(1.234e8), "123 MB"}, {Bytes(4.7e9), "4.7 GB"},
		{Count(20000), "20,000"}, {Count(100), "100"}, {Count(1234567), "1,234,567"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}
