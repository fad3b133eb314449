//go:build unix

package shim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gohearth/hearth/internal/leaktest"
	"github.com/gohearth/hearth/internal/lsp"
)

// provider gives the backend that the test has set.
type provider struct {
	mu      sync.Mutex
	backend Backend
	err     error
	guess   *Backend // the first one
	asked   int
	block   chan struct{} // Backend waits until it is closed
	changes chan struct{}
}

func (p *provider) Backend(ctx context.Context, _ string) (Backend, error) {
	if p.block != nil {
		select {
		case <-p.block:
		case <-ctx.Done():
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if p.guess != nil && p.asked == 1 {
		return *p.guess, nil
	}
	return p.backend, p.err
}

func (p *provider) Changes(context.Context, string) <-chan struct{} { return p.changes }

func (p *provider) set(b Backend, err error) {
	p.mu.Lock()
	p.backend, p.err = b, err
	p.mu.Unlock()
	p.changes <- struct{}{}
}

func (p *provider) times() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

// fakeBackend runs the fake server.
func fakeBackend(t testing.TB, kind string) Backend {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Backend{Command: []string{exe}, Env: append(os.Environ(), serverVariable+"="+kind, "GORACE=atexit_sleep_ms=0"), Key: kind}
}

// rig is an editor connected to a session.
type rig struct {
	*lsp.Client
	t        testing.TB
	ctx      context.Context
	stream   net.Conn
	provider *provider
	served   chan error

	mu   sync.Mutex
	seen []string // requests and notifications of the server, and its messages
}

// newRig connects an editor and, unless the backend is left out, initializes.
func newRig(t testing.TB, p *provider, opts Options, handle func(string, json.RawMessage) (any, error)) *rig {
	t.Helper()
	checkLeaks := leaktest.Goroutines(t)
	if p.changes == nil {
		p.changes = make(chan struct{}, 10)
	}
	if opts.timing == (timing{}) {
		opts.timing = timing{backoff: 10 * time.Millisecond, watch: time.Millisecond, quiet: 100 * time.Millisecond, silence: time.Second}
	}
	if opts.Grace == 0 {
		opts.Grace = 2 * time.Second
	}
	ours, theirs := net.Pipe()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	r := &rig{t: t, ctx: ctx, stream: ours, provider: p, served: make(chan error, 1)}
	r.Client = lsp.NewClient(lsp.NewConn(ours, ours), lsp.Options{
		Settings: map[string]any{"editor": true},
		Handle: func(ctx context.Context, method string, params json.RawMessage) (any, error) {
			r.note(method + " " + string(params))
			if handle == nil {
				return nil, lsp.ErrNotHandled
			}
			return handle(method, params)
		},
		Observe: func(method string, params json.RawMessage) { r.note(method + " " + string(params)) },
	})
	go func() { r.served <- Serve(ctx, theirs, p, opts) }()
	t.Cleanup(func() {
		ours.Close()
		<-r.served
		r.Close()
		cancel()
		checkLeaks()
	})
	return r
}

func (r *rig) note(s string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, s)
}

func (r *rig) count(prefix string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, s := range r.seen {
		if strings.HasPrefix(s, prefix) {
			n++
		}
	}
	return n
}

// await waits until n messages with the prefix have come.
func (r *rig) await(prefix string, n int) {
	r.t.Helper()
	for r.count(prefix) < n {
		if r.ctx.Err() != nil {
			r.t.Fatalf("waiting for %d of %q; seen:\n%s", n, prefix, strings.Join(r.seen, "\n"))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// start is newRig for most tests.
func start(t testing.TB, b Backend) *rig {
	t.Helper()
	r := newRig(t, &provider{backend: b}, Options{}, nil)
	r.init()
	return r
}

func (r *rig) init() {
	r.t.Helper()
	if _, err := r.Initialize(r.ctx, map[string]any{"rootUri": "file:///work"}); err != nil {
		r.t.Fatal(err)
	}
	r.await("client/registerCapability", 1)
}

func (r *rig) call(method string, params, result any) {
	r.t.Helper()
	if err := r.Call(r.ctx, method, params, result); err != nil {
		r.t.Fatal(err)
	}
}

// retry is call for a server that may be restarted at any time.
func (r *rig) retry(method string, params, result any) {
	r.t.Helper()
	err := r.Call(r.ctx, method, params, result)
	for code(err) == lsp.CodeContentModified {
		err = r.Call(r.ctx, method, params, result)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) pid() (pid int) {
	r.t.Helper()
	r.retry("test/pid", nil, &pid)
	return pid
}

func (r *rig) kill(pid int) {
	r.t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		r.t.Fatal(err)
	}
}

func code(err error) int {
	if e, ok := errors.AsType[*lsp.ResponseError](err); ok {
		return e.Code
	}
	return 0
}

func hover(uri string) lsp.PositionParams {
	return lsp.PositionParams{TextDocument: lsp.TextDocumentIdentifier{URI: lsp.URI(uri)}}
}

func TestForwardsBytes(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	go Serve(t.Context(), theirs, &provider{backend: fakeBackend(t, "a")}, Options{})
	conn := lsp.NewConn(ours, ours)
	exchange := func(body string) string {
		go conn.WriteMessage([]byte(body))
		for {
			reply, err := conn.ReadMessage()
			if err != nil {
				t.Fatal(err)
			}
			m, err := lsp.Parse(reply)
			if err != nil {
				t.Fatal(err)
			}
			if m.Kind() == lsp.Response {
				return string(reply)
			}
		}
	}
	exchange(`{"id":"i","method":"initialize","params":{}}`)
	body := `{ "params":{"a" : 1.0} ,"id": "x\u0020y", "method":"test\/raw"}`
	reply := exchange(body)
	quoted, _ := json.Marshal(body)
	if want := " {\"result\" :" + string(quoted) + ",\r\n\"extra\":1.0, \"id\": \"x\\u0020y\"}"; reply != want {
		t.Errorf("got  %s\nwant %s", reply, want)
	}
}

func TestSettings(t *testing.T) {
	b := fakeBackend(t, "a")
	b.Settings = func(editor map[string]any) map[string]any {
		editor["policy"] = len(editor)
		return editor
	}
	answers := make(chan any, 1)
	r := newRig(t, &provider{backend: b}, Options{}, func(method string, _ json.RawMessage) (any, error) {
		if method == "workspace/configuration" {
			return <-answers, nil
		}
		return nil, lsp.ErrNotHandled
	})
	r.init()
	var options json.RawMessage
	if r.call("test/options", nil, &options); string(options) != `{"policy":0}` {
		t.Errorf("without options: %s", options)
	}
	for _, test := range []struct{ items, answer, want string }{
		{`[{"section":"gopls"}]`, `[{"x":1}]`, `[{"policy":1,"x":1}]`},
		{`[{"section":"gopls"},{"section":"go"},{"section":"gopls"}]`, `[null,{"y":1},3]`, `[{"policy":0},{"y":1},{"policy":0}]`},
		{`[{"section":"gopls"}]`, `{}`, `[{"policy":0}]`},
		{`[{}]`, `[{"gopls":{"x":1},"go":{}}]`, `[{"gopls":{"policy":1,"x":1},"go":{}}]`},
		{`[{}]`, `[{"go":{}}]`, `[{"go":{}}]`},
	} {
		answers <- json.RawMessage(test.answer)
		var got json.RawMessage
		r.call("test/configuration", json.RawMessage(`{"items":`+test.items+`}`), &got)
		if string(got) != test.want {
			t.Errorf("%s answered with %s: the server got %s, want %s", test.items, test.answer, got, test.want)
		}
	}
}

func TestRoot(t *testing.T) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		`{"workspaceFolders":[{"uri":"file:///a%20b"}],"rootUri":"file:///c","rootPath":"/d"}`: "/a b",
		`{"workspaceFolders":[],"rootUri":"file:///c","rootPath":"/d"}`:                        "/c",
		`{"workspaceFolders":null,"rootUri":null,"rootPath":"/d"}`:                             "/d",
		`{}`: dir, `[]`: dir,
	} {
		if got := rootOf(json.RawMessage(in)); got != want {
			t.Errorf("rootOf(%s) = %q, want %q", in, got, want)
		}
	}
}

func TestCrash(t *testing.T) {
	r := start(t, fakeBackend(t, "a"))
	first := r.pid()
	r.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{URI: "file:///x.go", Version: 1, Text: "saved"}})
	r.Notify("textDocument/didChange", lsp.DidChangeParams{
		TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: "file:///x.go", Version: 2},
		ContentChanges: []lsp.ContentChange{{Range: &lsp.Range{}, Text: "un"}},
	})
	r.call("test/begin", "work", nil)

	command := make(chan error, 1)
	go func() { command <- r.Call(r.ctx, "workspace/executeCommand", nil, nil) }()
	crash := filepath.Join(t.TempDir(), "crash")
	if err := os.WriteFile(crash, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	var h lsp.Hover
	time.Sleep(50 * time.Millisecond) // for the command to be sent
	r.call("textDocument/hover", hover("file://"+crash), &h)
	if err := <-command; code(err) != lsp.CodeContentModified {
		t.Errorf("the command that was under way: %v", err)
	}
	if second := r.pid(); second == first {
		t.Error("the server was not restarted")
	}
	var doc lsp.TextDocumentItem
	if r.call("test/text", "file:///x.go", &doc); doc.Text != "unsaved" || doc.Version != 2 {
		t.Errorf("the new server has %+v", doc)
	}
	r.await(`$/progress {"token":"work","value":{"kind":"end"`, 1)
	r.await("client/unregisterCapability", 1)
	r.await("client/registerCapability", 2)
	r.await("window/logMessage", 1)
	if n := r.count("window/showMessage"); n != 0 {
		t.Errorf("the person was disturbed %d times", n)
	}
}

