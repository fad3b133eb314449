//go:build unix

package session

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gohearth/hearth/internal/leaktest"
	"github.com/gohearth/hearth/internal/lsp"
)

// start starts a session of the fake server in an empty workspace.
func start(t *testing.T, change ...func(*Options)) *Session {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	checkLeaks := leaktest.Goroutines(t)
	o := Options{
		Command: lsp.Command{Args: []string{exe}, Env: append(os.Environ(), serverVariable+"=1", "GORACE=atexit_sleep_ms=0")},
		Root:    root,
		Params:  json.RawMessage(`{"workspaceFolders":[{"uri":"file:///w","name":"w"}]}`),
		Ghosts:  2,
	}
	for _, f := range change {
		f(&o)
	}
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Stop("the test ends", time.Second)
		select {
		case <-s.Done():
		case <-time.After(20 * time.Second):
			t.Fatal("the session does not end")
		}
		if syscall.Kill(s.Pid(), 0) == nil {
			t.Error("the server is still there")
		}
		checkLeaks()
	})
	return s
}

// person is an editor that is attached.
type person struct {
	*lsp.Client
	t      *testing.T
	ctx    context.Context
	stream net.Conn

	mu     sync.Mutex
	told   []string // "method params"
	answer map[string]any
}

// come attaches an editor and initializes.
func come(t *testing.T, s *Session, answer map[string]any) *person {
	t.Helper()
	ours, theirs := net.Pipe()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	p := &person{t: t, ctx: ctx, stream: ours, answer: answer}
	p.Client = lsp.NewClient(lsp.NewConn(ours, ours), lsp.Options{
		Settings: map[string]any{"mine": "yes"},
		Handle: func(_ context.Context, method string, params json.RawMessage) (any, error) {
			p.note(method + " " + string(params))
			if a, ok := answer[method]; ok {
				return a, nil
			}
			return nil, lsp.ErrNotHandled
		},
		Observe: func(method string, params json.RawMessage) { p.note(method + " " + string(params)) },
	})
	t.Cleanup(func() { ours.Close(); p.Close(); cancel() })
	attach(t, s, theirs)
	if _, err := p.Initialize(ctx, struct{}{}); err != nil {
		t.Fatal(err)
	}
	return p
}

// attach is what the daemon does: it reads initialize and gives the rest away.
func attach(t *testing.T, s *Session, stream io.ReadWriteCloser) {
	conn := lsp.NewConn(stream, stream)
	go func() {
		body, err := conn.ReadMessage()
		if err != nil {
			return
		}
		m, err := lsp.Parse(body)
		if err != nil {
			t.Error(err)
			return
		}
		s.Attach(Editor{Name: "test", Stream: conn, Close: stream.Close, Initialize: m})
	}()
}

func (p *person) note(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, s)
}

// await waits until the editor was told or asked something that begins so.
func (p *person) await(prefix string) string {
	p.t.Helper()
	var found string
	eventually(p.t, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, s := range p.told {
			if strings.HasPrefix(s, prefix) {
				found = s
				return true
			}
		}
		return false
	}, func() string { return fmt.Sprintf("the editor was not told %q but %q", prefix, p.told) })
	return found
}

func (p *person) heard(part string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.told, func(s string) bool { return strings.Contains(s, part) })
}

func eventually(t *testing.T, done func() bool, why func() string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(why())
		}
	}
}

func (p *person) call(method string, params, result any) {
	p.t.Helper()
	if err := p.Call(p.ctx, method, params, result); err != nil {
		p.t.Fatal(err)
	}
}

// seen returns what the server has received.
func (p *person) seen() (list []string) {
	p.t.Helper()
	p.call("test/seen", nil, &list)
	return list
}

func count(list []string, prefix string) (n int) {
	for _, s := range list {
		if strings.HasPrefix(s, prefix) {
			n++
		}
	}
	return n
}

// leave goes as an editor does, and waits until the session is parked.
func (p *person) leave(s *Session) {
	p.t.Helper()
	if err := p.Shutdown(p.ctx); err != nil {
		p.t.Errorf("shutdown: %v", err)
	}
	parked(p.t, s)
}

func parked(t *testing.T, s *Session) {
	t.Helper()
	eventually(t, func() bool { return s.Status().State == Parked }, func() string { return fmt.Sprintf("the session is %s", s.Status().State) })
}

