//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/cachewarm/session"
	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/procstat"
)

// faultsVariable is for how many editors come and go in [TestFaults].
const faultsVariable = "HEARTH_TEST_FAULT_CYCLES"

// seedVariable repeats a run, as far as a run with processes can be repeated.
const seedVariable = "HEARTH_TEST_FAULT_SEED"

// Editors come, edit, and leave in one way or another, while files change on
// disk and processes are killed. Whatever happens, gopls has the text of the
// editor, and of all other files that of the disk; every request is answered;
// and in the end nothing is left.
func TestFaults(t *testing.T) {
	cycles := fromEnvironment(t, faultsVariable, 12)
	if testing.Short() {
		cycles = 4
	}
	f := newFaults(t)
	var base usage
	for i := range cycles {
		// The daemon of the second half lives on, to see whether it grows.
		f.cycle(i, i < cycles/2)
		if i == cycles/2+cycles/10 {
			base = f.usage(i)
		}
	}
	end := f.usage(cycles)
	// A busy machine may keep the daemon from replying in time, but not often.
	if n := f.counts["without the daemon"]; n > 1+cycles/4 {
		t.Errorf("%d of %d editors did without the daemon", n, cycles)
	}
	t.Logf("%d cycles: %v", cycles, f.counts)
	t.Logf("the daemon, after 60%% of them: %+v, at the end: %+v", base, end)
	if base.pid != end.pid {
		t.Errorf("the daemon was replaced, though nobody killed it; its log:\n%s", readLog(place(f.home)))
	}
	if end.files > base.files+2 {
		t.Errorf("the daemon had %d files open and has %d now: %q", base.files, end.files, openFiles(end.pid))
	}
	if end.memory > base.memory+16<<20 {
		t.Errorf("the daemon took %d MB and takes %d now", base.memory>>20, end.memory>>20)
	}
	f.checkNothingLeft()
	races, err := filepath.Glob(filepath.Join(f.home, "race.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range races {
		report, _ := os.ReadFile(name)
		t.Errorf("%s", report)
	}
}

func fromEnvironment(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// faults is the state of a run.
type faults struct {
	t         *testing.T
	random    *rand.Rand
	names     names
	home, dir string
	sources   []*source
	counts    map[string]int // of what happened
	daemon    int            // process id; 0: not known
}

func newFaults(t *testing.T) *faults {
	seed := fromEnvironment(t, seedVariable, int(time.Now().UnixNano()))
	t.Logf("%s=%d", seedVariable, seed)
	f := &faults{
		t: t, random: rand.New(rand.NewPCG(uint64(seed), 0)), counts: make(map[string]int),
		home: asUser(t), dir: realDir(t),
	}
	// Nobody sees what the daemon writes to its standard error.
	t.Setenv("GORACE", "log_path="+filepath.Join(f.home, "race"))
	writeFiles(t, f.dir, "go.mod", goMod)
	for _, name := range []string{"a/a.go", "a/b.go", "a/é.go", "b/a.go", "c/a.go", "c/d/a.go"} {
		s := &source{path: filepath.Join(f.dir, filepath.FromSlash(name))}
		if err := os.MkdirAll(filepath.Dir(s.path), 0o755); err != nil {
			t.Fatal(err)
		}
		f.sources = append(f.sources, s)
		f.write(s, f.names.file(f.random))
	}
	mustHearth(t, f.dir, "build")
	return f
}

// chance is true once in n times.
func (f *faults) chance(n int) bool { return f.random.IntN(n) == 0 }

// write writes a file as a person's tools do.
func (f *faults) write(s *source, text string) {
	name := s.path
	if f.chance(2) {
		name += "~"
	}
	err := os.WriteFile(name, []byte(text), 0o644)
	if err == nil && name != s.path {
		err = os.Rename(name, s.path)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	s.disk = text
}

// cycle changes files and has an editor come.
func (f *faults) cycle(number int, killDaemon bool) {
	for range f.random.IntN(3) {
		f.write(f.any(), f.names.file(f.random))
	}
	victims := []string{"nobody", "nobody", "gopls", "gopls", "shim"}
	if killDaemon {
		victims = append(victims, "daemon", "daemon")
	}
	f.visit(number, pick(f.random, victims...))
}

// visit is the life of one editor, in which one process is killed.
func (f *faults) visit(number int, victim string) {
	f.counts["kill "+victim]++
	e := f.start(number, victim)
	defer e.end()
	if f.chance(4) {
		e.kill(f.parked()) // before it is welcome
	}
	e.initialize()
	if e.gone {
		return
	}
	e.check("after it was started")
	e.life()
	if !e.gone {
		e.check("at the end")
		if e.killed == "" {
			e.kill(f.attached()) // so that it is not there when it leaves
		}
	}
}

func (f *faults) any() *source { return f.sources[f.random.IntN(len(f.sources))] }

// parked and attached return the process ids of gopls and of the daemon.
func (f *faults) parked() (gopls, daemon int)   { return f.processes(session.Parked) }
func (f *faults) attached() (gopls, daemon int) { return f.processes(session.Attached) }

func (f *faults) processes(state session.State) (gopls, daemon int) {
	status := f.status()
	if status == nil {
		return 0, 0
	}
	for _, s := range status.Sessions {
		if s.State == state {
			return s.Pid, status.Pid
		}
	}
	return 0, status.Pid
}

// status returns nil if there is no daemon.
func (f *faults) status() *daemon.Status {
	ctx, cancel := context.WithTimeout(f.t.Context(), time.Minute)
	defer cancel()
	status, err := (&daemon.Client{Place: place(f.home)}).Status(ctx)
	if err != nil && ctx.Err() != nil {
		f.t.Fatalf("the daemon does not answer: %v", err)
	}
	return status
}

// faultyEditor is one editor of a run.
type faultyEditor struct {
	*faults
	*lsp.Client
	name   string
	ctx    context.Context
	victim string
	killed string // who was; "": nobody yet
	gone   bool   // the shim was
	asked  sync.WaitGroup
	did    []string    // for whoever reads why a run failed
	alone  atomic.Bool // gopls is not the daemon's
}

func (f *faults) start(number int, victim string) *faultyEditor {
	// For a hang, not for slowness.
	ctx, cancel := context.WithTimeout(f.t.Context(), 2*time.Minute)
	f.t.Cleanup(cancel)
	e := &faultyEditor{faults: f, ctx: ctx, victim: victim, name: fmt.Sprintf("cycle %d (kill %s)", number, victim)}
	var err error
	e.Client, err = lsp.Start(lsp.Command{Args: []string{program(f.t), "lsp"}, Dir: f.dir}, lsp.Options{
		Log: func(_ lsp.MessageType, text string) {
			switch {
			case strings.Contains(text, "not running"):
				f.t.Errorf("%s: %s", e.name, text)
			case strings.Contains(text, "without the daemon"):
				e.alone.Store(true)
			}
		},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(e.Close)
	for _, s := range f.sources {
		s.version = 0
	}
	return e
}

func (e *faultyEditor) fatalf(format string, args ...any) {
	e.t.Helper()
	e.t.Fatalf("%s: %s\nthe editor:\n%s\nlog of the daemon:\n%s", e.name, fmt.Sprintf(format, args...),
		strings.Join(e.did, "\n"), lastLines(readLog(place(e.home)), 40))
}

// note keeps what happens, with the time.
func (e *faultyEditor) note(what string, s *source) {
	name := ""
	if s != nil {
		name = strings.TrimPrefix(s.path, e.dir)
	}
	e.did = append(e.did, strings.TrimSpace(time.Now().UTC().Format("15:04:05.000 ")+what+" "+name))
}

func lastLines(text string, n int) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

func (e *faultyEditor) initialize() {
	if _, err := e.Initialize(e.ctx, map[string]any{
		"rootUri": lsp.FileURI(e.dir),
		"capabilities": map[string]any{
			"workspace": map[string]any{"configuration": true},
			"window":    map[string]any{"workDoneProgress": true},
			"textDocument": map[string]any{
				"documentSymbol": map[string]any{"hierarchicalDocumentSymbolSupport": true},
			},
		},
	}); err != nil && !e.gone {
		e.fatalf("%v", err)
	}
}

// kill kills the victim, if it is there.
func (e *faultyEditor) kill(gopls, daemon int) {
	pid := map[string]int{"gopls": gopls, "daemon": daemon, "shim": e.Process().Pid()}[e.victim]
	if pid == 0 {
		return
	}
	e.killed = e.victim
	e.note("kill "+e.victim, nil)
	e.counts["killed "+e.victim]++
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		e.fatalf("killing %s: %v", e.victim, err)
	}
	e.gone = e.victim == "shim"
}

// life is what happens between start and end.
func (e *faultyEditor) life() {
	gopls, daemon := e.attached()
	if gopls == 0 && !e.alone.Load() {
		e.fatalf("it has no session")
	}
	for range e.random.IntN(40) {
		e.step(e.any())
		if e.killed == "" && e.chance(20) {
			if e.kill(gopls, daemon); e.gone {
				return
			}
		}
	}
}

func (e *faultyEditor) step(s *source) {
	switch {
	case e.chance(8): // from outside, whatever the editor has
		e.note("write", s)
		e.write(s, e.names.file(e.random))
	case s.version == 0:
		s.version, s.text = 1+e.random.IntN(3), s.disk
		if e.chance(6) {
			s.text = e.names.file(e.random) // it recovers what was not saved
		}
		e.note("open", s)
		e.notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
			URI: lsp.FileURI(s.path), LanguageID: "go", Version: s.version, Text: s.text,
		}})
	case e.chance(10):
		s.version = 0
		e.note("close", s)
		e.notify("textDocument/didClose", lsp.DidCloseParams{TextDocument: lsp.TextDocumentIdentifier{URI: lsp.FileURI(s.path)}})
	case e.chance(8):
		e.note("save", s)
		e.write(s, s.text)
		e.notify("textDocument/didSave", map[string]any{"textDocument": lsp.TextDocumentIdentifier{URI: lsp.FileURI(s.path)}})
	case e.chance(6):
		e.note("ask", s)
		e.ask(s)
	default:
		e.note("edit", s)
		s.version++
		e.notify("textDocument/didChange", lsp.DidChangeParams{
			TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: lsp.FileURI(s.path), Version: s.version},
			ContentChanges: e.names.edits(e.random, s),
		})
	}
}

