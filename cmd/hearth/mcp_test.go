package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/internal/lsp"
)

// A coding agent gets its answers from a warm session, under the policy of the
// workspace: the editor's if there is one, with what is unsaved in it.
func TestMCP(t *testing.T) {
	home := asUser(t)
	dir, file := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // for a hang, not for slowness
	defer cancel()
	first := connectMCP(t, ctx, dir)
	tools, err := first.ListTools(ctx, nil)
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
	if text := callTool(t, ctx, first, "go_workspace", nil); !strings.Contains(text, dir) {
		t.Errorf("go_workspace does not name %s: %s", dir, text)
	}
	active := map[string]any{"files": []string{file}}
	if text := callTool(t, ctx, first, "go_diagnostics", active); !strings.Contains(text, shadowMessage) {
		t.Errorf("go_diagnostics lacks the finding of shadow: %s", text)
	}

	// An agent writes a file and asks at once.
	mended := strings.Replace(shadowGo, "_, err := os.Open", "_, err = os.Open", 1)
	writeFiles(t, dir, "a.go", mended)
	if text := callTool(t, ctx, first, "go_diagnostics", active); strings.Contains(text, shadowMessage) {
		t.Errorf("go_diagnostics does not know the file that was written: %s", text)
	}

	// The editor's own text is what an agent that comes later sees.
	s := edit(t, dir)
	if err := s.Notify("textDocument/didOpen", lsp.DidOpenParams{TextDocument: lsp.TextDocumentItem{
		URI: lsp.FileURI(file), LanguageID: "go", Version: 1, Text: shadowGo,
	}}); err != nil {
		t.Fatal(err)
	}
	s.hover(lsp.FileURI(file), atF, "func F() error")
	second := connectMCP(t, ctx, dir)
	if text := callTool(t, ctx, second, "go_diagnostics", active); !strings.Contains(text, shadowMessage) {
		t.Errorf("go_diagnostics does not know the editor's text: %s", text)
	}
	if err := second.Close(); err != nil {
		t.Errorf("closing an agent: %v", err)
	}
	s.hover(lsp.FileURI(file), atF, "func F() error")

	if status, err := (&daemon.Client{Place: place(home)}).Status(ctx); err != nil || len(status.Sessions) != 2 {
		t.Errorf("the sessions are %+v, %v; want that of the first agent and that of the editor", status, err)
	}
}

// An agent's session is the one that the editor it was made for gets.
func TestMCPThenEditor(t *testing.T) {
	home := asUser(t)
	dir, file := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	s := edit(t, dir) // so that hearth knows who comes here
	s.hover(s.open(file), atF, "func F() error")
	for !recorded(home) {
		time.Sleep(10 * time.Millisecond)
	}
	if err := s.Shutdown(s.ctx); err != nil {
		t.Error(err)
	}
	mustHearth(t, dir, "stop")
	client := &daemon.Client{Place: place(home)}
	sessions := func() []daemon.Session {
		t.Helper()
		status, err := client.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return status.Sessions
	}
	for len(sessions()) > 0 {
		time.Sleep(10 * time.Millisecond)
	}
	agent := connectMCP(t, t.Context(), dir)
	callTool(t, t.Context(), agent, "go_workspace", nil)
	edit(t, dir)
	if list := sessions(); len(list) != 1 || list[0].Attached != 1 {
		t.Errorf("the sessions are %+v, not that of the agent with the editor", list)
	}
}

// recorded reports whether the profile of an editor was kept.
func recorded(home string) bool {
	files, _ := filepath.Glob(filepath.Join(home, ".local", "state", "hearth", "profiles", "*", "*.json"))
	return len(files) > 0
}

// connectMCP starts hearth mcp, as a coding agent does.
func connectMCP(t *testing.T, ctx context.Context, dir string) *sdk.ClientSession {
	t.Helper()
	cmd := exec.Command(program(t), "mcp")
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(ctx, &sdk.CommandTransport{Command: cmd}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close() })
	return session
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
