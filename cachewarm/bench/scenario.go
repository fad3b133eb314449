package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// The scenarios, in the order of a report. The first three are ways to start;
// those after them are played by one who is attached.
const (
	cold   = "cold"
	warm   = "warm"
	attach = "attach"
	steady = "steady"
	edits  = "edit"
	typing = "typing"
	idle   = "memory"
)

// Scenarios are the names of what can be measured.
func Scenarios() []string { return []string{cold, warm, attach, steady, edits, typing, idle} }

// DefaultScenarios are all but the cold start, which takes minutes on a large
// tree.
func DefaultScenarios() []string { return Scenarios()[1:] }

// The metrics. The package comment says what they are.
const (
	initialize       = "initialize"
	firstHover       = "first hover"
	firstDefinition  = "first definition"
	firstCompletion  = "first completion"
	firstDiagnostics = "first diagnostics"
	shutdown         = "shutdown"

	openHover        = "open then hover"
	hover            = "hover"
	definition       = "definition"
	completion       = "completion"
	signatureHelp    = "signature help"
	references       = "references"
	implementation   = "implementation"
	documentSymbols  = "document symbols"
	workspaceSymbols = "workspace symbols"
	prepareRename    = "prepare rename"
	rename           = "rename"
	codeActions      = "code actions"
	semanticTokens   = "semantic tokens"
	inlayHints       = "inlay hints"
	formatting       = "formatting"

	editHover       = "edit then hover"
	editCompletion  = "edit then completion"
	editDiagnostics = "edit then diagnostics"
	saveHover       = "save then hover"

	keyCompletion = "key then completion"
	cancelled     = "cancelled"

	afterWork    = "after work"
	attachedIdle = "attached and idle"
)

// metric names what is measured.
type metric struct{ scenario, name string }

func (m metric) String() string { return m.scenario + ": " + m.name }

func (m metric) unit() string {
	switch {
	case m.scenario == idle:
		return "bytes"
	case m.name == cancelled:
		return "requests"
	}
	return "seconds"
}

// metrics are all there are, in the order of a report.
func metrics() (list []metric) {
	add := func(scenario string, names ...string) {
		for _, name := range names {
			list = append(list, metric{scenario, name})
		}
	}
	for _, scenario := range []string{cold, warm, attach} {
		add(scenario, initialize, firstHover, firstDefinition, firstCompletion, firstDiagnostics, shutdown)
	}
	add(steady, openHover)
	for _, k := range kinds {
		add(steady, k.metric)
	}
	add(edits, editHover, editCompletion, editDiagnostics, saveHover)
	add(typing, keyCompletion, cancelled)
	add(idle, afterWork, attachedIdle)
	return list
}

// start is a way to start, with what is played after it.
type start struct {
	scenario string
	runs     int
	warmup   int
	plays    []string // scenarios
	counts   bool     // whether the start was asked for, too
	traced   bool     // the server needs a moment at the end to tell of its requests
}

// coldRuns bounds the runs of the cold start: each fills two caches.
const coldRuns = 5

// starts returns what to run for the scenarios that were asked for.
func (o *Options) starts() (list []start) {
	asked := func(name string) bool { return slices.Contains(o.Scenarios, name) }
	if asked(cold) {
		list = append(list, start{scenario: cold, runs: min(o.Runs, coldRuns), counts: true})
	}
	if asked(warm) {
		list = append(list, start{scenario: warm, runs: o.Runs, warmup: o.Warmup, counts: true})
	}
	s := start{scenario: attach, runs: o.Runs, warmup: max(1, o.Warmup), counts: asked(attach)}
	for _, name := range []string{steady, edits, typing, idle} {
		if asked(name) {
			s.plays = append(s.plays, name)
		}
	}
	if s.counts || len(s.plays) > 0 {
		list = append(list, s)
	}
	return list
}

// caches returns the environment of a server that finds nothing warm, and what
// removes its folders.
func caches() (env []string, remove func() error, err error) {
	dir, err := os.MkdirTemp("", "hearth-bench-")
	if err != nil {
		return nil, nil, fmt.Errorf("making empty caches: %w", err)
	}
	return []string{"GOCACHE=" + filepath.Join(dir, "go"), "GOPLSCACHE=" + filepath.Join(dir, "gopls")},
		func() error { return os.RemoveAll(dir) }, nil
}
