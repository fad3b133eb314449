//go:build unix

package session

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gohearth/hearth/cachewarm/overlay"
	"github.com/gohearth/hearth/internal/lsp"
)

// The test binary is the server if this is set.
const serverVariable = "HEARTH_TEST_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(serverVariable) != "" {
		(&fake{conn: lsp.NewConn(os.Stdin, os.Stdout)}).serve()
		return
	}
	os.Exit(m.Run())
}

// fake is a server that does on request what gopls does by itself.
type fake struct {
	conn *lsp.Conn
	docs overlay.Set

	mu      sync.Mutex
	seen    []string // "method params" of all but the tests' own requests
	replies map[string]chan *lsp.Message
	held    []lsp.ID // requests that wait for test/release
	next    int
}

func (f *fake) serve() {
	f.replies = make(map[string]chan *lsp.Message)
	for {
		body, err := f.conn.ReadMessage()
		if err != nil {
			return
		}
		m, err := lsp.Parse(body)
		if err != nil {
			panic(err)
		}
		switch {
		case m.Kind() == lsp.Response:
			f.mu.Lock()
			reply := f.replies[m.ID.String()]
			f.mu.Unlock()
			reply <- m
		case m.Method == "exit":
			return
		default:
			f.handle(m)
		}
	}
}

func (f *fake) notify(method string, params any) {
	m, err := lsp.NewNotification(method, params)
	if err != nil {
		panic(err)
	}
	f.conn.WriteMessage(m.Bytes())
}

// ask asks the editor; then gets the answer, in a goroutine of its own.
func (f *fake) ask(method string, params any, then func(*lsp.Message)) {
	f.mu.Lock()
	f.next++
	id := lsp.ID(fmt.Sprint(f.next))
	reply := make(chan *lsp.Message, 1)
	f.replies[id.String()] = reply
	f.mu.Unlock()
	m, err := lsp.NewRequest(id, method, params)
	if err != nil {
		panic(err)
	}
	f.conn.WriteMessage(m.Bytes())
	go func() { then(<-reply) }()
}

func (f *fake) configure() {
	f.ask("workspace/configuration", lsp.ConfigurationParams{Items: []lsp.ConfigurationItem{{ScopeURI: "file:///w", Section: "gopls"}}}, func(*lsp.Message) {})
}

func (f *fake) answer(id lsp.ID, result any) {
	f.conn.WriteMessage(lsp.NewResponse(id, result, nil).Bytes())
}

func (f *fake) handle(m *lsp.Message) {
	if !strings.HasPrefix(m.Method, "test/") {
		f.mu.Lock()
		f.seen = append(f.seen, m.Method+" "+string(m.Params))
		f.mu.Unlock()
		f.docs.Apply(m)
	}
	var arg string
	_ = json.Unmarshal(m.Params, &arg)
	switch m.Method {
	case "initialize":
		f.answer(m.ID, map[string]any{"capabilities": map[string]any{"pid": os.Getpid()}})
	case "workspace/didChangeConfiguration":
		f.configure()
	case "initialized":
		f.configure()
		f.ask("client/registerCapability", map[string]any{"registrations": []map[string]any{{"id": "watch-1", "method": "workspace/didChangeWatchedFiles"}}}, func(*lsp.Message) {})
	case "test/seen":
		f.mu.Lock()
		defer f.mu.Unlock()
		f.answer(m.ID, f.seen)
	case "test/text":
		if doc := f.docs.Find(lsp.URI(arg)); doc != nil {
			f.answer(m.ID, doc)
			return
		}
		f.answer(m.ID, nil)
	case "test/ask": // asks the editor what it is told to, and answers with the answer
		var p struct {
			Method string
			Params json.RawMessage
		}
		_ = json.Unmarshal(m.Params, &p)
		f.ask(p.Method, p.Params, func(reply *lsp.Message) {
			f.mu.Lock()
			f.seen = append(f.seen, fmt.Sprintf("reply to %s %s%s", p.Method, reply.Result, reply.Error))
			f.mu.Unlock()
			f.answer(m.ID, map[string]any{"result": reply.Result, "error": reply.Error})
		})
	case "test/tell": // notifies the editor
		var p struct {
			Method string
			Params json.RawMessage
		}
		_ = json.Unmarshal(m.Params, &p)
		f.notify(p.Method, p.Params)
		f.answer(m.ID, nil)
	case "workspace/executeCommand":
		if strings.Contains(string(m.Params), "test.hold") {
			f.held = append(f.held, m.ID)
			return
		}
		f.answer(m.ID, nil)
	case "test/hold": // reports progress and is answered on test/release
		f.notify("$/progress", map[string]any{"token": lsp.Member(m.Params, "workDoneToken"), "value": lsp.WorkDoneProgress{Kind: "begin", Title: "held"}})
		f.held = append(f.held, m.ID)
	case "test/release":
		for _, id := range f.held {
			f.answer(id, "late")
		}
		f.held = nil
		f.answer(m.ID, nil)
	case "test/crash":
		fmt.Fprintln(os.Stderr, "panic: crash")
		os.Exit(2)
	case "test/hang":
		select {}
	case "test/busy": // answers nothing, but works
		for start := time.Now(); time.Since(start) < 3*time.Second; {
		}
		f.answer(m.ID, "done")
	case "test/echo":
		f.answer(m.ID, m.Params)
	default:
		if m.Kind() == lsp.Request {
			f.answer(m.ID, nil)
		}
	}
}
