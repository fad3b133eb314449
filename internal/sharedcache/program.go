package sharedcache

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"sync"
	"time"

	"github.com/bradfitz/go-tool-cache/cacheproc"
	"github.com/rogpeppe/go-internal/cache"

	"github.com/gohearth/hearth/internal/procstat"
)

// Options say what a go command shares with whom.
type Options struct {
	Local  string // folder: GOCACHE
	Taken  string // folder for what the server sends; made if it is not there
	Server string // URL
	Token  string // for the server; may be empty
	Report string // file to which a line of [Stats] is added; may be empty

	// Patience is how much longer than need be the server may take over all
	// that it is asked, and over all that it is given; 0: [DefaultPatience].
	Patience time.Duration
}

// drainShare is how long the end of a go command waits for uploads, as a multiple
// of its patience. They run beside the work that they come from, so few are left
// then, unless the way to the server is slow; what is lost is only the chance that
// others need not do it.
const drainShare = 2

// uploads is how many run at once. More than one hides the server's latency;
// many would take the sockets and the cores that the work needs.
const uploads = 8

// Run answers the go command on stdin and stdout until it is done.
func Run(o Options) error {
	// The protocol's package logs to stderr, which the go command passes on to
	// where findings are read. All that it says is in the answers as well.
	log.SetOutput(io.Discard)
	if err := os.MkdirAll(o.Taken, 0o755); err != nil {
		return err
	}
	local, err := cache.Open(o.Local)
	if err != nil {
		return fmt.Errorf("opening the build cache: %w", err)
	}
	taken, err := cache.Open(o.Taken)
	if err != nil {
		return fmt.Errorf("opening what was taken from the server: %w", err)
	}
	whole := cmp.Or(o.Patience, DefaultPatience)
	p := &program{
		local: local, taken: taken, server: newClient(o.Server, o.Token),
		asking: newPatience(whole), giving: newPatience(whole),
		slots: make(chan struct{}, uploads),
	}
	proc := cacheproc.Process{Get: p.get, Put: p.put, Close: func() error { return p.close(o.Report) }}
	return proc.Run()
}

// program is safe for concurrent use, as go commands ask for much at once.
type program struct {
	local, taken *cache.Cache
	server       *client

	// A server may be willing to answer and not to be given anything, as to a
	// token that only reads. So there is one patience for each.
	asking, giving *patience

	slots   chan struct{} // taken by uploads
	pending sync.WaitGroup

	mu    sync.Mutex
	stats Stats
}

func (p *program) count(add func(*Stats)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	add(&p.stats)
}

// get returns the output of an action and the file that holds it, both empty
// where nobody knows.
func (p *program) get(_ context.Context, action string) (output, file string, _ error) {
	id, err := parseID[cache.ActionID](action)
	if err != nil {
		return "", "", err
	}
	for _, c := range []*cache.Cache{p.local, p.taken} {
		if file, e, err := c.GetFile(id); err == nil {
			p.count(func(s *Stats) { s.Local++ })
			return hex.EncodeToString(e.OutputID[:]), file, nil
		}
	}
	data, ok := p.ask(id)
	if !ok {
		p.count(func(s *Stats) { s.Missed++ })
		return "", "", nil
	}
	out, _, err := p.taken.Put(id, bytes.NewReader(data))
	if err != nil { // a full disk, say; the go command will notice soon enough
		p.count(func(s *Stats) { s.Missed++ })
		return "", "", nil
	}
	p.count(func(s *Stats) { s.Taken++; s.TakenBytes += int64(len(data)) })
	return hex.EncodeToString(out[:]), p.taken.OutputFile(out), nil
}

// ask asks the server, unless patience with it is at its end.
func (p *program) ask(id cache.ActionID) (data []byte, ok bool) {
	if !p.asking.left() {
		return nil, false
	}
	start := time.Now()
	data, err := p.server.get(p.asking.ctx, id)
	found := !errors.Is(err, errNone)
	if !found {
		err = nil
	}
	p.asking.spend(time.Since(start), len(data), err)
	return data, found && err == nil
}

// put keeps an output and offers it to the server.
func (p *program) put(_ context.Context, action, output string, size int64, body io.Reader) (file string, _ error) {
	id, err := parseID[cache.ActionID](action)
	if err != nil {
		return "", err
	}
	data, ok := body.(io.ReadSeeker)
	if !ok {
		return "", fmt.Errorf("a body of %T", body) // what cacheproc passes is one
	}
	out, _, err := p.local.Put(id, data)
	if err != nil {
		return "", err
	}
	if hex.EncodeToString(out[:]) != output {
		return "", fmt.Errorf("the go command sent %x as %s", out, output)
	}
	p.count(func(s *Stats) { s.Made++ })
	file = p.local.OutputFile(out)
	p.pending.Go(func() { p.give(id, out, file, size) })
	return file, nil
}

// give uploads a file.
func (p *program) give(id cache.ActionID, out cache.OutputID, file string, size int64) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-p.giving.ctx.Done():
	}
	if !p.giving.left() {
		return
	}
	f, err := os.Open(file)
	if err != nil {
		return // trimmed meanwhile
	}
	defer f.Close()
	start := time.Now()
	err = p.server.put(p.giving.ctx, id, out, f, size)
	p.giving.spend(time.Since(start), int(size), err)
	if err == nil {
		p.count(func(s *Stats) { s.Given++ })
	}
}

// close waits for the uploads, within limits, and reports.
func (p *program) close(report string) error {
	drain := drainShare * p.giving.whole
	overdue := time.AfterFunc(drain, func() { p.giving.end(fmt.Errorf("uploads that took %s longer than the work", drain)) })
	p.pending.Wait()
	overdue.Stop()

	// With a cache program in its way, the go command trims nothing itself.
	// Both look into a file that says when that was last done, and do it daily.
	_, _ = p.local.Trim(), p.taken.Trim()

	p.stats.AskingEnded, p.stats.GivingEnded = p.asking.reason(), p.giving.reason()
	if report == "" {
		return nil
	}
	if usage, err := procstat.Tree(os.Getpid()); err == nil {
		p.stats.CPU = usage.CPU
	}
	return p.stats.appendTo(report)
}

// parseID parses what the go command calls an action or an output.
func parseID[T ~[32]byte](s string) (id T, err error) {
	data, err := hex.DecodeString(s)
	if err == nil && len(data) != len(id) {
		err = fmt.Errorf("%q is not %d bytes", s, len(id))
	}
	copy(id[:], data)
	return id, err
}
