package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/vet"
)

// editorSession is an editor without a person, connected to hearth lsp.
type editorSession struct {
	*lsp.Client
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	log    []string
	logged chan struct{} // closed and replaced with each message
}

// edit starts hearth lsp in dir, as an editor that opens the folder does.
func edit(t *testing.T, dir string) *editorSession {
	t.Helper()
	// For a hang, not for slowness: a loaded machine needs seconds.
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	s := &editorSession{t: t, ctx: ctx, logged: make(chan struct{})}
	client, err := lsp.Start(lsp.Command{Args: []string{program(t), "lsp"}, Dir: dir}, lsp.Options{
		Log: func(_ lsp.MessageType, text string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.log = append(s.log, text)
			close(s.logged)
			s.logged = make(chan struct{})
		},
	})
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	s.Client = client
	t.Cleanup(func() {
		defer cancel()
		if s.Err() != nil {
			return // the test has ended it
		}
		ended, stop := context.WithTimeout(context.Background(), 20*time.Second)
		defer stop()
		if err := s.Shutdown(ended); err != nil && !t.Failed() {
			t.Errorf("shutdown: %v", err)
		}
		if t.Failed() {
			t.Logf("log of the editor:\n%s", strings.Join(s.log, "\n"))
		}
	})
	if _, err := s.Initialize(ctx, map[string]any{
		"rootUri": lsp.FileURI(dir),
		"capabilities": map[string]any{
			"workspace": map[string]any{"configuration": true},
			"window":    map[string]any{"workDoneProgress": true},
		},
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

// program returns the path of hearth.
func program(t *testing.T) string {
	t.Helper()
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if path := filepath.Join(dir, "hearth"); isFile(path) {
			return path
		}
	}
	t.Fatal("hearth is not on PATH")
	return ""
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (s *editorSession) open(file string) lsp.URI {
	s.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	uri := lsp.FileURI(file)
	if err := s.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
		URI: uri, LanguageID: "go", Version: 1, Text: string(text),
	}}); err != nil {
		s.t.Fatal(err)
	}
	return uri
}

// awaitLog waits for a message of the log that contains all of the texts.
func (s *editorSession) awaitLog(texts ...string) {
	s.t.Helper()
	for {
		s.mu.Lock()
		found := slices.ContainsFunc(s.log, func(line string) bool {
			return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(line, text) })
		})
		logged := s.logged
		s.mu.Unlock()
		if found {
			return
		}
		select {
		case <-logged:
		case <-s.ctx.Done():
			s.t.Fatalf("the log has no message with %q", texts)
		}
	}
}

// awaitDiagnostics waits until the diagnostics of source in a file are those
// with the given messages.
func (s *editorSession) awaitDiagnostics(uri lsp.URI, source string, want ...string) {
	s.t.Helper()
	var got []string
	_, err := s.WaitDiagnostics(s.ctx, uri, func(list []lsp.Diagnostic) bool {
		got = nil
		for _, d := range list {
			if d.Source == source {
				got = append(got, d.Message)
			}
		}
		slices.Sort(got)
		return slices.Equal(got, want)
	})
	if err != nil {
		s.t.Fatalf("%v; the diagnostics of %s are %q, want %q", err, source, got, want)
	}
}

// hover asks what lies at a position until the answer contains want: a server
// that has just started may not know the file yet.
func (s *editorSession) hover(uri lsp.URI, at lsp.Position, want string) {
	s.t.Helper()
	for {
		var h lsp.Hover
		err := s.Call(s.ctx, "textDocument/hover", lsp.PositionParams{TextDocument: lsp.TextDocumentIdentifier{URI: uri}, Position: at}, &h)
		if err == nil && strings.Contains(h.Contents.Value, want) {
			return
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-s.ctx.Done():
			s.t.Fatalf("hover: %q, %v; want %q", h.Contents.Value, err, want)
		}
	}
}

const goMod = "module example.com/m\n\ngo 1.26\n"

// shadowGo has a finding of shadow in line 8 and a function F in line 5.
const shadowGo = `package m

import "os"

func F() error {
	var err error
	if true {
		_, err := os.Open("x")
		_ = err
	}
	return err
}
`

const shadowMessage = "this err is a new variable: the one declared at line 6 is read at line 11 without the value assigned here"

var atF = lsp.Position{Line: 4, Character: 5}

// workspace returns a folder with the finding of shadowGo.
func shadowWorkspace(t *testing.T) (dir, file string) {
	t.Helper()
	dir = realDir(t)
	writeFiles(t, dir, "go.mod", goMod, "a.go", shadowGo)
	return dir, filepath.Join(dir, "a.go")
}