func (p *person) ask(method string, params any) (answer struct{ Result, Error json.RawMessage }) {
	p.t.Helper()
	p.call("test/ask", map[string]any{"method": method, "params": params}, &answer)
	return answer
}

func (p *person) tell(method string, params any) {
	p.t.Helper()
	p.call("test/tell", map[string]any{"method": method, "params": params}, nil)
}

func file(t *testing.T, s *Session, name, text string) lsp.URI {
	t.Helper()
	path := filepath.Join(s.opts.Root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return lsp.FileURI(path)
}

func (p *person) open(uri lsp.URI, version int, text string) {
	p.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{URI: uri, LanguageID: "go", Version: version, Text: text}})
}

func (p *person) text(uri lsp.URI) (doc *lsp.TextDocumentItem) {
	p.t.Helper()
	p.call("test/text", uri, &doc)
	return doc
}

func TestAttachAgain(t *testing.T) {
	s := start(t)
	a := come(t, s, nil)
	a.await("client/registerCapability")
	a.tell("textDocument/publishDiagnostics", lsp.PublishDiagnosticsParams{URI: "file:///w/x.go", Diagnostics: []lsp.Diagnostic{{Source: "compiler", Message: "bad"}}})
	a.ask("window/workDoneProgress/create", map[string]any{"token": "loading"})
	a.tell("$/progress", map[string]any{"token": "loading", "value": lsp.WorkDoneProgress{Kind: "begin", Title: "Loading"}})
	a.leave(s)

	b := come(t, s, nil)
	b.await("client/registerCapability")
	b.await("textDocument/publishDiagnostics")
	b.await("window/workDoneProgress/create")
	b.await("$/progress")
	b.await("window/logMessage") // which says that it is warm
	seen := b.seen()
	for _, method := range []string{"initialize ", "initialized "} {
		if n := count(seen, method); n != 1 {
			t.Errorf("the server was told %q %d times", method, n)
		}
	}
	for _, method := range []string{"shutdown", "exit"} {
		if count(seen, method) > 0 {
			t.Errorf("the server was told %q", method)
		}
	}
	b.ask("client/unregisterCapability", map[string]any{"unregisterations": []map[string]any{{"id": "watch-1", "method": "workspace/didChangeWatchedFiles"}}})
	b.tell("$/progress", map[string]any{"token": "loading", "value": lsp.WorkDoneProgress{Kind: "end"}})
	b.tell("textDocument/publishDiagnostics", lsp.PublishDiagnosticsParams{URI: "file:///w/x.go"})
	b.leave(s)

	c := come(t, s, nil)
	c.await("window/logMessage")
	c.call("test/echo", "", nil)
	time.Sleep(2 * showAfter)
	for _, gone := range []string{"client/registerCapability", "$/progress", "textDocument/publishDiagnostics"} {
		if c.heard(gone) {
			t.Errorf("the third editor was told %s, which was over", gone)
		}
	}
	if st := s.Status(); st.Attached != 3 || st.Latency["test/echo"].Count != 1 {
		t.Errorf("the status is %+v", st)
	}
}

// What an editor is told of files that it has not opened does not stand before its
// first answer, and comes once and as it is by then.
func TestShowOwed(t *testing.T) {
	s := start(t)
	publish := func(p *person, name, message string) {
		t.Helper()
		params := lsp.PublishDiagnosticsParams{URI: lsp.URI("file:///w/" + name), Diagnostics: []lsp.Diagnostic{}}
		if message != "" {
			params.Diagnostics = append(params.Diagnostics, lsp.Diagnostic{Source: "compiler", Message: message})
		}
		p.tell("textDocument/publishDiagnostics", params)
	}
	a := come(t, s, nil)
	for _, name := range []string{"same.go", "changed.go", "mended.go"} {
		publish(a, name, "old "+name)
	}
	a.leave(s)

	b := come(t, s, nil)
	publish(b, "changed.go", "new changed.go") // the answer to which is the first
	if b.heard("old") {
		t.Error("the editor is told of other files before its first answer")
	}
	publish(b, "mended.go", "")
	time.Sleep(2 * showAfter)
	b.mu.Lock()
	defer b.mu.Unlock()
	var told []string
	for _, s := range b.told {
		if strings.HasPrefix(s, "textDocument/publishDiagnostics") {
			told = append(told, s)
		}
	}
	all := strings.Join(told, "\n")
	if len(told) != 3 || !strings.Contains(all, "old same.go") || !strings.Contains(all, "new changed.go") || strings.Contains(all, "old mended.go") || strings.Contains(all, "old changed.go") {
		t.Errorf("the editor was told\n%s", all)
	}
}

