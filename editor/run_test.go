package editor_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gohearth/hearth/editor"
	"github.com/gohearth/hearth/editor/editortest"
	"github.com/gohearth/hearth/internal/lsp"
)

// TestMain lets the test binary stand in for gopls: under that name it writes
// down how it was started, and finds fault with every file.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "gopls" {
		fakeGopls()
		return
	}
	os.Exit(m.Run())
}

type started struct {
	Args     []string
	RootURI  string
	RootPath string
}

func fakeGopls() {
	conn := lsp.NewConn(os.Stdin, os.Stdout)
	for {
		body, err := conn.ReadMessage()
		if err != nil {
			return
		}
		msg, err := lsp.Parse(body)
		if err != nil {
			return
		}
		switch msg.Method {
		case "initialize":
			s := started{Args: os.Args[1:]}
			json.Unmarshal(msg.Params, &s)
			line, _ := json.Marshal(s)
			log, err := os.OpenFile(os.Getenv("FAKE_GOPLS_LOG"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
			if err != nil {
				return
			}
			log.Write(append(line, '\n'))
			log.Close()
			conn.WriteMessage(lsp.NewResponse(msg.ID, json.RawMessage(`{"capabilities":{"textDocumentSync":1}}`), nil).Bytes())
		case "shutdown":
			conn.WriteMessage(lsp.NewResponse(msg.ID, nil, nil).Bytes())
		case "exit":
			return
		case "textDocument/didOpen":
			var open lsp.DidOpenParams
			json.Unmarshal(msg.Params, &open)
			note, _ := lsp.NewNotification("textDocument/publishDiagnostics", json.RawMessage(
				`{"uri":"`+open.TextDocument.URI+`","diagnostics":[{"range":{"start":{"line":2,"character":5},"end":{"line":2,"character":9}},"severity":2,"code":"FAKE1","source":"fake","message":"seen by the fake"}]}`))
			conn.WriteMessage(note.Bytes())
		}
	}
}

// newHome returns the Env of a temporary home with a launcher that is the fake.
func newHome(t *testing.T) editor.Env {
	t.Helper()
	home := t.TempDir()
	gopls := filepath.Join(home, ".local", "share", "hearth", "bin", "gopls")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(gopls), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, gopls); err != nil {
		t.Fatal(err)
	}
	return editor.Env{
		GOOS: "linux", Home: home, Gopls: gopls,
		State:    filepath.Join(home, ".local", "state", "hearth"),
		Getenv:   func(string) string { return "" },
		LookPath: exec.LookPath,
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// open installs e, opens a Go file with it, and returns what the editor shows
// and how it started the server.
func open(t *testing.T, env editor.Env, e editor.Editor, with func(testing.TB, editortest.Life) editortest.Lived) ([]editortest.Diagnostic, []started) {
	t.Helper()
	if _, err := editor.Install(env, e); err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	writeFile(t, filepath.Join(work, "go.mod"), "module example.com/m\n\ngo 1.26\n")
	file := filepath.Join(work, "sub", "a.go")
	writeFile(t, file, "package sub\n\nfunc Fine() {}\n")
	log := filepath.Join(t.TempDir(), "log")
	lived := with(t, editortest.Life{
		Home: env.Home, File: file, Until: "seen by the fake",
		Env: []string{"FAKE_GOPLS_LOG=" + log, "GOPATH=" + filepath.Join(env.Home, "go")},
	})
	var starts []started
	data, _ := os.ReadFile(log)
	for line := range strings.Lines(string(data)) {
		var s started
		if err := json.Unmarshal([]byte(line), &s); err != nil {
			t.Fatal(err)
		}
		if s.RootPath == "" {
			s.RootPath = strings.TrimPrefix(s.RootURI, "file://")
		}
		if s.RootPath != work {
			t.Errorf("root is %q, want %q", s.RootPath, work)
		}
		starts = append(starts, s)
	}
	return lived.Diagnostics, starts
}

var fakeDiagnostic = editortest.Diagnostic{Line: 3, Column: 6, Severity: "W", Code: "FAKE1", Message: "seen by the fake"}

func TestVimStartsLauncher(t *testing.T) {
	editortest.Program(t, "vim")
	env := newHome(t)
	// ALE prefers this one unless it is told not to.
	writeFile(t, filepath.Join(env.Home, "go", "bin", "gopls"), "#!/bin/sh\nexit 1\n")
	writeFile(t, filepath.Join(env.Home, ".vimrc"), "silent! packadd! ale\n")
	found, starts := open(t, env, editor.Vim{}, editortest.ALE)
	if len(starts) != 1 || !slices.Equal(starts[0].Args, []string{"--mode", "stdio"}) {
		t.Errorf("Vim started %+v, want the launcher once with --mode stdio", starts)
	}
	if !slices.Equal(found, []editortest.Diagnostic{fakeDiagnostic}) {
		t.Errorf("ALE shows %+v, want %+v", found, fakeDiagnostic)
	}
}

func TestNeovimStartsLauncher(t *testing.T) {
	editortest.Program(t, "nvim")
	env := newHome(t)
	found, starts := open(t, env, editor.Neovim{}, editortest.Neovim)
	if len(starts) != 1 || len(starts[0].Args) != 0 {
		t.Errorf("Neovim started %+v, want the launcher once without arguments", starts)
	}
	if !slices.Equal(found, []editortest.Diagnostic{fakeDiagnostic}) {
		t.Errorf("Neovim shows %+v, want %+v", found, fakeDiagnostic)
	}
}

// A vimrc comes first: what it says about ALE stays, and what it registers for
// vim-lsp keeps all but the command. The plugins are stand-ins with the
// functions that hearth.vim calls.
func TestVimPluginAndVimrc(t *testing.T) {
	vim := editortest.Program(t, "vim")
	const fakeLSP = `
let g:servers = {}
function! lsp#get_server_names() abort
  return keys(g:servers)
endfunction
function! lsp#get_server_info(name) abort
  return g:servers[a:name]
endfunction
function! lsp#register_server(server) abort
  let g:servers[a:server.name] = a:server
endfunction
`
	for _, tt := range []struct{ name, vimrc, want string }{
		{"nothing set", "", "GOPLS 1 GOPLS none"},
		{"executable set", "let g:ale_go_gopls_executable = '/opt/gopls'\n", "/opt/gopls 0 GOPLS none"},
		{"server registered", "autocmd User lsp_setup call lsp#register_server({'name': 'gopls', 'cmd': {s -> ['gopls']}, 'workspace_config': 'mine'})\n", "GOPLS 1 GOPLS mine"},
		{"switched off", "let g:hearth = 0\n", "none 0 none none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env := newHome(t)
			writeFile(t, filepath.Join(env.Home, ".vim", "pack", "x", "start", "vim-lsp", "autoload", "lsp.vim"), fakeLSP)
			writeFile(t, filepath.Join(env.Home, ".vimrc"), tt.vimrc)
			if _, err := editor.Install(env, editor.Vim{}); err != nil {
				t.Fatal(err)
			}
			out := filepath.Join(t.TempDir(), "out")
			script := filepath.Join(t.TempDir(), "ask.vim")
			writeFile(t, script, `
call lsp#get_server_names()
silent doautocmd User lsp_setup
let s:server = get(g:servers, 'gopls', {})
let s:cmd = has_key(s:server, 'cmd') ? s:server.cmd(s:server)[0] : 'none'
let s:words = [get(g:, 'ale_go_gopls_executable', 'none'), get(g:, 'ale_go_gopls_use_global', 0), s:cmd, get(s:server, 'workspace_config', 'none')]
call writefile([join(s:words)], $OUT)
qall!
`)
			cmd := exec.Command(vim, "-e", "-s", "-N", "-i", "NONE", "-u", filepath.Join(env.Home, ".vimrc"), "-S", script)
			cmd.Env = append(os.Environ(), "HOME="+env.Home, "OUT="+out, "TERM=dumb", "VIMINIT=")
			output, err := cmd.CombinedOutput()
			got, readErr := os.ReadFile(out)
			if readErr != nil {
				t.Fatalf("%v, %v\n%s", err, readErr, output)
			}
			want := strings.ReplaceAll(tt.want, "GOPLS", env.Gopls)
			if strings.TrimSpace(string(got)) != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// Only the part of Neovim 0.11 that the two files use is imitated here: the
// first must return a configuration, the second must enable it and no more.
func TestNeovimLaterVersions(t *testing.T) {
	nvim := editortest.Program(t, "nvim")
	for _, tt := range []struct{ name, init, want string }{
		{"on", "", "enabled gopls, cmd GOPLS"},
		{"off", "vim.g.hearth = 0", "cmd none"},
		{"launcher gone", "vim.env.HOME = '/nonexistent'", "cmd none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env := newHome(t)
			if _, err := editor.Install(env, editor.Neovim{}); err != nil {
				t.Fatal(err)
			}
			script := filepath.Join(t.TempDir(), "ask.lua")
			writeFile(t, script, tt.init+`
local words = {}
vim.fn = setmetatable({ has = function() return 1 end }, { __index = vim.fn })
vim.lsp.enable = function(name) table.insert(words, "enabled " .. name) end
dofile(vim.env.CONFIG .. "/plugin/hearth.lua")
local config = dofile(vim.env.CONFIG .. "/after/lsp/gopls.lua")
table.insert(words, "cmd " .. (config.cmd or { "none" })[1])
io.stdout:write(table.concat(words, ", "))
vim.cmd("qall!")
`)
			cmd := exec.Command(nvim, "--headless", "-n", "-i", "NONE", "-u", "NONE", "-c", "luafile "+script)
			cmd.Env = append(os.Environ(), "HOME="+env.Home, "CONFIG="+filepath.Join(env.Home, ".config", "nvim"))
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(tt.want, "GOPLS", env.Gopls)
			if string(out) != want {
				t.Errorf("got %q, want %q", out, want)
			}
		})
	}
}
