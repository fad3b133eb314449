package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/cachewarm/shim"
	"github.com/gohearth/hearth/editor"
	"github.com/gohearth/hearth/internal/lsp"
)

// maxParked is for how many editors hearth warm leaves a session. A person has
// one or two, and a session of kubernetes takes 2 GB.
const maxParked = 2

// park leaves a loaded session in the daemon for each of the editors that are
// likely to come, by being those editors for a moment. It returns their names.
func (w *workspace) park(ctx context.Context, r *resolved, profiles []profile.Profile, detail func(string)) (names []string, err error) {
	t, ok := w.store.Lookup(w.spec.Key())
	if !ok {
		return nil, fmt.Errorf("the toolchain was removed while it was needed")
	}
	b, err := w.backend(r)
	if err != nil {
		return nil, err
	}
	client, err := daemonClient()
	if err != nil {
		return nil, err
	}
	target, err := cachewarm.FindTarget(ctx, w.goCommand(r))
	if err != nil {
		return nil, err
	}
	profiles = slices.Clone(profiles[:min(len(profiles), maxParked)])
	slices.Reverse(profiles) // the most likely one last: the others make room first
	for _, p := range profiles {
		detail(p.Editor)
		if err := parkOne(ctx, client, sessionSpec(b, t), b, p, target); err != nil {
			return names, fmt.Errorf("parking a session for %s: %w", p.Editor, err)
		}
		names = append(names, p.Editor)
	}
	return names, nil
}

func parkOne(ctx context.Context, client *daemon.Client, spec daemon.Spec, b shim.Backend, p profile.Profile, target cachewarm.Target) error {
	link, err := client.Attach(ctx, spec)
	if err != nil {
		return err
	}
	editor := lsp.NewClient(link.Stream(), lsp.Options{Settings: b.Settings(p.Answer)})
	defer func() {
		link.Kill()
		editor.Close()
	}()
	if _, err := editor.Initialize(ctx, p.Initialize(b.Dir, b.Settings(p.Options()))); err != nil {
		return err
	}
	target.Version = p.FirstVersion()
	if err := target.Hover(ctx, editor); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return editor.Shutdown(ctx) // which parks
}

// wiredProfiles are those of the editors that start hearth.
func wiredProfiles() (list []profile.Profile) {
	to, err := installPaths()
	if err != nil {
		return nil
	}
	env, err := editor.System(to.gopls)
	if err != nil {
		return nil
	}
	for _, e := range editor.All {
		if e.Detect(env).Found && e.Check(env) == nil {
			list = append(list, profile.Builtin(e.Profile(env)))
		}
	}
	return list
}

// likely returns the editors that will come: those that were here, else those
// that hearth has wired, else a common one.
func (w *workspace) likely() []profile.Profile {
	if seen, err := profile.ForWorkspace(w.dir); err == nil && len(seen) > 0 {
		return seen
	}
	if wired := wiredProfiles(); len(wired) > 0 {
		return wired
	}
	return []profile.Profile{profile.Builtin("vscode")}
}
