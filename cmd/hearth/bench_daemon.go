package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gohearth/hearth/cachewarm/bench"
	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/internal/procstat"
)

// benchDaemon is the daemon of a server that is measured, if it is a hearth lsp:
// what the user's daemon keeps must neither help nor be lost.
type benchDaemon struct {
	dir    string
	client *daemon.Client // starts none
}

func newBenchDaemon() (*benchDaemon, error) {
	dir, err := os.MkdirTemp("", "hb-") // short, for the sockets in it
	if err != nil {
		return nil, fmt.Errorf("making a folder for the daemon: %w", err)
	}
	return &benchDaemon{dir, &daemon.Client{Place: daemon.Place{Dir: dir}}}, nil
}

func (d *benchDaemon) remove() { os.RemoveAll(d.dir) }

// serve returns the server, with this daemon.
func (d *benchDaemon) serve(s bench.Server, trace bool) bench.Server {
	if s.Env == nil {
		s.Env = os.Environ()
	}
	s.Env = append(s.Env[:len(s.Env):len(s.Env)], daemon.RunVariable+"="+d.dir, noProfile+"=1")
	s.Forget, s.Memory = d.end, d.memory
	if plain := s; trace {
		s.Traced = func(endpoint string) bench.Server { return traced(plain, endpoint) }
	}
	return s
}

// traced is a server that exports its spans: to gopls that is said by a flag,
// and to hearth lsp, however it is started, by the environment.
func traced(s bench.Server, endpoint string) bench.Server {
	s.Env = append(s.Env[:len(s.Env):len(s.Env)], spansVariable+"="+endpoint)
	if name := filepath.Base(s.Args[0]); strings.TrimSuffix(name, ".exe") == "gopls" {
		s.Args = append([]string{s.Args[0], "-otel=" + endpoint}, s.Args[1:]...)
	}
	return s
}

// endWait is how long a daemon may take to end with its sessions.
const endWait = 20 * time.Second

// end ends the daemon, if there is one, and returns when it is gone.
func (d *benchDaemon) end(ctx context.Context) error {
	status, err := d.client.Status(ctx)
	if errors.Is(err, daemon.ErrNone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("ending the daemon of the benchmark: %w", err)
	}
	if _, _, err := d.client.Stop(ctx, ""); err != nil {
		return fmt.Errorf("ending the daemon of the benchmark: %w", err)
	}
	for deadline := time.Now().Add(endWait); ; time.Sleep(10 * time.Millisecond) {
		if u, err := procstat.Tree(status.Pid); err != nil || u.RSS == 0 {
			return nil // gone, or nobody has buried it yet
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the daemon of the benchmark, process %d, does not end", status.Pid)
		}
	}
}

// memory is that of a server with its daemon, and with all that they started.
func (d *benchDaemon) memory(pid int) int64 {
	pids := []int{pid}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if status, err := d.client.Status(ctx); err == nil {
		pids = append(pids, status.Pid)
	}
	return procstat.Resident(pids...)
}
