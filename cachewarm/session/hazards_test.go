//go:build unix

package session

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// An editor that comes while the session ends is hung up on.
func TestAttachWhileEnding(t *testing.T) {
	s := start(t)
	<-s.ready
	block := make(chan struct{})
	s.inbox.Post(func() { <-block }) // so that the rest is one batch
	s.Stop("the test", time.Second)
	ours, theirs := net.Pipe()
	defer ours.Close()
	m, err := lsp.NewRequest(lsp.ID("1"), "initialize", struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	s.Attach(Editor{Name: "late", Stream: lsp.NewConn(theirs, theirs), Close: theirs.Close, Initialize: m})
	close(block)
	ours.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.ReadAll(ours); err != nil {
		t.Errorf("the editor is neither answered nor hung up on: %v", err)
	}
}

// An editor that opens a file beside a ghost has the package open, and sees all
// that is wrong in it.
func TestBesideGhost(t *testing.T) {
	s := start(t)
	uri, beside := file(t, s, "p.go", "package p\n"), file(t, s, "other.go", "package p\n")
	a := come(t, s, nil)
	a.open(uri, 1, "package p\n")
	a.tell("textDocument/publishDiagnostics", lsp.PublishDiagnosticsParams{URI: uri, Diagnostics: []lsp.Diagnostic{{Source: "printf", Message: "bad"}}})
	a.leave(s)
	b := come(t, s, nil)
	b.open(beside, 1, "package p\n")
	if _, err := b.WaitDiagnostics(b.ctx, uri, func(list []lsp.Diagnostic) bool { return len(list) == 1 }); err != nil {
		t.Errorf("the finding in the ghost: %v", err)
	}
}

// gopls is not hung while a person thinks about a question, nor while it waits
// for a program that it has started.
func TestNotHung(t *testing.T) {
	t.Run("editor", func(t *testing.T) {
		s := start(t, func(o *Options) { o.Hang = time.Second })
		release := make(chan struct{})
		ours, theirs := net.Pipe()
		defer ours.Close()
		c := lsp.NewClient(lsp.NewConn(ours, ours), lsp.Options{Handle: func(_ context.Context, method string, _ json.RawMessage) (any, error) {
			if method == "workspace/applyEdit" {
				<-release
			}
			return nil, lsp.ErrNotHandled
		}})
		attach(t, s, theirs)
		if _, err := c.Initialize(t.Context(), struct{}{}); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			done <- c.Call(t.Context(), "test/ask", map[string]any{"method": "workspace/applyEdit", "params": map[string]any{}}, nil)
		}()
		time.Sleep(4 * time.Second)
		close(release)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Run("child", func(t *testing.T) {
		script := filepath.Join(t.TempDir(), "gopls.sh")
		if err := os.WriteFile(script, []byte("#!/bin/sh\nsleep 60\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		s := start(t, func(o *Options) {
			o.Hang = time.Second
			o.Command = lsp.Command{Args: []string{script}}
		})
		select {
		case <-s.Done():
			t.Error("it was killed although its child is at work")
		case <-time.After(4 * time.Second):
		}
	})
}

// A repository cannot have a program run by being opened, nor make the session
// wait.
func TestGitOfStranger(t *testing.T) {
	dir, mark := t.TempDir(), filepath.Join(t.TempDir(), "ran")
	git := func(args ...string) {
		t.Helper()
		out, err := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	git("init", "-q")
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("package a\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	git("add", ".")
	git("commit", "-q", "-m", "x")
	script := filepath.Join(dir, "evil.sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntouch "+mark+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	git("config", "core.fsmonitor", script)
	os.Remove(mark) // git config may have asked it
	if files := changedInGit(t.Context(), dir); len(files) != 1 {
		t.Errorf("git names %q", files)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("a program of the repository was run")
	}

	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte("#!/bin/sh\nsleep 60\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	done := make(chan struct{})
	go func() { changedInGit(t.Context(), dir); close(done) }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Error("a git that does not end is waited for")
	}
}

// What is called like a Go file may be a pipe.
func TestGhostIsNoFile(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "f")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, func(o *Options) {
		link := filepath.Join(o.Root, "a.go")
		if err := os.Symlink(fifo, link); err != nil {
			t.Fatal(err)
		}
		o.Files = []string{link}
	})
	p := come(t, s, nil) // which fails if the session is stuck
	p.call("test/echo", "", nil)
}

// A ghost that no watcher covers is the file on disk when an editor comes.
func TestGhostOutsideTree(t *testing.T) {
	s := start(t)
	uri := file(t, s, "_tools/x.go", "package p\n")
	a := come(t, s, nil)
	a.open(uri, 1, "package p\n")
	a.leave(s)
	file(t, s, "_tools/x.go", "package new\n")
	b := come(t, s, nil)
	if doc := b.text(uri); doc == nil || doc.Text != "package new\n" {
		t.Errorf("the server has %+v", doc)
	}
}

// slowWatcher scans until it is released.
type slowWatcher struct{ release chan struct{} }

func (slowWatcher) Flush()            {}
func (w slowWatcher) Absorb([]string) { <-w.release }
func (slowWatcher) String() string    { return "slow" }

// What the editor has seen is passed on while the watcher is at work, and a new
// package in it is shown to gopls.
func TestChangedByEditor(t *testing.T) {
	w := slowWatcher{make(chan struct{})}
	defer close(w.release)
	s := start(t, func(o *Options) { o.Watch = func(context.Context, func([]FileChange)) Watcher { return w } })
	p := come(t, s, nil)
	uri := file(t, s, "new/x.go", "package p\n")
	p.Notify("workspace/didChangeWatchedFiles", lsp.DidChangeWatchedFilesParams{Changes: []lsp.FileEvent{{URI: uri, Type: lsp.FileCreated}}})
	p.call("test/echo", "", nil)
	if seen := p.seen(); count(seen, "workspace/didChangeWatchedFiles") != 1 || count(seen, "textDocument/hover") != 1 {
		t.Errorf("the server has seen %q", seen)
	}
}

// However often files change, one priming request is ahead of an editor.
func TestPrimeOneAtATime(t *testing.T) {
	notify := make(chan func([]FileChange), 1)
	s := start(t, func(o *Options) {
		o.Watch = func(_ context.Context, f func([]FileChange)) Watcher { notify <- f; return nil }
	})
	changed := <-notify
	uri := file(t, s, "p.go", "package p\n")
	a := come(t, s, nil)
	a.open(uri, 1, "package p\n")
	a.leave(s)
	if err := syscall.Kill(s.Pid(), syscall.SIGSTOP); err != nil { // as if it were loading
		t.Fatal(err)
	}
	defer syscall.Kill(s.Pid(), syscall.SIGCONT)
	path, _ := uri.Path()
	for i := range 20 {
		file(t, s, "p.go", fmt.Sprintf("package p // %d\n", i))
		changed([]FileChange{{path, lsp.FileChanged}})
	}
	hovers := make(chan int)
	s.inbox.Post(func() {
		n := 0
		for _, c := range s.calls {
			if c.method == "textDocument/hover" {
				n++
			}
		}
		hovers <- n
	})
	if n := <-hovers; n > 1 {
		t.Errorf("%d priming requests are under way", n)
	}
}

// What a command of an editor that left wants to edit is not for the next one.
func TestCommandOfOther(t *testing.T) {
	s := start(t)
	a := come(t, s, nil)
	done := make(chan error, 1)
	go func() {
		done <- a.Call(a.ctx, "workspace/executeCommand", lsp.ExecuteCommandParams{Command: "test.hold"}, nil)
	}()
	eventually(t, func() bool { return count(a.seen(), "workspace/executeCommand") > 0 }, func() string { return "the command was not run" })
	a.stream.Close()
	<-done
	parked(t, s)
	b := come(t, s, map[string]any{"workspace/applyEdit": map[string]any{"applied": true}})
	if got := b.ask("workspace/applyEdit", map[string]any{}); !strings.Contains(string(got.Result), `"applied":false`) {
		t.Errorf("the edit of another editor's command was answered %s%s", got.Result, got.Error)
	}
	if b.heard("workspace/applyEdit") {
		t.Error("it reached the editor")
	}
	b.call("test/release", nil, nil)
	if got := b.ask("workspace/applyEdit", map[string]any{}); string(got.Result) != `{"applied":true}` {
		t.Errorf("the editor's own was answered %s%s", got.Result, got.Error)
	}
}
