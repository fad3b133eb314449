// Package mcp joins a coding tool, which speaks the Model Context Protocol
// over standard input and output, to a gopls that serves MCP on a socket.
//
// gopls answers there from the session that an editor uses, so nothing is
// loaded twice. [Proxy] carries messages and knows no tool and no method but
// by its name: what a gopls offers, and in which version of the protocol, the
// two sides settle between themselves.
package mcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// endpoint is where gopls serves MCP. dial decides where connections go; the
// name is for the HTTP header, where a server that hears on a loopback address
// accepts no other.
const endpoint = "http://localhost/"

// ErrLost is returned by [Proxy] when gopls has ended or closed the session.
var ErrLost = errors.New("the connection to gopls's MCP endpoint is lost")

// Proxy carries MCP messages between a client, one JSON value per line on in
// and out, and the gopls that dial reaches. gopls speaks MCP's older HTTP
// transport (server-sent events), so dial is called several times: for the
// stream of answers and for the messages to gopls.
//
// The end of in ends it without an error. When gopls goes away the error is
// [ErrLost]; what the client waits for is not answered then, and in may have
// been read further than what was delivered. A next Proxy thus needs a client
// that starts over, as coding tools do when a server's process ends.
//
// Before is called before each message to gopls, if it is not nil.
//
// Proxy does not wait for a read of in or a write to out that blocks when it
// returns; both belong to a process that is about to end.
func Proxy(ctx context.Context, in io.Reader, out io.Writer, dial func(context.Context) (net.Conn, error), before func(context.Context)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }}
	defer transport.CloseIdleConnections()
	gopls, err := (&sdk.SSEClientTransport{
		Endpoint:     endpoint,
		HTTPClient:   &http.Client{Transport: transport},
		MaxEventSize: -1, // the limit is for strangers
	}).Connect(ctx)
	if err != nil {
		return fmt.Errorf("connecting to gopls's MCP endpoint: %w", err)
	}
	defer gopls.Close()
	client, err := (&sdk.IOTransport{
		Reader:        io.NopCloser(in),
		Writer:        nopCloser{out},
		MaxLineLength: -1,
	}).Connect(ctx)
	if err != nil {
		return fmt.Errorf("reading from the MCP client: %w", err)
	}
	defer client.Close()

	ended := make(chan error, 2)
	go func() { ended <- toGopls(ctx, client, gopls, before) }()
	go func() { ended <- toClient(ctx, gopls, client) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// toGopls delivers what the client sends. gopls refuses a message with an
// HTTP status, for instance a method that its version of the protocol lacks;
// the client is told so by an answer. A gopls that is gone refuses too, but it
// is toClient that notices.
func toGopls(ctx context.Context, client, gopls sdk.Connection, before func(context.Context)) error {
	for {
		m, err := client.Read(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading from the MCP client: %w", err)
		}
		if before != nil {
			before(ctx)
		}
		err = gopls.Write(ctx, m)
		request, ok := m.(*jsonrpc.Request)
		if err == nil || !ok || !request.IsCall() {
			continue
		}
		refusal := &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: fmt.Sprintf("gopls does not take %q: %v", request.Method, err)}
		if err := client.Write(ctx, &jsonrpc.Response{ID: request.ID, Error: refusal}); err != nil {
			return fmt.Errorf("writing to the MCP client: %w", err)
		}
	}
}

// toClient delivers what gopls sends.
func toClient(ctx context.Context, gopls, client sdk.Connection) error {
	for {
		m, err := gopls.Read(ctx)
		if errors.Is(err, io.EOF) {
			return ErrLost
		}
		if err != nil {
			return fmt.Errorf("reading from gopls's MCP endpoint: %w", err)
		}
		if err := client.Write(ctx, m); err != nil {
			return fmt.Errorf("writing to the MCP client: %w", err)
		}
	}
}
