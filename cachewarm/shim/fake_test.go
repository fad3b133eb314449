//go:build unix

package shim

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/gohearth/hearth/cachewarm/overlay"
	"github.com/gohearth/hearth/internal/lsp"
)

// The test binary is the server if this is set; its value says of which kind.
const serverVariable = "HEARTH_TEST_SERVER"

func TestMain(m *testing.M) {
	if kind := os.Getenv(serverVariable); kind != "" {
		(&fake{kind: kind, conn: lsp.NewConn(os.Stdin, os.Stdout)}).serve()
		return
	}
	os.Exit(m.Run())
}

// fake is a server that does on request what gopls does once a year.
type fake struct {
	kind    string
	conn    *lsp.Conn
	docs    overlay.Set
	options json.RawMessage
	replies chan *lsp.Message
	next    int
}

func (f *fake) serve() {
	if f.kind == "broken" {
		fmt.Fprintln(os.Stderr, "cannot start")
		os.Exit(2)
	}
	// Reading and answering are separate, as the server asks the editor.
	f.replies = make(chan *lsp.Message, 100)
	messages := make(chan *lsp.Message, 100000)
	go func() {
		defer close(messages)
		for {
			body, err := f.conn.ReadMessage()
			if err != nil {
				return
			}
			m, err := lsp.Parse(body)
			if err != nil {
				panic(err)
			}
			if m.Kind() == lsp.Response {
				f.replies <- m
			} else {
				messages <- m
			}
		}
	}()
	for m := range messages {
		if m.Method == "exit" && f.kind != "stubborn" {
			return
		}
		f.handle(m)
	}
	if f.kind == "stubborn" {
		time.Sleep(time.Hour)
	}
}

func (f *fake) notify(method string, params any) {
	m, _ := lsp.NewNotification(method, params)
	f.conn.WriteMessage(m.Bytes())
}

// ask asks the editor and waits for the answer.
func (f *fake) ask(method string, params any) *lsp.Message {
	f.next++
	m, _ := lsp.NewRequest(lsp.ID(fmt.Sprint(f.next)), method, params)
	f.conn.WriteMessage(m.Bytes())
	reply := <-f.replies
	if string(reply.ID) != fmt.Sprint(f.next) {
		panic(fmt.Sprintf("asked %d, got the answer to %s", f.next, reply.ID))
	}
	return reply
}

func (f *fake) handle(m *lsp.Message) {
	var arg string
	json.Unmarshal(m.Params, &arg)
	var result any
	switch m.Method {
	case "initialize":
		if f.kind == "refuses" {
			f.conn.WriteMessage(lsp.NewResponse(m.ID, nil, &lsp.ResponseError{Code: 1, Message: "bad settings"}).Bytes())
			return
		}
		f.options = lsp.Member(m.Params, "initializationOptions")
		result = map[string]any{"capabilities": map[string]any{}}
	case "initialized":
		f.ask("client/registerCapability", map[string]any{"registrations": []registration{{"watch-0", "workspace/didChangeWatchedFiles"}}})
	case "test/pid":
		result = os.Getpid()
	case "test/options":
		result = f.options
	case "test/configuration":
		result = f.ask("workspace/configuration", m.Params).Result
	case "test/text":
		if doc := f.docs.Find(lsp.URI(arg)); doc != nil {
			result = doc
		}
	case "test/publish":
		f.notify("textDocument/publishDiagnostics", lsp.PublishDiagnosticsParams{URI: lsp.URI(arg), Diagnostics: []lsp.Diagnostic{{Message: f.kind}}})
	case "test/begin":
		f.notify("$/progress", map[string]any{"token": arg, "value": lsp.WorkDoneProgress{Kind: "begin", Title: arg}})
	case "test/raw": // answers with what it got, in an odd shape
		id := string(m.ID)
		quoted, _ := json.Marshal(string(m.Bytes()))
		f.conn.WriteMessage([]byte(" {\"result\" :" + string(quoted) + ",\r\n\"extra\":1.0, \"id\": " + id + "}"))
		return
	case "test/crash":
		fmt.Fprintln(os.Stderr, "panic: crash")
		os.Exit(2)
	case "test/crashAsking": // with a question that the editor has not answered
		f.conn.WriteMessage([]byte(`{"jsonrpc":"2.0","id":1,"method":"test/slow"}`))
		os.Exit(2)
	case "workspace/executeCommand":
		return
	case "textDocument/hover":
		uri := ""
		json.Unmarshal(lsp.Member(lsp.Member(m.Params, "textDocument"), "uri"), &uri)
		path, _ := lsp.URI(uri).Path()
		if path == "/hang" {
			return
		}
		if _, err := os.Stat(path); err == nil { // crash once
			os.Remove(path)
			os.Exit(2)
		}
		result = lsp.Hover{Contents: lsp.MarkupContent{Value: fmt.Sprint(os.Getpid())}}
	default:
		f.docs.Apply(m)
		result = m.Params
	}
	if m.Kind() == lsp.Request {
		f.conn.WriteMessage(lsp.NewResponse(m.ID, result, nil).Bytes())
	}
}
