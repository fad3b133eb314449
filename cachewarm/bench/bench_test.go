package bench

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/internal/lsp"
)

const source = `package p

import "fmt"

func First() { fmt.Println() }

func second() {
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
	file := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(file, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	server := func(fault string) Server {
		// Under the race detector each would take a second to end.
		return Server{Args: []string{self}, Env: append(os.Environ(), serverVariable+"="+fault, "GORACE=atexit_sleep_ms=0")}
	}
	b := server(fault)
	return Options{
		Root:       filepath.Dir(file),
		Target:     cachewarm.Target{File: file, Package: "p", Name: "Println", Position: lsp.Position{Line: 4, Character: 19}},
		Initialize: json.RawMessage("{}"),
		A:          server("none"),
		B:          &b,
		Runs:       2,
		Warmup:     1,
		Requests:   4,
		Rare:       3,
		Settle:     time.Millisecond,
	}
}

func TestRun(t *testing.T) {
	opts := options(t, "none")
	var steps []string
	opts.Progress = func(what string) { steps = append(steps, what) }
	pids := make(map[int]bool)
	opts.Memory = func(pid int) int64 {
		pids[pid] = true
		return int64(1e6 * (1 + (len(pids)-1)%2)) // A's turn or B's, until they change places
	}
	report, err := Run(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"warm-up 1 of 1 of A", "warm-up 1 of 1 of B",
		"run 1 of 2 of B", "run 1 of 2 of A",
		"run 2 of 2 of A", "run 2 of 2 of B",
	}, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if len(pids) != 6 {
		t.Errorf("%d processes were started, want 6", len(pids))
	}
	counts := make(map[string]int)
	for _, m := range report.Metrics {
		if m.A.N != m.B.N || m.A.N != len(m.A.Samples) || m.Ratio == nil {
			t.Errorf("%s: %d samples of A, %d of B, ratio %v", m.Name, m.A.N, m.B.N, m.Ratio)
		}
		for _, x := range append(m.A.Samples, m.B.Samples...) {
			if x <= 0 {
				t.Errorf("%s took %v", m.Name, x)
			}
		}
		counts[m.Name] = m.A.N
	}
	if diff := cmp.Diff(map[string]int{
		initialize: 2, firstHover: 2, firstDefinition: 2, firstCompletion: 2, firstDiagnostics: 2,
		hover: 8, definition: 8, completion: 8, documentSymbols: 8, references: 6,
		hoverAfterEdit: 12, diagnosticsAfterEdit: 6, shutdown: 2, memory: 2,
	}, counts); diff != "" {
		t.Errorf("samples (-want +got):\n%s", diff)
	}
	// What a person has had comes in this order, in each run.
	for i := range opts.Runs {
		last := 0.0
		for _, m := range report.Metrics[:4] {
			if m.A.Samples[i] < last {
				t.Errorf("run %d: %s before what precedes it", i, m.Name)
			}
			last = m.A.Samples[i]
		}
	}
	if b := report.Metrics[len(report.Metrics)-1].B; !cmp.Equal(b.Samples, []float64{1e6, 2e6}) {
		t.Errorf("memory of B: %v", b.Samples)
	}
}

func TestRunAlone(t *testing.T) {
	opts := options(t, "")
	opts.B, opts.Runs, opts.Warmup = nil, 1, 0
	opts.Memory = func(int) int64 { return 0 }
	report, err := Run(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range report.Metrics {
		if m.B != nil || m.Ratio != nil || m.Name == memory {
			t.Errorf("%+v", m)
		}
	}
}

// TestWrong is about servers that are fast, but wrong.
func TestWrong(t *testing.T) {
	for fault, want := range map[string]string{
		"hover":           "first hover (Println at 5:20): textDocument/hover: the hover does not name Println",
		"late hover":      "run 1 of 2: hover (First at 5:6): ",
		"definition":      `first definition (Println at 5:20): textDocument/definition: the definition is said to be `,
		"completion":      "first completion (before Println at 5:20): textDocument/completion: there is no completion",
		"late completion": "run 1 of 2: completion (before Println at 5:20): ",
		"documentSymbol":  "First is not among the symbols",
		"references":      "the declaration is not among the 1 references",
		"refuse":          "first hover (Println at 5:20): textDocument/hover: not today",
		"crash":           "exit status 4",
		"exit":            "exit status 3",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			opts := options(t, fault)
			opts.Warmup = 0
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

func TestTimeout(t *testing.T) {
	opts := options(t, "diagnostics") // none are published after an edit
	opts.Warmup, opts.Timeout = 0, 2*time.Second
	if _, err := Run(t.Context(), opts); !errors.Is(err, errSlow) || !strings.HasPrefix(err.Error(), "B (") {
		t.Errorf("%v; want that B is too slow", err)
	}
}

func TestInterrupt(t *testing.T) {
	opts := options(t, "none")
	opts.Runs = 1000
	ctx, cancel := context.WithCancel(t.Context())
	opts.Progress = func(what string) {
		if strings.HasPrefix(what, "run 2 ") {
			cancel()
		}
	}
	if _, err := Run(ctx, opts); !errors.Is(err, context.Canceled) {
		t.Errorf("%v; want that it was interrupted", err)
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