// A session that nobody has attached to is told that it is initialized, and its
// questions are answered.
// TestLargeRegistration: what an editor waits for when it attaches does not stand
// behind what grows with the workspace.
func TestLargeRegistration(t *testing.T) {
	s := start(t)
	a := come(t, s, nil)
	for _, id := range []string{"large-1", "large-2"} {
		a.ask("client/registerCapability", map[string]any{"registrations": []map[string]any{
			{"id": id, "method": "workspace/didChangeWatchedFiles", "registerOptions": strings.Repeat("x", 2*largeRegistration)},
		}})
	}
	a.leave(s)

	b := come(t, s, nil)
	b.call("test/echo", "", nil)
	size := 0
	b.mu.Lock()
	for _, told := range b.told {
		size += len(told)
	}
	b.mu.Unlock()
	if size > largeRegistration {
		t.Errorf("the editor was sent %d bytes before its first answer", size)
	}
	b.await(`client/registerCapability {"registrations":[{"id":"large-1"`)
	b.await(`client/registerCapability {"registrations":[{"id":"large-2"`)
	b.leave(s)

	// What gopls takes back is not put off: the editor has it first.
	c := come(t, s, nil)
	c.ask("client/unregisterCapability", map[string]any{"unregisterations": []map[string]any{{"id": "large-1", "method": "workspace/didChangeWatchedFiles"}}})
	c.await(`client/registerCapability {"registrations":[{"id":"large-1"`)
	c.await(`client/registerCapability {"registrations":[{"id":"large-2"`)
	c.leave(s)

	d := come(t, s, nil)
	d.await(`client/registerCapability {"registrations":[{"id":"large-2"`)
	if d.heard("large-1") {
		t.Error("the editor was asked for what gopls has taken back")
	}
}

func TestAlone(t *testing.T) {
	s := start(t, func(o *Options) {
		o.Answers = Answers{{ScopeURI: "file:///w", Section: "gopls"}: json.RawMessage(`{"spare":true}`)}
	})
	time.Sleep(50 * time.Millisecond)
	p := come(t, s, map[string]any{"workspace/configuration": []any{map[string]any{"spare": true}}})
	if seen := p.seen(); count(seen, "initialized ") != 1 {
		t.Errorf("the server has seen %q", seen)
	}
}

