package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"
)

// Options are how a [Client] behaves towards the server.
type Options struct {
	// Settings answer workspace/configuration for the section "gopls".
	Settings map[string]any

	// Handle answers a request of the server; [ErrNotHandled] leaves it to the
	// client. It is called in a goroutine of its own.
	Handle func(ctx context.Context, method string, params json.RawMessage) (any, error)

	// Observe sees each notification before the client does. It must be quick.
	Observe func(method string, params json.RawMessage)

	// Log receives window/logMessage and window/showMessage.
	Log func(MessageType, string)
}

// ErrNotHandled makes the client answer a request itself.
var ErrNotHandled = errors.New("not handled")

// Client is an editor without a person: it speaks to one server and remembers
// what the server says.
//
// It answers workspace/configuration from its settings, accepts registrations
// and progress tokens, refuses edits, and answers everything else with
// MethodNotFound. A Client may be used by several goroutines.
type Client struct {
	opts Options
	conn *Conn
	out  *Outbox
	proc *Process // nil if the client did not start the server

	ctx    context.Context // ends with the connection; for handlers
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex
	nextID   int
	pending  map[string]chan<- *Message
	leaving  bool          // the server was told to exit
	closed   error         // why nothing more will arrive
	changed  chan struct{} // closed and replaced whenever something below changes
	diags    map[URI]PublishDiagnosticsParams
	progress map[string]string // open token to title
	ended    map[string]string // title to the message it ended with
}

// Start starts a server and connects a client to it.
func Start(cmd Command, opts Options) (*Client, error) {
	p, err := StartProcess(cmd)
	if err != nil {
		return nil, err
	}
	c := newClient(p.Conn, opts)
	c.proc = p
	c.start()
	return c, nil
}

// NewClient returns a client of a server that somebody else started. The
// client reads from conn until the stream ends.
func NewClient(conn *Conn, opts Options) *Client {
	c := newClient(conn, opts)
	c.start()
	return c
}

