package daemon

import (
	"bufio"
	"net"
	"sync"

	"github.com/gohearth/hearth/cachewarm/shim"
	"github.com/gohearth/hearth/internal/lsp"
)

// Link is a connection of hearth lsp to a session. It is a [shim.Server].
type Link struct {
	conn net.Conn
	lsp  *lsp.Conn

	once sync.Once
	done chan struct{}
	ours bool // we hung up
}

func newLink(conn net.Conn, r *bufio.Reader) *Link {
	l := &Link{conn: conn, done: make(chan struct{})}
	l.lsp = lsp.NewConn(linkReader{l, r}, conn)
	return l
}

// linkReader notices when the daemon has hung up.
type linkReader struct {
	l *Link
	r *bufio.Reader
}

func (r linkReader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err != nil {
		r.l.once.Do(func() { close(r.l.done) })
	}
	return n, err
}

// Stream returns the connection for LSP.
func (l *Link) Stream() *lsp.Conn { return l.lsp }

// Done is closed when either side has hung up.
func (l *Link) Done() <-chan struct{} { return l.done }

// Err is [shim.ErrLost] if the daemon has hung up.
func (l *Link) Err() error {
	select {
	case <-l.done:
		if !l.ours {
			return shim.ErrLost
		}
	default:
	}
	return nil
}

// CloseInput says that nothing more will be written.
func (l *Link) CloseInput() {
	if c, ok := l.conn.(*net.UnixConn); ok {
		c.CloseWrite()
	}
}

// Kill hangs up. The session lives on.
func (l *Link) Kill() {
	l.once.Do(func() { l.ours = true; close(l.done) })
	l.conn.Close()
}

func (l *Link) String() string { return "a session of the daemon" }