// Two editors use the same ids and tokens. An answer to the first never reaches
// the second.
func TestLateAnswer(t *testing.T) {
	s := start(t)
	a := come(t, s, nil)
	done := make(chan error, 1)
	go func() { done <- a.Call(a.ctx, "test/hold", map[string]any{"workDoneToken": 1}, nil) }()
	a.await(`$/progress {"token":1,`)
	a.stream.Close() // as a killed editor does
	if err := <-done; err == nil {
		t.Error("the first editor got an answer")
	}
	parked(t, s)

	b := come(t, s, nil)
	go func() { done <- b.Call(b.ctx, "test/hold", map[string]any{"workDoneToken": 1}, nil) }()
	b.await(`$/progress {"token":1,`)
	b.call("test/release", nil, nil)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := count(b.seen(), "$/cancelRequest"); n != 1 {
		t.Errorf("%d requests of the first editor were cancelled", n)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := count(b.told, "$/progress"); n != 1 {
		t.Errorf("the second editor was told %q", b.told)
	}
}

func TestCancel(t *testing.T) {
	s := start(t)
	p := come(t, s, nil)
	p.call("test/echo", "", nil) // so that the ids differ on both sides
	ctx, cancel := context.WithCancel(p.ctx)
	done := make(chan error, 1)
	go func() { done <- p.Call(ctx, "test/hold", map[string]any{"workDoneToken": "x"}, nil) }()
	p.await(`$/progress {"token":"x",`)
	p.Notify("window/workDoneProgress/cancel", map[string]any{"token": "x"})
	cancel()
	<-done
	var cancelled []string
	eventually(t, func() bool { cancelled = p.seen(); return count(cancelled, "$/cancelRequest") == 1 },
		func() string { return fmt.Sprintf("the server has seen %q", cancelled) })
	if count(cancelled, `window/workDoneProgress/cancel {"token":"hearth-`) != 1 {
		t.Errorf("the server has seen %q, without the token that it knows", cancelled)
	}
}

func TestGhost(t *testing.T) {
	s := start(t)
	const text = "package p\n"
	uri, other := file(t, s, "p.go", text), file(t, s, "q/q.go", "package q\n")
	a := come(t, s, nil)
	a.open(other, 1, "package q\n")
	a.open(uri, 1, text)
	a.Notify("textDocument/didChange", lsp.DidChangeParams{
		TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: uri, Version: 2},
		ContentChanges: []lsp.ContentChange{{Text: "package unsaved\n"}},
	})
	if doc := a.text(uri); doc.Text != "package unsaved\n" {
		t.Fatalf("the server has %+v", doc)
	}
	a.leave(s)

	b := come(t, s, nil)
	// What was not saved is given up.
	if doc := b.text(uri); doc == nil || doc.Text != text || doc.Version != 1 {
		t.Errorf("the server has %+v", doc)
	}
	before := b.seen()
	b.open(uri, 1, text)
	b.call("test/echo", "", nil)
	if after := b.seen(); len(after) != len(before) {
		t.Errorf("the server was told %q of a text that it has", after[len(before):])
	}
	b.open(other, 7, "package other\n")
	if doc := b.text(other); doc.Text != "package other\n" || doc.Version != 7 {
		t.Errorf("the server has %+v", doc)
	}
	if seen := b.seen(); !strings.HasPrefix(seen[len(seen)-1], "textDocument/didChange ") {
		t.Errorf("the server was told %s", seen[len(seen)-1])
	}
	b.Notify("textDocument/didClose", lsp.DidCloseParams{TextDocument: lsp.TextDocumentIdentifier{URI: uri}})
	if doc := b.text(uri); doc != nil {
		t.Errorf("it was closed, and the server has %+v", doc)
	}
}

// A session that has ended is not kept, by a timer say.
func TestEndedIsCollected(t *testing.T) {
	collected := make(chan struct{})
	t.Run("life", func(t *testing.T) {
		s := start(t)
		runtime.AddCleanup(s, func(done chan struct{}) { close(done) }, collected)
		come(t, s, nil).leave(s)
	})
	eventually(t, func() bool {
		runtime.GC()
		select {
		case <-collected:
			return true
		default:
			return false
		}
	}, func() string { return "it is still in memory" })
}

// For an open file of another platform gopls loads the workspace for that one.
func TestGhostOfAnotherPlatform(t *testing.T) {
	s := start(t, func(o *Options) {
		o.Ghosts = 9
		o.Command.Env = append(o.Command.Env, "GOOS=windows", "GOARCH=arm64")
	})
	ours, theirs := make(map[string]lsp.URI), make(map[string]lsp.URI)
	for name, text := range map[string]string{
		"p_windows.go": "package p\n",
		"p_arm64.go":   "package p // arm64\n",
		"both.go":      "//go:build windows || darwin\n\npackage p\n",
		"broken.go":    "pack",
	} {
		ours[text] = file(t, s, name, text)
	}
	for name, text := range map[string]string{
		"p_linux.go": "package q\n",
		"not.go":     "//go:build !arm64\n\npackage p\n",
	} {
		theirs[text] = file(t, s, name, text)
	}
	a := come(t, s, nil)
	for _, files := range []map[string]lsp.URI{ours, theirs} {
		for text, uri := range files {
			a.open(uri, 1, text)
		}
	}
	a.leave(s)
	b := come(t, s, nil)
	for text, uri := range ours {
		if b.text(uri) == nil {
			t.Errorf("%q is no ghost", text)
		}
	}
	for text, uri := range theirs {
		if b.text(uri) != nil {
			t.Errorf("%q is a ghost", text)
		}
	}
}

