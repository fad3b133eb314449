package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/gohearth/hearth/internal/lsp"
)

const (
	// treeQuiet is the default quiet period. Saving all files of an editor
	// takes less; a person does not notice it.
	treeQuiet = 150 * time.Millisecond

	// maxGit bounds the one question that git is asked.
	maxGit = 10 * time.Second

	// treeTick is how often the time and the roots are looked at, and the
	// shortest time between two scans of a tree that sends no events.
	treeTick = 2 * time.Second

	// treeCheck is the least time between two scans of a tree that sends
	// events, for those that do not arrive.
	treeCheck = time.Minute
)

// TreeOptions say what a [Tree] watches.
type TreeOptions struct {
	// Roots are absolute paths of folders: those of the workspace, and modules
	// of a go.work outside it. They may lie in each other, and need not exist.
	Roots []string

	// Include says whether a folder, given by its absolute path, is watched,
	// and with it what is below. It is not asked about roots. Nil: all are.
	Include func(dir string) bool

	Quiet time.Duration // how long nothing must change before a report; 0: 150 ms
	Log   *slog.Logger  // nil: none
}

// An Event says how a file differs from what was known of it.
type Event struct {
	Path   string
	Change lsp.FileChange
}

// A Tree watches the files in folders that a Go build or gopls reads: Go files,
// files of modules and workspaces, inputs of cgo, templates. It leaves out what
// the go command does (names that begin with "." or "_", linked folders) but
// testdata, further node_modules, and folders that git ignores and that hold no
// Go file. Files that are embedded are not watched.
//
// All methods may be called from several goroutines.
type Tree struct {
	treeConfig
	notifyBatch func([]Event)
	requests    chan func(context.Context)
	done        chan struct{} // closed when ctx has ended

	// Of the goroutine of run.
	state
	timer       *time.Timer // runs out when a report is due
	first, last time.Time   // mark since the last report; zero if none
	next        time.Time   // scan of everything
	mode        string

	mu     sync.Mutex
	status treeStatus
}

type treeStatus struct {
	dirs, files int
	mode        string
}

// treeConfig is what tests may vary.
type treeConfig struct {
	TreeOptions
	open        func() (*fsnotify.Watcher, error)
	add         func(w *fsnotify.Watcher, dir string) error
	drift       func() time.Duration // of the wall clock against the monotonic one
	tick, check time.Duration
}

// NewTree scans the tree and watches it until ctx ends. Changes from here on
// are passed to notify, many at a time and sorted by path, always by the same
// goroutine. Notify must not wait for a call of Flush or Absorb.
//
// Reports wait until nothing has changed for the quiet period, and while git is
// busy with the tree, but neither of them for ever.
//
// The tree that is returned works, also where there are not enough watches: it
// is then scanned every few seconds, and Status and the log say why.
func NewTree(ctx context.Context, o TreeOptions, notify func([]Event)) (*Tree, error) {
	return newTree(ctx, treeConfig{TreeOptions: o}, notify)
}

func newTree(ctx context.Context, cfg treeConfig, notify func([]Event)) (*Tree, error) {
	if len(cfg.Roots) == 0 {
		return nil, errors.New("watching a tree: no folder is given")
	}
	cfg.Roots = slices.Clone(cfg.Roots)
	for i, root := range cfg.Roots {
		if !filepath.IsAbs(root) {
			return nil, fmt.Errorf("watching a tree: %q is not an absolute path", root)
		}
		cfg.Roots[i] = filepath.Clean(root)
	}
	cfg.setDefaults()
	t := &Tree{
		treeConfig:  cfg,
		notifyBatch: notify,
		requests:    make(chan func(context.Context)),
		done:        make(chan struct{}),
		mode:        "events",
		timer:       time.NewTimer(time.Hour),
	}
	t.timer.Stop()
	t.state = newState(cfg.Roots, cfg.Include)
	for _, root := range cfg.Roots {
		for _, dir := range gitIgnored(ctx, root) {
			t.ignored[dir] = true
		}
	}
	t.watch = t.addWatch
	watcher, err := cfg.open()
	t.watcher = watcher
	if err != nil {
		t.poll(err)
	}
	t.scan(ctx)
	t.begin()
	if err := ctx.Err(); err != nil {
		t.close()
		return nil, fmt.Errorf("watching a tree: %w", err)
	}
	t.publish()
	go t.run(ctx)
	return t, nil
}

func (c *treeConfig) setDefaults() {
	if c.Quiet == 0 {
		c.Quiet = treeQuiet
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.open == nil {
		c.open = fsnotify.NewWatcher
	}
	if c.add == nil {
		c.add = (*fsnotify.Watcher).Add
	}
	if c.drift == nil {
		start := time.Now()
		c.drift = func() time.Duration {
			now := time.Now()
			return now.Round(0).Sub(start.Round(0)) - now.Sub(start)
		}
	}
	if c.tick == 0 {
		c.tick = treeTick
	}
	if c.check == 0 {
		c.check = treeCheck
	}
}

// Flush looks at everything that has changed until now, passes it to notify and
// returns after that. It waits neither for the quiet period nor for git.
func (t *Tree) Flush(ctx context.Context) {
	t.do(ctx, func(ctx context.Context) {
		// Where the order of events across folders is not known, the events
		// that have come say nothing about those that have not.
		if t.watcher == nil || runtime.GOOS != "linux" || !t.drain() {
			t.all = true
		}
		// Below a folder that is left out nothing is watched.
		t.reconsider(t.leftOut)
		t.report(ctx)
	})
}

// Absorb takes the present state of the files as known, because somebody else
// is about to tell that they have changed: no events are sent for it. A folder
// that is gone stands for the files in it. Call it before passing the news on:
// then what is read because of the news is no older than what is absorbed.
func (t *Tree) Absorb(paths []string) {
	t.do(context.Background(), func(context.Context) {
		for _, path := range paths {
			if dir := t.absorb(filepath.Clean(path)); dir != "" {
				t.mark(dir)
			}
		}
		t.publish()
	})
}

// Status returns how much is watched, and "events", or "polling: " and why.
func (t *Tree) Status() (dirs, files int, mode string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.status.dirs, t.status.files, t.status.mode
}

// Done is closed when the tree is not watched any more, after ctx has ended.
func (t *Tree) Done() <-chan struct{} { return t.done }

// do has f called by the goroutine of run, with the context of that one, which
// outlives the caller's.
func (t *Tree) do(ctx context.Context, f func(context.Context)) {
	called := make(chan struct{})
	select {
	case t.requests <- func(ctx context.Context) { defer close(called); f(ctx) }:
	case <-ctx.Done():
		return
	case <-t.done:
		return
	}
	select {
	case <-called:
	case <-ctx.Done():
	case <-t.done:
	}
}

// publish sets what Status returns.
func (t *Tree) publish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.status = treeStatus{len(t.dirs), t.count, t.mode}
}
