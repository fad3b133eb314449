package main

import (
	"context"

	"github.com/gohearth/hearth/cachewarm/shim"
	"github.com/gohearth/hearth/toolchain"
)

// guessed returns the backend of a workspace whose Go is still what it was the last
// time. Unless that is certain, the go command is asked meanwhile, and the editor is
// told nothing before it has answered: see [shim.Backend.Doubt]. That, and the start
// of a daemon, take as long as everything else together that comes before gopls is
// started.
//
// Only the first backend of an editor is guessed, and only one that is there: the
// next one is asked for when something has changed, or as the guess was wrong.
func (p *provider) guessed(ctx context.Context, root string) (shim.Backend, bool) {
	p.mu.Lock()
	first := !p.began
	p.began = true
	p.mu.Unlock()
	if p.direct || !first {
		return shim.Backend{}, false
	}
	dir, err := absDir(root)
	if err != nil {
		return shim.Backend{}, false
	}
	store, err := toolchain.OpenStore()
	if err != nil {
		return shim.Backend{}, false
	}
	guess, sure, ok := store.LastGo(dir)
	if !ok {
		return shim.Backend{}, false
	}
	var wrong chan bool
	if !sure {
		// The doubt comes first: everything below runs beside the go command, and
		// what the editor waits for is the later of both.
		wrong = make(chan bool, 1)
		go func() {
			now, err := toolchain.DetectGo(ctx, dir)
			wrong <- err != nil || now != guess
			if err == nil && now == guess {
				_ = store.UseGo(dir, now) // the next editor may be sure of it
			}
		}()
	}
	up := wakeDaemon()
	b, ok := p.remembered(store, dir, guess, up)
	if !ok {
		b, ok = p.backendWith(ctx, dir, guess, up)
	}
	if !ok || sure {
		return b, ok
	}
	b.Doubt = func() bool {
		if !<-wrong {
			return false
		}
		p.mu.Lock()
		p.last = nil // nor does it stay in force
		p.mu.Unlock()
		return true
	}
	return b, true
}

// remembered returns the backend that served the workspace last, if all that it hangs on
// but the Go of the workspace, which is g, is what it was.
func (p *provider) remembered(store *toolchain.Store, dir string, g toolchain.Go, up func() error) (shim.Backend, bool) {
	b, spec, ok := readLastBackend(store, dir, g)
	if !ok {
		return b, false
	}
	b = viaDaemon(p.log, b, spec, up)
	p.mu.Lock()
	p.last = &b
	p.mu.Unlock()
	return b, true
}

// backendWith returns the backend of a workspace whose Go is g, unless there is
// something to fetch or to build first.
func (p *provider) backendWith(ctx context.Context, dir string, g toolchain.Go, up func() error) (shim.Backend, bool) {
	w, t, ok := openBuilt(dir, g)
	if !ok {
		return shim.Backend{}, false
	}
	b, err := p.serve(ctx, w, t, "", up)
	return b, err == nil
}

// openBuilt opens a workspace whose Go is g and whose toolchain is built.
func openBuilt(dir string, g toolchain.Go) (*workspace, *toolchain.Toolchain, bool) {
	w, err := openWorkspaceWith(dir, func(string) (toolchain.Go, error) { return g, nil })
	if err != nil || len(w.missing()) > 0 {
		return nil, nil, false
	}
	t, ok := w.store.Lookup(w.spec.Key())
	return w, t, ok
}

// wakeDaemon has the daemon started if none runs. The function that it returns
// waits for that, and says what went wrong.
func wakeDaemon() (up func() error) {
	done := make(chan error, 1)
	go func() {
		client, err := daemonClient()
		if err == nil {
			ctx, cancel := context.WithTimeout(context.Background(), attachTimeout)
			defer cancel()
			err = client.Wake(ctx)
		}
		done <- err
	}()
	return func() error { return <-done }
}