// A file that is a ghost follows its file on disk, and is closed when that goes.
func TestGhostFollowsDisk(t *testing.T) {
	notify := make(chan func([]FileChange), 1)
	s := start(t, func(o *Options) {
		o.Watch = func(_ context.Context, f func([]FileChange)) Watcher { notify <- f; return nil }
	})
	uri := file(t, s, "p.go", "package p\n")
	a := come(t, s, nil)
	a.open(uri, 1, "package p\n")
	a.leave(s)
	file(t, s, "p.go", "package changed\n")
	path, _ := uri.Path()
	changed := <-notify
	changed([]FileChange{{path, lsp.FileChanged}})
	b := come(t, s, nil)
	if doc := b.text(uri); doc.Text != "package changed\n" {
		t.Errorf("the server has %+v", doc)
	}
	if n := count(b.seen(), "workspace/didChangeWatchedFiles"); n != 1 {
		t.Errorf("the server was told %d times", n)
	}
	os.Remove(path)
	changed([]FileChange{{path, lsp.FileDeleted}})
	eventually(t, func() bool { return b.text(uri) == nil }, func() string { return "the ghost of a removed file is open" })
}

// gopls must be shown packages that are new.
func TestNewPackages(t *testing.T) {
	notify := make(chan func([]FileChange), 1)
	s := start(t, func(o *Options) {
		o.Watch = func(_ context.Context, f func([]FileChange)) Watcher { notify <- f; return nil }
	})
	changed := <-notify
	create := func(names ...string) (list []FileChange) {
		for _, name := range names {
			path, _ := file(t, s, name, "package p\n").Path()
			list = append(list, FileChange{path, lsp.FileCreated})
		}
		return list
	}
	p := come(t, s, nil)
	expect := func(asked, reloads int) {
		t.Helper()
		before := p.seen()
		eventually(t, func() bool { return count(p.seen(), "workspace/didChangeWatchedFiles") > 0 }, func() string { return "nothing was told" })
		p.call("test/echo", "", nil)
		seen := p.seen()
		if n := count(seen, "textDocument/hover"); n != asked {
			t.Errorf("the server was asked about %d files, want %d; it has seen %q", n, asked, seen[len(before):])
		}
		n := 0
		for _, m := range seen {
			if strings.Contains(m, "/vendor/modules.txt") {
				n++
			}
		}
		if n != reloads {
			t.Errorf("the server was made to reload %d times, want %d", n, reloads)
		}
	}
	changed(create("a/x.go", "a/y.go", "b/x_test.go"))
	expect(2, 0)
	changed(create("a/z.go")) // of a package that is known
	expect(2, 0)
	var many []string
	for i := range maxGlances + 1 {
		many = append(many, fmt.Sprintf("d%d/x.go", i))
	}
	changed(create(many...))
	expect(2, 1)
}

// No more than the budget stays open, what was used last before the rest.
func TestGhostBudget(t *testing.T) {
	s := start(t)
	var uris []lsp.URI
	for i := range 4 {
		uris = append(uris, file(t, s, fmt.Sprintf("d%d/f.go", i), "package p\n"))
	}
	outside := lsp.FileURI(filepath.Join(t.TempDir(), "x.go"))
	a := come(t, s, nil)
	for _, uri := range append(slices.Clone(uris), outside) {
		a.open(uri, 1, "package p\n")
	}
	a.call("textDocument/hover", lsp.PositionParams{TextDocument: lsp.TextDocumentIdentifier{URI: uris[0]}}, nil)
	a.leave(s)
	b := come(t, s, nil)
	for uri, want := range map[lsp.URI]bool{uris[0]: true, uris[1]: false, uris[2]: false, uris[3]: true, outside: false} {
		if got := b.text(uri) != nil; got != want {
			t.Errorf("%s is open: %v", uri, got)
		}
	}
}

// An editor is not shown what analyzers find in files that only ghosts hold.
func TestGhostDiagnostics(t *testing.T) {
	s := start(t)
	uri := file(t, s, "p.go", "package p\n")
	beside := lsp.FileURI(filepath.Join(s.opts.Root, "other.go"))
	a := come(t, s, nil)
	a.open(uri, 1, "package p\n")
	for _, u := range []lsp.URI{uri, beside} {
		a.tell("textDocument/publishDiagnostics", lsp.PublishDiagnosticsParams{URI: u, Diagnostics: []lsp.Diagnostic{
			{Source: "compiler", Message: "undefined"}, {Source: "shadow", Message: "shadowed"},
		}})
	}
	a.leave(s)
	b := come(t, s, nil)
	sources := func(want ...string) {
		t.Helper()
		for _, u := range []lsp.URI{uri, beside} {
			var got []string
			if _, err := b.WaitDiagnostics(b.ctx, u, func(list []lsp.Diagnostic) bool {
				got = nil
				for _, d := range list {
					got = append(got, d.Source)
				}
				return slices.Equal(got, want)
			}); err != nil {
				t.Fatalf("%s: %v; shown are %q, want %q", u, err, got, want)
			}
		}
	}
	sources("compiler")
	b.open(uri, 1, "package p\n")
	sources("compiler", "shadow")
	b.leave(s)

	// So it is if another file of the package is opened, which takes the place
	// of the ghost.
	b = come(t, s, nil)
	sources("compiler")
	b.open(file(t, s, "third.go", "package p\n"), 1, "package p\n")
	sources("compiler", "shadow")
	if doc := b.text(uri); doc != nil {
		t.Errorf("the ghost is still open: %+v", doc)
	}
}

