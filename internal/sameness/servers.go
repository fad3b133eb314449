package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gohearth/hearth/cachewarm/overlay"
	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/procstat"
)

// servers starts both sides.
type servers struct {
	*workspace
	hearth string
	state  string // a daemon of our own, which nobody else's editors see
	warm   int    // process id of the gopls that is kept; 0: none yet
}

// environ is the environment of hearth, whose gopls has the given grafts: all
// of them if grafts is "".
func (s *servers) environ(grafts string, extra ...string) []string {
	env := append(os.Environ(), "XDG_STATE_HOME="+s.state, "HEARTH_NO_PROFILE=1", "HEARTH_GRAFTS="+grafts)
	return append(env, extra...)
}

// build makes sure that a toolchain is there: hearth lsp would serve another
// gopls while it builds.
func (s *servers) build(ctx context.Context, grafts string) error {
	cmd := exec.CommandContext(ctx, s.hearth, "which", "gopls")
	cmd.Dir, cmd.Env = s.dir, s.environ(grafts)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("hearth which gopls: %w\n%s", err, out)
	}
	return nil
}

// client is an editor at one of the sides.
type client struct {
	*lsp.Client
	gopls int         // process id of the server, to see whether it is busy
	open  overlay.Set // what it has open

	mu        sync.Mutex
	published time.Time                   // when gopls last published diagnostics
	last      map[lsp.URI]json.RawMessage // what, by document
	attached  int                         // process id of the warm gopls that it was given
}

// settings are the editor's. They remove what depends on the clock: a budget
// for completion, and the time that must pass before diagnostics.
var settings = map[string]any{
	"completionBudget":   "0s",
	"diagnosticsDelay":   "50ms",
	"semanticTokens":     true,
	"verboseOutput":      false,
	"hints":              map[string]bool{"parameterNames": true, "assignVariableTypes": true, "constantValues": true, "functionTypeParameters": true},
	"symbolScope":        "workspace",
	"usePlaceholders":    true,
	"completeUnimported": false, // what it offers varies from run to run
}

// start starts a side in an environment and introduces an editor that does not
// watch files.
func (s *servers) start(ctx context.Context, env []string) (*client, error) {
	c := &client{last: make(map[lsp.URI]json.RawMessage)}
	var err error
	c.Client, err = lsp.Start(lsp.Command{Args: []string{s.hearth, "lsp"}, Dir: s.dir, Env: env}, lsp.Options{
		Settings: settings,
		Observe:  c.observe,
		Log:      c.log,
	})
	if err != nil {
		return nil, err
	}
	if _, err := c.Initialize(ctx, map[string]any{
		"processId":             os.Getpid(),
		"rootUri":               lsp.FileURI(s.dir),
		"workspaceFolders":      []lsp.WorkspaceFolder{{URI: lsp.FileURI(s.dir), Name: "workspace"}},
		"capabilities":          capabilities,
		"initializationOptions": settings,
	}); err != nil {
		c.Close()
		return nil, err
	}
	c.gopls = c.Process().Pid()
	return c, nil
}

// attach starts the side with the daemon. A session that was kept must be
// found again.
func (s *servers) attach(ctx context.Context) (*client, error) {
	c, err := s.start(ctx, s.environ(""))
	if err != nil {
		return nil, err
	}
	// An answer comes after all that is said at the beginning.
	if err := c.Call(ctx, "workspace/executeCommand", lsp.ExecuteCommandParams{Command: "gopls.views"}, nil); err != nil {
		c.Close()
		return nil, err
	}
	c.mu.Lock()
	got := c.attached
	c.mu.Unlock()
	if s.warm == 0 {
		var status struct{ Sessions []struct{ Pid int } }
		if err := s.status(ctx, &status); err != nil || len(status.Sessions) != 1 {
			c.Close()
			return nil, fmt.Errorf("the daemon does not have the one session that was started: %+v, %v", status, err)
		}
		s.warm = status.Sessions[0].Pid
	} else if got != s.warm {
		c.Close()
		return nil, fmt.Errorf("attached to process %d (0: none), not to the warm gopls %d", got, s.warm)
	}
	c.gopls = s.warm
	return c, nil
}

// direct starts a gopls without the daemon.
func (s *servers) direct(ctx context.Context, grafts string) (*client, error) {
	return s.start(ctx, s.environ(grafts, "HEARTH=0"))
}

func (s *servers) status(ctx context.Context, v any) error {
	cmd := exec.CommandContext(ctx, s.hearth, "status", "--json")
	cmd.Env = s.environ("")
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("hearth status: %w", err)
	}
	return json.Unmarshal(out, v)
}

