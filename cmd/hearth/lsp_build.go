package main

import (
	"context"
	"strings"
	"time"

	"github.com/gohearth/hearth/cachewarm/shim"
)

// failure is what went wrong with a key. A build fails for good, but a network
// comes back: what could not be fetched is due again when a policy file changes,
// and after a while, which doubles up to maxRefetch.
type failure struct {
	err   error
	fetch bool
	due   bool
	wait  time.Duration // before the next try
	timer *time.Timer
}

const maxRefetch = 10 * time.Minute

// whileBuilding starts to fetch missing modules of the policy and to build a
// missing toolchain, and returns what answers until they are there.
func (p *provider) whileBuilding(ctx context.Context, w *workspace) (shim.Backend, error) {
	key := buildKey(w)
	err, final := p.failure(key)
	tried := err != nil
	missing := strings.Join(w.missing(), ", ")
	reason := "the toolchain is being built"
	switch {
	case missing != "" && tried:
		reason = "the policy is without " + missing + ": " + oneLine(err)
	case missing != "":
		reason = "the policy " + missing + " is being fetched"
	case tried:
		reason = "the toolchain does not build: " + oneLine(err)
	}
	if t, ok := w.store.Lookup(w.spec.Key()); ok {
		before := *w
		p.build(ctx, w)
		return p.serve(ctx, &before, t, "hearth: "+reason+"; the rest of the policy applies", nil)
	}
	if last, ok := w.store.Last(w.dir); ok {
		before := *w
		p.build(ctx, w)
		before.trusted = len(last.Plugins) > 0 // its analyzers are known only if they are linked in
		return p.serve(ctx, &before, last, "hearth: "+reason+"; the toolchain before answers", nil)
	}
	if stock, ok := stockGopls(); ok {
		p.build(ctx, w)
		return shim.Backend{
			Command:  []string{stock},
			Dir:      w.dir,
			Key:      stock,
			Note:     "hearth: " + reason + "; " + stock + " answers, without the policy",
			Fallback: true,
		}, nil
	}
	if final {
		return shim.Backend{}, err
	}
	t, _, err := w.ensure(ctx, func(step string) { p.log.Info(step) })
	if err != nil {
		p.fail(key, err, len(w.missing()) > 0)
		return shim.Backend{}, err
	}
	return p.serve(ctx, w, t, "", nil)
}

// failure returns why a key failed, and whether no other try is due.
func (p *provider) failure(key string) (err error, final bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.failed[key]; f != nil {
		return f.err, !f.due
	}
	return nil, false
}

// fail notes that a key failed, and when it is tried again.
func (p *provider) fail(key string, err error, fetch bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.failed[key]
	if f == nil {
		f = &failure{wait: p.refetch}
		p.failed[key] = f
	}
	f.err, f.fetch, f.due = err, fetch, false
	if !fetch {
		return
	}
	if f.timer != nil {
		f.timer.Stop()
	}
	f.timer = time.AfterFunc(f.wait, func() { // if the policy is still the same
		p.tryAgain()
		p.ended()
	})
	f.wait = min(2*f.wait, maxRefetch)
}

// tryAgain makes another try at fetching due.
func (p *provider) tryAgain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.failed {
		f.due = f.fetch
	}
}

// ended says that what Backend returns may be another one.
func (p *provider) ended() {
	select {
	case p.built <- struct{}{}:
	default: // a change is pending already
	}
}

// buildKey names what is to be fetched and built for w.
func buildKey(w *workspace) string {
	return strings.Join(append(w.missing(), w.spec.Key()), " ")
}

// build fetches and builds in the background, once for each key unless another
// try is due. w belongs to it from then on. It ends with the editor; the next
// start goes on from what the Go build cache has by then.
func (p *provider) build(ctx context.Context, w *workspace) {
	key := buildKey(w)
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.failed[key]; f != nil && !f.due || p.building == key {
		return
	}
	p.building = key
	go func() {
		_, _, err := w.ensure(ctx, func(step string) { p.log.Info(step) })
		if err != nil && ctx.Err() == nil {
			p.log.Error("building the toolchain", "err", err)
			p.fail(key, err, len(w.missing()) > 0)
		}
		p.mu.Lock()
		p.building = ""
		p.mu.Unlock()
		p.ended()
	}()
}
