//go:build unix

package daemon

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gohearth/hearth/cachewarm/session"
	"github.com/gohearth/hearth/cachewarm/shim"
	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/procstat"
)

// The test binary is a language server, or a daemon, if these are set.
const (
	serverVariable = "HEARTH_TEST_SERVER"
	daemonVariable = "HEARTH_TEST_DAEMON" // its state folder
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(serverVariable) != "":
		serve()
	case os.Getenv(daemonVariable) != "":
		if err := Run(context.Background(), Options{Place: At(os.Getenv(daemonVariable)), Limits: small}); err != nil && !errors.Is(err, ErrRunning) {
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

var small = Limits{Sessions: 2, Memory: 1 << 40}

// serve is a server that says who it is.
func serve() {
	conn := lsp.NewConn(os.Stdin, os.Stdout)
	for {
		body, err := conn.ReadMessage()
		if err != nil {
			return
		}
		m, err := lsp.Parse(body)
		if err != nil {
			return
		}
		switch {
		case m.Method == "exit":
			return
		case m.Method == "test/die":
			os.Exit(3)
		case m.Kind() == lsp.Request:
			conn.WriteMessage(lsp.NewResponse(m.ID, map[string]any{"pid": os.Getpid()}, nil).Bytes())
		}
	}
}

// rig is a daemon in this process.
type rig struct {
	t      *testing.T
	client *Client
	stop   func()
	done   chan error
	dir    string // a workspace
}

func newRig(t *testing.T, change ...func(*Options)) *rig {
	t.Helper()
	o := Options{Place: At(stateDir(t)), Limits: small, Log: slog.New(slog.NewTextHandler(logWriter{t}, nil))}
	for _, f := range change {
		f(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &rig{t: t, client: &Client{Place: o.Place}, stop: cancel, done: make(chan error, 1), dir: realDir(t)}
	go func() { r.done <- Run(ctx, o) }()
	t.Cleanup(r.end)
	r.await("the daemon listens", func() bool {
		_, err := r.client.Status(t.Context())
		return err == nil
	})
	return r
}

func (r *rig) end() {
	r.stop()
	select {
	case err := <-r.done:
		if err != nil {
			r.t.Error(err)
		}
		r.done <- nil
	case <-time.After(20 * time.Second):
		r.t.Error("the daemon does not end")
	}
}

type logWriter struct{ t *testing.T }

func (w logWriter) Write(b []byte) (int, error) {
	if w.t.Context().Err() == nil { // not after the test
		w.t.Log(strings.TrimSpace(string(b)))
	}
	return len(b), nil
}

// stateDir is short enough for a socket, whatever the test is called.
func stateDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "hearth")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func realDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (r *rig) await(what string, done func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("not in 20 s: %s; status %+v", what, r.status())
		}
	}
}

func (r *rig) status() *Status {
	s, err := r.client.Status(r.t.Context())
	if err != nil {
		r.t.Log(err)
		return &Status{}
	}
	return s
}

func (r *rig) spec(dir string) Spec {
	exe, err := os.Executable()
	if err != nil {
		r.t.Fatal(err)
	}
	return Spec{Key: "k", Command: []string{exe}, Env: append(os.Environ(), serverVariable+"=1", "GORACE=atexit_sleep_ms=0"), Dir: dir}
}

// editor attaches one and returns it with the process that serves it.
func (r *rig) editor(spec Spec, params string) (*lsp.Client, *Link, int) {
	r.t.Helper()
	link, err := r.client.Attach(r.t.Context(), spec)
	if err != nil {
		r.t.Fatal(err)
	}
	c := lsp.NewClient(link.Stream(), lsp.Options{})
	r.t.Cleanup(func() { link.Kill(); c.Close() })
	if _, err := c.Initialize(r.t.Context(), json.RawMessage(params)); err != nil {
		r.t.Fatal(err)
	}
	return c, link, r.pid(c)
}

func (r *rig) pid(c *lsp.Client) int {
	r.t.Helper()
	var who struct{ Pid int }
	if err := c.Call(r.t.Context(), "test/who", nil, &who); err != nil {
		r.t.Fatal(err)
	}
	return who.Pid
}

func (r *rig) leave(c *lsp.Client) {
	r.t.Helper()
	if err := c.Shutdown(r.t.Context()); err != nil {
		r.t.Errorf("shutdown: %v", err)
	}
}

func (r *rig) parked(n int) {
	r.t.Helper()
	r.await("sessions are parked", func() bool {
		got := 0
		for _, s := range r.status().Sessions {
			if s.State == session.Parked {
				got++
			}
		}
		return got == n
	})
}

const vscode = `{"clientInfo":{"name":"Visual Studio Code"},"processId":1}`

func TestAttach(t *testing.T) {
	r := newRig(t)
	spec := r.spec(r.dir)
	a, _, first := r.editor(spec, vscode)
	// A second editor at the same time has a session of its own.
	b, _, second := r.editor(spec, vscode)
	if first == second {
		t.Error("two editors share a session")
	}
	r.leave(b)
	r.parked(1)
	_, link, third := r.editor(spec, `{"processId":2,"trace":"verbose","locale":"de","clientInfo":{"name":"Visual Studio Code","version":"2"}}`)
	if third != second {
		t.Error("the parked session was not attached again")
	}
	link.Kill() // as a killed editor does
	r.leave(a)
	// Of a kind no more than one stays, without spares.
	r.parked(1)

	for name, other := range map[string]func() (Spec, string){
		"capabilities": func() (Spec, string) {
			return spec, `{"capabilities":{"textDocument":{"completion":{"completionItem":{"snippetSupport":true}}}},"clientInfo":{"name":"Visual Studio Code"}}`
		},
		"options":     func() (Spec, string) { return spec, `{"initializationOptions":{"gofumpt":true}}` },
		"policy":      func() (Spec, string) { s := spec; s.Key = "other"; return s, vscode },
		"environment": func() (Spec, string) { s := spec; s.Env = append(s.Env, "GOFLAGS=-tags=x"); return s, vscode },
		"folder":      func() (Spec, string) { return r.spec(realDir(t)), vscode },
	} {
		s, params := other()
		c, _, pid := r.editor(s, params)
		if pid == first || pid == second {
			t.Errorf("an editor with other %s got a session that does not fit", name)
		}
		r.leave(c)
	}
	same := spec
	same.Env = append(same.Env, "TERM=other", "SSH_TTY=/dev/pts/1", "PATH="+os.Getenv("PATH")+":/nowhere")
	c, _, _ := r.editor(same, vscode)
	r.leave(c)
}

// A session that was used longest ago makes room.
func TestBudget(t *testing.T) {
	r := newRig(t)
	dirs := []string{realDir(t), realDir(t), realDir(t)}
	for _, dir := range dirs {
		c, _, _ := r.editor(r.spec(dir), vscode)
		r.leave(c)
		r.await("it is parked", func() bool {
			for _, s := range r.status().Sessions {
				if s.Root == dir && s.State == session.Parked {
					return true
				}
			}
			return false
		})
	}
	r.await("the oldest has gone", func() bool { return len(r.status().Sessions) == 2 })
	for _, s := range r.status().Sessions {
		if s.Root == dirs[0] {
			t.Error("the oldest is still there")
		}
	}
}

func TestMemoryBudget(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Limits.Memory, o.Limits.Settle = 1, 3*time.Second })
	c, _, _ := r.editor(r.spec(r.dir), vscode)
	r.pid(c) // what is in use stays, whatever it costs
	r.leave(c)
	r.parked(1) // as it may be about to give it back
	r.await("nothing is parked", func() bool { return len(r.status().Sessions) == 0 })
}

