package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/gohearth/hearth/internal/hint"
)

const (
	// busyQuiet is the quiet period while git holds a lock. A lock alone does
	// not say that the tree is about to change: "git commit -a" holds one while
	// somebody writes the message, a stopped rebase looks like a running one.
	busyQuiet = 3 * time.Second

	// A scan takes 0.1 s in kubernetes and minutes on a bad network, so the
	// time between two is a multiple of what the last one took: 10 without
	// events, and with them 500, which is 0.2 % of a core.
	pollShare  = 10
	checkShare = 500

	// maxSleep is by how much the clock on the wall may run ahead of the one
	// that stands still while the machine sleeps.
	maxSleep = 10 * time.Second

	// maxDrain bounds the wait for the events that are on their way.
	maxDrain = time.Second
)

// run waits for reasons to look until ctx ends.
func (t *Tree) run(ctx context.Context) {
	defer close(t.done)
	defer t.close()
	defer t.timer.Stop()
	tick := time.NewTicker(t.tick)
	defer tick.Stop()
	drift := t.drift()
	for {
		var events chan fsnotify.Event
		var errs chan error
		if t.watcher != nil {
			events, errs = t.watcher.Events, t.watcher.Errors
		}
		select {
		case <-ctx.Done():
			return
		case ev, ok := <-events:
			t.event(ev, ok)
		case err, ok := <-errs:
			t.lost(err, ok)
		case do := <-t.requests:
			do(ctx)
		case <-tick.C:
			now := t.drift()
			t.look(now-drift > maxSleep)
			drift = now
		case <-t.timer.C:
			if t.held() {
				t.timer.Reset(t.Quiet)
			} else {
				t.report(ctx)
			}
		}
	}
}

// mark notes that dir must be read again.
func (t *Tree) mark(dir string) {
	t.dirty[dir] = true
	t.touch()
}

// touch puts the next report off, but not for ever.
func (t *Tree) touch() {
	now := time.Now()
	t.last = now
	if t.first.IsZero() {
		t.first = now
	}
	t.timer.Reset(min(t.Quiet, max(0, t.first.Add(maxRestarts*t.Quiet).Sub(now))))
}

// held reports whether git is likely to go on.
func (t *Tree) held() bool {
	return time.Since(t.first) < maxBusy && time.Since(t.last) < busyQuiet &&
		slices.ContainsFunc(t.Roots, gitBusy)
}

// report brings the state up to date and says what is new in it.
func (t *Tree) report(ctx context.Context) {
	t.timer.Stop()
	t.first = time.Time{}
	batch := t.scan(ctx)
	t.publish()
	if len(batch) > 0 && ctx.Err() == nil {
		t.notifyBatch(batch)
	}
}

// scan calls update and says when to scan everything again.
func (t *Tree) scan(ctx context.Context) []Event {
	all, start := t.all, time.Now()
	batch := t.update(ctx)
	if len(t.dirty) > 0 || t.all { // the tree changes faster than it is read
		t.touch()
	}
	if all {
		took := time.Since(start)
		t.next = time.Now().Add(max(t.check, checkShare*took))
		if t.watcher == nil {
			t.next = time.Now().Add(max(t.tick, pollShare*took))
		}
	}
	return batch
}

// event marks the folders that ev is about.
func (t *Tree) event(ev fsnotify.Event, ok bool) {
	if !ok {
		t.poll(fsnotify.ErrClosed)
		return
	}
	if ev.Name == "" { // about a watch that has ended
		return
	}
	path := filepath.Clean(ev.Name)
	d := t.dirs[path]
	if d != nil {
		// Another folder of that name may have the same inode: ext4 gives it
		// to the next who asks. So it cannot be seen that its watch is gone.
		d.lost = d.lost || ev.Has(fsnotify.Remove) || ev.Has(fsnotify.Rename)
		t.mark(path)
	}
	parent := filepath.Dir(path)
	if t.dirs[parent] == nil {
		return
	}
	if d != nil || relevant(path) || ev.Op != fsnotify.Write && look(path).isDir() {
		t.mark(parent)
	}
}

// lost notes that events are missing.
func (t *Tree) lost(err error, ok bool) {
	if !ok {
		t.poll(fsnotify.ErrClosed)
		return
	}
	t.Log.Info("scanning the tree: events were lost", "error", err)
	t.all = true
	t.touch()
}

// look is called at each tick, to find what sends no events.
func (t *Tree) look(slept bool) {
	if slept {
		t.Log.Info("scanning the tree: the machine was asleep")
	}
	if slept || !time.Now().Before(t.next) {
		t.next = time.Now().Add(t.check) // until the scan sets it
		t.all = true
		t.touch()
	}
	for _, root := range t.Roots {
		d, now := t.dirs[root], look(root)
		if d == nil && now.isDir() || d != nil && !d.same(now) {
			t.mark(root)
		}
	}
}

// drain takes the events of everything that has happened so far. It makes one
// more happen: the events of one inotify instance come in order.
func (t *Tree) drain() bool {
	dir, err := os.MkdirTemp("", "hearth-flush-*")
	if err != nil {
		return false
	}
	defer os.RemoveAll(dir)
	if err := t.watcher.Add(dir); err != nil {
		return false
	}
	watcher := t.watcher
	defer watcher.Remove(dir)
	mark := filepath.Join(dir, "now")
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return false
	}
	timeout := time.After(maxDrain)
	for t.watcher != nil {
		select {
		case ev, ok := <-t.watcher.Events:
			if ev.Name == mark {
				return true
			}
			t.event(ev, ok)
		case err, ok := <-t.watcher.Errors:
			t.lost(err, ok)
			return false
		case <-timeout:
			return false
		}
	}
	return false
}

// addWatch makes dir send events. What cannot be read sends none: its files are
// of no use to the go command either.
func (t *Tree) addWatch(dir string) bool {
	if t.watcher == nil {
		return false
	}
	err := t.add(t.watcher, dir)
	if err != nil && look(dir).exists() && !errors.Is(err, os.ErrPermission) {
		t.poll(err)
	}
	return err == nil
}

// poll gives the events up.
func (t *Tree) poll(err error) {
	t.close()
	err = explain(err, "scanning the tree every few seconds instead")
	t.mode = "polling: " + err.Error()
	t.Log.Warn(err.Error(), "hint", hint.Of(err))
	t.all = true
	t.next = time.Now()
}

func (t *Tree) close() {
	if t.watcher != nil {
		t.watcher.Close()
		t.watcher = nil
	}
}
