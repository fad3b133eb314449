package editortest

import (
	"context"
	"embed"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

//go:embed ale.vim nvim.lua emacs.el eglot.el lspmode.el
var scripts embed.FS

// ALE lives in Vim with ALE, which shows its location list and its preview
// window. ALE runs gopls only, so that all of it is the server's.
func ALE(t testing.TB, life Life) Lived {
	t.Helper()
	vim := Program(t, "vim")
	if !run(vim, "-e", "-s", "-N", "-u", "NONE", "-i", "NONE",
		"-c", "silent! packadd ale", "-c", "if !exists('g:loaded_ale') | cquit | endif", "-c", "qa!") {
		missing(t, "Vim has no ALE")
	}
	return life.live(t, exec.Command(vim, "-e", "-s", "-N", "-u", script(t, "ale.vim"), "-i", "NONE", "-n"))
}

// Neovim lives in Neovim, which shows vim.diagnostic and a floating window.
func Neovim(t testing.TB, life Life) Lived {
	t.Helper()
	nvim := Program(t, "nvim")
	return life.live(t, exec.Command(nvim, "--headless", "-n", "-i", "NONE", life.File, "-c", "luafile "+script(t, "nvim.lua")))
}

// Eglot lives in Emacs with Eglot, which shows Flymake's list and ElDoc.
func Eglot(t testing.TB, life Life) Lived {
	t.Helper()
	return emacs(t, life, "eglot", "eglot.el")
}

// LSPMode lives in Emacs with lsp-mode.
func LSPMode(t testing.TB, life Life) Lived {
	t.Helper()
	return emacs(t, life, "lsp-mode", "lspmode.el")
}

func emacs(t testing.TB, life Life, library, client string) Lived {
	t.Helper()
	emacs := Program(t, "emacs")
	if !run(emacs, "--batch", "--eval", "(progn (package-initialize) (require 'go-mode) (require '"+library+"))") {
		missing(t, "Emacs has no go-mode or no "+library)
	}
	// -q comes with --batch: ~/.emacs.d is there and its init.el is not read.
	return life.live(t, exec.Command(emacs, "--batch", "-l", script(t, "emacs.el"), "-l", script(t, client), "-f", "editortest-live"))
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

// run reports whether an editor can do something, in a home of its own.
func run(name string, args ...string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "HOME="+os.DevNull)
	return cmd.Run() == nil
}

// script puts a script where the editor can read it.
func script(t testing.TB, name string) string {
	t.Helper()
	data, err := scripts.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