func (e *faultyEditor) notify(method string, params any) {
	if err := e.Notify(method, params); err != nil && !e.gone {
		e.fatalf("%v", err)
	}
}

// ask asks something without waiting. It must be answered, if only by an error.
func (e *faultyEditor) ask(s *source) {
	params := lsp.PositionParams{TextDocument: lsp.TextDocumentIdentifier{URI: lsp.FileURI(s.path)}, Position: position(s.text, e.random.IntN(len(s.text)))}
	e.asked.Go(func() {
		err := e.Call(e.ctx, "textDocument/hover", params, nil)
		if err != nil && e.ctx.Err() != nil {
			e.t.Errorf("%s: a request is not answered: %v", e.name, err)
		}
	})
}

// check compares the texts that gopls has with those that it should have.
func (e *faultyEditor) check(when string) {
	e.t.Helper()
	e.note("check "+when, nil)
	for _, s := range e.sources {
		text, patience := s.disk, 20*time.Second // it is told when the watcher has seen it
		if s.version > 0 {
			text, patience = s.text, 0
		} else if strings.HasPrefix(when, "after") {
			patience = 0 // it has been told before it was asked
		}
		want, err := symbols(text)
		if err != nil {
			e.fatalf("%v\n%s", err, text)
		}
		var got []symbol
		for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
			got = e.symbols(s)
			if cmp.Equal(want, got) {
				break
			}
			if s.version == 0 && e.alone.Load() {
				break // to tell gopls what changes on disk is the editor's task then
			}
			if time.Now().After(deadline) {
				e.fatalf("%s, %s: gopls has another text of version %d:\nwant %v\ngot  %v", when, s.path, s.version, want, got)
			}
		}
	}
}

