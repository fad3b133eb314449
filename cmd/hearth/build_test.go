package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The gopls that hearth falls back to is never hearth itself.
func TestStockGopls(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var path []string
	add := func(make func(name string) error) string {
		t.Helper()
		dir := t.TempDir()
		name := filepath.Join(dir, "gopls")
		if err := make(name); err != nil {
			t.Logf("%v", err) // no hard links across file systems
			return ""
		}
		path = append(path, dir)
		return name
	}
	found := func() string {
		t.Setenv("PATH", "")
		for _, dir := range path {
			t.Setenv("PATH", os.Getenv("PATH")+string(filepath.ListSeparator)+dir)
		}
		name, _ := stockGopls()
		return name
	}
	add(func(name string) error { return os.Symlink(self, name) })
	add(func(name string) error { return os.Link(self, name) })
	add(func(name string) error { return os.Mkdir(name, 0o755) })
	add(func(name string) error { return os.WriteFile(name, []byte("not executable"), 0o644) })
	add(func(name string) error { // as setup installs hearth
		hearth := filepath.Join(filepath.Dir(name), "hearth")
		if err := os.WriteFile(hearth, []byte("another hearth"), 0o755); err != nil {
			return err
		}
		return os.Symlink("hearth", name)
	})
	if name := found(); name != "" {
		t.Errorf("found %q, want nothing", name)
	}
	want := add(func(name string) error { return os.WriteFile(name, []byte("#!/bin/sh\n"), 0o755) })
	if name := found(); name != want {
		t.Errorf("found %q, want %q", name, want)
	}
}

// Ctrl-C during a build leaves nothing behind and ends as shells expect.
func TestBuildInterrupted(t *testing.T) {
	asUser(t)
	cache := t.TempDir()
	t.Setenv("HEARTH_CACHE", cache)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	dir, _ := shadowWorkspace(t)
	cmd := exec.Command(program(t), "build")
	cmd.Dir = dir
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "compiling") {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 || !strings.HasSuffix(said.String(), "hearth: interrupted\n") {
		t.Errorf("exit status %d\n%s", code, &said)
	}
	for _, name := range []string{filepath.Join(cache, "tmp"), filepath.Join(cache, "toolchains"), temp} {
		if left, _ := os.ReadDir(name); len(left) > 0 {
			t.Errorf("left in %s: %v", name, left)
		}
	}
}
