package mcp

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// serve serves MCP the way gopls does, with a tool that repeats its argument,
// and returns how to reach it and how to end it.
func serve(t *testing.T) (dial func(context.Context) (net.Conn, error), end func()) {
	t.Helper()
	type args struct {
		Text string `json:"text"`
	}
	handler := sdk.NewSSEHandler(func(*http.Request) *sdk.Server {
		s := sdk.NewServer(&sdk.Implementation{Name: "fake", Version: "1"}, nil)
		sdk.AddTool(s, &sdk.Tool{Name: "echo"}, func(_ context.Context, _ *sdk.CallToolRequest, a args) (*sdk.CallToolResult, any, error) {
			return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: a.Text}}}, nil, nil
		})
		return s
	}, nil)
	server := httptest.NewServer(handler)
	end = func() {
		server.CloseClientConnections()
		server.Close()
	}
	t.Cleanup(end)
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", server.Listener.Addr().String())
	}, end
}

// A pipe is a client's end of a Proxy that runs.
type pipe struct {
	in    io.WriteCloser
	out   io.ReadCloser
	ended <-chan error
}

func proxy(t *testing.T, dial func(context.Context) (net.Conn, error)) pipe {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for a hang, not for slowness
	inR, in := io.Pipe()
	out, outW := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- Proxy(ctx, inR, outW, dial, nil)
		inR.Close() // as the end of the process does
		outW.Close()
	}()
	t.Cleanup(func() {
		cancel()
		in.Close()
		out.Close()
	})
	return pipe{in, out, ended}
}

func connect(t *testing.T, p pipe) *sdk.ClientSession {
	t.Helper()
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &sdk.IOTransport{Reader: p.out, Writer: p.in}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func echo(t *testing.T, session *sdk.ClientSession, text string) {
	t.Helper()
	result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "echo", Arguments: map[string]any{"text": text}})
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Content[0].(*sdk.TextContent).Text; got != text {
		t.Errorf("the tool answers %d bytes, want %d", len(got), len(text))
	}
}

func TestProxy(t *testing.T) {
	dial, _ := serve(t)
	first, second := proxy(t, dial), proxy(t, dial)
	one, two := connect(t, first), connect(t, second)
	echo(t, one, "one")
	echo(t, two, "two") // the session of one client is not that of another
	echo(t, one, strings.Repeat("x", 1<<20))
	for _, p := range []pipe{first, second} {
		p.in.Close()
		if err := <-p.ended; err != nil {
			t.Errorf("the end of the input: %v", err)
		}
	}
}

// What gopls refuses is answered, and the session goes on.
func TestRefused(t *testing.T) {
	dial, _ := serve(t)
	p := proxy(t, dial)
	fmt.Fprintln(p.in, `{"jsonrpc":"2.0","method":"no/such/notification"}`)
	fmt.Fprintln(p.in, `{"jsonrpc":"2.0","id":"a","method":"no/such/call"}`)
	fmt.Fprintln(p.in, `{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`)
	lines := bufio.NewScanner(p.out)
	for _, want := range []struct {
		id     any
		failed string
	}{{"a", "no/such/call"}, {2.0, ""}} {
		if !lines.Scan() {
			t.Fatal("no answer: ", lines.Err())
		}
		var answer struct {
			ID    any
			Error struct{ Message string }
		}
		if err := json.Unmarshal(lines.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		if answer.ID != want.id || (answer.Error.Message != "") != (want.failed != "") || !strings.Contains(answer.Error.Message, want.failed) {
			t.Errorf("the answer is %s, want one to %v", lines.Bytes(), want.id)
		}
	}
}

func TestLost(t *testing.T) {
	dial, end := serve(t)
	p := proxy(t, dial)
	echo(t, connect(t, p), "one")
	end()
	if err := <-p.ended; !errors.Is(err, ErrLost) {
		t.Errorf("after the end of the server: %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	gone := errors.New("nobody is there")
	p := proxy(t, func(context.Context) (net.Conn, error) { return nil, gone })
	if err := <-p.ended; !errors.Is(err, gone) {
		t.Errorf("Proxy: %v, want %v", err, gone)
	}
}

func TestCancelled(t *testing.T) {
	dial, _ := serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	in, _ := io.Pipe()
	ended := make(chan error, 1)
	dialed := make(chan struct{}, 10)
	go func() {
		ended <- Proxy(ctx, in, io.Discard, func(ctx context.Context) (net.Conn, error) {
			dialed <- struct{}{}
			return dial(ctx)
		}, nil)
	}()
	<-dialed
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Proxy: %v", err)
	}
}

// Bytes that are no message end it with the client's error, not gopls's.
func TestGarbage(t *testing.T) {
	dial, _ := serve(t)
	p := proxy(t, dial)
	fmt.Fprintln(p.in, "hello")
	if err := <-p.ended; err == nil || errors.Is(err, ErrLost) || !strings.Contains(err.Error(), "reading from the MCP client") {
		t.Errorf("Proxy: %v", err)
	}
}
