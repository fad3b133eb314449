//go:build unix

package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/cachewarm/session"
	"github.com/gohearth/hearth/internal/lsp"
)

// anybody may serve the editor: it depends on what comes first.
const anybody = "anybody"

// Whatever is wrong with the daemon, the editor has a gopls that knows what the
// editor knows. How long it takes is logged, and bounded nowhere: to compare it
// with gopls alone, give hearth bench lsp a server that is in trouble, as in
//
//	hearth bench lsp --a "env HEARTH=0 hearth lsp"
func TestNeverWorse(t *testing.T) {
	for _, tt := range []struct {
		name  string
		wreck func(t *testing.T, home, dir string)
		says  string // in the editor's log; "": it has a session of a daemon
	}{
		{"switched off", func(t *testing.T, _, _ string) { t.Setenv("HEARTH", "0") }, "HEARTH=0"},
		{"state folder is a file", func(t *testing.T, home, _ string) {
			state := filepath.Join(home, ".local", "state")
			if err := os.RemoveAll(state); err != nil {
				t.Fatal(err)
			}
			writeFiles(t, filepath.Dir(state), "state", "")
		}, anybody}, // a long name has its sockets elsewhere
		{"state folder is read-only", func(t *testing.T, home, _ string) {
			if os.Getuid() == 0 {
				t.Skip("nothing is read-only for root")
			}
			state := filepath.Join(home, ".local", "state")
			if err := os.MkdirAll(state, 0o555); err != nil {
				t.Fatal(err)
			}
		}, "without the daemon"},
		{"run folder is a file", func(t *testing.T, home, _ string) {
			run := place(home).Dir
			writeFiles(t, filepath.Dir(run), filepath.Base(run), "")
		}, "without the daemon"},
		{"nobody listens", func(t *testing.T, home, _ string) { listen(t, home, nil).Close() }, ""},
		{"never replies", func(t *testing.T, home, _ string) {
			listen(t, home, func(conn net.Conn) { io.Copy(io.Discard, conn) })
		}, "does not reply"},
		{"hangs up", func(t *testing.T, home, _ string) { listen(t, home, func(net.Conn) {}) }, "without the daemon"},
		{"hangs up after the request", func(t *testing.T, home, _ string) {
			listen(t, home, func(conn net.Conn) { bufio.NewReader(conn).ReadString('\n') })
		}, "without the daemon"},
		{"hangs up after the reply", func(t *testing.T, home, _ string) {
			listen(t, home, func(conn net.Conn) {
				bufio.NewReader(conn).ReadString('\n')
				io.WriteString(conn, "{}\n")
			})
		}, "without the daemon"},
		{"replies nonsense", func(t *testing.T, home, _ string) {
			listen(t, home, func(conn net.Conn) { io.WriteString(conn, "220 ESMTP\r\n") })
		}, "without the daemon"},
		{"other version", func(t *testing.T, home, _ string) { otherVersion(t, home) }, "another version"},
		{"stopped", func(t *testing.T, home, dir string) {
			pid := warmDaemon(t, home, dir)
			sendSignal(t, pid, syscall.SIGSTOP)
			t.Cleanup(func() { sendSignal(t, pid, syscall.SIGCONT) })
		}, "does not reply"},
		{"killed in the handshake", func(t *testing.T, home, dir string) {
			pid := warmDaemon(t, home, dir)
			sendSignal(t, pid, syscall.SIGSTOP)
			time.AfterFunc(100*time.Millisecond, func() { sendSignal(t, pid, syscall.SIGKILL) })
		}, anybody},
	} {
		t.Run(tt.name, func(t *testing.T) {
			home := asUser(t)
			dir, file := shadowWorkspace(t)
			mustHearth(t, dir, "build")
			tt.wreck(t, home, dir)
			begun := time.Now()
			s := edit(t, dir)
			uri := s.open(file)
			s.hover(uri, atF, "func F() error")
			t.Logf("first hover after %s", time.Since(begun).Round(time.Millisecond))
			if err := s.Notify("textDocument/didChange", lsp.DidChangeParams{
				TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: uri, Version: 2},
				ContentChanges: []lsp.ContentChange{{Range: &lsp.Range{Start: atF, End: lsp.Position{Line: atF.Line, Character: atF.Character + 1}}, Text: "Changed"}},
			}); err != nil {
				t.Fatal(err)
			}
			s.hover(uri, atF, "func Changed() error")
			switch tt.says {
			case "":
			case anybody:
				return
			default:
				s.awaitLog(tt.says)
				return
			}
			status, err := (&daemon.Client{Place: place(home)}).Status(t.Context())
			if err != nil || len(status.Sessions) != 1 || status.Sessions[0].State != session.Attached {
				t.Errorf("there is no daemon with a session for the editor: %+v, %v", status, err)
			}
		})
	}
}

// listen takes the place of the daemon. serve is called for each connection,
// which is closed then.
func listen(t *testing.T, home string, serve func(net.Conn)) net.Listener {
	t.Helper()
	p := place(home)
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: p.Socket(), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return l
}

// TestTakeOver is about an update: the first editor does without the old
// daemon, and sends it away for the next one.
func TestTakeOver(t *testing.T) {
	home := asUser(t)
	dir, file := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	ended := otherVersion(t, home)
	first := edit(t, dir)
	first.hover(first.open(file), atF, "func F() error")
	first.awaitLog("another version")
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the daemon of another version: %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the daemon of another version does not end")
	}
	awaitDaemon(t, home)
	second := edit(t, dir)
	second.hover(second.open(file), atF, "func F() error")
	status, err := (&daemon.Client{Place: place(home)}).Status(t.Context())
	if err != nil || len(status.Sessions) != 1 || status.Sessions[0].State != session.Attached {
		t.Errorf("the next editor has no session of our daemon: %+v, %v", status, err)
	}
}

// otherVersion starts a daemon of another build, and tells how it ended.
func otherVersion(t *testing.T, home string) (ended <-chan error) {
	t.Helper()
	data, err := os.ReadFile(program(t))
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(realDir(t), "hearth")
	if err := os.WriteFile(other, append(data, 0), 0o755); err != nil { // its size counts
		t.Fatal(err)
	}
	cmd := exec.Command(other, "daemon")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done, gone := make(chan error, 1), make(chan struct{})
	go func() {
		done <- cmd.Wait()
		close(gone)
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-gone
	})
	awaitDaemon(t, home)
	return done
}

// awaitDaemon waits until there is a daemon.
func awaitDaemon(t *testing.T, home string) *daemon.Status {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		status, err := (&daemon.Client{Place: place(home)}).Status(ctx)
		if err == nil {
			return status
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("there is no daemon: %v", err)
		}
	}
}

// warmDaemon returns the process id of a daemon that has a session for dir.
func warmDaemon(t *testing.T, home, dir string) int {
	t.Helper()
	s := edit(t, dir)
	s.hover(s.open(filepath.Join(dir, "a.go")), atF, "func F() error")
	if err := s.Shutdown(s.ctx); err != nil {
		t.Fatal(err)
	}
	return awaitDaemon(t, home).Pid
}

func sendSignal(t *testing.T, pid int, sig syscall.Signal) {
	if err := syscall.Kill(pid, sig); err != nil {
		t.Errorf("signal %s: %v", sig, err)
	}
}
