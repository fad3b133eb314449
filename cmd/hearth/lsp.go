package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/cachewarm/shim"
	"github.com/gohearth/hearth/cachewarm/watch"
	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/toolchain"
)

func (c *command) lspCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "lsp",
		Short: "Serve an editor over standard input and output",
		Long: `Serve an editor: hearth lsp is what editors start in place of gopls.

It connects the editor to a gopls of the workspace's toolchain, under the
workspace's policy, that the daemon keeps loaded between the starts of editors,
and to another one when the policy changes. What cannot be had (no daemon, no
toolchain yet, a broken policy) never costs the editor its gopls: the next best
one answers, and the editor's log says why.

HEARTH=0 in the environment switches all of this off, except for the toolchain
and the policy that are there already: hearth lsp then runs gopls itself.`,
		Args: cobra.ArbitraryArgs, // editors pass gopls's own, such as serve
		RunE: func(cmd *cobra.Command, _ []string) error {
			collectLater()
			log, closeLog, err := openLog(os.Getenv("HEARTH_LOG"))
			if err != nil {
				return err
			}
			defer closeLog()
			p := newProvider(log)
			return shim.Serve(cmd.Context(), shim.Join(io.NopCloser(c.stdin), nopCloser{c.stdout}), p, shim.Options{
				Log: log,
				Introduced: func(root string, params, answer json.RawMessage) {
					recordProfile(log, root, params, answer)
				},
				Beside: p.publishPolicy,
			})
		},
	}
}

// collectLater keeps the collector of garbage off while the editor waits for its first
// answers. It would run several times beside all that is done until then, on both of
// two processors, which costs a third of the time; what it would free are a few
// megabytes.
func collectLater() {
	percent, limit := debug.SetGCPercent(-1), debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(limit, 64<<20))
	time.AfterFunc(2*time.Second, func() {
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(percent)
	})
}

// noProfile is set for the editors that hearth itself plays: they are nobody's.
const noProfile = "HEARTH_NO_PROFILE"

