package daemon

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"time"

	"github.com/gohearth/hearth/internal/hint"
)

// ErrNone says that no daemon runs.
var ErrNone = errors.New("no daemon is running")

// Client speaks to the user's daemon. It is safe for concurrent use.
type Client struct {
	Place Place

	// Command starts a daemon; Args[0] is the program. Empty: none is started.
	Command []string

	// Hasty is for a person who waits: a daemon of another version is an error,
	// [ErrVersion], and not sent away.
	Hasty bool

	reply time.Duration // how long the daemon may take to reply; 0: as replyWait says
}

// ErrVersion says that the daemon is of another version. [Client.TakeOver] puts
// ours in its place.
var ErrVersion = errors.New("the daemon is of another version of hearth")

// TakeOver sends a daemon of another version away and starts ours.
func (c *Client) TakeOver(ctx context.Context) error {
	patient := *c
	patient.Hasty = false
	_, err := patient.once(ctx, request{Op: opHello}, true)
	return err
}

// startWait is how long a daemon that was just started may take to listen. It
// takes some 20 ms; an editor is better served by a gopls of its own than by
// waiting longer.
const startWait = 2 * time.Second

// replyWait is how long a daemon may take to reply to an editor. It takes under
// a millisecond, and up to 16 with 16 busy processes on two CPUs. Much more
// would be felt: the first hover of a small workspace takes gopls half a second.
// If the daemon hangs, only the first editor waits for so long; as long as it
// does not reply, it is given no more than doubtWait.
const (
	replyWait = 50 * time.Millisecond
	doubtWait = 20 * time.Millisecond
	doubtAge  = 10 * time.Second
)

// Attach connects an editor to a session of the spec, starting the daemon if
// none runs. What is read and written is LSP, beginning with initialize.
func (c *Client) Attach(ctx context.Context, spec Spec) (*Link, error) {
	conn, r, _, err := c.ask(ctx, request{Op: opAttach, Spec: &spec}, true)
	if err != nil {
		return nil, err
	}
	return newLink(conn, r), nil
}

// Wake starts the daemon if none runs, and returns when it listens.
func (c *Client) Wake(ctx context.Context) error {
	conn, err := c.dial(ctx, true)
	if err != nil {
		return err
	}
	return conn.Close()
}

// Status asks what the daemon does. [ErrNone] if there is none.
func (c *Client) Status(ctx context.Context) (*Status, error) {
	reply, err := c.once(ctx, request{Op: opStatus}, false)
	return reply.Status, err
}

// Stop ends the parked sessions of a workspace, or all of them and the daemon
// if dir is empty, and returns when their gopls are gone, which may have had
// something to write into its cache. Sessions in use end with their editors.
func (c *Client) Stop(ctx context.Context, dir string) (stopped, inUse int, err error) {
	op := opStop
	if dir == "" {
		op = opDrain
	}
	reply, err := c.once(ctx, request{Op: op, Dir: dir, Wait: true}, false)
	return reply.Stopped, reply.InUse, err
}

// MCP returns the socket of the MCP endpoint of a session of the workspace
// spec.Dir. If there is none, one is started for an editor with these
// initialize parameters and this answer about its settings.
func (c *Client) MCP(ctx context.Context, spec Spec, params, answer json.RawMessage) (string, error) {
	reply, err := c.once(ctx, request{Op: opMCP, Spec: &spec, Params: params, Answer: answer}, true)
	return reply.Socket, err
}

// Catch returns when the session with this endpoint knows all files as they
// are on disk now.
func (c *Client) Catch(ctx context.Context, socket string) error {
	_, err := c.once(ctx, request{Op: opCatch, Socket: socket}, false)
	return err
}

// once asks and hangs up.
func (c *Client) once(ctx context.Context, q request, start bool) (reply, error) {
	conn, _, r, err := c.ask(ctx, q, start)
	if err == nil {
		conn.Close()
	}
	return r, err
}