// A hover whose text has changed since it was sent must not be asked again.
func TestCrashAfterChange(t *testing.T) {
	r := start(t, fakeBackend(t, "a"))
	pid := r.pid()
	r.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{URI: "file:///x.go"}})
	answer := make(chan error, 1)
	go func() { answer <- r.Call(r.ctx, "textDocument/hover", hover("file:///hang"), nil) }()
	time.Sleep(50 * time.Millisecond)
	r.Notify("textDocument/didChange", lsp.DidChangeParams{
		TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: "file:///x.go", Version: 2},
		ContentChanges: []lsp.ContentChange{{Text: "new"}},
	})
	r.pid() // the change was delivered
	r.kill(pid)
	if err := <-answer; code(err) != lsp.CodeContentModified {
		t.Errorf("hover: %v", err)
	}
	r.await("client/registerCapability", 2)
}

// An answer that the editor owes a dead server must not reach the next one,
// which counts its own questions from 1 again.
func TestCrashWithQuestion(t *testing.T) {
	release := make(chan struct{})
	r := newRig(t, &provider{backend: fakeBackend(t, "a")}, Options{}, func(method string, _ json.RawMessage) (any, error) {
		if method == "test/slow" {
			<-release
		}
		return nil, lsp.ErrNotHandled
	})
	r.init()
	r.Call(r.ctx, "test/crashAsking", nil, nil)
	r.await("test/slow", 1)
	close(release)
	r.await("client/registerCapability", 2)
	for range 3 { // the fake panics if it gets an answer that it did not ask for
		var got json.RawMessage
		r.call("test/configuration", json.RawMessage(`{"items":[{"section":"gopls"}]}`), &got)
		if string(got) != `[{"editor":true}]` {
			t.Errorf("configuration: %s", got)
		}
	}
}

