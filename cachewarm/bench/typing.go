package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// A fast typist, and what is typed in a run.
const (
	keysPerSecond = 10
	typedWords    = 3
)

// typing types a few words, each on a line of its own, in the last function of
// the file in front, and asks for completion with each key. The keys come by the
// clock, whatever the server does, and so does the time from key to answer: of
// a key whose request was cancelled by the next key, it lasts until a later
// one was answered, as that is how long the person had no list.
func (r *run) typing(ctx context.Context) error {
	d := r.open[len(r.open)-1]
	if d.edit == nil || len(d.words) == 0 {
		return nil
	}
	t := &typist{run: r, document: d, at: d.edit.at, next: time.Now()}
	for range typedWords {
		if err := t.word(ctx, d.words[r.dice.IntN(len(d.words))]); err != nil {
			return fmt.Errorf("typing in %s: %w", d.name, err)
		}
	}
	if err := t.answered(ctx); err != nil {
		return fmt.Errorf("typing in %s: %w", d.name, err)
	}
	r.record(metric{typing, cancelled}, float64(t.cancelled))
	return r.change(d, d.edit.at, t.at, "")
}

// typist types.
type typist struct {
	*run
	*document
	at        lsp.Position
	next      time.Time   // when the next key is due
	waiting   []time.Time // keys without an answer
	request   *keyRequest // the one under way
	cancelled int
}

// keyRequest is a request for completion.
type keyRequest struct {
	cancel context.CancelFunc
	done   chan struct{} // closed when the following are set
	sent   time.Time
	at     time.Time
	err    error // that of the answer
	none   bool  // it was cancelled before there was an answer
}

// word types a word, on a new line below a comment that is new as well.
func (t *typist) word(ctx context.Context, word string) error {
	if err := t.key(ctx, "\n\t// "+t.token()+"\n\t", nil); err != nil {
		return err
	}
	for i, r := range word {
		check := func(answer json.RawMessage) error { return offers(answer, "") }
		if typed := word[:i] + string(r); typed == word {
			_, name, _ := strings.Cut(word, ".")
			check = func(answer json.RawMessage) error { return offers(answer, name) }
		}
		if err := t.key(ctx, string(r), check); err != nil {
			return fmt.Errorf("%q of %q: %w", string(r), word, err)
		}
	}
	return nil
}

// key types a text when it is due, and asks for completion if there is a check.
func (t *typist) key(ctx context.Context, text string, check func(json.RawMessage) error) error {
	timer := time.NewTimer(time.Until(t.next))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	due := t.next
	t.next = t.next.Add(time.Second / keysPerSecond)
	if err := t.drop(); err != nil {
		return err
	}
	if err := t.change(t.document, t.at, t.at, text); err != nil {
		return err
	}
	t.at = behind(t.at, text)
	if check == nil {
		return nil
	}
	t.waiting = append(t.waiting, due)
	t.send(ctx, check)
	return nil
}

// send asks for completion where the cursor is.
func (t *typist) send(ctx context.Context, check func(json.RawMessage) error) {
	ctx, cancel := context.WithCancel(ctx)
	q := &keyRequest{cancel: cancel, done: make(chan struct{}), sent: time.Now()}
	t.request = q
	question := t.completion(place{pos: t.at})
	go func() {
		defer close(q.done)
		var answer json.RawMessage
		q.err = t.client.Call(ctx, question.method, question.params, &answer)
		q.at = time.Now()
		if q.err == nil {
			q.err = check(answer)
		} else {
			q.none = ctx.Err() != nil
		}
	}()
}

// drop cancels the request under way, or takes its answer.
func (t *typist) drop() error {
	if t.request == nil {
		return nil
	}
	t.request.cancel()
	return t.take()
}

// answered waits for the answer to the last key.
func (t *typist) answered(ctx context.Context) error {
	if t.request == nil {
		return nil
	}
	select {
	case <-t.request.done:
	case <-ctx.Done():
	}
	return t.drop()
}

// take records the end of the request under way.
func (t *typist) take() error {
	q := t.request
	t.request = nil
	<-q.done
	if q.none {
		t.cancelled++
		return nil
	}
	m := metric{typing, keyCompletion}
	for _, due := range t.waiting {
		t.record(m, q.at.Sub(due).Seconds())
	}
	t.waiting = nil
	t.asked = append(t.asked, asked{m, "textDocument/completion", q.sent, q.at})
	return q.err
}