// parked waits until the session is parked.
func (s *servers) parked(ctx context.Context) error {
	var status struct{ Sessions []struct{ State string } }
	for range 200 {
		if err := s.status(ctx, &status); err != nil {
			return err
		}
		if len(status.Sessions) == 1 && status.Sessions[0].State == "parked" {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(s.state, "hearth", "run", "daemon.log"))
	return fmt.Errorf("there is not one parked session but %+v; the daemon's log:\n%s", status.Sessions, log)
}

// stopDaemon ends the daemon, and with it the sessions.
func (s *servers) stopDaemon() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var status struct{ Pid int }
	if s.status(ctx, &status) != nil || status.Pid == 0 {
		return
	}
	if p, err := os.FindProcess(status.Pid); err == nil {
		_ = p.Signal(os.Interrupt)
	}
	for ctx.Err() == nil {
		status.Pid = 0
		if s.status(ctx, &status) != nil || status.Pid == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (c *client) observe(method string, params json.RawMessage) {
	var uri lsp.URI
	if method != "textDocument/publishDiagnostics" || json.Unmarshal(lsp.Member(params, "uri"), &uri) != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.published, c.last[uri.Clean()] = time.Now(), bytes.Clone(params)
}

func (c *client) log(_ lsp.MessageType, text string) {
	if _, rest, ok := strings.Cut(text, "attached to a warm gopls, process "); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		fmt.Sscan(rest, &c.attached)
	}
}

// quiet is how long gopls must neither publish nor work until its diagnostics
// count as complete. It begins to diagnose 50 ms after a change, and the daemon
// reports a change of files 150 ms after the last.
const quiet = 600 * time.Millisecond

// settle waits until gopls has nothing more to say.
func (c *client) settle(ctx context.Context) error {
	if err := c.Call(ctx, "workspace/executeCommand", lsp.ExecuteCommandParams{Command: "gopls.views"}, nil); err != nil {
		return err
	}
	since := time.Now()
	var cpu time.Duration
	for time.Since(since) < quiet {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(quiet / 6):
		}
		u, err := procstat.Tree(c.gopls)
		if err != nil {
			return err
		}
		c.mu.Lock()
		published := c.published
		c.mu.Unlock()
		// A tenth of the time is more than timers and telemetry use.
		if busy := u.CPU-cpu > quiet/60; busy || published.After(since) {
			since = time.Now()
		}
		cpu = u.CPU
	}
	return nil
}

// capabilities are those of a modern editor, but for the watching of files.
var capabilities = map[string]any{
	"workspace": map[string]any{
		"configuration": true, "applyEdit": true, "workspaceFolders": true,
		"workspaceEdit": map[string]any{"documentChanges": true, "resourceOperations": []string{"create", "rename", "delete"}},
	},
	"window": map[string]any{"workDoneProgress": true},
	"textDocument": map[string]any{
		"publishDiagnostics": map[string]any{"relatedInformation": true, "versionSupport": true, "tagSupport": map[string]any{"valueSet": []int{1, 2}}, "codeDescriptionSupport": true, "dataSupport": true},
		"hover":              map[string]any{"contentFormat": []string{"markdown", "plaintext"}},
		"completion": map[string]any{"completionItem": map[string]any{
			"snippetSupport": true, "documentationFormat": []string{"markdown"}, "resolveSupport": map[string]any{"properties": []string{"documentation", "additionalTextEdits"}},
		}},
		"documentSymbol": map[string]any{"hierarchicalDocumentSymbolSupport": true},
		"definition":     map[string]any{"linkSupport": true},
		"foldingRange":   map[string]any{"lineFoldingOnly": false},
		"rename":         map[string]any{"prepareSupport": true},
		"signatureHelp":  map[string]any{"signatureInformation": map[string]any{"documentationFormat": []string{"markdown"}}},
		"codeAction": map[string]any{
			"dataSupport": true, "isPreferredSupport": true, "resolveSupport": map[string]any{"properties": []string{"edit"}},
			"codeActionLiteralSupport": map[string]any{"codeActionKind": map[string]any{"valueSet": []string{"quickfix", "refactor", "source"}}},
		},
		"semanticTokens": map[string]any{
			"requests": map[string]any{"range": true, "full": true}, "formats": []string{"relative"},
			"tokenTypes":     []string{"namespace", "type", "class", "enum", "interface", "struct", "typeParameter", "parameter", "variable", "property", "function", "method", "macro", "keyword", "comment", "string", "number", "operator"},
			"tokenModifiers": []string{"declaration", "definition", "readonly", "defaultLibrary"},
		},
	},
}