func TestReplace(t *testing.T) {
	r := start(t, fakeBackend(t, "a"))
	pid := r.pid()
	r.call("test/publish", "file:///fixed.go", nil)
	r.call("test/publish", "file:///still.go", nil)
	same := fakeBackend(t, "a")
	same.Note = "this is still a"
	r.provider.set(same, nil)
	r.provider.set(Backend{}, errors.New("no idea"))
	r.provider.set(same, nil) // which has been said
	r.await(`window/logMessage {"type":3,"message":"this is still a"}`, 1)
	if again := r.pid(); again != pid {
		t.Error("an equal key or an error restarted the server")
	}
	other := fakeBackend(t, "b")
	other.Note, other.Fallback = "this is b", true
	r.provider.set(other, nil)
	r.await(`window/logMessage {"type":2,"message":"this is b"}`, 1)
	if r.pid() == pid {
		t.Error("another key did not replace the server")
	}
	if r.Call(r.ctx, "test/publish", "file:///still.go", nil) != nil {
		t.Fatal("publish")
	}
	if _, err := r.WaitDiagnostics(r.ctx, "file:///fixed.go", func(d []lsp.Diagnostic) bool { return len(d) == 0 }); err != nil {
		t.Error(err)
	}
	if d, _ := r.Diagnostics("file:///still.go"); len(d) != 1 || d[0].Message != "b" {
		t.Errorf("what the new server published: %v", d)
	}
	if n := r.count("window/logMessage"); n > 3 { // an error may be overtaken by the next change
		t.Errorf("%d messages: %q", n, r.seen)
	}
}