// An opened ghost that nothing is wrong with is said to be so, as gopls does.
func TestGhostClean(t *testing.T) {
	s := start(t)
	uri := file(t, s, "p.go", "package p\n")
	a := come(t, s, nil)
	a.open(uri, 1, "package p\n")
	a.leave(s)
	b := come(t, s, nil)
	b.open(uri, 1, "package p\n")
	if _, err := b.WaitDiagnostics(b.ctx, uri, nil); err != nil {
		t.Error(err)
	}
}

// answered waits until the session keeps this answer.
func answered(t *testing.T, s *Session, want string) {
	t.Helper()
	eventually(t, func() bool {
		for _, a := range s.Answers() {
			if string(a) == want {
				return true
			}
		}
		return false
	}, func() string { return fmt.Sprintf("the answers are %s, without %s", s.Answers(), want) })
}

func TestConfiguration(t *testing.T) {
	s := start(t)
	items := lsp.ConfigurationParams{Items: []lsp.ConfigurationItem{{ScopeURI: "file:///w", Section: "gopls"}}}
	settings := func(kv ...string) map[string]any {
		m := make(map[string]any)
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return map[string]any{"workspace/configuration": []any{m}}
	}
	a := come(t, s, settings("x", "1"))
	a.await("workspace/configuration")
	answered(t, s, `{"x":"1"}`)
	a.leave(s)

	b := come(t, s, settings("x", "1"))
	b.await("workspace/configuration")
	if got := b.ask("workspace/configuration", items); string(got.Result) != `[{"x":"1"}]` {
		t.Errorf("the server got %s%s", got.Result, got.Error)
	}
	told := count(b.seen(), "workspace/didChangeConfiguration")
	b.call("test/echo", "", nil)
	if count(b.seen(), "workspace/didChangeConfiguration") != told {
		t.Error("equal settings were called changed")
	}
	b.leave(s)

	c := come(t, s, settings("x", "2", "y", "3"))
	eventually(t, func() bool { return count(c.seen(), "workspace/didChangeConfiguration") == told+1 }, func() string { return "other settings were not told" })
	answered(t, s, `{"x":"2","y":"3"}`)
	c.leave(s)

	// gopls would not forget y.
	d := come(t, s, settings("x", "2"))
	select {
	case <-s.Done():
	case <-d.ctx.Done():
		t.Fatal("a session with settings that it must forget goes on")
	}
}

