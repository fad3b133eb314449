package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/plot"
)

func asJSON(t testing.TB, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRead(t *testing.T) {
	for _, want := range []*Report{fixed(), alone()} {
		file := filepath.Join(t.TempDir(), "report.json")
		if err := os.WriteFile(file, []byte(asJSON(t, want)), 0o666); err != nil {
			t.Fatal(err)
		}
		got, err := Read(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("report (-want +got):\n%s", diff)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none.json")); err == nil || !strings.Contains(err.Error(), "none.json") {
		t.Errorf("%v; want that none.json does not exist", err)
	}
}

func TestReadErrors(t *testing.T) {
	good := asJSON(t, fixed())
	change := func(old, new string) string {
		t.Helper()
		if !strings.Contains(good, old) {
			t.Fatalf("there is no %s", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for _, test := range []struct{ name, json, err, hint string }{
		{"empty", " \n", "it is empty", again},
		{"truncated", good[:len(good)/2], ": it ends in the middle", again},
		{"no JSON", "warm  n  p50\n", "line 1, column 2: it is no JSON: invalid character 'w'", again},
		{"a list", "[]", "line 1, column 2: a report is an object, not of the type array", again},
		{"something else", `{"name": "x"}`, `it has no "schema", so it is no report of hearth bench lsp`, again},
		{"schema 1", `{"dir": "/", "commands": {"a": ["hearth"]}}`, "it is of schema 1, this hearth reads 2", again},
		{"schema 3", change(`"schema": 2`, `"schema": 3`), "it is of schema 3, this hearth reads 2", "use the hearth that wrote it, or a later one"},
		{"schema 0", change(`"schema": 2`, `"schema": 0`), "it is of schema 0, this hearth reads 2", again},
		{"unknown field", change(`"seed"`, `"sead"`), `unknown field "sead"`, again},
		{"type", change(`"runs": 8`, `"runs": "8"`), `: "runs" is of the type int, and cannot be string`, again},
		{"more", good + "{}", "it is no JSON: invalid character '{' after top-level value", again},
		{"no metrics", `{"schema": 2, "a": {"command": ["x"]}}`, `"metrics" is empty`, again},
		{"no command", change(`"/bin/gopls"`, ``), `a "command" is empty`, again},
		{"unit", change(`"unit": "bytes"`, `"unit": "MB"`), `metrics[4] (memory, resident memory): there is no unit "MB"`, again},
		{"twice", change(`"workspace symbols"`, `"hover"`), "metrics[2] (steady, hover) comes twice", again},
		{"no name", change(`"workspace symbols"`, `""`), "metrics[2] has no scenario or no name", again},
		{"n", change(`"n": 80`, `"n": 81`), `metrics[2] (steady, workspace symbols): a: "n" is 81, but there are 80 samples`, again},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := parse([]byte(test.json))
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), test.err) || hint.Of(err) != test.hint {
				t.Errorf("%v (%s)\nwant %s (%s)", err, hint.Of(err), test.err, test.hint)
			}
		})
	}
	r := fixed()
	r.Metrics[3].B.Rounds = r.Metrics[3].B.Rounds[1:]
	if _, err := parse([]byte(asJSON(t, r))); err == nil || err.Error() != `metrics[3] (edit, diagnostics): b: "rounds" has 39 numbers for 40 samples` {
		t.Error(err)
	}
	r = fixed()
	r.Metrics[3].B.Samples[2] = -1
	if _, err := parse([]byte(asJSON(t, r))); err == nil || err.Error() != "metrics[3] (edit, diagnostics): b: samples[2] is -1" {
		t.Error(err)
	}
	r = fixed()
	r.B = nil
	if _, err := parse([]byte(asJSON(t, r))); err == nil || err.Error() != "metrics[0] (warm, first hover) has a b, but the report has none" {
		t.Error(err)
	}
}

// FuzzRead: what can be read can be shown and compared in every way.
func FuzzRead(f *testing.F) {
	for _, r := range []*Report{fixed(), alone()} {
		for i := range r.Metrics {
			for _, figure := range []*Figure{r.Metrics[i].A, r.Metrics[i].B} {
				if figure != nil { // small seeds are changed faster
					figure.Samples, figure.Rounds, figure.N = figure.Samples[:8], figure.Rounds[:8], 8
				}
			}
		}
		f.Add([]byte(asJSON(f, r)))
	}
	f.Add([]byte(`{"schema":2,"a":{"command":["x"]},"metrics":[{"scenario":"s","name":"n","unit":"seconds","a":{"n":1,"samples":[0],"rounds":[-3]}}],"starts":[{"scenario":"s","side":"A","events":[{"name":"e","at":9,"until":-1}]}]}`))
	f.Add([]byte(`{"schema":2,"a":{"command":["x"]},"metrics":[{"scenario":"s","name":"n","unit":"requests","a":{"n":2,"samples":[1e308,0],"rounds":[0,1]}}]}`))
	f.Add([]byte(`{"schema":2`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parse(data)
		if err != nil {
			return
		}
		var table, page bytes.Buffer
		if err := r.WriteTable(&table); err != nil {
			t.Error(err)
		}
		g, err := Compare(r, r)
		if err != nil {
			g = nil
		} else if g.Regressions() != 0 {
			t.Errorf("it is slower than itself: %+v", g)
		}
		if err := r.WriteHTML(&page, g); err != nil {
			t.Error(err)
		}
		svg := r.SVG()
		if lanes, ok := r.timeline(r.Metrics[0].Scenario); ok {
			svg = append(svg, plot.SVG(lanes)...)
		}
		if bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf\"")) {
			t.Errorf("no number:\n%s", svg)
		}
		again, err := parse([]byte(asJSON(t, r)))
		if err != nil {
			t.Fatalf("it can't be read again: %v", err)
		}
		if diff := cmp.Diff(asJSON(t, r), asJSON(t, again)); diff != "" {
			t.Errorf("it is read otherwise again:\n%s", diff)
		}
	})
}