// A wrong guess is replaced before the editor has heard of it, and what it sent
// meanwhile reaches the right server; a right one costs no second server.
func TestDoubt(t *testing.T) {
	for _, wrong := range []bool{true, false} {
		t.Run(fmt.Sprintf("wrong %t", wrong), func(t *testing.T) {
			known := make(chan bool, 1)
			guess := fakeBackend(t, "guess")
			guess.Doubt = func() bool { return <-known }
			p := &provider{backend: fakeBackend(t, "right"), guess: &guess}
			r := newRig(t, p, Options{timing: timing{watch: time.Hour}}, nil)
			answered := make(chan error, 1)
			go func() {
				_, err := r.Initialize(r.ctx, map[string]any{"rootUri": "file:///work"})
				answered <- err
			}()
			select {
			case err := <-answered:
				t.Fatalf("the editor was answered by a guess (%v)", err)
			case <-time.After(50 * time.Millisecond):
			}
			known <- wrong
			if err := <-answered; err != nil {
				t.Fatal(err)
			}
			r.await("client/registerCapability", 1)
			r.call("test/publish", "file:///work/a.go", nil)
			want := "guess"
			if wrong {
				want = "right"
			}
			r.await("textDocument/publishDiagnostics", 1)
			if n := r.count("client/"); n != 1 {
				t.Errorf("the editor heard of %d registrations", n)
			}
			r.mu.Lock()
			seen := strings.Join(r.seen, "\n")
			r.mu.Unlock()
			if !strings.Contains(seen, `"message":"`+want+`"`) {
				t.Errorf("%s does not answer; seen:\n%s", want, seen)
			}
			asked := 1
			if wrong {
				asked = 2
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.asked != asked {
				t.Errorf("the provider was asked %d times, not %d", p.asked, asked)
			}
		})
	}
}

func TestCrashLoop(t *testing.T) {
	r := start(t, fakeBackend(t, "a"))
	for range maxCrashes {
		if err := r.Call(r.ctx, "test/crash", nil, nil); err == nil {
			t.Fatal("no error from a crash")
		}
	}
	r.await("window/showMessage", 1)
	if err := r.Call(r.ctx, "textDocument/hover", hover("file:///x.go"), nil); code(err) != lsp.CodeRequestFailed || !strings.Contains(err.Error(), "panic: crash") {
		t.Errorf("hover without a server: %v", err)
	}
	r.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{URI: "file:///x.go", Text: "kept"}})
	if n := r.count("window/showMessage"); n != 1 {
		t.Errorf("the person was told %d times", n)
	}
	r.provider.set(fakeBackend(t, "a"), nil) // any change is a new chance
	r.await("client/registerCapability", maxCrashes+1)
	var doc lsp.TextDocumentItem
	if r.call("test/text", "file:///x.go", &doc); doc.Text != "kept" {
		t.Errorf("after the revival: %+v", doc)
	}
}

func TestSpare(t *testing.T) {
	b, spare := fakeBackend(t, "broken"), fakeBackend(t, "a")
	spare.Note, spare.Fallback = "stock gopls", true
	b.Spare = &spare
	r := start(t, b)
	if r.pid() == 0 {
		t.Error("no server")
	}
	r.await(`window/logMessage {"type":2,"message":"stock gopls"}`, 1)

	// Asked again, the provider has nothing better; then it has.
	const crash = `window/logMessage {"type":2,"message":"hearth: restarting gopls`
	crashes := r.count(crash)
	if crashes != maxCrashes-1 {
		t.Errorf("%d crashes were told", crashes)
	}
	for n := r.provider.times() + 1; n <= 5; n++ {
		r.provider.set(b, nil)
		for r.provider.times() < n {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(10 * time.Millisecond) // its answer is handled
	}
	r.provider.set(fakeBackend(t, "c"), nil)
	r.await("client/registerCapability", 2)
	if n := r.count(crash); n != crashes {
		t.Errorf("the backend that had crashed was started again: %d crashes after %d", n, crashes)
	}
}

func TestNoServer(t *testing.T) {
	for _, test := range []struct {
		name string
		p    *provider
		want string
	}{
		{"no backend", &provider{err: errors.New("no gopls anywhere")}, "no gopls anywhere"},
		{"no program", &provider{backend: Backend{Command: []string{"/nonexistent/gopls"}}}, "no such file"},
		{"broken program", &provider{backend: fakeBackend(t, "broken")}, "cannot start"},
		{"refusal", &provider{backend: fakeBackend(t, "refuses")}, "bad settings"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t, test.p, Options{}, nil)
			if _, err := r.Initialize(r.ctx, struct{}{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("initialize: %v, want %q", err, test.want)
			}
			r.provider.set(fakeBackend(t, "a"), nil)
			if _, err := r.Initialize(r.ctx, struct{}{}); err != nil {
				t.Errorf("the second try: %v", err)
			}
		})
	}
}