// While nobody is there, each question is answered, and none twice.
func TestStandIn(t *testing.T) {
	s := start(t)
	a := come(t, s, nil)
	answered(t, s, `{"mine":"yes"}`)
	// The editor leaves while these wait for it.
	for method, want := range map[string]string{
		"workspace/applyEdit":               `{"applied":false,"failureReason":"no editor is attached"}`,
		"window/showMessageRequest":         `null`,
		"window/showDocument":               `{"success":false}`,
		"workspace/workspaceFolders":        `[{"uri":"file:///w","name":"w"}]`,
		"workspace/configuration":           `[{"mine":"yes"}]`,
		"workspace/diagnostic/refresh":      `null`,
		"client/registerCapability":         `null`,
		"workspace/textDocumentContent/new": `{"code":-32601,"message":"no editor is attached that could answer workspace/textDocumentContent/new"}`,
	} {
		params := json.RawMessage(`{"items":[{"section":"gopls"}],"registrations":[]}`)
		ours, theirs := net.Pipe()
		conn := lsp.NewConn(ours, ours)
		a.leave(s)
		attach(t, s, theirs)
		send := func(m *lsp.Message) {
			t.Helper()
			if err := conn.WriteMessage(m.Bytes()); err != nil {
				t.Fatal(err)
			}
		}
		asked := make(chan struct{})
		go func() { // an editor that answers nothing
			for {
				body, err := conn.ReadMessage()
				if err != nil {
					return
				}
				if m, err := lsp.Parse(body); err == nil && m.Method == method {
					if string(m.ID) != "" && m.ID.String()[0] != '"' {
						close(asked)
						return
					}
				}
			}
		}()
		m, _ := lsp.NewRequest(lsp.ID("1"), "initialize", struct{}{})
		send(m)
		m, _ = lsp.NewNotification("initialized", struct{}{})
		send(m)
		m, _ = lsp.NewRequest(lsp.ID("2"), "test/ask", map[string]any{"method": method, "params": params})
		send(m)
		select {
		case <-asked:
		case <-time.After(20 * time.Second):
			t.Fatalf("the editor was not asked %s", method)
		}
		ours.Close()
		parked(t, s)
		a = come(t, s, nil)
		var replies []string
		eventually(t, func() bool { replies = a.seen(); return count(replies, "reply to "+method+" "+want) == 1 },
			func() string {
				return fmt.Sprintf("%s was answered with %q, want %s", method, replies[len(replies)-1], want)
			})
	}
}

// What gopls asks reaches the editor, and its errors reach gopls.
func TestAsk(t *testing.T) {
	s := start(t)
	p := come(t, s, map[string]any{"workspace/applyEdit": map[string]any{"applied": true}})
	if got := p.ask("workspace/applyEdit", map[string]any{}); string(got.Result) != `{"applied":true}` {
		t.Errorf("got %s%s", got.Result, got.Error)
	}
	if got := p.ask("no/such", nil); !strings.Contains(string(got.Error), "-32601") {
		t.Errorf("got %s%s", got.Result, got.Error)
	}
}

func TestFolders(t *testing.T) {
	s := start(t)
	a := come(t, s, nil)
	change := func(added, removed string) {
		event := foldersEvent{}
		if added != "" {
			event.Added = []lsp.WorkspaceFolder{{URI: lsp.URI("file:///" + added)}}
		}
		if removed != "" {
			event.Removed = []lsp.WorkspaceFolder{{URI: lsp.URI("file:///" + removed)}}
		}
		a.Notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": event})
	}
	change("new", "")
	change("brief", "")
	change("", "brief")
	change("", "w")
	a.leave(s)
	b := come(t, s, nil)
	seen := b.seen()
	last := seen[len(seen)-1]
	for i, m := range seen {
		if strings.HasPrefix(m, "workspace/didChangeWorkspaceFolders") {
			last = seen[i]
		}
	}
	if want := `"added":[{"uri":"file:///w","name":""}],"removed":[{"uri":"file:///new","name":""}]`; !strings.Contains(last, want) {
		t.Errorf("the server was told %s, want %s", last, want)
	}
}

// What a command has changed for good is not handed on.
func TestLasting(t *testing.T) {
	s := start(t)
	p := come(t, s, nil)
	p.call("workspace/executeCommand", lsp.ExecuteCommandParams{Command: "gopls.gc_details"}, nil)
	p.Shutdown(p.ctx)
	select {
	case <-s.Done():
	case <-p.ctx.Done():
		t.Error("the session was parked")
	}
}

func TestSecondInitialize(t *testing.T) {
	s := start(t)
	p := come(t, s, nil)
	err := p.Call(p.ctx, "initialize", struct{}{}, nil)
	if err == nil || !strings.Contains(err.Error(), "initialized already") {
		t.Errorf("got %v", err)
	}
	p.call("test/echo", "", nil)
}

func TestCrash(t *testing.T) {
	s := start(t)
	p := come(t, s, nil)
	if err := p.Call(p.ctx, "test/crash", nil, nil); err == nil {
		t.Error("there is an answer")
	}
	if why := p.await(lsp.MethodEnded); !strings.Contains(why, "panic: crash") {
		t.Errorf("the editor was told %s", why)
	}
	<-s.Done()
	ours, theirs := net.Pipe()
	defer ours.Close()
	late := lsp.NewClient(lsp.NewConn(ours, ours), lsp.Options{})
	attach(t, s, theirs)
	if _, err := late.Initialize(p.ctx, struct{}{}); err == nil {
		t.Error("an editor attached to a session that has ended")
	}
	late.Close()
}

