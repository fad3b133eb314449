package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/cachewarm/bench/report"
)

const source = `package p

import "fmt"

type Trouble struct{}

func (Trouble) Error() string { return "" }

func First() { fmt.Println() }

func second() {
	x := First
	x()
	fmt.Print()
}
`

// options measure fakes; fault is what B does wrong.
func options(t *testing.T, fault string) Options {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var files []string
	for _, name := range []string{"a.go", "b.go", "c.go"} {
		files = append(files, filepath.Join(dir, name))
		if err := os.WriteFile(files[len(files)-1], []byte(source), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	server := func(fault string) Server {
		// Under the race detector each would take a second to end.
		return Server{Args: []string{self}, Env: append(os.Environ(), serverVariable+"="+fault, "GORACE=atexit_sleep_ms=0")}
	}
	b := server(fault)
	return Options{
		Root:       dir,
		Files:      files,
		Initialize: json.RawMessage("{}"),
		Scenarios:  []string{cold, warm, attach, steady, edits, idle},
		Seed:       1,
		A:          server("none"),
		B:          &b,
		Runs:       2,
		Warmup:     1,
		Visits:     2,
		Requests:   2,
		Settle:     time.Millisecond,
	}
}

func TestRun(t *testing.T) {
	opts := options(t, "none")
	var steps []string
	opts.Progress = func(what string) { steps = append(steps, what) }
	forgot := 0
	opts.A.Forget = func(context.Context) error { forgot++; return nil }
	opts.B.Memory = func(int) int64 { return 1e6 }
	got, err := Run(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"cold, run 1 of 2 of A", "cold, run 1 of 2 of B", "cold, run 2 of 2 of B", "cold, run 2 of 2 of A",
		"warm, warm-up 1 of 1 of A", "warm, warm-up 1 of 1 of B",
		"warm, run 1 of 2 of B", "warm, run 1 of 2 of A", "warm, run 2 of 2 of A", "warm, run 2 of 2 of B",
		"attach, warm-up 1 of 1 of A", "attach, warm-up 1 of 1 of B",
		"attach, run 1 of 2 of B", "attach, run 1 of 2 of A", "attach, run 2 of 2 of A", "attach, run 2 of 2 of B",
	}, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	// Before each way to start, after each run that was not attached, at the end.
	if want := 3 + 2 + 3 + 1; forgot != want {
		t.Errorf("A was told to forget %d times, want %d", forgot, want)
	}
	counts := make(map[string]int)
	for _, m := range got.Metrics {
		if m.A.N != m.B.N || m.A.N != len(m.A.Samples) || len(m.A.Rounds) != m.A.N || m.Ratio == nil {
			t.Errorf("%s: %d samples of A, %d of B, ratio %v", m.Name, m.A.N, m.B.N, m.Ratio)
		}
		for _, x := range append(m.A.Samples, m.B.Samples...) {
			if x <= 0 {
				t.Errorf("%s took %v", m.Name, x)
			}
		}
		counts[m.Scenario+": "+m.Name] = m.A.N
	}
	want := map[string]int{
		"steady: open then hover": 2, "edit: edit then hover": 8, "edit: edit then completion": 4,
		"edit: edit then diagnostics": 4, "edit: save then hover": 4,
		"memory: after work": 2, "memory: attached and idle": 2,
	}
	for _, scenario := range []string{cold, warm, attach} {
		for _, name := range []string{initialize, firstHover, firstDefinition, firstCompletion, firstDiagnostics, shutdown} {
			want[scenario+": "+name] = 2
		}
	}
	for _, k := range kinds {
		want[steady+": "+k.metric] = 8
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("samples (-want +got):\n%s", diff)
	}
	if last := got.Metrics[len(got.Metrics)-1]; !cmp.Equal(last.B.Samples, []float64{1e6, 1e6}) {
		t.Errorf("memory of B: %v", last.B.Samples)
	}
	if diff := cmp.Diff([]string{"a.go", "b.go", "c.go"}, got.Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if got.A.Name != "fake" || got.A.Version != "v3 go1.2" || got.Seed != 1 {
		t.Errorf("A is %+v, seed %d", got.A, got.Seed)
	}
	checkStarts(t, got.Starts)
}

// checkStarts checks that there is a timeline of each start, in order.
func checkStarts(t *testing.T, starts []report.Start) {
	t.Helper()
	var names []string
	for _, s := range starts {
		names = append(names, s.Scenario+" of "+s.Side)
		var events []string
		last := 0.0
		for _, e := range s.Events {
			if e.At < last || e.Until < e.At {
				t.Errorf("%s of %s: %+v after %v", s.Scenario, s.Side, e, last)
			}
			last = e.At
			events = append(events, e.Name)
		}
		for _, name := range []string{"process started", initialize, "didOpen", firstHover, firstDefinition, firstCompletion, firstDiagnostics, shutdown} {
			if !slices.Contains(events, name) {
				t.Errorf("%s of %s: no %q in %q", s.Scenario, s.Side, name, events)
			}
		}
	}
	if diff := cmp.Diff([]string{"cold of A", "cold of B", "warm of A", "warm of B", "attach of A", "attach of B"}, names); diff != "" {
		t.Errorf("starts (-want +got):\n%s", diff)
	}
}

func TestRunAlone(t *testing.T) {
	opts := options(t, "")
	opts.B, opts.Runs, opts.Scenarios = nil, 1, []string{idle}
	opts.A.Memory = func(int) int64 { return 0 }
	got, err := Run(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Metrics) != 0 || got.B != nil || len(got.Starts) != 0 {
		t.Errorf("what was not asked for, or cannot be known: %+v", got)
	}
}

// told runs A alone and returns what it was told, but for what is new in each run.
func told(t *testing.T, opts Options) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "log")
	opts.B = nil
	opts.A.Env = append(opts.A.Env, logVariable+"="+name)
	if _, err := Run(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile("[0-9a-f]{12}").ReplaceAllString(string(data), "token")
}

// TestSeed is about a run that somebody wants to repeat.
func TestSeed(t *testing.T) {
	opts := options(t, "none")
	opts.Scenarios, opts.Runs = []string{steady, edits}, 1
	first := told(t, opts)
	if !strings.Contains(first, "hearthBenchtoken") {
		t.Error("nothing in the edits is new")
	}
	if diff := cmp.Diff(first, told(t, opts)); diff != "" {
		t.Errorf("the same seed asks something else (-first +second):\n%s", diff)
	}
	opts.Seed = 2
	if told(t, opts) == first {
		t.Error("another seed asks the same")
	}
}

// TestCaches is about a cold start: it has caches of its own, which are gone
// afterwards.
func TestCaches(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	opts := options(t, "none")
	opts.Scenarios, opts.Runs = []string{cold}, 1
	var dir string
	opts.A.Forget = func(context.Context) error {
		if entries, _ := filepath.Glob(filepath.Join(os.TempDir(), "hearth-bench-*")); len(entries) == 1 {
			dir = entries[0]
		}
		return nil
	}
	if _, err := Run(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); dir == "" || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the caches in %q: %v", dir, err)
	}
}

func TestTyping(t *testing.T) {
	t.Parallel() // it goes by the clock
	opts := options(t, "slow")
	opts.Scenarios, opts.Runs = []string{typing}, 1
	got, err := Run(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	figures := make(map[string]report.Metric)
	for _, m := range got.Metrics {
		figures[m.Name] = m
	}
	keys := figures[keyCompletion]
	if keys.A.N < typedWords*len("fmt.Print") || keys.A.N != keys.B.N {
		t.Errorf("%d keys of A have a completion, %d of B", keys.A.N, keys.B.N)
	}
	// B answers no key before the next one, but for the last ones of words.
	if a, b := figures[cancelled].A.Max, figures[cancelled].B.Max; b <= a || b < float64(keys.B.N-2*typedWords) {
		t.Errorf("of %d requests, %v of A were cancelled and %v of B", keys.B.N, a, b)
	}
	// Of a cancelled request, the person waits for a later answer.
	if keys.B.P50 < 1.0/keysPerSecond {
		t.Errorf("half of the slow one's keys had a completion after %vs", keys.B.P50)
	}
}

// TestWrong is about servers that are fast, but wrong.
func TestWrong(t *testing.T) {
	for fault, want := range map[string]string{
		"hover":               "attach: first hover (a.go, ",
		"late hover":          "textDocument/hover: the hover does not name ",
		"definition":          "attach: first definition (a.go, ",
		"completion":          "textDocument/completion: there is no completion",
		"late completion":     ": textDocument/completion: there is no completion",
		"signatureHelp":       ": textDocument/signatureHelp: there is no signature of Print",
		"references":          "the declaration is not among the 1 references",
		"implementation":      "none of the 1 that are implemented is of /builtin/builtin.go",
		"documentSymbol":      " is not among the symbols",
		"symbol":              " is not among the 0 symbols",
		"prepareRename":       "steady: prepare rename (a.go, second at 11:6): textDocument/prepareRename: it would rename ",
		"rename":              `the declaration is not renamed; there are edits of ["file:///other.go"]`,
		"codeAction":          "there is no action",
		"semanticTokens/full": " is not among the 0 tokens",
		"inlayHint":           "the type of x is not among the 0 hints",
		"formatting":          "after 1 edits it is no Go: ",
		"refuse":              "textDocument/hover: not today",
		"crash":               "exit status 4",
		"exit":                "exit status 3",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			opts := options(t, fault)
			opts.Warmup, opts.Scenarios = 0, []string{attach, steady}
			_, err := Run(t.Context(), opts)
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.HasPrefix(err.Error(), "B (") || !strings.Contains(err.Error(), want) {
				t.Errorf("%v; want B and %q", err, want)
			}
		})
	}
}