func TestSlowProvider(t *testing.T) {
	recorded := make(chan string, 1)
	p := &provider{backend: fakeBackend(t, "a"), block: make(chan struct{})}
	r := newRig(t, p, Options{Introduced: func(root string, params, _ json.RawMessage) {
		recorded <- root + " " + string(params)
	}}, nil)
	errs := make(chan error, 1)
	go func() {
		_, err := r.Initialize(r.ctx, map[string]any{"rootUri": "file:///work"})
		errs <- err
	}()
	if got, want := <-recorded, `/work {"rootUri":"file:///work"}`; got != want {
		t.Errorf("recorded %s, want %s", got, want)
	}
	r.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{URI: "file:///x.go", Text: "early"}})
	close(p.block)
	if err := <-errs; err != nil {
		t.Fatal(err)
	}
	var doc lsp.TextDocumentItem
	if r.call("test/text", "file:///x.go", &doc); doc.Text != "early" {
		t.Errorf("the server has %+v", doc)
	}
}

func TestShutdownWithoutBackend(t *testing.T) {
	r := newRig(t, &provider{block: make(chan struct{})}, Options{}, nil)
	errs := make(chan error, 1)
	go func() { _, err := r.Initialize(r.ctx, struct{}{}); errs <- err }()
	time.Sleep(20 * time.Millisecond)
	if err := r.Shutdown(r.ctx); err != nil {
		t.Error(err)
	}
	if err := <-errs; err == nil {
		t.Error("initialize succeeded")
	}
}

// alive reports whether the process exists.
func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func TestEnd(t *testing.T) {
	for _, test := range []struct {
		name, kind string
		end        func(*rig)
	}{
		{"shutdown", "a", func(r *rig) { r.Shutdown(r.ctx) }},
		{"exit", "a", func(r *rig) { r.Notify("exit", nil) }},
		{"hang up", "a", func(r *rig) { r.stream.Close() }},
		{"stubborn server", "stubborn", func(r *rig) { r.Shutdown(r.ctx) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t, &provider{backend: fakeBackend(t, test.kind)}, Options{Grace: 300 * time.Millisecond}, nil)
			r.init()
			pid := r.pid()
			test.end(r)
			if err := <-r.served; err != nil {
				t.Errorf("Serve: %v", err)
			}
			r.served <- nil // for the cleanup
			if alive(pid) {
				t.Error("the server is still there")
			}
		})
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	ours, theirs := net.Pipe()
	defer ours.Close()
	cause := errors.New("enough")
	served := make(chan error)
	go func() { served <- Serve(ctx, theirs, &provider{}, Options{}) }()
	cancel(cause)
	if err := <-served; err != cause {
		t.Errorf("Serve: %v", err)
	}
}

func TestNotLSP(t *testing.T) {
	err := Serve(t.Context(), Join(io.NopCloser(strings.NewReader("GET / HTTP/1.1\r\n\r\n")), os.Stderr), &provider{}, Options{})
	if err == nil || !strings.Contains(err.Error(), "reading from the editor") {
		t.Errorf("Serve: %v", err)
	}
}

// Neither side reads before it has written everything.
func TestNobodyReads(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	go Serve(t.Context(), theirs, &provider{backend: fakeBackend(t, "a")}, Options{})
	conn := lsp.NewConn(ours, ours)
	write := func(id, method string, params any) {
		m, _ := lsp.NewRequest(lsp.ID(id), method, params)
		if err := conn.WriteMessage(m.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	const n = 300
	write("0", "initialize", struct{}{})
	text := strings.Repeat("x", 100_000)
	for i := range n {
		write(strconv.Itoa(i+1), "echo", text)
	}
	for range n + 1 {
		if _, err := conn.ReadMessage(); err != nil {
			t.Fatal(err)
		}
	}
}

// An editor may shut down before the server has answered initialize.
func TestShutdownEarly(t *testing.T) {
	b := fakeBackend(t, "a")
	b.Command = []string{"/bin/sh", "-c", "sleep 0.3; exec " + b.Command[0]}
	r := newRig(t, &provider{backend: b}, Options{}, nil)
	errs := make(chan error, 1)
	go func() { _, err := r.Initialize(r.ctx, struct{}{}); errs <- err }()
	time.Sleep(100 * time.Millisecond)
	r.call("shutdown", nil, nil)
	if err := <-errs; err == nil {
		t.Error("initialize succeeded")
	}
	time.Sleep(time.Second) // until the server has answered
	r.Notify("exit", nil)
	if err := <-r.served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	r.served <- nil // for the cleanup
}