// recordProfile keeps how an editor introduced itself, in the background: the
// editor waits for an answer. An editor that will be asked for its settings is
// recorded once it has answered.
func recordProfile(log *slog.Logger, root string, params, answer json.RawMessage) {
	var p struct {
		Capabilities struct{ Workspace struct{ Configuration bool } }
	}
	_ = json.Unmarshal(params, &p)
	if os.Getenv(noProfile) != "" || answer == nil && p.Capabilities.Workspace.Configuration {
		return
	}
	go func() {
		if err := profile.Record(root, params, answer); err != nil {
			log.Warn("recording the editor's profile", "err", err)
		}
	}()
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// openLog returns a logger that writes to the named file, or nowhere.
func openLog(path string) (*slog.Logger, func() error, error) {
	if path == "" {
		return slog.New(slog.DiscardHandler), func() error { return nil }, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the log: %w", err)
	}
	return slog.New(slog.NewTextHandler(f, nil)), f.Close, nil
}

// provider decides which gopls answers an editor. In order of preference:
//
//  1. the workspace's toolchain, bound to the workspace's policy;
//  2. if the policy has become wrong, what answered so far;
//  3. if the toolchain is not built: the one that served the workspace last,
//     or the gopls on PATH, while the build runs; with neither, the build is
//     waited for;
//  4. with nothing else, the gopls on PATH under the editor's own settings.
type provider struct {
	log    *slog.Logger
	direct bool          // HEARTH=0: build nothing, watch nothing
	built  chan struct{} // a build in the background has ended
	asked  chan struct{} // Backend was asked: the policy may be another one

	mu       sync.Mutex
	began    bool                // Backend was asked before
	last     *shim.Backend       // of case 1
	building string              // key of what is being fetched and built
	failed   map[string]*failure // by key
	refetch  time.Duration       // before the second try; see failure
}

func newProvider(log *slog.Logger) *provider {
	return &provider{
		log: log, direct: os.Getenv("HEARTH") == "0",
		built: make(chan struct{}, 1), asked: make(chan struct{}, 1),
		failed: make(map[string]*failure), refetch: 30 * time.Second,
	}
}

// Backend implements [shim.Provider].
func (p *provider) Backend(ctx context.Context, root string) (shim.Backend, error) {
	select {
	case p.asked <- struct{}{}:
	default:
	}
	if b, ok := p.guessed(ctx, root); ok {
		return b, nil
	}
	b, err := p.bound(ctx, root)
	if err == nil {
		return b, nil
	}
	p.log.Warn("no backend by policy", "root", root, "err", err)
	p.mu.Lock()
	last := p.last
	p.mu.Unlock()
	if last != nil {
		b := *last
		b.Note, b.Fallback = "hearth: the policy before stays in force: "+oneLine(err), true
		return b, nil
	}
	return p.fallback(ctx, root, err)
}

// bound returns the backend that the policy asks for, or the best one until
// its toolchain is built.
func (p *provider) bound(ctx context.Context, root string) (shim.Backend, error) {
	var up func() error
	if !p.direct {
		up = wakeDaemon() // takes as long as the go command that openWorkspace asks
	}
	w, err := openWorkspace(ctx, root)
	if err != nil {
		return shim.Backend{}, err
	}
	t, ok := w.store.Lookup(w.spec.Key())
	missing := w.missing()
	switch {
	case ok && len(missing) == 0:
	case !p.direct:
		return p.whileBuilding(ctx, w)
	case ok:
		return p.serve(ctx, w, t, fmt.Sprintf("hearth: the policy %s is not there, and HEARTH=0 forbids fetching it; the rest of the policy applies", strings.Join(missing, ", ")), nil)
	default:
		return shim.Backend{}, errors.New("the toolchain is not built, and HEARTH=0 forbids building it")
	}
	if !p.direct {
		_ = w.store.Use(w.dir, t) // only a later fallback would miss it
		_ = w.store.UseGo(w.dir, w.goTool)
	}
	return p.serve(ctx, w, t, "", up)
}

// serve returns the backend of a toolchain under the workspace's policy. up is of
// a daemon that is being started; see attacher.
func (p *provider) serve(ctx context.Context, w *workspace, t *toolchain.Toolchain, note string, up func() error) (shim.Backend, error) {
	r, err := w.resolve(ctx, t)
	if err != nil {
		return shim.Backend{}, err
	}
	b, err := w.backend(r)
	if err != nil {
		return b, err
	}
	b.Note, b.Fallback, b.Spare = note, note != "", spare(w.dir)
	if len(r.Ignored) > 0 && note == "" {
		b.Note = fmt.Sprintf("hearth: this workspace is not trusted, so its policy may not: %s; run \"hearth trust\" to allow it", strings.Join(r.Ignored, "; "))
	}
	if p.direct && b.Note == "" {
		b.Note = "hearth: HEARTH=0: gopls " + t.Gopls + " runs with the policy as it is now, and is not restarted when it changes"
	}
	if note == "" {
		if !p.direct {
			if b.Note == "" {
				time.AfterFunc(rememberDelay, func() {
					if err := rememberBackend(ctx, w.store, w.dir, w.goTool); err != nil {
						p.log.Warn("remembering what serves the workspace", "err", err)
					}
				})
			}
			b = viaDaemon(p.log, b, sessionSpec(b, t), up)
		}
		p.mu.Lock()
		p.last = &b
		p.mu.Unlock()
	}
	return b, nil
}

// rememberDelay is when an editor that has attached waits for nothing any more.
const rememberDelay = time.Second

// backend is the gopls of the workspace under its policy.
func (w *workspace) backend(r *resolved) (shim.Backend, error) {
	settings, err := json.Marshal(r.Gopls)
	if err != nil {
		return shim.Backend{}, err
	}
	command := []string{r.bound.GoplsPath()}
	if endpoint := os.Getenv(spansVariable); endpoint != "" {
		command = append(command, "-otel="+endpoint)
	}
	return shim.Backend{
		Command:  command,
		Env:      w.environ(),
		Dir:      w.dir,
		Settings: r.MergeSettings,
		Key:      fmt.Sprintf("%s %x", strings.Join(command, " "), sha256.Sum256(settings)),
	}, nil
}

// spansVariable names a collector of OpenTelemetry to which gopls exports its
// spans. gopls itself takes a flag, which no editor can hand to a session.
const spansVariable = "HEARTH_OTEL"

// fallback serves a workspace whose policy cannot be had at all: with the
// toolchain that is there, or the gopls on PATH, and the editor's own settings.
func (p *provider) fallback(ctx context.Context, root string, cause error) (shim.Backend, error) {
	b := shim.Backend{Dir: root, Fallback: true}
	if path, what, ok := anyGopls(ctx, root); ok {
		b.Command, b.Key = []string{path}, path
		b.Note = fmt.Sprintf("hearth: the policy does not apply: %s; %s answers", oneLine(cause), what)
		return b, nil
	}
	return b, fmt.Errorf("%w; and there is no other gopls to fall back to", cause)
}

// anyGopls finds a gopls for a workspace whatever its policy.
func anyGopls(ctx context.Context, root string) (path, what string, ok bool) {
	if store, err := toolchain.OpenStore(); err == nil {
		if t, ok := store.Last(root); ok {
			return t.GoplsPath(), "the toolchain's gopls " + t.Gopls, true
		}
		list, _ := chosenGrafts() // a gopls without any is one as well
		if g, err := toolchain.DetectGo(ctx, root); err == nil {
			if spec, err := toolchain.NewSpec(g, nil, list); err == nil {
				if t, ok := store.Lookup(spec.Key()); ok {
					return t.GoplsPath(), "the toolchain's gopls " + t.Gopls, true
				}
			}
		}
	}
	path, ok = stockGopls()
	return path, path, ok
}

// spare is what takes over from a gopls that keeps crashing.
func spare(dir string) *shim.Backend {
	stock, ok := stockGopls()
	if !ok {
		return nil
	}
	return &shim.Backend{
		Command:  []string{stock},
		Dir:      dir,
		Key:      stock,
		Note:     "hearth: the toolchain's gopls keeps crashing; " + stock + " answers, without the policy",
		Fallback: true,
	}
}

// Changes implements [shim.Provider]: it fires when a policy file or the
// trust in it changed, when a build has ended, and when another try is due.
func (p *provider) Changes(ctx context.Context, root string) <-chan struct{} {
	if p.direct {
		return nil
	}
	// The files are named anew after each report: an edit may extend others.
	files, err := watch.Workspace(ctx, root, func() []string { return policyFiles(root) }, 200*time.Millisecond)
	if err != nil {
		p.log.Warn("watching the policy", "err", err) // it polls instead
	}
	changes := make(chan struct{}, 1)
	go func() {
		for ctx.Err() == nil {
			select {
			case <-files:
				p.tryAgain()
			case <-p.built:
			case <-ctx.Done():
				return
			}
			select {
			case changes <- struct{}{}:
			default: // one is pending already
			}
		}
	}()
	return changes
}

// policyFiles are the files that decide what the policy of a workspace is.
func policyFiles(root string) []string {
	files := goplsconfig.Files(root)
	if store, err := goplsconfig.OpenTrustStore(); err == nil {
		files = append(files, store.Path())
	}
	return files
}

// oneLine shortens an error to what fits an editor's log.
func oneLine(err error) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " ")
}
