package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gohearth/hearth/cachewarm/overlay"
	"github.com/gohearth/hearth/internal/lsp"
)

// The test binary is the server if this is set; its value says what it does
// wrong. The other names a file to which it adds the methods that it is told.
const (
	serverVariable = "HEARTH_TEST_SERVER"
	logVariable    = "HEARTH_TEST_LOG"
)

func TestMain(m *testing.M) {
	if fault := os.Getenv(serverVariable); fault != "" {
		(&fake{fault: fault, conn: lsp.NewConn(os.Stdin, os.Stdout)}).serve()
		return
	}
	os.Exit(m.Run())
}

// fake is a server in whose documents each word declares itself. It refuses to
// shut down if the editor did not behave.
type fake struct {
	fault      string
	conn       *lsp.Conn
	open       overlay.Set
	configured string
	flaw       string
	asked      map[string]int

	mu    sync.Mutex
	slow  map[string]*time.Timer // what is answered late, by id
	write sync.Mutex
}

var (
	undefined = regexp.MustCompile(`hearthBench[0-9a-f]+`)
	word      = regexp.MustCompile(`\w+`)
)

func (f *fake) serve() {
	f.asked, f.slow = make(map[string]int), make(map[string]*time.Timer)
	for {
		body, err := f.conn.ReadMessage()
		if err != nil {
			return
		}
		m, err := lsp.Parse(body)
		if err != nil {
			panic(err)
		}
		f.log(m)
		switch {
		case m.Kind() == lsp.Response:
			f.configured = string(m.Result)
		case m.Kind() == lsp.Notification:
			f.notified(m)
		default:
			f.asked[m.Method]++
			result, err := f.answer(m)
			if f.fault == "slow" && m.Method == "textDocument/completion" {
				f.later(m.ID, result)
				continue
			}
			f.send(lsp.NewResponse(m.ID, result, err))
		}
	}
}

func (f *fake) send(m *lsp.Message) {
	f.write.Lock()
	defer f.write.Unlock()
	f.conn.WriteMessage(m.Bytes())
}

// later answers after more than the time between two keys, or when it is
// cancelled.
func (f *fake) later(id lsp.ID, result any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.slow[id.String()] = time.AfterFunc(3*time.Second/keysPerSecond/2, func() { f.send(lsp.NewResponse(id, result, nil)) })
}

func (f *fake) log(m *lsp.Message) {
	if name := os.Getenv(logVariable); name != "" && m.Method != "" {
		file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
		if err != nil {
			panic(err)
		}
		defer file.Close()
		fmt.Fprintf(file, "%s %s\n", m.Method, m.Params)
	}
}

func (f *fake) notified(m *lsp.Message) {
	var p lsp.DidChangeParams
	json.Unmarshal(m.Params, &p)
	if m.Method == "textDocument/didClose" || m.Method == "textDocument/didSave" {
		f.compare(f.open.Find(p.TextDocument.URI))
	}
	f.open.Apply(m)
	switch m.Method {
	case "exit":
		if f.fault == "exit" {
			os.Exit(3)
		}
		os.Exit(0)
	case "initialized":
		m, _ := lsp.NewRequest(lsp.ID("1"), "workspace/configuration", lsp.ConfigurationParams{Items: []lsp.ConfigurationItem{{Section: "gopls"}}})
		f.send(m)
	case "textDocument/didOpen":
		f.publish(p.TextDocument.URI)
	case "textDocument/didChange":
		if f.fault != "diagnostics" {
			f.publish(p.TextDocument.URI)
		}
	case "$/cancelRequest":
		var p struct{ ID json.RawMessage }
		json.Unmarshal(m.Params, &p)
		f.mu.Lock()
		defer f.mu.Unlock()
		if timer := f.slow[string(p.ID)]; timer != nil && timer.Stop() {
			f.send(lsp.NewResponse(lsp.ID(p.ID), nil, &lsp.ResponseError{Code: -32800, Message: "cancelled"}))
		}
	}
}

// compare notes a flaw if a document is not as it is on disk.
func (f *fake) compare(doc *lsp.TextDocumentItem) {
	path, _ := doc.URI.Path()
	if data, err := os.ReadFile(path); err != nil || string(data) != doc.Text {
		f.flaw = fmt.Sprintf("the edits were not taken back: %q, %v", doc.Text, err)
	}
}

func (f *fake) publish(uri lsp.URI) {
	doc := f.open.Find(uri)
	list := []lsp.Diagnostic{}
	for _, name := range undefined.FindAllString(doc.Text, -1) {
		list = append(list, lsp.Diagnostic{Message: "undefined: " + name})
	}
	params := lsp.PublishDiagnosticsParams{URI: uri, Diagnostics: list}
	if f.fault != "version" {
		params.Version = &doc.Version
	}
	m, _ := lsp.NewNotification("textDocument/publishDiagnostics", params)
	f.send(m)
}

