// Package daemon keeps the sessions of one user: it listens on a socket, gives
// each editor that comes the parked session that fits it, or starts one, and
// decides which parked sessions may stay.
//
// There is one daemon per user, started by whoever needs it first. hearth lsp
// speaks to it through a [Client] and does without it if anything goes wrong:
// the daemon makes editors faster, and must never be what breaks them. When a
// newer hearth comes, the daemon takes nobody new, ends its parked sessions,
// serves the editors that it has until they leave, and exits.
//
// Only the user's own processes are served: the socket lies in a folder of mode
// 0700, and the user at the other end of each connection is checked.
package daemon

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/gohearth/hearth/cachewarm/session"
	"github.com/gohearth/hearth/internal/lsp"
)

// Options are what a daemon is told.
type Options struct {
	Place  Place
	Log    *slog.Logger
	Limits Limits

	// Idle is how long the daemon stays without a session; 0: 30 minutes.
	Idle time.Duration
}

// handshake bounds how long a client may take to say what it wants.
const handshake = 10 * time.Second

// housekeeping is how often the daemon looks after its socket and its sessions.
const housekeeping = 2 * time.Second

// Daemon is a running daemon.
type Daemon struct {
	opts    Options
	log     *slog.Logger
	started time.Time
	pool    *pool
	conns   sync.WaitGroup

	mu       sync.Mutex
	listener *net.UnixListener // nil: it takes nobody new
	ino      uint64            // of the socket
	draining bool
	idle     time.Time // since when there is no session; zero: there is one
	stop     context.CancelFunc
}

// ErrRunning says that another daemon serves this user already.
var ErrRunning = errors.New("another daemon is running")

// Run serves until ctx ends, until it has handed over and the last editor has
// left, or until it was idle for long. All sessions are gone when it returns.
func Run(ctx context.Context, o Options) error {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Idle == 0 {
		o.Idle = 30 * time.Minute
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	d := &Daemon{opts: o, log: o.Log, started: time.Now(), stop: stop, idle: time.Now()}
	d.pool = newPool(o)
	if err := d.listen(); err != nil {
		return err
	}
	d.log.Info("listening", "socket", o.Place.Socket(), "version", Version(), "pid", os.Getpid())
	tick := time.NewTicker(housekeeping)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			d.hush()
			d.pool.close()
			d.conns.Wait()
			o.Place.sweep()
			d.log.Info("exiting")
			return nil
		case <-tick.C:
			d.keepHouse()
		}
	}
}

// listen binds the socket, unless another daemon answers there.
func (d *Daemon) listen() error {
	place := d.opts.Place
	if err := place.make(); err != nil {
		return fmt.Errorf("making the daemon's folder: %w", err)
	}
	// Two daemons that start at once must not take each other's socket for a
	// stale one.
	unlock, err := lockedfile.MutexAt(filepath.Join(place.Dir, "daemon.lock")).Lock()
	if err != nil {
		return fmt.Errorf("locking the daemon's folder: %w", err)
	}
	defer unlock()
	if conn, err := net.Dial("unix", place.Socket()); err == nil {
		conn.Close()
		return ErrRunning
	}
	if err := os.Remove(place.Socket()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: place.Socket(), Net: "unix"})
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	_ = os.Remove(place.doubt()) // that was another daemon
	place.sweep()
	l.SetUnlinkOnClose(false) // it may be another daemon's by then
	d.mu.Lock()
	defer d.mu.Unlock()
	d.listener, d.ino = l, socketInode(place)
	d.conns.Go(func() { d.accept(l) })
	return nil
}

func socketInode(p Place) uint64 {
	info, err := os.Lstat(p.Socket())
	if err != nil {
		return 0
	}
	return inode(info)
}

// hush takes nobody new.
func (d *Daemon) hush() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.listener == nil {
		return
	}
	if socketInode(d.opts.Place) == d.ino {
		os.Remove(d.opts.Place.Socket())
	}
	d.listener.Close()
	d.listener = nil
}

// keepHouse is called now and then.
func (d *Daemon) keepHouse() {
	empty := d.pool.tidy()
	d.mu.Lock()
	switch {
	case !empty:
		d.idle = time.Time{}
	case d.idle.IsZero():
		d.idle = time.Now()
	}
	done := empty && (d.draining || time.Since(d.idle) > d.opts.Idle)
	lost := !d.draining && d.listener != nil && socketInode(d.opts.Place) != d.ino
	if lost {
		d.listener.Close()
		d.listener = nil
	}
	d.mu.Unlock()
	switch {
	case done:
		d.stop()
	case lost:
		// Somebody removed the folder. Another daemon may have taken the place.
		d.log.Warn("the socket is gone; listening again")
		if err := d.listen(); err != nil {
			d.log.Warn("not listening any more", "error", err)
			d.drain()
		}
	}
}