func newClient(conn *Conn, opts Options) *Client {
	c := &Client{
		opts:     opts,
		conn:     conn,
		out:      NewOutbox(conn),
		pending:  make(map[string]chan<- *Message),
		changed:  make(chan struct{}),
		diags:    make(map[URI]PublishDiagnosticsParams),
		progress: make(map[string]string),
		ended:    make(map[string]string),
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

func (c *Client) start() { c.wg.Go(c.read) }

// Process returns the server's process, or nil if the client did not start it.
func (c *Client) Process() *Process { return c.proc }

// Initialize performs the handshake and returns the server's answer.
func (c *Client) Initialize(ctx context.Context, params any) (json.RawMessage, error) {
	var result json.RawMessage
	if err := c.Call(ctx, "initialize", params, &result); err != nil {
		return nil, err
	}
	return result, c.Notify("initialized", struct{}{})
}

// Call sends a request and decodes the answer into result, which may be nil.
// An error of the server is a [*ResponseError]. When ctx ends, the server is
// told to cancel and its answer is not waited for.
func (c *Client) Call(ctx context.Context, method string, params, result any) error {
	answer := make(chan *Message, 1)
	c.mu.Lock()
	if c.closed != nil {
		c.mu.Unlock()
		return fmt.Errorf("%s: %w", method, c.closed)
	}
	c.nextID++
	id := ID(strconv.Itoa(c.nextID))
	c.pending[id.String()] = answer
	c.mu.Unlock()

	m, err := NewRequest(id, method, params)
	if err != nil {
		c.forget(id)
		return fmt.Errorf("%s: %w", method, err)
	}
	c.out.Send(m.Bytes())
	select {
	case m, ok := <-answer:
		if !ok {
			return fmt.Errorf("%s: %w", method, c.Err())
		}
		if err := m.Err(); err != nil {
			return fmt.Errorf("%s: %w", method, err)
		}
		if result == nil {
			return nil
		}
		if err := json.Unmarshal(m.Result, result); err != nil {
			return fmt.Errorf("%s: reading the answer: %w", method, err)
		}
		return nil
	case <-ctx.Done():
		c.forget(id)
		c.Notify("$/cancelRequest", map[string]json.RawMessage{"id": json.RawMessage(id)})
		return fmt.Errorf("%s: %w", method, context.Cause(ctx))
	}
}

func (c *Client) forget(id ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, id.String())
}

// Notify sends a notification.
func (c *Client) Notify(method string, params any) error {
	m, err := NewNotification(method, params)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if err := c.Err(); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	c.out.Send(m.Bytes())
	return nil
}

// Err returns why the connection ended, or nil while it has not.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// Shutdown ends the server as the protocol asks, and kills it when ctx ends.
// Nothing of the client remains afterwards. For a server that the client did
// not start, that needs the other side to close the stream.
func (c *Client) Shutdown(ctx context.Context) error {
	err := c.Call(ctx, "shutdown", nil, nil)
	if err == nil {
		c.mu.Lock()
		c.leaving = true
		c.mu.Unlock()
		c.Notify("exit", nil)
	}
	c.out.Close()
	if c.proc == nil {
		c.wg.Wait()
		return err
	}
	go func() { // ends with the process at the latest
		<-c.out.Done()
		c.proc.CloseInput() // for a server that waits for this rather than for exit
	}()
	select {
	case <-c.proc.Done():
		if err == nil {
			err = c.proc.Err()
		}
	case <-ctx.Done():
		err = errors.Join(err, fmt.Errorf("shutdown: %w", context.Cause(ctx)))
	}
	c.Close()
	return err
}

// Close kills the server, if the client started it, and waits for the client's
// goroutines. After Shutdown there is nothing left to do for it.
func (c *Client) Close() {
	c.out.Close()
	if c.proc != nil {
		c.proc.Kill()
		<-c.proc.Done()
		<-c.out.Done()
	}
	c.wg.Wait()
}

// read handles what the server sends until it sends no more.
func (c *Client) read() {
	var err error
	for {
		var body []byte
		if body, err = c.conn.ReadMessage(); err != nil {
			break
		}
		m, perr := Parse(body)
		if perr != nil {
			err = perr
			break
		}
		switch m.Kind() {
		case Response:
			c.mu.Lock()
			answer := c.pending[m.ID.String()]
			delete(c.pending, m.ID.String())
			c.mu.Unlock()
			if answer != nil {
				answer <- m
			}
		case Request:
			c.wg.Go(func() {
				result, err := c.answer(m)
				c.out.Send(NewResponse(m.ID, result, err).Bytes())
			})
		case Notification:
			c.observe(m)
		}
	}
	if c.proc != nil {
		c.mu.Lock()
		leaving := c.leaving
		c.mu.Unlock()
		// The exit status says more than the end of a stream. A server that was
		// told to exit may close stdout before it tidies up, and within a message.
		wait := time.Second
		if leaving {
			wait *= 10
		} else if err != io.EOF {
			c.proc.Kill()
		}
		select {
		case <-c.proc.Done():
			if perr := c.proc.Err(); perr != nil {
				err = perr
			}
		case <-time.After(wait): // stdout closed, but still running
			c.proc.Kill()
		}
	}
	c.cancel()
	c.out.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = fmt.Errorf("the server ended: %w", err)
	for id, answer := range c.pending {
		delete(c.pending, id)
		close(answer)
	}
	c.broadcast()
}

// answer answers a request of the server.
func (c *Client) answer(m *Message) (any, error) {
	if c.opts.Handle != nil {
		result, err := c.opts.Handle(c.ctx, m.Method, m.Params)
		if !errors.Is(err, ErrNotHandled) {
			return result, err
		}
	}
	switch m.Method {
	case "workspace/configuration":
		var params ConfigurationParams
		if err := json.Unmarshal(m.Params, &params); err != nil {
			return nil, err
		}
		results := make([]any, len(params.Items))
		for i, item := range params.Items {
			if item.Section == "gopls" && c.opts.Settings != nil {
				results[i] = c.opts.Settings
			}
		}
		return results, nil
	case "workspace/applyEdit":
		return map[string]any{"applied": false}, nil
	case "client/registerCapability", "client/unregisterCapability",
		"window/workDoneProgress/create", "window/showMessageRequest",
		"workspace/workspaceFolders", "workspace/codeLens/refresh",
		"workspace/semanticTokens/refresh", "workspace/inlayHint/refresh",
		"workspace/diagnostic/refresh":
		return nil, nil
	}
	return nil, &ResponseError{Code: CodeMethodNotFound, Message: fmt.Sprintf("no %s here", m.Method)}
}
