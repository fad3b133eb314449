// Package editortest runs editors without a screen, for tests that must see
// what a person would see.
//
// The editors belong to the machine: a test skips when one is missing, unless
// HEARTH_TEST_EDITORS=1 says that it must be there.
package editortest

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A Life is what a person does with one file in one editor: open it, wait for
// what the server has to say about it, ask what lies somewhere, add a line,
// save, wait again, and quit as people quit. What is left out does not happen.
type Life struct {
	// Home is the home folder: its .vim and .vimrc, or .config/nvim, are in
	// force, nothing of the machine's user.
	Home string
	// File is opened; the editor starts in its folder.
	File string
	// Gopls is the server of an Emacs. Vim and Neovim start what is installed
	// in Home.
	Gopls string
	// Env is added to the environment of this process.
	Env []string
	// Until is waited for: a diagnostic that contains it.
	Until string
	// HoverLine and HoverColumn count from 1. The question is repeated until
	// the answer contains HoverWant.
	HoverLine, HoverColumn int
	HoverWant              string
	// Insert becomes the last line of the file.
	Insert string
	// UntilAfter is Until for the time after Insert is saved.
	UntilAfter string
	// Timeout is for each time of waiting; 0 means 60 s, which is enough for
	// gopls to load a small module with empty caches on 2 cores.
	Timeout time.Duration
}

// Lived is what the editor showed.
type Lived struct {
	Diagnostics []Diagnostic `json:"diagnostics"` // before the edit
	Hover       string       `json:"hover"`
	After       []Diagnostic `json:"after"` // the edit
}

// A Diagnostic is one line of the editor's list. Lines and columns count from 1.
type Diagnostic struct {
	Line     int    `json:"lnum"`
	Column   int    `json:"col"`
	Severity string `json:"type"` // "E", "W" or "I"
	Code     string `json:"code"` // empty for Emacs, where the message has it
	Message  string `json:"text"`
}

// live runs the editor, whose script does the rest and writes what it saw to
// $EDITORTEST_OUT.
func (life Life) live(t testing.TB, cmd *exec.Cmd) Lived {
	t.Helper()
	timeout := life.Timeout
	if timeout == 0 {
		timeout = 60 * time.Second
	}
	out := filepath.Join(t.TempDir(), "lived.json")
	cmd.Dir = filepath.Dir(life.File)
	cmd.Env = append(os.Environ(),
		"HOME="+life.Home,
		"XDG_CONFIG_HOME="+filepath.Join(life.Home, ".config"),
		"XDG_DATA_HOME="+filepath.Join(life.Home, ".local", "share"),
		"XDG_STATE_HOME="+filepath.Join(life.Home, ".local", "state"),
		"VIMINIT=", "TERM=dumb",
		"EDITORTEST_OUT="+out,
		"EDITORTEST_MS="+strconv.FormatInt(timeout.Milliseconds(), 10),
		"EDITORTEST_FILE="+life.File,
		"EDITORTEST_GOPLS="+life.Gopls,
		"EDITORTEST_UNTIL="+life.Until,
		"EDITORTEST_HOVER="+life.HoverWant,
		"EDITORTEST_HOVER_LINE="+strconv.Itoa(life.HoverLine),
		"EDITORTEST_HOVER_COLUMN="+strconv.Itoa(life.HoverColumn),
		"EDITORTEST_INSERT="+life.Insert,
		"EDITORTEST_UNTIL_AFTER="+life.UntilAfter,
	)
	cmd.Env = append(cmd.Env, goCaches(t)...)
	cmd.Env = append(cmd.Env, life.Env...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.WaitDelay = time.Second // a server that outlives its editor has our pipe

	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// The script ends by itself; this is for one that waits for a key.
	hung := time.AfterFunc(3*timeout+30*time.Second, func() { cmd.Process.Kill() })
	defer hung.Stop()
	if err := cmd.Wait(); err != nil {
		t.Logf("%s: %v", cmd.Path, err) // Vim exits with 1 after any message
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("the editor wrote nothing: %v\n%s", err, &output)
	}
	var lived Lived
	if err := json.Unmarshal(data, &lived); err != nil {
		t.Fatalf("reading %s: %v", data, err)
	}
	if !hung.Stop() {
		t.Errorf("the editor did not quit\n%s", &output)
	}
	return lived
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