// drain hands over; see pool.stop.
func (d *Daemon) drain() (ending []*session.Session, inUse int) {
	d.mu.Lock()
	d.draining = true
	d.mu.Unlock()
	d.hush()
	return d.pool.retire()
}

func (d *Daemon) accept(l *net.UnixListener) {
	for {
		conn, err := l.AcceptUnix()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many open files, mostly
			d.log.Warn("accepting a connection", "error", err)
			time.Sleep(100 * time.Millisecond)
			continue
		}
		d.conns.Go(func() {
			if err := d.serve(conn); err != nil && !hungUp(err) {
				d.log.Warn("serving a client", "error", err)
			}
		})
	}
}

// serve handles one connection up to the point where a session takes it over.
func (d *Daemon) serve(conn *net.UnixConn) error {
	keep := false
	defer func() {
		if !keep {
			conn.Close()
		}
	}()
	if uid, err := peerUID(conn); err != nil || uid != os.Getuid() {
		return fmt.Errorf("refusing user %d: %w", uid, errors.Join(err, errors.New("it is not ours")))
	}
	conn.SetDeadline(time.Now().Add(handshake))
	r := bufio.NewReaderSize(conn, 64<<10)
	var q request
	if err := readLine(r, &q); err != nil {
		return fmt.Errorf("reading a request: %w", err)
	}
	answer := reply{Version: Version()}
	if own := q.Op == opHello || q.Op == opAttach || q.Op == opMCP; own && q.Version != Version() {
		answer.Other = true
		answer.Error = fmt.Sprintf("the daemon is of another version of hearth (%s, not %s)", Version(), q.Version)
		return writeLine(conn, answer)
	}
	switch {
	case q.Spec != nil && (len(q.Spec.Command) == 0 || q.Spec.Dir == ""), q.Spec == nil && (q.Op == opAttach || q.Op == opMCP):
		answer.Error = "the request does not say what to start"
		return writeLine(conn, answer)
	}
	switch q.Op {
	case opAttach:
		if d.isDraining() {
			answer.Error = "the daemon is handing over to another version of hearth"
			return writeLine(conn, answer)
		}
		if err := writeLine(conn, answer); err != nil {
			return err
		}
		keep = true
		return d.attach(conn, r, q)
	case opHello:
	case opStatus:
		answer.Status = d.status()
	case opStop, opDrain:
		var ending []*session.Session
		if q.Op == opStop {
			ending, answer.InUse = d.pool.stop(q.Dir)
		} else {
			// Before the reply, or whoever reads that finds this daemon again.
			ending, answer.InUse = d.drain()
		}
		answer.Stopped = len(ending)
		if q.Wait {
			for _, s := range ending {
				<-s.Done()
			}
		}
	case opMCP:
		conn.SetDeadline(time.Time{}) // it may have to load the workspace first
		socket, err := d.pool.endpoint(*q.Spec, q.Params, q.Answer)
		if answer.Socket = socket; err != nil {
			answer.Error = err.Error()
		}
	case opCatch:
		conn.SetDeadline(time.Time{})
		if err := d.pool.catch(q.Socket); err != nil {
			answer.Error = err.Error()
		}
	default:
		answer.Error = fmt.Sprintf("this version of hearth cannot %q", q.Op)
	}
	return writeLine(conn, answer)
}

func (d *Daemon) isDraining() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.draining
}

// attach reads the editor's initialize and finds the session that fits.
func (d *Daemon) attach(conn *net.UnixConn, r *bufio.Reader, q request) error {
	stream := lsp.NewConn(r, conn)
	body, err := stream.ReadMessage()
	if err != nil {
		conn.Close()
		return fmt.Errorf("reading initialize: %w", err)
	}
	m, err := lsp.Parse(body)
	if err == nil && m.Method != "initialize" {
		err = fmt.Errorf("the first message is %s, not initialize", m.Method)
	}
	if err != nil {
		conn.Close()
		return err
	}
	conn.SetDeadline(time.Time{})
	var name string
	_ = json.Unmarshal(lsp.Member(lsp.Member(m.Params, "clientInfo"), "name"), &name)
	d.pool.attach(*q.Spec, session.Editor{Name: name, Stream: stream, Close: conn.Close, Initialize: m})
	return nil
}

// status is what the daemon does now.
func (d *Daemon) status() *Status {
	return &Status{
		Version: Version(), Pid: os.Getpid(), Started: d.started, Draining: d.isDraining(),
		Log: d.opts.Place.Log(), Budget: d.pool.limits.Memory, Sessions: d.pool.status(),
	}
}
