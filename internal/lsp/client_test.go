package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gohearth/hearth/internal/leaktest"
)

// The test binary is the server: TestMain runs it if this is set.
const serverVariable = "HEARTH_TEST_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(serverVariable) != "" {
		serve()
		return
	}
	os.Exit(m.Run())
}

// serve is a server that does what each test needs; see its cases.
func serve() {
	conn := NewConn(os.Stdin, os.Stdout)
	send := func(method string, params any) {
		m, _ := NewNotification(method, params)
		conn.WriteMessage(m.Bytes())
	}
	for {
		body, err := conn.ReadMessage()
		if err != nil {
			if os.Getenv(serverVariable) == "stubborn" {
				time.Sleep(time.Hour)
			}
			return
		}
		m, err := Parse(body)
		if err != nil {
			panic(err)
		}
		switch m.Method {
		case "crash":
			fmt.Fprintln(os.Stderr, "panic: out of luck")
			os.Exit(3)
		case "garbage":
			fmt.Println("hello, world")
		case "hang":
		case "ask": // answers with the client's answer
			var params struct {
				Method string
				Params json.RawMessage
			}
			json.Unmarshal(m.Params, &params)
			ask, _ := NewRequest(ID(`"ask"`), params.Method, params.Params)
			conn.WriteMessage(ask.Bytes())
			reply, err := conn.ReadMessage()
			if err != nil {
				panic(err)
			}
			conn.WriteMessage(NewResponse(m.ID, json.RawMessage(reply), nil).Bytes())
		case "work":
			send("$/progress", map[string]any{"token": 1, "value": WorkDoneProgress{Kind: "begin", Title: "Setting up"}})
			send("textDocument/publishDiagnostics", PublishDiagnosticsParams{URI: "file:///a%40b.go", Diagnostics: []Diagnostic{{Message: "m"}}})
			send("$/progress", map[string]any{"token": 1, "value": WorkDoneProgress{Kind: "end", Message: "Finished."}})
			send("window/logMessage", MessageParams{MessageInfo, "logged"})
			conn.WriteMessage(NewResponse(m.ID, nil, nil).Bytes())
		case "exit":
			switch os.Getenv(serverVariable) {
			case "stubborn":
			case "torn": // ends while it writes
				fmt.Print("Content-Length: 100\r\n\r\n{")
				fallthrough
			case "tidy":
				os.Stdout.Close()
				time.Sleep(1500 * time.Millisecond)
				return
			default:
				return
			}
		default:
			if m.Kind() == Request {
				conn.WriteMessage(NewResponse(m.ID, m.Params, nil).Bytes())
			}
		}
	}
}

// start starts the test server and checks at the end that nothing is left.
func start(t *testing.T, kind string, opts Options) (*Client, context.Context) {
	t.Helper()
	checkLeaks := leaktest.Goroutines(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Start(Command{Args: []string{exe}, Env: append(os.Environ(), serverVariable+"="+kind)}, opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(func() {
		cancel()
		c.Close()
		checkLeaks()
	})
	return c, ctx
}

func TestClientCall(t *testing.T) {
	var logged []string
	c, ctx := start(t, "plain", Options{Log: func(_ MessageType, text string) { logged = append(logged, text) }})
	if _, err := c.Initialize(ctx, map[string]any{"a": 1}); err != nil {
		t.Fatal(err)
	}
	var echo []int
	if err := c.Call(ctx, "echo", []int{1, 2}, &echo); err != nil || len(echo) != 2 {
		t.Errorf("echo = %v, %v", echo, err)
	}
	if err := c.Call(ctx, "work", nil, nil); err != nil {
		t.Fatal(err)
	}
	if message, err := c.WaitProgress(ctx, "Setting up"); err != nil || message != "Finished." {
		t.Errorf("WaitProgress = %q, %v", message, err)
	}
	diags, err := c.WaitDiagnostics(ctx, "file:///a@b.go", func(d []Diagnostic) bool { return len(d) == 1 })
	if err != nil || diags[0].Message != "m" {
		t.Errorf("WaitDiagnostics = %v, %v", diags, err)
	}
	if err := c.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if strings.Join(logged, "\n") != "logged" {
		t.Errorf("logged %q", logged)
	}
	if err := c.Call(ctx, "echo", nil, nil); err == nil {
		t.Error("a call after Shutdown succeeded")
	}
}

func TestClientAnswers(t *testing.T) {
	c, ctx := start(t, "plain", Options{
		Settings: map[string]any{"gofumpt": true},
		Handle: func(_ context.Context, method string, _ json.RawMessage) (any, error) {
			if method == "custom" {
				return "handled", nil
			}
			return nil, ErrNotHandled
		},
	})
	for _, test := range []struct{ method, params, want string }{
		{"workspace/configuration", `{"items":[{"section":"gopls"},{"section":"go"}]}`, `"result":[{"gofumpt":true},null]`},
		{"client/registerCapability", `{}`, `"result":null`},
		{"workspace/applyEdit", `{}`, `"result":{"applied":false}`},
		{"custom", `{}`, `"result":"handled"`},
		{"unknown", `{}`, `"error":{"code":-32601,"message":"no unknown here"}`},
	} {
		var reply json.RawMessage
		if err := c.Call(ctx, "ask", map[string]any{"method": test.method, "params": json.RawMessage(test.params)}, &reply); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(reply), test.want) {
			t.Errorf("%s: answered %s, want %s", test.method, reply, test.want)
		}
	}
}

func TestClientServerCrash(t *testing.T) {
	c, ctx := start(t, "plain", Options{})
	err := c.Call(ctx, "crash", nil, nil)
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "panic: out of luck") {
		t.Errorf("a call that crashed the server: %v", err)
	}
	if _, err := c.WaitProgress(ctx, "Setting up"); err == nil {
		t.Error("WaitProgress waits for a dead server")
	}
}

func TestClientServerGarbage(t *testing.T) {
	c, ctx := start(t, "plain", Options{})
	if err := c.Call(ctx, "garbage", nil, nil); err == nil || ctx.Err() != nil {
		t.Errorf("a call answered with garbage: %v", err)
	}
}

func TestClientCancel(t *testing.T) {
	c, ctx := start(t, "plain", Options{})
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if err := c.Call(short, "hang", nil, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call that hangs: %v", err)
	}
	if err := c.Call(ctx, "echo", nil, nil); err != nil {
		t.Errorf("the call after it: %v", err)
	}
}

// TestClientShutdownWaits is about servers that close their output before they are
// done, one of them within a message.
func TestClientShutdownWaits(t *testing.T) {
	for _, kind := range []string{"tidy", "torn"} {
		c, ctx := start(t, kind, Options{})
		if err := c.Shutdown(ctx); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestClientShutdownKills(t *testing.T) {
	c, ctx := start(t, "stubborn", Options{})
	if err := c.Call(ctx, "echo", nil, nil); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	if err := c.Shutdown(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown of a server that does not end: %v", err)
	}
	select {
	case <-c.Process().Done():
	default:
		t.Error("the server still runs")
	}
}
