package bench

import (
	"context"
	"fmt"
	"time"
)

// lastOpen is how many files stay open: a person looks at one and comes back to
// those before it.
const lastOpen = 3

// tour opens each file until it is diagnosed, which fills the caches.
func (r *run) tour(ctx context.Context) error {
	for _, d := range r.documents {
		if d == r.visits[0] {
			continue
		}
		if err := r.openAndWait(ctx, d); err != nil {
			return err
		}
		if err := r.keepOpen(lastOpen); err != nil {
			return err
		}
	}
	if err := r.keepOpen(0); err != nil {
		return err
	}
	return r.openAndWait(ctx, r.visits[0])
}

func (r *run) openAndWait(ctx context.Context, d *document) error {
	begun := time.Now()
	if err := r.bring(d); err != nil {
		return err
	}
	return r.diagnosed(ctx, d, begun)
}

func (r *run) diagnosed(ctx context.Context, d *document, since time.Time) error {
	if _, err := r.published.wait(ctx, r.client, d.uri, since, anyDiagnostics); err != nil {
		return fmt.Errorf("diagnostics of %s after it was opened: %w", d.name, err)
	}
	return nil
}

// steady is what a person does all day: open a file, hover over what draws the
// eye, and go on to ask once the file is diagnosed.
func (r *run) steady(ctx context.Context) error {
	for i, d := range r.visits {
		if i > 0 {
			begun := time.Now()
			if err := r.bring(d); err != nil {
				return err
			}
			place := d.names[r.dice.IntN(len(d.names))]
			if err := r.ask(ctx, metric{steady, openHover}, begun, d.hover(place)); err != nil {
				return err
			}
			if err := r.diagnosed(ctx, d, begun); err != nil {
				return err
			}
			if err := r.keepOpen(lastOpen); err != nil {
				return err
			}
		}
		if err := r.questions(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// questions asks of each kind, in an order of its own: what one kind of question
// leaves behind should not always serve the same next one.
func (r *run) questions(ctx context.Context, d *document) error {
	for range r.Requests {
		for _, i := range r.dice.Perm(len(kinds)) {
			q, ok := kinds[i].ask(d, r.dice)
			if !ok {
				continue
			}
			if err := r.ask(ctx, metric{steady, kinds[i].metric}, time.Now(), q); err != nil {
				return err
			}
		}
	}
	return nil
}

// idleFor is how long nobody asks for anything before a server counts as idle:
// as one does who reads what is on the screen.
const idleFor = 6 * time.Second

// memory is that after the work, and when nobody asks for anything.
func (r *run) memory(ctx context.Context) error {
	for _, name := range []string{afterWork, attachedIdle} {
		if bytes := r.server.memory(r.client.Process().Pid()); bytes > 0 {
			r.record(metric{idle, name}, float64(bytes))
		}
		if name == afterWork {
			// What was edited last is still analysed, in a large workspace for
			// longer than what lies between two runs; and gopls waits a second
			// before it begins.
			if err := pause(ctx, idleFor, 15*r.Settle); err != nil {
				return err
			}
		}
	}
	return nil
}