// ask sends a request and reads the reply. A daemon of another version is told
// to hand over if a request is one that only our own can answer. One that hangs
// up was about to end, so that there may be a next one.
func (c *Client) ask(ctx context.Context, q request, start bool) (net.Conn, *bufio.Reader, reply, error) {
	q.Version = Version()
	var drained, again bool
	for {
		conn, err := c.dial(ctx, start)
		if err != nil {
			return nil, nil, reply{}, err
		}
		r := bufio.NewReaderSize(conn, 64<<10)
		var answer reply
		if q.Op == opAttach {
			conn.SetDeadline(time.Now().Add(c.patience()))
		}
		stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Now()) })
		err = writeLine(conn, q)
		if err == nil {
			err = readLine(r, &answer)
		}
		if !stop() && err == nil {
			err = context.Cause(ctx)
		}
		switch {
		case err != nil && start && !again && hungUp(err):
			conn.Close()
			again = true
		case errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() == nil:
			conn.Close()
			c.doubt()
			return nil, nil, answer, errors.New("the daemon does not reply")
		case err != nil:
			conn.Close()
			return nil, nil, answer, fmt.Errorf("asking the daemon: %w", err)
		case answer.Other && c.Hasty:
			conn.Close()
			return nil, nil, answer, ErrVersion
		case answer.Other && start && !drained && current():
			conn.Close()
			drained = true
			if _, err := c.once(ctx, request{Op: opDrain}, false); err != nil {
				return nil, nil, answer, fmt.Errorf("taking over from the daemon of another version: %w", err)
			}
		case answer.Error != "":
			conn.Close()
			return nil, nil, answer, errors.New(answer.Error)
		default:
			if q.Op == opAttach {
				conn.SetDeadline(time.Time{})
				c.trust()
			}
			return conn, r, answer, nil
		}
	}
}

// patience is how long to wait for the reply.
func (c *Client) patience() time.Duration {
	if c.reply > 0 {
		return c.reply
	}
	if info, err := os.Lstat(c.Place.doubt()); err == nil && time.Since(info.ModTime()) < doubtAge {
		return doubtWait
	}
	return replyWait
}

// doubt notes that the daemon did not reply, and trust that it did. If that
// cannot be noted, the next editor waits as this one has.
func (c *Client) doubt() { _ = os.WriteFile(c.Place.doubt(), nil, 0o600) }
func (c *Client) trust() { _ = os.Remove(c.Place.doubt()) }

// dial connects to the daemon, and starts one if it may.
func (c *Client) dial(ctx context.Context, start bool) (net.Conn, error) {
	// Not our folder, not our daemon: it would be told our environment.
	switch err := c.Place.check(); {
	case errors.Is(err, os.ErrNotExist) && !start:
		return nil, ErrNone
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("finding the daemon: %w", err)
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", c.Place.Socket())
	if err == nil {
		if uid, err := peerUID(conn.(*net.UnixConn)); err != nil || uid != os.Getuid() {
			conn.Close()
			return nil, fmt.Errorf("the daemon is another user's: %w", errors.Join(err, fmt.Errorf("its user id is %d", uid)))
		}
	}
	if err == nil || !start || len(c.Command) == 0 {
		if err != nil {
			err = ErrNone
		}
		return conn, err
	}
	exited, err := c.start()
	if err != nil {
		return nil, fmt.Errorf("starting the daemon: %w", err)
	}
	deadline := time.Now().Add(startWait)
	for {
		if conn, err := d.DialContext(ctx, "unix", c.Place.Socket()); err == nil {
			return conn, nil
		}
		select {
		case err := <-exited: // or it has found another one, which listens soon
			if err != nil {
				return nil, hint.Add(fmt.Errorf("starting the daemon: %w", err), "see %s", c.Place.Log())
			}
			exited = nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(2 * time.Millisecond): // to ask costs some microseconds
		}
		if time.Now().After(deadline) {
			return nil, hint.Add(fmt.Errorf("the daemon does not listen after %s", startWait), "see %s", c.Place.Log())
		}
	}
}

// start starts a daemon that outlives this process.
func (c *Client) start() (<-chan error, error) {
	if err := c.Place.make(); err != nil {
		return nil, err
	}
	cmd := exec.Command(c.Command[0], c.Command[1:]...)
	cmd.Args[0] = "hearth" // whatever the name of the file
	cmd.Dir = "/"          // a folder that it sat in could not be unmounted
	cmd.Env = os.Environ()
	cmd.SysProcAttr = detached()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	return exited, nil
}