// symbols asks until it is answered: after a restart the answer may be that
// the question has to be asked again.
func (e *faultyEditor) symbols(s *source) (list []symbol) {
	e.t.Helper()
	for {
		err := e.Call(e.ctx, "textDocument/documentSymbol", map[string]any{"textDocument": lsp.TextDocumentIdentifier{URI: lsp.FileURI(s.path)}}, &list)
		if err == nil {
			return list
		}
		answer, ok := errors.AsType[*lsp.ResponseError](err)
		if !ok || answer.Code != lsp.CodeContentModified || e.killed == "" {
			e.fatalf("%s: %v", s.path, err)
		}
	}
}

// end is the end of the editor, in one of the ways in which editors end.
func (e *faultyEditor) end() {
	defer e.Close()
	way := "killed"
	if !e.gone {
		way = pick(e.random, "shutdown", "killed", "hangs up")
	}
	e.counts[way]++
	ctx, cancel := context.WithTimeout(e.ctx, 30*time.Second)
	defer cancel()
	switch way {
	case "shutdown":
		if err := e.Shutdown(ctx); err != nil {
			e.t.Errorf("%s: %v", e.name, err)
		}
	case "hangs up":
		e.Process().CloseInput()
		select {
		case <-e.Process().Done():
		case <-ctx.Done():
			e.t.Errorf("%s: the shim does not end when its input does", e.name)
		}
	default:
		e.Process().Kill()
	}
	e.asked.Wait()
	if e.alone.Load() {
		e.counts["without the daemon"]++
	}
}