func TestSpares(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Limits.Spares = 1 })
	c, _, first := r.editor(r.spec(r.dir), vscode)
	r.await("a spare is there", func() bool { return len(r.status().Sessions) == 2 })
	_, _, second := r.editor(r.spec(r.dir), vscode)
	if second == first {
		t.Error("two editors share a session")
	}
	if n := len(r.status().Sessions); n != 2 {
		t.Errorf("there are %d sessions, so the second editor did not get the spare", n)
	}
	r.leave(c)
}

func TestStop(t *testing.T) {
	r := newRig(t)
	c, _, _ := r.editor(r.spec(r.dir), vscode)
	stopped, inUse, err := r.client.Stop(t.Context(), r.dir)
	if stopped != 0 || inUse != 1 || err != nil {
		t.Errorf("stopped %d, in use %d, %v", stopped, inUse, err)
	}
	r.leave(c)
	r.parked(1)
	if stopped, _, err := r.client.Stop(t.Context(), realDir(t)); stopped != 0 || err != nil {
		t.Errorf("of another folder: stopped %d, %v", stopped, err)
	}
	if stopped, _, err := r.client.Stop(t.Context(), r.dir); stopped != 1 || err != nil {
		t.Errorf("stopped %d, %v", stopped, err)
	}
	if list := r.status().Sessions; len(list) > 0 {
		t.Errorf("what was stopped is not gone yet: %+v", list)
	}
}

