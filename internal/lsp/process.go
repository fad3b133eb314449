package lsp

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gohearth/hearth/internal/process"
)

// Command says how to start a server.
type Command struct {
	Args []string // Args[0] is the program
	Dir  string
	Env  []string // nil: that of this process
}

// Process is a running server, with the processes it started.
type Process struct {
	Conn *Conn

	name   string
	cmd    *exec.Cmd
	stdin  io.Closer
	stdout io.Closer
	stderr tail
	done   chan struct{}

	mu     sync.Mutex
	exited bool // the process id may belong to somebody else by now
	err    error
}

// StartProcess starts a server. Whoever starts it must see to it that it is
// killed or waited for: [Process.Stop] does both.
func StartProcess(c Command) (*Process, error) {
	if len(c.Args) == 0 {
		return nil, errors.New("starting a server: no command")
	}
	p := &Process{
		name: filepath.Base(c.Args[0]),
		cmd:  exec.Command(c.Args[0], c.Args[1:]...),
		done: make(chan struct{}),
	}
	p.cmd.Dir, p.cmd.Env = c.Dir, c.Env
	p.cmd.Stderr = &p.stderr
	// A grandchild may hold stderr open after the server is gone.
	p.cmd.WaitDelay = time.Second
	process.OwnGroup(p.cmd)
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("starting %q: %w", c.Args[0], err)
	}
	// Not StdoutPipe: Wait would close it before the last answer is read.
	stdout, theirs, err := os.Pipe()
	if err != nil {
		stdin.Close()
		return nil, fmt.Errorf("starting %q: %w", c.Args[0], err)
	}
	p.cmd.Stdout = theirs
	err = p.cmd.Start()
	theirs.Close()
	if err != nil {
		stdin.Close()
		stdout.Close()
		return nil, fmt.Errorf("starting %q: %w", c.Args[0], err)
	}
	p.stdin, p.stdout = stdin, stdout
	p.Conn = NewConn(stdout, stdin)
	go p.wait()
	return p, nil
}

func (p *Process) wait() {
	err := p.cmd.Wait()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil
	}
	p.mu.Lock()
	p.exited, p.err = true, err
	p.mu.Unlock()
	close(p.done)
	// What the server wrote before it ended is still in the pipe, so the reader
	// gets a moment; a grandchild that inherited stdout gets no more than that.
	time.AfterFunc(time.Second, func() { p.stdout.Close() })
}

// Stream returns p.Conn.
func (p *Process) Stream() *Conn { return p.Conn }

// String names the process in logs.
func (p *Process) String() string { return fmt.Sprintf("%s, process %d", p.name, p.Pid()) }

// Pid returns the process id.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says why the process ended, with the last lines of its stderr; it is nil
// while the process runs and after a clean end.
func (p *Process) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		return nil
	}
	if last := p.Stderr(); last != "" {
		return fmt.Errorf("%s: %w: %s", p.name, p.err, last)
	}
	return fmt.Errorf("%s: %w", p.name, p.err)
}

// Stderr returns the end of what the process wrote to its standard error.
func (p *Process) Stderr() string { return p.stderr.String() }

// CloseInput closes the server's standard input, which makes a server end.
func (p *Process) CloseInput() { p.stdin.Close() }

// Kill ends the process and its group at once. It does not wait.
func (p *Process) Kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.exited {
		process.Kill(p.cmd)
	}
}

// Stop closes the input, gives the process a grace period to end, kills it if
// it has not, and waits. It reports whether the process ended by itself.
func (p *Process) Stop(grace time.Duration) bool {
	p.CloseInput()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
		return true
	case <-timer.C:
	}
	p.Kill()
	<-p.done
	return false
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	data []byte
}

const tailSize = 8 << 10 // enough for the first frames of a Go panic

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = append(t.data, b...)
	if over := len(t.data) - tailSize; over > 0 {
		t.data = append(t.data[:0], t.data[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.data))
}