// usage is what a daemon uses.
type usage struct {
	pid, files int
	memory     int64
}

// usage looks at the daemon when no editor is there, after one that was left in
// peace: a gopls that was killed when its editor had just left is not replaced.
func (f *faults) usage(number int) (u usage) {
	f.t.Helper()
	f.visit(number, "nobody")
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		status := f.status()
		if status != nil && len(status.Sessions) == 1 && status.Sessions[0].State == session.Parked {
			u.pid = status.Pid
			break
		}
		if time.Now().After(deadline) {
			f.t.Fatalf("the sessions are not one that is parked: %+v\n%s", status, readLog(place(f.home)))
		}
	}
	u.files = len(openFiles(u.pid))
	for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		u.files = min(u.files, len(openFiles(u.pid))) // those of our own questions, say
	}
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", u.pid))
	if err != nil {
		f.t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64)
	if err != nil {
		f.t.Fatal(err)
	}
	u.memory = pages * int64(os.Getpagesize())
	return u
}

func openFiles(pid int) (names []string) {
	links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, link := range links {
		if name, err := os.Readlink(link); err == nil {
			names = append(names, name)
		}
	}
	return names
}

// checkNothingLeft stops everything and looks for what is left.
func (f *faults) checkNothingLeft() {
	f.t.Helper()
	mustHearth(f.t, f.dir, "stop", "--all")
	var left map[int]string
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if left = ofUser(f.home); len(left) == 0 {
			break
		}
		if time.Now().After(deadline) {
			f.t.Errorf("these processes are left: %q", slices.Collect(maps.Values(left)))
			break
		}
	}
	entries, err := os.ReadDir(place(f.home).Dir)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, entry := range entries {
		if name := entry.Name(); name != "daemon.log" && name != "daemon.lock" {
			f.t.Errorf("this is left in the daemon's folder: %s", name)
		}
	}
}

// ofUser returns the processes of the user who lives in home.
func ofUser(home string) map[int]string {
	list := make(map[int]string)
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		pid, _ := strconv.Atoi(filepath.Base(dir))
		environ, _ := os.ReadFile(filepath.Join(dir, "environ"))
		if pid == os.Getpid() || !bytes.Contains(environ, []byte("HOME="+home+"\x00")) {
			continue
		}
		if _, err := procstat.Tree(pid); err == nil {
			command, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
			list[pid] = string(bytes.ReplaceAll(command, []byte{0}, []byte{' '}))
		}
	}
	return list
}
