package growth

import (
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

	"github.com/gohearth/hearth/internal/synth"
)

var update = flag.Bool("update", false, "write the golden files")

func TestFit(t *testing.T) {
	sizes := []float64{100, 1000, 5000, 20000}
	for _, test := range []struct {
		name  string
		value func(n float64) float64
		want  float64
	}{
		{"none", func(float64) float64 { return 0.03 }, 0},
		{"linear", func(n float64) float64 { return 7e-5 * n }, 1},
		{"quadratic", func(n float64) float64 { return 1e-6 * n * n }, 2},
		{"root", math.Sqrt, 0.5},
		{"falls", func(n float64) float64 { return 1 / n }, -1},
	} {
		var values []float64
		for _, n := range sizes {
			values = append(values, test.value(n))
		}
		if k, ok := Fit(sizes, values); !ok || math.Abs(k-test.want) > 1e-6 {
			t.Errorf("%s: k = %v, %v; want %v", test.name, k, ok, test.want)
		}
	}
	// What is measured badly moves it by little.
	if k, ok := Fit(sizes, []float64{1.1, 9, 55, 190}); !ok || math.Abs(k-1) > 0.05 {
		t.Errorf("with noise: k = %v, %v", k, ok)
	}
	for name, of := range map[string][2][]float64{
		"one size":       {{100}, {1}},
		"one size twice": {{100, 100}, {1, 2}},
		"a zero":         {{100, 1000}, {0, 1}},
		"one value less": {{100, 1000}, {1}},
	} {
		if k, ok := Fit(of[0], of[1]); ok {
			t.Errorf("%s: k = %v", name, k)
		}
	}
}

// example is a report in which the attach grows, and the policy by too much.
func example() *Report {
	r := &Report{
		Machine: Machine{"linux", "amd64", 2, 25e9}, Commands: Commands{[]string{"hearth", "lsp"}, []string{"gopls"}},
		Shape: synth.Shape{Files: 4, Depth: 6, FanIn: 3, Seed: 1}, Sizes: []int{100, 1000, 10000}, Runs: 2,
	}
	for i, size := range r.Sizes {
		n := float64(size)
		r.add("setting up the watcher", ours, seconds, Linear, size, 2e-5*n)
		r.add("resolving the policy", ours, seconds, Linear, size, 1e-9*n*n)
		r.add(firstHover, theirs, seconds, Free, size, 1e-3*n)
		r.add(answer, ours, seconds, Flat, size, 0.03)
		for _, noise := range []float64{0.9, 1, 9} { // the median is what counts
			r.add(firstHover, ours, seconds, Flat, size, 0.05*noise*float64(i+1))
		}
		r.add(memory, ours, bytes, Linear, size, 200e6+1e5*n)
	}
	r.judge()
	return r
}

func TestReport(t *testing.T) {
	r := example()
	var b strings.Builder
	if err := r.WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "table.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the table (-want +got); to update: go test ./internal/growth -update\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"first hover of hearth grows as size^0.24, and may as size^0.1",
		"resolving the policy of hearth grows as size^2.00, and may as size^1.1",
	}, r.Findings()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestOneSize has nothing to judge.
func TestOneSize(t *testing.T) {
	r := &Report{Sizes: []int{100}}
	r.add(answer, ours, seconds, Flat, 100, 1)
	r.judge()
	if q := r.Quantities[0]; q.K != nil || q.LastK != nil || len(r.Findings()) > 0 {
		t.Errorf("one size: %+v, findings %q", q, r.Findings())
	}
	if err := r.WriteTable(io.Discard); err != nil {
		t.Error(err)
	}
}

func TestPlots(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	files, err := example().WritePlots(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		names = append(names, filepath.Base(file))
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for dec := xml.NewDecoder(strings.NewReader(string(data))); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		}
		if names[len(names)-1] == "scale-first-hover.svg" {
			for _, want := range []string{"hearth, size^0.24", "gopls, size^1.00", "10,000"} {
				if !strings.Contains(string(data), want) {
					t.Errorf("the plot of the first hover does not say %q", want)
				}
			}
		}
	}
	if diff := cmp.Diff([]string{
		"scale-answer-to-initialize.svg", "scale-first-hover.svg", "scale-resident-memory.svg",
		"scale-setting-up-the-watcher.svg", "scale-resolving-the-policy.svg",
	}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestTarget: in each size there is something to hover over.
func TestTarget(t *testing.T) {
	for _, shape := range []synth.Shape{{Packages: 1}, {Packages: 7, Depth: 7}, {Packages: 100, Seed: 5}} {
		dir := t.TempDir()
		if err := synth.Write(dir, shape); err != nil {
			t.Fatal(err)
		}
		target, err := findTarget(dir, shape)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(target.File)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		if at := lines[target.Position.Line][target.Position.Character:]; !strings.HasPrefix(at, "New(") {
			t.Errorf("%v: the target is at %q", shape, at)
		}
	}
}
