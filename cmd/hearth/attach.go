package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/cachewarm/shim"
	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/toolchain"
	"github.com/gohearth/hearth/toolchain/grafts"
)

// attacher starts the gopls of a backend: in the daemon, where it may be loaded
// already, or as a process of ours if there is anything wrong with that. An
// editor must never be worse off for the daemon.
type attacher struct {
	log    *slog.Logger
	direct shim.Backend
	spec   daemon.Spec
	up     func() error // waits for a daemon that is being started; nil: none is

	mu    sync.Mutex
	tries []time.Time // of late
}

// A daemon that is lost so often within a minute is done without.
const maxAttaches = 4

// takeOverAfter is when a daemon of another version is replaced by ours, for the
// next editor.
const takeOverAfter = 5 * time.Second

// attachTimeout is how long an editor may wait for the daemon; see
// daemon.Client for how long starting one may take.
const attachTimeout = 3 * time.Second

// sessionSpec is what the daemon makes a session of.
func sessionSpec(b shim.Backend, t *toolchain.Toolchain) daemon.Spec {
	return daemon.Spec{
		Key: b.Key, Command: b.Command, Env: b.Env, Dir: b.Dir, MCP: slices.Contains(t.Grafts, grafts.MCPSocket),
	}
}

// viaDaemon returns b with its gopls in the daemon.
func viaDaemon(log *slog.Logger, b shim.Backend, spec daemon.Spec, up func() error) shim.Backend {
	b.Start = (&attacher{log: log, direct: b, spec: spec, up: up}).start
	return b
}

func (a *attacher) start() (shim.Server, error) {
	if why := a.tooOften(); why != "" {
		return a.alone(why)
	}
	if up := a.up; up != nil {
		a.up = nil // the next one is started here
		if err := up(); err != nil {
			return a.alone(oneLine(err)) // another try would take as long
		}
	}
	client, err := daemonClient()
	if err != nil {
		return a.alone(err.Error())
	}
	client.Hasty = true
	ctx, cancel := context.WithTimeout(context.Background(), attachTimeout)
	defer cancel()
	link, err := client.Attach(ctx, a.spec)
	if errors.Is(err, daemon.ErrVersion) {
		// Not now, when gopls needs the machine.
		time.AfterFunc(takeOverAfter, func() {
			ctx, cancel := context.WithTimeout(context.Background(), attachTimeout)
			defer cancel()
			if err := client.TakeOver(ctx); err != nil {
				a.log.Warn("taking over from the daemon of another version", "err", err)
			}
		})
	}
	if err != nil {
		return a.alone(oneLine(err))
	}
	return link, nil
}

// tooOften counts the attempts, and says why there should be no further one.
func (a *attacher) tooOften() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	a.tries = slices.DeleteFunc(a.tries, func(t time.Time) bool { return now.Sub(t) > time.Minute })
	if len(a.tries) == maxAttaches {
		return "it was lost several times within a minute"
	}
	a.tries = append(a.tries, now)
	return ""
}

// alone is a gopls of our own, with a word to the editor's log about why.
type alone struct {
	*lsp.Process
	why string
}

func (a alone) Note() string {
	return "hearth: without the daemon, so gopls loads the workspace: " + a.why
}

func (a *attacher) alone(why string) (shim.Server, error) {
	a.log.Warn("running gopls without the daemon", "why", why)
	p, err := lsp.StartProcess(lsp.Command{Args: a.direct.Command, Dir: a.direct.Dir, Env: a.direct.Env})
	if err != nil {
		return nil, err
	}
	return alone{p, why}, nil
}