// Who stops everything may remove caches next, so no gopls may be left to write them.
func TestStopAllWaits(t *testing.T) {
	r := newRig(t)
	c, _, _ := r.editor(r.spec(r.dir), vscode)
	r.leave(c)
	r.parked(1)
	pid := r.status().Sessions[0].Pid
	if stopped, _, err := r.client.Stop(t.Context(), ""); stopped != 1 || err != nil {
		t.Errorf("stopped %d, %v", stopped, err)
	}
	if u, err := procstat.Tree(pid); err == nil {
		t.Errorf("gopls, process %d, still runs: %+v", pid, u)
	}
}

// A daemon that hands over serves who is there, and nobody new.
func TestDrain(t *testing.T) {
	r := newRig(t)
	parkedOne, _, _ := r.editor(r.spec(realDir(t)), vscode)
	r.leave(parkedOne)
	c, _, pid := r.editor(r.spec(r.dir), vscode)
	r.parked(1)
	if _, _, err := r.client.Stop(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	r.await("it does not listen", func() bool { _, err := r.client.Status(t.Context()); return errors.Is(err, ErrNone) })
	if got := r.pid(c); got != pid {
		t.Error("the editor was moved")
	}
	r.leave(c)
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	r.done <- nil
}

// The handshake tells another version apart, and a client that may start a
// daemon takes over.
func TestOtherVersion(t *testing.T) {
	r := newRig(t)
	conn, err := net.Dial("unix", r.client.Place.Socket())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	spec := r.spec(r.dir)
	if err := writeLine(conn, request{Version: "other", Op: opAttach, Spec: &spec}); err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	var answer reply
	if err := json.Unmarshal(data, &answer); err != nil || !answer.Other || !strings.Contains(answer.Error, "another version") {
		t.Errorf("the answer is %s, %v", data, err)
	}
}

// Whatever is written to the socket, the daemon lives.
func TestGarbage(t *testing.T) {
	r := newRig(t)
	for _, text := range []string{"", "\n", "GET / HTTP/1.1\r\n\r\n", "{}\n", `{"op":"nonsense"}` + "\n", `{"op":"attach"}` + "\n", `{"version":"` + Version() + `","op":"attach"}` + "\n", `{"version":"` + Version() + `","op":"mcp"}` + "\n", strings.Repeat("x", 1<<20)} {
		conn, err := net.Dial("unix", r.client.Place.Socket())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, text)
		conn.(*net.UnixConn).CloseWrite()
		io.Copy(io.Discard, conn)
		conn.Close()
	}
	r.status()
	if _, err := r.client.Status(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestPlace(t *testing.T) {
	r := newRig(t)
	info, err := os.Stat(r.client.Place.Dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is %v, %v", info.Mode(), err)
	}
	long := At("/" + strings.Repeat("long/", 30))
	if len(long.Socket()) > maxSocket {
		t.Errorf("%s is too long for a socket", long.Socket())
	}
	other := At(stateDir(t))
	if err := os.MkdirAll(filepath.Dir(other.Dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other.Dir, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := other.make(); err == nil {
		t.Error("a file was taken for the folder")
	}
}

func TestOneDaemon(t *testing.T) {
	r := newRig(t)
	if err := Run(t.Context(), Options{Place: r.client.Place}); !errors.Is(err, ErrRunning) {
		t.Errorf("a second daemon: %v", err)
	}
	if _, err := r.client.Status(t.Context()); err != nil {
		t.Error(err)
	}
}

// The folder with the socket may be removed by a tidy user.
func TestSocketRemoved(t *testing.T) {
	r := newRig(t)
	c, _, pid := r.editor(r.spec(r.dir), vscode)
	if err := os.RemoveAll(r.client.Place.Dir); err != nil {
		t.Fatal(err)
	}
	r.await("it listens again", func() bool { _, err := r.client.Status(t.Context()); return err == nil })
	if r.pid(c) != pid {
		t.Error("the editor was moved")
	}
}

// A parked session of a folder that was removed ends.
func TestWorkspaceRemoved(t *testing.T) {
	r := newRig(t)
	c, _, _ := r.editor(r.spec(r.dir), vscode)
	r.leave(c)
	r.parked(1)
	if err := os.RemoveAll(r.dir); err != nil {
		t.Fatal(err)
	}
	r.await("it is gone", func() bool { return len(r.status().Sessions) == 0 })
}

func TestIdleExit(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Idle = time.Millisecond })
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	r.done <- nil
	if _, err := os.Stat(r.client.Place.Socket()); !os.IsNotExist(err) {
		t.Errorf("the socket is left: %v", err)
	}
}

// A server that ends is a crash; a daemon that ends is not.
func TestLinkErrors(t *testing.T) {
	r := newRig(t)
	c, link, _ := r.editor(r.spec(r.dir), vscode)
	c.Notify("test/die", nil)
	<-link.Done()
	r.await("the restart is counted", func() bool {
		d, _, _ := r.editor(r.spec(r.dir), vscode)
		defer r.leave(d)
		for _, s := range r.status().Sessions {
			if s.Restarts == 1 {
				return true
			}
		}
		return false
	})
	_, link, _ = r.editor(r.spec(r.dir), vscode)
	go r.stop()
	<-link.Done()
	if err := link.Err(); !errors.Is(err, shim.ErrLost) {
		t.Errorf("the error is %v", err)
	}
}

// Many clients at once start one daemon.
func TestStartedByMany(t *testing.T) {
	state := stateDir(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(realDir(t), "daemon")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n"+daemonVariable+"='"+state+"' GORACE=atexit_sleep_ms=0 exec '"+exe+"'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	place := At(state)
	var failed atomic.Int32
	done := make(chan bool)
	r := &rig{t: t, dir: realDir(t)}
	spec := r.spec(r.dir)
	const n = 8
	for range n {
		go func() {
			defer func() { done <- true }()
			// So many at once may well be slower than an editor likes to wait.
			client := &Client{Place: place, Command: []string{script}, reply: 20 * time.Second}
			link, err := client.Attach(t.Context(), spec)
			if err != nil {
				t.Log(err)
				failed.Add(1)
				return
			}
			link.Kill()
		}()
	}
	for range n {
		<-done
	}
	client := &Client{Place: place}
	status, err := client.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if failed.Load() > 0 {
		t.Errorf("%d clients were not served", failed.Load())
	}
	r.client = client
	r.await("there is one daemon", func() bool {
		out, err := exec.Command("pgrep", "-f", "^"+exe+"$").Output()
		return err != nil || len(strings.Fields(string(out))) == 1
	})
	if _, _, err := client.Stop(t.Context(), ""); err != nil {
		t.Error(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for syscall.Kill(status.Pid, 0) == nil && time.Now().Before(deadline) {
		var ws syscall.WaitStatus
		syscall.Wait4(status.Pid, &ws, syscall.WNOHANG, nil) // it is our child if this process is its parent
		time.Sleep(10 * time.Millisecond)
	}
	if syscall.Kill(status.Pid, 0) == nil {
		t.Error("the daemon does not end")
	}
}

// A daemon that takes connections and says nothing keeps an editor waiting for
// a moment, and the next editors for less, until it replies again.
func TestHangingDaemon(t *testing.T) {
	place := At(stateDir(t))
	if err := place.make(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", place.Socket())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // the kernel takes the connections
	r := &rig{t: t, client: &Client{Place: place, Command: []string{"/nonexistent"}}, dir: realDir(t)}
	if got := r.client.patience(); got != replyWait {
		t.Errorf("the first editor waits for %s", got)
	}
	for range 2 {
		if _, err := r.client.Attach(t.Context(), r.spec(r.dir)); err == nil || !strings.Contains(err.Error(), "does not reply") {
			t.Errorf("attach: %v", err)
		}
		if got := r.client.patience(); got != doubtWait {
			t.Errorf("the next editor waits for %s", got)
		}
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			writeLine(conn, reply{Version: Version()})
		}
	}()
	r.await("it replies", func() bool {
		link, err := r.client.Attach(t.Context(), r.spec(r.dir))
		if err == nil {
			link.Kill()
		}
		return err == nil
	})
	if got := r.client.patience(); got != replyWait {
		t.Errorf("once it replied, an editor waits for %s", got)
	}
}

// A daemon that hangs up instead of replying has ended, and the next one serves.
func TestDaemonEndsInHandshake(t *testing.T) {
	r := newRig(t)
	place := r.client.Place
	real := place.Socket() + ".real"
	if err := os.Rename(place.Socket(), real); err != nil {
		t.Fatal(err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: place.Socket(), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		var q request
		readLine(bufio.NewReader(conn), &q)
		os.Rename(real, place.Socket())
		l.Close()
		conn.Close()
	}()
	c, _, _ := r.editor(r.spec(r.dir), vscode)
	r.leave(c)
}

// Once a daemon has said that it hands over, nobody finds it any more.
func TestDrainBeforeReply(t *testing.T) {
	r := newRig(t)
	c, _, _ := r.editor(r.spec(r.dir), vscode)
	if _, _, err := r.client.Stop(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := r.client.Status(t.Context()); !errors.Is(err, ErrNone) {
		t.Errorf("after the reply, the daemon is still there: %v", err)
	}
	r.leave(c)
}

// The endpoints of a daemon that was killed are removed, those of one that
// hands over are not.
func TestSweep(t *testing.T) {
	place := At(stateDir(t))
	if err := place.make(); err != nil {
		t.Fatal(err)
	}
	listen := func(name string) *net.UnixListener {
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(place.Dir, name), Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		l.SetUnlinkOnClose(false) // as if it was killed
		t.Cleanup(func() { l.Close() })
		return l
	}
	listen("mcp-1-1.sock")
	listen("mcp-1-2.sock").Close()
	r := newRig(t, func(o *Options) { o.Place = place })
	left := func() (names []string) {
		sockets, err := filepath.Glob(filepath.Join(place.Dir, "mcp-*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range sockets {
			names = append(names, filepath.Base(name))
		}
		return names
	}
	if got := left(); !slices.Equal(got, []string{"mcp-1-1.sock"}) {
		t.Errorf("after the start, there are %q", got)
	}
	listen("mcp-1-3.sock").Close() // by a gopls that outlived its daemon for a moment
	r.end()
	if got := left(); !slices.Equal(got, []string{"mcp-1-1.sock"}) {
		t.Errorf("after the end, there are %q", got)
	}
}

// A socket in a folder that others could have made is not spoken to: the
// environment would go there.
func TestForeignSocket(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a folder away")
	}
	dir := filepath.Join(stateDir(t), "run")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "daemon.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var asked atomic.Int32
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			asked.Add(1)
			conn.Close()
		}
	}()
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t}
	client := &Client{Place: Place{dir}, Command: []string{"/bin/false"}}
	if _, err := client.Attach(t.Context(), r.spec(realDir(t))); err == nil || !strings.Contains(err.Error(), "another user") {
		t.Errorf("the error is %v", err)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("it was asked %d times", n)
	}
}
