// Package editortest runs editors without a screen, for tests that must see
// what a person would see.
//
// The editors belong to the machine: a test skips when one is missing, unless
// HEARTH_TEST_EDITORS=1 says that it must be there.
package editortest

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A Run is one file opened by one editor.
type Run struct {
	// Home is the home folder: its .vim and .vimrc, or .config/nvim, are in
	// force, nothing of the machine's user.
	Home string
	// File is opened; the editor starts in its folder.
	File string
	// Env is added to the environment of this process.
	Env []string
	// Until ends the run when a diagnostic contains it.
	Until string
	// Timeout ends the run in any case; 0 means 60 s, which is enough for
	// gopls to load a small module with empty caches on 2 cores.
	Timeout time.Duration
}

// A Diagnostic is what the editor shows. Lines and columns count from 1.
type Diagnostic struct {
	Line     int    `json:"lnum"`
	Column   int    `json:"col"`
	Severity string `json:"type"` // "E", "W" or "I"
	Code     string `json:"code"`
	Message  string `json:"text"`
}

//go:embed ale.vim
var aleScript []byte

//go:embed nvim.lua
var nvimScript []byte

// ALE opens the file in Vim with ALE and returns what ALE has for its location
// list. ALE runs gopls only, so that all of it is the server's.
func ALE(t testing.TB, run Run) []Diagnostic {
	t.Helper()
	vim := Program(t, "vim")
	if !hasALE(vim) {
		missing(t, "Vim has no ALE")
	}
	script := filepath.Join(t.TempDir(), "ale.vim")
	write(t, script, aleScript)
	return run.start(t, exec.Command(vim, "-e", "-s", "-N", "-u", script, "-i", "NONE", "-n"))
}

// Neovim opens the file in Neovim and returns what vim.diagnostic has.
func Neovim(t testing.TB, run Run) []Diagnostic {
	t.Helper()
	nvim := Program(t, "nvim")
	script := filepath.Join(t.TempDir(), "nvim.lua")
	write(t, script, nvimScript)
	return run.start(t, exec.Command(nvim, "--headless", "-n", "-i", "NONE", run.File, "-c", "luafile "+script))
}

// start runs the editor, which writes its diagnostics to $EDITORTEST_OUT.
func (run Run) start(t testing.TB, cmd *exec.Cmd) []Diagnostic {
	t.Helper()
	timeout := run.Timeout
	if timeout == 0 {
		timeout = 60 * time.Second
	}
	out := filepath.Join(t.TempDir(), "diagnostics.json")
	cmd.Dir = filepath.Dir(run.File)
	cmd.Env = append(os.Environ(),
		"HOME="+run.Home,
		"XDG_CONFIG_HOME="+filepath.Join(run.Home, ".config"),
		"XDG_DATA_HOME="+filepath.Join(run.Home, ".local", "share"),
		"XDG_STATE_HOME="+filepath.Join(run.Home, ".local", "state"),
		"VIMINIT=", "TERM=dumb",
		"EDITORTEST_FILE="+run.File,
		"EDITORTEST_OUT="+out,
		"EDITORTEST_UNTIL="+run.Until,
		"EDITORTEST_MS="+strconv.FormatInt(timeout.Milliseconds(), 10),
	)
	cmd.Env = append(cmd.Env, goCaches(t)...)
	cmd.Env = append(cmd.Env, run.Env...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output

	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// The script ends by itself; this is for one that waits for a key.
	hung := time.AfterFunc(timeout+30*time.Second, func() { cmd.Process.Kill() })
	defer hung.Stop()
	if err := cmd.Wait(); err != nil {
		t.Logf("%s: %v", cmd.Path, err) // Vim exits with 1 after any message
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("the editor wrote no diagnostics: %v\n%s", err, &output)
	}
	var found []Diagnostic
	if err := json.Unmarshal(data, &found); err != nil {
		t.Fatalf("reading %s: %v", data, err)
	}
	return found
}

// goCaches keeps Go's caches where they are. They would follow HOME, and the
// server would compile the standard library and download every module again.
func goCaches(t testing.TB) []string {
	t.Helper()
	var env []string
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Logf("go env %s: %v", name, err)
			continue
		}
		env = append(env, name+"="+strings.TrimSpace(string(value)))
	}
	return env
}

// Program returns the path of an editor, or ends the test.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, err.Error())
	}
	return path
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("HEARTH_TEST_EDITORS") == "1" {
		t.Fatal(what)
	}
	t.Skip(what)
}

func hasALE(vim string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return exec.CommandContext(ctx, vim, "-e", "-s", "-N", "-u", "NONE", "-i", "NONE",
		"-c", "silent! packadd ale", "-c", "if !exists('g:loaded_ale') | cquit | endif", "-c", "qa!").Run() == nil
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