func TestLSPDiagnostics(t *testing.T) {
	asUser(t)
	dir, file := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	s := edit(t, dir)
	uri := s.open(file)
	s.awaitDiagnostics(uri, "shadow", shadowMessage)
	s.hover(uri, atF, "func F() error")
}

// What an untrusted repository asks to run does not run through either door,
// and does once it is trusted.
func TestTrust(t *testing.T) {
	asUser(t)
	t.Setenv("HEARTH_CACHE", t.TempDir()) // the plugin must be built here, not by a run before
	dir, file := shadowWorkspace(t)
	marks := realDir(t)
	mark := func(name string) string { return filepath.Join(marks, name) }
	t.Setenv("HEARTH_TEST_MARK", mark("plugin"))
	writeFiles(t, dir,
		"lint/go.mod", "module example.com/lint\n\ngo 1.26\n",
		"lint/lint.go", `package lint

import (
	"os"

	"golang.org/x/tools/go/analysis"
)

func init() { os.WriteFile(os.Getenv("HEARTH_TEST_MARK"), nil, 0o644) }

var Analyzer = &analysis.Analyzer{Name: "marker", Doc: "marker: none", Run: func(*analysis.Pass) (any, error) { return nil, nil }}
`,
		"toolexec", "#!/bin/sh\n: >"+mark("toolexec")+"\nexec \"$@\"\n",
		"driver", "#!/bin/sh\n: >"+mark("driver")+"\necho '{\"NotHandled\": true}'\n",
		"hearth.yaml", fmt.Sprintf(`version: 1
gopls:
  env:
    GOFLAGS: -toolexec=%[1]s/toolexec
    GOPACKAGESDRIVER: %[1]s/driver
analyzers:
  plugins:
    - {import: example.com/lint, path: lint}
`, dir))
	ran := func() (names []string) {
		entries, err := os.ReadDir(marks)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	stdout, stderr, status := hearth(t, dir, "vet")
	if status != 1 || !strings.Contains(stdout, shadowMessage) || !strings.Contains(stderr, "not trusted") {
		t.Errorf("hearth vet: exit status %d\n%s%s", status, stdout, stderr)
	}
	s := edit(t, dir)
	uri := s.open(file)
	s.awaitLog("not trusted", "GOPACKAGESDRIVER", "plugin example.com/lint", "hearth trust")
	s.awaitDiagnostics(uri, "shadow", shadowMessage)
	s.hover(uri, atF, "func F() error")
	if names := ran(); len(names) > 0 {
		t.Fatalf("without trust, these ran: %q", names)
	}

	if shown := mustHearth(t, dir, "trust", "--show"); !strings.Contains(shown, "GOFLAGS=-toolexec=") {
		t.Errorf("hearth trust --show: %s", shown)
	}
	if len(ran()) > 0 {
		t.Errorf("hearth trust --show ran %q", ran())
	}
	mustHearth(t, dir, "trust")
	mustHearth(t, dir, "build")
	if !slices.Contains(ran(), "plugin") {
		t.Error("with trust, the build does not run the plugin")
	}
	// The running editor notices: trust is one of the files it watches.
	for !slices.Contains(ran(), "driver") {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-s.ctx.Done():
			t.Fatal("gopls does not run with the trusted environment")
		}
	}
	hearth(t, dir, "vet")
	if want := []string{"driver", "plugin", "toolexec"}; !slices.Equal(ran(), want) {
		t.Errorf("with trust, these ran: %q, want %q", ran(), want)
	}

	// The editor goes first: what it has started as trusted still leaves marks.
	if err := s.Shutdown(s.ctx); err != nil {
		t.Error(err)
	}
	mustHearth(t, dir, "trust", "--revoke")
	for _, name := range ran() {
		if err := os.Remove(mark(name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, stderr, _ := hearth(t, dir, "vet"); !strings.Contains(stderr, "not trusted") {
		t.Errorf("after trust --revoke, hearth vet says %q", stderr)
	}
	if slices.Contains(ran(), "toolexec") {
		t.Error("after trust --revoke, hearth vet ran the toolexec")
	}
}

// A changed rule changes what both doors say, in a running session and with
// warm caches.
func TestRuleChanges(t *testing.T) {
	asUser(t)
	dir := realDir(t)
	forbid := func(function string) string {
		return "version: 1\nrules:\n  - id: team\n    message: no " + function + " here\n    forbid-call: [" + function + "]\n"
	}
	writeFiles(t, dir, "go.mod", goMod,
		"main.go", "package main\n\nimport \"os\"\n\nfunc main() {\n\tprintln(os.Getenv(\"X\"))\n\tos.Exit(1)\n}\n",
		"hearth.yaml", forbid("os.Exit"))
	vets := func(want ...string) {
		t.Helper()
		stdout, stderr, status := hearth(t, dir, "vet", "--format=json")
		var r vet.Report
		if err := json.Unmarshal([]byte(stdout), &r); err != nil {
			t.Fatalf("hearth vet: %v\n%s%s", err, stdout, stderr)
		}
		var got []string
		for _, d := range r.Diagnostics {
			got = append(got, fmt.Sprintf("%s:%d:%d: %s", d.File, d.Line, d.Column, d.Message))
		}
		if diff := cmp.Diff(want, got); diff != "" || status != 1 {
			t.Errorf("hearth vet: exit status %d; -want +got:\n%s", status, diff)
		}
	}
	const exit, getenv = "no os.Exit here (team)", "no os.Getenv here (team)"
	vets("main.go:7:5: " + exit)
	vets("main.go:7:5: " + exit) // from the cache now
	s := edit(t, dir)
	uri := s.open(filepath.Join(dir, "main.go"))
	s.awaitDiagnostics(uri, "rules", exit)

	writeFiles(t, dir, "hearth.yaml", forbid("os.Getenv"))
	s.awaitDiagnostics(uri, "rules", getenv)
	vets("main.go:6:13: " + getenv)

	// Back again: the answers of before are in the caches and still right.
	writeFiles(t, dir, "hearth.yaml", forbid("os.Exit"))
	s.awaitDiagnostics(uri, "rules", exit)
	vets("main.go:7:5: " + exit)

	if err := os.Remove(filepath.Join(dir, "hearth.yaml")); err != nil {
		t.Fatal(err)
	}
	s.awaitDiagnostics(uri, "rules")
}

// A policy that is broken at the start costs the editor its policy, not its gopls.
func TestLSPBrokenPolicy(t *testing.T) {
	asUser(t)
	dir, file := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	writeFiles(t, dir, "hearth.yaml", "version: 1\ngopls: {gofumpt: true\n")
	s := edit(t, dir)
	uri := s.open(file)
	s.hover(uri, atF, "func F() error")
	s.awaitLog("the policy does not apply", "hearth.yaml:2:1: not valid YAML")

	// Mended, it applies without a restart of the editor.
	writeFiles(t, dir, "hearth.yaml", "version: 1\nanalyzers: {disable: [shadow]}\n")
	s.awaitDiagnostics(uri, "shadow")
	writeFiles(t, dir, "hearth.yaml", "version: 1\n")
	s.awaitDiagnostics(uri, "shadow", shadowMessage)

	// Broken again, it stays in force as it was, and the editor says so.
	writeFiles(t, dir, "hearth.yaml", "version: 1\nanalyzers: {disable: [shadoww]}\n")
	s.awaitLog("hearth.yaml:2:23: gopls has no analyzer \"shadoww\"")
	s.hover(uri, atF, "func F() error")
	s.awaitDiagnostics(uri, "shadow", shadowMessage)
}

// While a plugin does not build, the toolchain that served before answers.
func TestLSPBrokenPlugin(t *testing.T) {
	asUser(t)
	dir, file := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	writeFiles(t, dir,
		"lint/go.mod", "module example.com/lint\n\ngo 1.26\n",
		"lint/lint.go", "package lint\n\nvar Analyzer = nothing\n",
		"hearth.yaml", "version: 1\nanalyzers:\n  plugins:\n    - {import: example.com/lint, path: lint}\n")
	mustHearth(t, dir, "trust")
	s := edit(t, dir)
	uri := s.open(file)
	s.awaitLog("the toolchain before answers")
	s.hover(uri, atF, "func F() error")
	s.awaitDiagnostics(uri, "shadow", shadowMessage)
	s.awaitLog("plugin example.com/lint: it does not compile", "undefined: nothing")
	s.hover(uri, atF, "func F() error")
}

// HEARTH=0 builds and watches nothing, and keeps gopls and the policy.
func TestLSPSwitchedOff(t *testing.T) {
	asUser(t)
	dir, file := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	t.Setenv("HEARTH", "0")
	s := edit(t, dir)
	uri := s.open(file)
	s.hover(uri, atF, "func F() error")
	s.awaitDiagnostics(uri, "shadow", shadowMessage)
	s.awaitLog("HEARTH=0")
}

// Started as gopls, hearth serves an editor, and hands gopls what else it is asked.
func TestAsGopls(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"", "lsp"},
		{"serve", "lsp"},
		{"-mode=stdio", "lsp"},
		{"--mode stdio", "lsp"}, // ALE
		{"-mode stdio serve -rpc.trace", "lsp"},
		{"-mode stdio check a.go", "gopls -- -mode stdio check a.go"},
		{"-remote=auto serve", "lsp"},
		{"version", "gopls -- version"},
		{"-help", "gopls -- -help"},
		{"check a.go", "gopls -- check a.go"},
	} {
		if got := strings.Join(asGopls(strings.Fields(tt.args)), " "); got != tt.want {
			t.Errorf("gopls %s: hearth %s, want hearth %s", tt.args, got, tt.want)
		}
	}
}

// With a gopls on PATH nobody waits for the first build: that one answers, and
// the toolchain takes over once it is there.
func TestLSPWhileBuilding(t *testing.T) {
	asUser(t)
	dir := realDir(t)
	writeFiles(t, dir, "go.mod", goMod,
		"main.go", "package main\n\nimport \"os\"\n\nfunc main() { os.Exit(1) }\n",
		"hearth.yaml", "version: 1\nrules:\n  - {id: team, message: no, forbid-call: [os.Exit]}\n")
	bound := strings.TrimSpace(mustHearth(t, dir, "which", "gopls"))
	plain := filepath.Join(sharedCache(), "toolchains", strings.SplitN(filepath.Base(filepath.Dir(bound)), "-", 2)[0], "gopls")
	bin := realDir(t)
	if err := os.Symlink(plain, filepath.Join(bin, "gopls")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", os.Getenv("PATH")+string(filepath.ListSeparator)+bin)
	t.Setenv("HEARTH_CACHE", t.TempDir())
	s := edit(t, dir)
	uri := s.open(filepath.Join(dir, "main.go"))
	s.awaitLog("the toolchain is being built", filepath.Join(bin, "gopls")+" answers, without the policy")
	s.awaitDiagnostics(uri, "rules", "no (team)")
	s.hover(uri, lsp.Position{Line: 4, Character: 5}, "func main()")
}

// TestLSPPolicyDiagnostics checks that what is wrong with the policy is shown in
// it, and no longer than it is wrong: against the workspace, against itself, and
// when it is no policy at all.
func TestLSPPolicyDiagnostics(t *testing.T) {
	asUser(t)
	dir, file := shadowWorkspace(t)
	policy := filepath.Join(dir, "hearth.yaml")
	write := func(text string) { writeFiles(t, dir, "hearth.yaml", text) }
	const rule = "rules:\n  - {id: no-exit, message: no, forbid-call: [%s], in: [%s]}\n"
	write(fmt.Sprintf(rule, "os.Exti", "./libs"))
	mustHearth(t, dir, "build")
	s := edit(t, dir)
	uri := s.open(file)
	s.awaitDiagnostics(uri, "shadow", shadowMessage)
	s.awaitDiagnostics(lsp.FileURI(policy), "hearth",
		`"./libs" matches no package of the workspace (mend the path, or remove it)`,
		`os.Exti: os has no function Exti (did you mean "os.Exit"?)`)
	list, _ := s.Diagnostics(lsp.FileURI(policy))
	if got, want := list[0].Range, (lsp.Range{Start: lsp.Position{Line: 1, Character: 45}, End: lsp.Position{Line: 1, Character: 52}}); got != want {
		t.Errorf("the range of os.Exti is %v, want %v", got, want)
	}

	write(fmt.Sprintf(rule, "os.Exit", "./libs"))
	s.awaitDiagnostics(lsp.FileURI(policy), "hearth", `"./libs" matches no package of the workspace (mend the path, or remove it)`)
	write("rulse: []\n")
	s.awaitDiagnostics(lsp.FileURI(policy), "hearth", `"rulse" is no key of a policy file (did you mean "rules"?)`)
	write("version: 1\nextends: [a\n")
	s.awaitDiagnostics(lsp.FileURI(policy), "hearth", "not valid YAML: a bracket that is never closed")
	write(fmt.Sprintf(rule, "os.Exit", "./..."))
	s.awaitDiagnostics(lsp.FileURI(policy), "hearth")

	// The policy stays as it is, and the workspace comes to have what it names.
	write(fmt.Sprintf(rule, "os.Exit", "./libs"))
	s.awaitDiagnostics(lsp.FileURI(policy), "hearth", `"./libs" matches no package of the workspace (mend the path, or remove it)`)
	writeFiles(t, dir, "libs/l.go", "package libs\n")
	s.awaitDiagnostics(lsp.FileURI(policy), "hearth")
}
