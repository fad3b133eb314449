package daemon

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/gohearth/hearth/cachewarm/session"
)

// A conversation begins with one line of JSON from the client, a request, and
// one from the daemon, a reply. After the reply to [opAttach] both sides speak
// LSP. This part must be understood by daemons and clients of all versions of
// hearth, so it may only ever grow.

// The operations.
const (
	opHello  = "hello"  // say whether you are of my version
	opAttach = "attach" // serve an editor
	opStatus = "status"
	opStop   = "stop"  // end parked sessions
	opDrain  = "drain" // hand over: take nobody new, end with the last editor
	opMCP    = "mcp"   // name the MCP endpoint of a session
	opCatch  = "catch" // make the session of an endpoint know the files as they are
)

type request struct {
	Version string `json:"version"`
	Op      string `json:"op"`
	Spec    *Spec  `json:"spec,omitempty"` // attach, mcp
	Dir     string `json:"dir,omitempty"`  // stop; "": all
	Wait    bool   `json:"wait,omitempty"` // stop, drain: until the gopls that end are gone

	// Params are initialize parameters, and Answer is that for the settings of
	// gopls, for a session that must be started for the agent which asks for an
	// endpoint.
	Params json.RawMessage `json:"params,omitempty"`
	Answer json.RawMessage `json:"answer,omitempty"`

	Socket string `json:"socket,omitempty"` // catch
}

type reply struct {
	Version string  `json:"version"`
	Error   string  `json:"error,omitempty"`
	Other   bool    `json:"other,omitempty"` // the daemon is of another version
	Status  *Status `json:"status,omitempty"`
	Stopped int     `json:"stopped,omitempty"` // sessions
	InUse   int     `json:"inUse,omitempty"`   // sessions that were not stopped
	Socket  string  `json:"socket,omitempty"`  // of MCP
}

// Spec is what a session is made of, as hearth lsp has decided.
type Spec struct {
	Key     string   `json:"key"` // of the binary and the settings; see shim.Backend
	Command []string `json:"command"`
	Env     []string `json:"env"` // whole
	Dir     string   `json:"dir"`
	MCP     bool     `json:"mcp,omitempty"` // the binary can serve MCP on a unix socket
}

// Status is what a daemon is doing.
type Status struct {
	Version  string    `json:"version"`
	Pid      int       `json:"pid"`
	Started  time.Time `json:"started"`
	Draining bool      `json:"draining,omitempty"`
	Log      string    `json:"log"`
	Budget   int64     `json:"budget"` // bytes for all sessions
	Sessions []Session `json:"sessions"`
}

// Session is one session in a [Status].
type Session struct {
	session.Status
	Memory   int64  `json:"memory"` // bytes, of gopls and what it runs
	Restarts int    `json:"restarts"`
	Key      string `json:"key"`
}

// maxLine bounds a request: an environment may have some megabytes.
const maxLine = 16 << 20

// readLine decodes one line from r into v.
func readLine(r *bufio.Reader, v any) error {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			break
		}
		if err != bufio.ErrBufferFull {
			return err
		}
		if len(line) > maxLine {
			return fmt.Errorf("a line of more than %d bytes", maxLine)
		}
	}
	return json.Unmarshal(line, v)
}

func writeLine(w io.Writer, v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// hungUp reports whether err is what one sees when the other side has gone.
func hungUp(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
