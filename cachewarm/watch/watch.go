// Package watch says when one of a few files has changed ([Files],
// [Workspace]), and which of the Go files of a workspace have ([Tree]).
//
// It compares states and takes the events of the operating system only as a
// reason to look: events get lost (queue overflow, network and container file
// systems, a parent folder that was moved), a comparison does not. So a change
// may be reported late, or once too often, but is not missed. Where events are
// not to be had, the files are looked at every second, and a tree every few
// seconds.
//
// What is reported is how the state differs from the one before, never what
// happened in between: a file that came and went is not mentioned.
package watch

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/gohearth/hearth/internal/hint"
)

const (
	// pollEvery is how often the files are compared without events.
	pollEvery = time.Second

	// checkEvery is how often they are compared although there are events:
	// a bind mount in a container or a moved grandparent sends none. Ten
	// calls of stat in ten seconds cannot be measured.
	checkEvery = 10 * time.Second

	// maxRestarts bounds the debounce: under changes that never stop there is
	// a report each maxRestarts quiet periods rather than none.
	maxRestarts = 10

	// maxBusy bounds the wait for git. A lock that a killed git left behind
	// stays until somebody removes it.
	maxBusy = 5 * time.Minute
)

// Files reports changes of the named files: content, replacement by another
// file, appearance and disappearance. A file need not exist, nor the folders
// above it.
//
// A value is sent once nothing has changed for the quiet period. The channel
// holds one value, so a slow reader finds out about any number of changes at
// once. It is closed when ctx ends.
//
// The channel always works. An error says that it works by looking at the files
// every second, and why.
func Files(ctx context.Context, paths []string, quiet time.Duration) (<-chan struct{}, error) {
	return start(ctx, config{
		paths: func() []string { return paths },
		quiet: quiet,
	})
}

// config is what tests may vary.
type config struct {
	paths func() []string // asked again after each report
	quiet time.Duration
	busy  func() bool                       // holds reports back; may be nil
	open  func() (*fsnotify.Watcher, error) // nil: fsnotify.NewWatcher
	poll  time.Duration                     // 0: pollEvery
	check time.Duration                     // 0: checkEvery
}

func start(ctx context.Context, cfg config) (<-chan struct{}, error) {
	if cfg.open == nil {
		cfg.open = fsnotify.NewWatcher
	}
	if cfg.poll == 0 {
		cfg.poll = pollEvery
	}
	if cfg.check == 0 {
		cfg.check = checkEvery
	}
	w := &watcher{config: cfg}
	w.setPaths() // before any watch: what happens from here on is reported

	notify, err := cfg.open()
	if err == nil {
		w.notify = notify
		err = w.resync()
	}
	if err != nil {
		err = explain(err, "looking at them every second instead")
		w.giveUp()
	}
	out := make(chan struct{}, 1)
	go w.run(ctx, out)
	return out, err
}

// explain adds what is done instead of a watch that cannot be set up, and what
// to do about its error.
func explain(err error, instead string) error {
	err = fmt.Errorf("watching files: %w; %s", err, instead)
	switch {
	case runtime.GOOS != "linux":
		return err
	case errors.Is(err, syscall.EMFILE):
		return hint.Add(err, "raise fs.inotify.max_user_instances: sudo sysctl fs.inotify.max_user_instances=1024")
	default:
		return hint.Add(err, "raise fs.inotify.max_user_watches: sudo sysctl fs.inotify.max_user_watches=524288")
	}
}

type watcher struct {
	config
	notify *fsnotify.Watcher // nil: polling
	state  map[string]stamp  // of each file
	dirs   map[string]stamp  // that have a watch
	names  map[string]bool   // whose events matter; true for the files themselves
}

