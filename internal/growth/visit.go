package growth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/procstat"
	"github.com/gohearth/hearth/internal/synth"
)

// target is where the editor hovers: the same place of the same file in all
// sizes, over what needs the types of another package.
type target = cachewarm.Target

func findTarget(dir string, shape synth.Shape) (t target, err error) {
	t.File = filepath.Join(dir, filepath.FromSlash(shape.Top()))
	t.Name, t.Version = "New", 1
	text, err := os.ReadFile(t.File)
	if err != nil {
		return t, err
	}
	call := "func New("
	if below := shape.Below(); below != "" {
		call = below + ".New("
	}
	before, _, ok := strings.Cut(string(text), call)
	if !ok {
		return t, fmt.Errorf("%s has no %s", t.File, call)
	}
	before += strings.TrimSuffix(call, "New(")
	t.Position = lsp.Position{Line: strings.Count(before, "\n"), Character: len(before) - strings.LastIndex(before, "\n") - 1}
	return t, nil
}

// visit is what an editor saw, in seconds since the start of its server, and the
// memory in bytes that it took.
type visit struct {
	initialize, hover, memory float64
	gopls                     int // process
}

// visit plays an editor that opens a file, hovers, looks at its diagnostics and
// leaves. It stays until the server has nothing more to do, so that the next one
// finds full caches and a machine that is free. Unless d is nil it is served by a
// session of that.
func (w *workspace) visit(ctx context.Context, s Server, d *private) (v visit, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, w.Timeout, fmt.Errorf("it takes more than %s", w.Timeout))
	defer cancel()
	start := time.Now()
	client, err := lsp.Start(lsp.Command{Args: s.Args, Dir: w.dir, Env: s.Env}, lsp.Options{Settings: s.Settings})
	if err != nil {
		return v, err
	}
	defer client.Close()
	if _, err := client.Initialize(ctx, profile.Builtin("vscode").Initialize(w.dir, s.Settings)); err != nil {
		return v, err
	}
	v.initialize = time.Since(start).Seconds()
	if err := w.target.Hover(ctx, client); err != nil {
		return v, err
	}
	v.hover = time.Since(start).Seconds()
	pid := client.Process().Pid()
	serving := []int{pid}
	if v.gopls = pid; d != nil {
		var own int // which gopls is a child of
		if own, v.gopls = d.serving(ctx); v.gopls == 0 {
			return v, errAlone
		}
		serving = append(serving, own)
	}
	if _, err := client.WaitDiagnostics(ctx, lsp.FileURI(w.target.File), nil); err != nil {
		return v, err
	}
	if err := quiet(ctx, v.gopls); err != nil {
		return v, err
	}
	v.memory = float64(procstat.Resident(serving...))
	if err := client.Shutdown(ctx); err != nil {
		return v, err
	}
	return v, nil
}

// errAlone is about hearth lsp that does without the daemon: that has a moment to
// reply, and on a machine with much else to do may not have it.
var errAlone = errors.New("hearth lsp ran a gopls of its own, since the daemon did not reply; is the machine busy with something else?")

// tries is how often a visit is tried in which hearth lsp is alone, and
// betweenTries how long it then takes until the daemon is trusted again.
const (
	tries        = 4
	betweenTries = 10 * time.Second
)

// visitSession is a visit to a session of the daemon.
func (w *workspace) visitSession(ctx context.Context, s Server, d *private) (v visit, err error) {
	for range tries {
		if v, err = w.visit(ctx, s, d); !errors.Is(err, errAlone) {
			return v, err
		}
		w.say("once more: " + err.Error())
		select {
		case <-time.After(betweenTries):
		case <-ctx.Done():
			return v, context.Cause(ctx)
		}
	}
	return v, err
}

// A process is quiet when it has used less than this share of a CPU in each of
// so many moments. gopls waits for a second before it diagnoses more.
const (
	quietShare   = 0.1
	quietMoments = 6
	moment       = 250 * time.Millisecond
)

// quiet returns when a process and those that it runs do nothing any more.
func quiet(ctx context.Context, pid int) error {
	before, err := procstat.Tree(pid)
	for n := 0; n < quietMoments && err == nil; {
		select {
		case <-time.After(moment):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		var now procstat.Usage
		now, err = procstat.Tree(pid)
		n++
		// Less than before is a child that has ended. That there are none says
		// nothing: gopls keeps one for its telemetry.
		if used := now.CPU - before.CPU; used < 0 || float64(used) > quietShare*float64(moment) {
			n = 0
		}
		before = now
	}
	return err
}
