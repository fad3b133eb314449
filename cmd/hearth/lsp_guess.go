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
	w, err := openWorkspaceWith(dir, func(string) (toolchain.Go, error) { return guess, nil })
	if err != nil {
		return shim.Backend{}, false
	}
	t, ok := w.store.Lookup(w.spec.Key())
	if !ok || len(w.missing()) > 0 {
		return shim.Backend{}, false
	}
	b, err := p.serve(ctx, w, t, "", up)
	if err != nil {
		return shim.Backend{}, false
	}
	if sure {
		return b, true
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