func TestHang(t *testing.T) {
	s := start(t, func(o *Options) { o.Hang = time.Second })
	p := come(t, s, nil)
	var answer string
	if p.call("test/busy", nil, &answer); answer != "done" {
		t.Errorf("got %q", answer)
	}
	if err := p.Call(p.ctx, "test/hang", nil, nil); err == nil {
		t.Error("there is an answer")
	}
	if why := p.await(lsp.MethodEnded); !strings.Contains(why, "had not answered") {
		t.Errorf("the editor was told %s", why)
	}
}

// An editor that does not read delays nobody, and large messages pass.
func TestSlowReaderAndLargeMessages(t *testing.T) {
	s := start(t)
	ours, theirs := net.Pipe()
	attach(t, s, theirs)
	conn := lsp.NewConn(ours, ours)
	send := func(id, method string, params any) {
		t.Helper()
		m, err := lsp.NewRequest(lsp.ID(id), method, params)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.WriteMessage(m.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	send("1", "initialize", struct{}{})
	m, _ := lsp.NewNotification("initialized", struct{}{})
	conn.WriteMessage(m.Bytes())
	large := strings.Repeat("x", 50<<20)
	send("2", "test/echo", large)
	for i := range 200 {
		send(strconv.Itoa(3+i), "test/echo", strings.Repeat("y", 10_000))
	}
	// All of that was taken, and nothing was read.
	ours.Close()
	parked(t, s)
	p := come(t, s, nil)
	var echo string
	if p.call("test/echo", large, &echo); echo != large {
		t.Errorf("of %d bytes, %d came back", len(large), len(echo))
	}
}

// An editor that comes while a session ends does not bring it back to life:
// whoever keeps sessions would never forget it.
func TestEndedForGood(t *testing.T) {
	var st stats
	st.set(Ended, "")
	st.set(Attached, "late")
	if st.state != Ended || st.attached != 0 {
		t.Errorf("the session is %s, attached %d times", st.state, st.attached)
	}
}

// The version of a file that only a ghost holds is not shown to an editor.
func TestGhostVersion(t *testing.T) {
	s := start(t)
	ghost, open := file(t, s, "p.go", "package p\n"), file(t, s, "q/q.go", "package p\n")
	a := come(t, s, nil)
	a.open(ghost, 1, "package p\n")
	version := 1
	outside := lsp.FileURI(filepath.Join(t.TempDir(), "x.go")) // closed by the next editor's time
	a.open(outside, 1, "package x\n")
	for _, uri := range []lsp.URI{ghost, outside} {
		a.tell("textDocument/publishDiagnostics", lsp.PublishDiagnosticsParams{URI: uri, Version: &version, Diagnostics: []lsp.Diagnostic{{Source: "compiler", Message: "undefined"}}})
	}
	a.leave(s)

	b := come(t, s, nil)
	for _, uri := range []lsp.URI{ghost, outside} {
		eventually(t, func() bool { _, ok := b.Diagnostics(uri); return ok }, func() string { return "the editor was told nothing of " + string(uri) })
	}
	if b.heard(`"version"`) {
		t.Errorf("of closed files the editor was told %q", b.told)
	}
	b.open(open, 7, "package p\n")
	edit := func(version int) json.RawMessage {
		return json.RawMessage(fmt.Sprintf(`{"edit":{"documentChanges":[{"edits":[],"textDocument":{"uri":%q,"version":%d}},{"edits":[],"textDocument":{"uri":%q,"version":7}}]}}`, ghost, version, open))
	}
	var got json.RawMessage
	b.call("test/echo", edit(1), &got)
	if string(got) != string(edit(0)) {
		t.Errorf("an answer about a closed file is %s", got)
	}
	b.ask("workspace/applyEdit", edit(1))
	if told := b.await("workspace/applyEdit "); told != "workspace/applyEdit "+string(edit(0)) {
		t.Errorf("the editor was asked %s", told)
	}

	b.open(ghost, 1, "package p\n")
	b.call("test/echo", edit(1), &got)
	if string(got) != string(edit(1)) {
		t.Errorf("an answer about an open file is %s", got)
	}
	if !b.heard(`"version":1`) {
		t.Error("the version of the diagnostics of an open file is not told")
	}
}
