package main

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/mcp"
	"github.com/gohearth/hearth/toolchain"
)

// A coding tool gets its answers from the session of the editor, under the
// policy of the workspace, without a file open in the editor.
func TestMCP(t *testing.T) {
	asUser(t)
	dir, file := shadowWorkspace(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // for a hang, not for slowness
	defer cancel()
	gopls, socket := startWithMCP(t, ctx, dir)

	client, ended := connectMCP(t, ctx, socket)
	tools, err := client.ListTools(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range tools.Tools {
		names = append(names, tool.Name)
	}
	for _, want := range []string{"go_diagnostics", "go_workspace"} {
		if !slices.Contains(names, want) {
			t.Errorf("the tools are %q, without %s", names, want)
		}
	}
	if text := callTool(t, ctx, client, "go_workspace", nil); !strings.Contains(text, dir) {
		t.Errorf("go_workspace does not name %s: %s", dir, text)
	}
	active := map[string]any{"files": []string{file}}
	if text := callTool(t, ctx, client, "go_diagnostics", active); !strings.Contains(text, shadowMessage) {
		t.Errorf("go_diagnostics lacks the finding of shadow: %s", text)
	}

	// What the editor has not saved yet is what both see.
	saved, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := gopls.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
		URI: lsp.FileURI(file), LanguageID: "go", Version: 1,
		Text: strings.Replace(string(saved), "_, err := os.Open", "_, err = os.Open", 1),
	}}); err != nil {
		t.Fatal(err)
	}
	// A request after the notification, so that gopls has dealt with it.
	if err := gopls.Call(ctx, "textDocument/hover", lsp.PositionParams{
		TextDocument: lsp.TextDocumentIdentifier{URI: lsp.FileURI(file)}, Position: atF,
	}, nil); err != nil {
		t.Fatal(err)
	}
	second, _ := connectMCP(t, ctx, socket)
	for _, c := range []*sdk.ClientSession{client, second} {
		if text := callTool(t, ctx, c, "go_diagnostics", active); strings.Contains(text, shadowMessage) {
			t.Errorf("go_diagnostics does not know the editor's text: %s", text)
		}
	}

	if err := second.Close(); err != nil {
		t.Errorf("closing a client: %v", err)
	}
	if text := callTool(t, ctx, client, "go_workspace", nil); !strings.Contains(text, dir) {
		t.Errorf("after another client left, go_workspace says %s", text)
	}
	if err := gopls.Shutdown(ctx); err != nil {
		t.Errorf("gopls: %v", err)
	}
	select {
	case err := <-ended:
		if !errors.Is(err, mcp.ErrLost) {
			t.Errorf("after the end of gopls, the proxy ends with %v", err)
		}
	case <-ctx.Done():
		t.Error("after the end of gopls, the proxy goes on")
	}
}

// startWithMCP starts the gopls of a workspace, as the editor's, with a socket
// for MCP.
func startWithMCP(t *testing.T, ctx context.Context, dir string) (_ *lsp.Client, socket string) {
	t.Helper()
	w, r, err := prepare(ctx, dir, func(step string) { t.Log(step) })
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(r.bound.Grafts, toolchain.MCPSocket) {
		t.Fatalf("the grafts of gopls %s are %q, without %s", r.bound.Gopls, r.bound.Grafts, toolchain.MCPSocket)
	}
	// Not t.TempDir: a socket's path must fit into some 100 bytes.
	private, err := os.MkdirTemp("", "mcp")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(private) })
	socket = filepath.Join(private, "s")
	gopls, err := lsp.Start(lsp.Command{
		Args: []string{r.bound.GoplsPath(), "serve", "-mcp.listen=unix:" + socket},
		Dir:  dir,
		Env:  w.environ(),
	}, lsp.Options{Settings: r.Gopls})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gopls.Close)
	if _, err := gopls.Initialize(ctx, map[string]any{
		"rootUri":               lsp.FileURI(dir),
		"initializationOptions": r.Gopls,
		"capabilities":          map[string]any{"workspace": map[string]any{"configuration": true}},
	}); err != nil {
		t.Fatal(err)
	}
	// gopls accepts MCP calls before it has dealt with "initialized", and says
	// that there are no views.
	if err := gopls.Call(ctx, "workspace/symbol", map[string]any{"query": "F"}, nil); err != nil {
		t.Fatal(err)
	}
	return gopls, socket
}

// connectMCP connects a coding tool by a Proxy.
func connectMCP(t *testing.T, ctx context.Context, socket string) (_ *sdk.ClientSession, ended <-chan error) {
	t.Helper()
	in, toProxy := io.Pipe()
	fromProxy, out := io.Pipe()
	result := make(chan error, 1)
	go func() {
		result <- mcp.Proxy(ctx, in, out, func(ctx context.Context) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", socket)
		})
		in.Close() // as the end of the process does
		out.Close()
	}()
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(ctx, &sdk.IOTransport{Reader: fromProxy, Writer: toProxy}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close() })
	return session, result
}

// callTool returns the text that a tool answers.
func callTool(t *testing.T, ctx context.Context, client *sdk.ClientSession, name string, args any) string {
	t.Helper()
	result, err := client.CallTool(ctx, &sdk.CallToolParams{Name: name, Arguments: args})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var text strings.Builder
	for _, c := range result.Content {
		if c, ok := c.(*sdk.TextContent); ok {
			text.WriteString(c.Text)
		}
	}
	if result.IsError {
		t.Fatalf("%s: %s", name, &text)
	}
	return text.String()
}