// answer answers a request, wrongly if the method is the fault; with "late " before
// it the first answer is right.
func (f *fake) answer(m *lsp.Message) (any, error) {
	_, kind, _ := strings.Cut(m.Method, "/")
	wrong := f.fault == kind || f.fault == "late "+kind && f.asked[m.Method] > 1
	switch {
	case kind == "hover" && f.fault == "crash":
		os.Exit(4)
	case kind == "hover" && f.fault == "refuse":
		return nil, &lsp.ResponseError{Code: lsp.CodeRequestFailed, Message: "not today"}
	case m.Method == "initialize":
		return map[string]any{"serverInfo": map[string]string{"name": "fake", "version": `{"GoVersion": "go1.2", "Main": {"Version": "v3"}}`}}, nil
	case m.Method == "shutdown":
		for _, doc := range f.open.Open {
			f.compare(doc)
		}
		want, _ := json.Marshal([]any{(&bench{Options: &Options{}}).settings()})
		switch {
		case f.flaw != "":
			return nil, fmt.Errorf("%s", f.flaw)
		case f.configured != string(want):
			return nil, fmt.Errorf("the settings are %s", f.configured)
		}
		return nil, nil
	case wrong:
		return wrongAnswers[kind], nil
	}
	return f.right(m, kind), nil
}

// wrongAnswers are those that are well formed; others are null.
var wrongAnswers = map[string]any{
	"definition":     lsp.Location{URI: "file:///nosuch"},
	"references":     []lsp.Location{{}},
	"implementation": []lsp.Location{{}},
	"formatting":     []textEditJSON{{lsp.Range{}, "func"}},
	"rename":         map[string]any{"changes": map[string]any{"file:///other.go": []textEditJSON{{}}}},
}

type textEditJSON struct {
	Range   lsp.Range `json:"range"`
	NewText string    `json:"newText"`
}

func (f *fake) right(m *lsp.Message, kind string) any {
	var p struct {
		lsp.PositionParams
		Query, NewName string
	}
	json.Unmarshal(m.Params, &p)
	doc := f.open.Find(p.TextDocument.URI)
	var name string
	if doc != nil {
		name = word.FindString(doc.Text[overlay.Offset(doc.Text, p.Position, ""):])
	}
	here := lsp.Range{Start: p.Position, End: behind(p.Position, name)}
	switch kind {
	case "hover":
		return lsp.Hover{Contents: lsp.MarkupContent{Value: "func " + name}}
	case "definition", "references":
		return []lsp.Location{{URI: p.TextDocument.URI, Range: here}}
	case "implementation":
		return []lsp.Location{{URI: "file:///go/src/builtin/builtin.go"}}
	case "completion":
		return map[string]any{"items": f.words(doc, "label")}
	case "signatureHelp":
		return map[string]any{"signatures": []map[string]string{{"label": "f()"}}}
	case "documentSymbol":
		return []any{map[string]any{"name": "T", "children": f.words(doc, "name")}}
	case "symbol":
		return []map[string]string{{"name": "p." + p.Query}}
	case "prepareRename":
		return here
	case "rename":
		return map[string]any{"documentChanges": []any{map[string]any{
			"textDocument": p.TextDocument, "edits": []textEditJSON{{here, p.NewName}},
		}}}
	case "codeAction":
		return []map[string]string{{"title": "Read the documentation"}}
	case "semanticTokens/full":
		return map[string]any{"data": tokens(doc.Text)}
	case "inlayHint":
		var list []map[string]any
		for _, at := range word.FindAllStringIndex(doc.Text, -1) {
			list = append(list, map[string]any{"position": behind(lsp.Position{}, doc.Text[:at[1]])})
		}
		return list
	}
	return nil // formatting: no edits
}

func (f *fake) words(doc *lsp.TextDocumentItem, key string) (list []map[string]string) {
	for _, name := range word.FindAllString(doc.Text, -1) {
		list = append(list, map[string]string{key: name})
	}
	return list
}

func tokens(text string) (data []int) {
	var last lsp.Position
	for _, at := range word.FindAllStringIndex(text, -1) {
		pos := behind(lsp.Position{}, text[:at[0]])
		start := pos.Character
		if pos.Line == last.Line {
			start -= last.Character
		}
		data = append(data, pos.Line-last.Line, start, at[1]-at[0], 0, 0)
		last = pos
	}
	return data
}
