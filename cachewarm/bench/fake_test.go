package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/gohearth/hearth/internal/lsp"
)

// The test binary is the server if this is set; its value says what it does
// wrong.
const serverVariable = "HEARTH_TEST_SERVER"

func TestMain(m *testing.M) {
	if fault := os.Getenv(serverVariable); fault != "" {
		(&fake{fault: fault, conn: lsp.NewConn(os.Stdin, os.Stdout)}).serve()
		return
	}
	os.Exit(m.Run())
}

// fake is a server for one document, in which each identifier declares itself.
// It refuses to shut down if the editor did not behave.
type fake struct {
	fault      string
	conn       *lsp.Conn
	uri        lsp.URI
	text       string
	original   string
	configured string
	asked      map[string]int
}

var undefined = regexp.MustCompile(`hearthBench\d+`)

func (f *fake) serve() {
	f.asked = make(map[string]int)
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
			f.configured = string(m.Result)
		case m.Kind() == lsp.Notification:
			f.notified(m)
		default:
			f.asked[m.Method]++
			result, err := f.answer(m)
			f.conn.WriteMessage(lsp.NewResponse(m.ID, result, err).Bytes())
		}
	}
}

func (f *fake) notified(m *lsp.Message) {
	switch m.Method {
	case "exit":
		if f.fault == "exit" {
			os.Exit(3)
		}
		os.Exit(0)
	case "initialized":
		m, _ := lsp.NewRequest(lsp.ID("1"), "workspace/configuration", lsp.ConfigurationParams{Items: []lsp.ConfigurationItem{{Section: "gopls"}}})
		f.conn.WriteMessage(m.Bytes())
	case "textDocument/didOpen":
		var p lsp.DidOpenParams
		json.Unmarshal(m.Params, &p)
		f.uri, f.text, f.original = p.TextDocument.URI, p.TextDocument.Text, p.TextDocument.Text
		f.publish()
	case "textDocument/didChange":
		var p lsp.DidChangeParams
		json.Unmarshal(m.Params, &p)
		for _, c := range p.ContentChanges {
			f.text = f.text[:f.offset(c.Range.Start)] + c.Text + f.text[f.offset(c.Range.End):]
		}
		if f.fault != "diagnostics" {
			f.publish()
		}
	}
}

func (f *fake) publish() {
	list := []lsp.Diagnostic{}
	for _, name := range undefined.FindAllString(f.text, -1) {
		list = append(list, lsp.Diagnostic{Message: "undefined: " + name})
	}
	m, _ := lsp.NewNotification("textDocument/publishDiagnostics", lsp.PublishDiagnosticsParams{URI: f.uri, Diagnostics: list})
	f.conn.WriteMessage(m.Bytes())
}

// answer answers a request, wrongly if the method is the fault; with "late " before
// it the first answer is right.
func (f *fake) answer(m *lsp.Message) (any, error) {
	_, kind, _ := strings.Cut(m.Method, "/")
	wrong := f.fault == kind || f.fault == "late "+kind && f.asked[m.Method] > 1
	var p lsp.PositionParams
	json.Unmarshal(m.Params, &p)
	here := lsp.Location{URI: p.TextDocument.URI, Range: lsp.Range{Start: p.Position, End: p.Position}}
	if wrong {
		here.Range.Start.Line = 0
	}
	switch kind {
	case "hover":
		switch {
		case f.fault == "crash":
			os.Exit(4)
		case f.fault == "refuse":
			return nil, &lsp.ResponseError{Code: lsp.CodeRequestFailed, Message: "not today"}
		case wrong:
			return nil, nil
		}
		return lsp.Hover{Contents: lsp.MarkupContent{Value: "func " + f.identifier(p.Position)}}, nil
	case "definition", "references":
		return []lsp.Location{here}, nil
	case "completion":
		items := []map[string]string{{"label": "Println"}}
		if wrong {
			items = nil
		}
		return map[string]any{"items": items}, nil
	case "documentSymbol":
		if wrong {
			return []symbol{}, nil
		}
		return []symbol{{Name: "T", Children: []symbol{{Name: "First"}}}}, nil
	}
	if m.Method == "shutdown" {
		switch {
		case f.text != f.original:
			return nil, fmt.Errorf("the edits were not taken back: %q", f.text)
		case f.configured != "[{}]":
			return nil, fmt.Errorf("the settings are %s", f.configured)
		}
	}
	return map[string]any{}, nil
}

// offset is that of a position in a document of ASCII.
func (f *fake) offset(pos lsp.Position) int {
	offset, n := 0, 0
	for line := range strings.Lines(f.text) {
		if n == pos.Line {
			break
		}
		n++
		offset += len(line)
	}
	return offset + pos.Character
}

var word = regexp.MustCompile(`^\w+`)

func (f *fake) identifier(pos lsp.Position) string { return word.FindString(f.text[f.offset(pos):]) }
