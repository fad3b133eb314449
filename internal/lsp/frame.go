package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// MaxMessage bounds one message. The largest that gopls was seen to send is a
// workspace/symbol answer of some 10 MB; whatever claims to be larger than this
// is a header gone wrong, and believing it would make us wait for ever.
const MaxMessage = 256 << 20

// A header block larger than these is not one.
const (
	maxHeaderLine  = 4 << 10
	maxHeaderLines = 32
)

// Conn reads and writes JSON-RPC messages with their Content-Length headers.
//
// One goroutine may read while any number write.
type Conn struct {
	r *bufio.Reader

	mu  sync.Mutex // held while writing
	w   io.Writer
	buf []byte
}

// NewConn returns a connection that reads from r and writes to w.
func NewConn(r io.Reader, w io.Writer) *Conn {
	return &Conn{r: bufio.NewReaderSize(r, 64<<10), w: w}
}

// ReadMessage returns the body of the next message, which is the caller's to
// keep. The error is io.EOF only if the stream ended between two messages.
//
// A line may end in LF alone, names of headers may have any case, and headers
// other than Content-Length are skipped: some clients send a Content-Type.
func (c *Conn) ReadMessage() ([]byte, error) {
	n, err := c.readHeader()
	if err != nil {
		return nil, err
	}
	if n <= 1<<20 {
		body := make([]byte, n)
		if _, err := io.ReadFull(c.r, body); err != nil {
			return nil, unexpected(err)
		}
		return body, nil
	}
	// Grow with what really arrives: a wrong length must not cost its memory.
	var body bytes.Buffer
	if _, err := io.CopyN(&body, c.r, int64(n)); err != nil {
		return nil, unexpected(err)
	}
	return body.Bytes(), nil
}

// readHeader returns the length of the body that follows.
func (c *Conn) readHeader() (int, error) {
	length, lines, any := -1, 0, false
	for {
		line, err := c.readLine()
		if err != nil {
			if err == io.EOF && !any && line == "" {
				return 0, io.EOF
			}
			return 0, unexpected(err)
		}
		if lines++; lines > maxHeaderLines {
			return 0, fmt.Errorf("lsp: more than %d header lines", maxHeaderLines)
		}
		if line == "" {
			if !any {
				continue // a stray line end after the previous body
			}
			break
		}
		any = true
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return 0, fmt.Errorf("lsp: %q is not a header", line)
		}
		if !strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			continue
		}
		length, err = strconv.Atoi(strings.TrimSpace(value))
		if err != nil || length < 0 {
			return 0, fmt.Errorf("lsp: bad Content-Length %q", value)
		}
	}
	if length < 0 {
		return 0, errors.New("lsp: header without Content-Length")
	}
	if length > MaxMessage {
		return 0, fmt.Errorf("lsp: message of %d bytes; the limit is %d", length, MaxMessage)
	}
	return length, nil
}

func (c *Conn) readLine() (string, error) {
	var line []byte
	for {
		part, err := c.r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxHeaderLine {
			return "", fmt.Errorf("lsp: header line longer than %d bytes", maxHeaderLine)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		return strings.TrimRight(string(line), "\r\n"), err
	}
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// WriteMessage writes body with its header.
func (c *Conn) WriteMessage(body []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	// One Write for both: a reader that is woken by the header finds the body.
	c.buf = fmt.Appendf(c.buf[:0], "Content-Length: %d\r\n\r\n", len(body))
	c.buf = append(c.buf, body...)
	_, err := c.w.Write(c.buf)
	if cap(c.buf) > 1<<20 {
		c.buf = nil
	}
	return err
}