// TestDiagnostics is about servers that publish none after an edit, or do not
// say of which version.
func TestDiagnostics(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"diagnostics", "version"} {
		opts := options(t, fault)
		opts.Scenarios, opts.Timeout = []string{edits}, 2*time.Second
		if _, err := Run(t.Context(), opts); !errors.Is(err, errSlow) || !strings.Contains(fmt.Sprint(err), "edit then diagnostics: no diagnostic of version ") {
			t.Errorf("%s: %v; want that B is too slow", fault, err)
		}
	}
}

func TestInterrupt(t *testing.T) {
	opts := options(t, "none")
	opts.Runs = 1000
	ctx, cancel := context.WithCancel(t.Context())
	opts.Progress = func(what string) {
		if strings.HasPrefix(what, "warm, run 2 ") {
			cancel()
		}
	}
	var last error
	opts.A.Forget = func(ctx context.Context) error { last = ctx.Err(); return nil }
	if _, err := Run(ctx, opts); !errors.Is(err, context.Canceled) {
		t.Errorf("%v; want that it was interrupted", err)
	}
	if last != nil {
		t.Errorf("what was to be forgotten at the end had no time: %v", last)
	}
}

func TestNoServer(t *testing.T) {
	opts := options(t, "none")
	opts.A.Args = []string{filepath.Join(t.TempDir(), "gopls")}
	if _, err := Run(t.Context(), opts); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v; want that it does not exist", err)
	}
}

func TestOrder(t *testing.T) {
	var got []int
	for round := range 4 {
		got = append(got, order(round, 2)...)
	}
	if diff := cmp.Diff([]int{0, 1, 1, 0, 0, 1, 1, 0}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