// run compares and debounces until ctx ends.
func (w *watcher) run(ctx context.Context, out chan<- struct{}) {
	defer close(out)
	defer w.giveUp()

	timer := time.NewTimer(time.Hour)
	timer.Stop()
	defer timer.Stop()
	var since time.Time // of the first change that is not reported; zero if none
	changed := func() {
		now := time.Now()
		if since.IsZero() {
			since = now
		}
		timer.Reset(min(w.quiet, max(0, since.Add(maxRestarts*w.quiet).Sub(now))))
	}

	if w.compare() { // between the first look and the watch
		changed()
	}
	for {
		var events chan fsnotify.Event
		var errs chan error
		interval := w.poll
		if w.notify != nil {
			events, errs, interval = w.notify.Events, w.notify.Errors, w.check
		}
		look := time.NewTimer(interval)
		select {
		case <-ctx.Done():
			look.Stop()
			return

		case ev, ok := <-events:
			if !ok {
				w.giveUp()
				break
			}
			leaf, known := w.names[filepath.Clean(ev.Name)]
			if !known {
				break
			}
			moved := w.compare()
			// Two writes within the clock's resolution look the same, so an
			// event counts even if nothing can be seen. Not so a change of
			// mode, which backup programs and virus scanners cause.
			if moved || leaf && ev.Op != fsnotify.Chmod {
				changed()
			}

		case <-errs: // overflow, mostly
			if w.compare() {
				changed()
			}

		case <-look.C:
			if w.compare() {
				changed()
			}

		case <-timer.C:
			if w.busy != nil && time.Since(since) < maxBusy && w.busy() {
				timer.Reset(max(w.quiet, w.poll/4))
				break
			}
			since = time.Time{}
			select {
			case out <- struct{}{}:
			default: // the reader has not looked since the last one
			}
			if w.setPaths() || w.compare() {
				changed()
			}
		}
		look.Stop()
	}
}

// giveUp ends the events, if there are any.
func (w *watcher) giveUp() {
	if w.notify != nil {
		w.notify.Close()
		w.notify = nil
	}
}

// setPaths asks for the files. It reports whether one that was known already
// has changed.
func (w *watcher) setPaths() (changed bool) {
	state := make(map[string]stamp)
	for _, path := range w.paths() {
		if abs, err := filepath.Abs(path); err == nil {
			path = abs
		}
		now := look(path)
		if old, known := w.state[path]; known && !old.equal(now) {
			changed = true
		}
		state[path] = now
	}
	w.state = state
	return changed
}

// compare brings the watches and the state up to date and reports whether a
// file has changed.
func (w *watcher) compare() (changed bool) {
	if w.notify != nil {
		if err := w.resync(); err != nil {
			w.giveUp()
		}
	}
	for path, old := range w.state {
		if now := look(path); !old.equal(now) {
			w.state[path] = now
			changed = true
		}
	}
	return changed
}

// resync watches the folder of each file, or of what exists of it, and of the
// file that it links to.
func (w *watcher) resync() error {
	// A folder that appears while its parent is being watched sends no event,
	// so look until nothing new is found. The bound is for a tree that somebody
	// builds up and tears down in a loop; checkEvery sees to the rest.
	for range 100 {
		want := w.wanted()
		added := false
		for dir, now := range want {
			old, known := w.dirs[dir]
			if known && old.same(now) {
				continue
			}
			if known {
				w.notify.Remove(dir) // error: it is gone, which is the purpose
			}
			if err := w.notify.Add(dir); err != nil {
				if !look(dir).exists() {
					delete(want, dir) // removed meanwhile
					added = true
					continue
				}
				return err
			}
			added = true
		}
		for dir := range w.dirs {
			if _, ok := want[dir]; !ok {
				w.notify.Remove(dir)
			}
		}
		w.dirs = want
		if !added {
			return nil
		}
	}
	return nil
}

// wanted returns the folders to watch and sets the names whose events matter.
func (w *watcher) wanted() map[string]stamp {
	dirs := make(map[string]stamp)
	w.names = make(map[string]bool)
	add := func(path string) {
		w.names[path] = true
		found := false
		for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
			if _, known := w.names[dir]; !known {
				w.names[dir] = false
			}
			if !found {
				if now := look(dir); now.isDir() {
					dirs[dir] = now
					found = true
				}
			}
			if dir == filepath.Dir(dir) {
				return
			}
		}
	}
	for path := range w.state {
		add(path)
		if target, err := filepath.EvalSymlinks(path); err == nil && target != path {
			add(target)
		}
	}
	return dirs
}
