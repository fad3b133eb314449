//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/internal/lsp"
)

// sessions returns those of the daemon of the user who lives in home.
func sessions(t *testing.T, home string) []daemon.Session {
	t.Helper()
	status, err := (&daemon.Client{Place: place(home)}).Status(t.Context())
	if err != nil {
		t.Fatalf("%v; the log of the daemon:\n%s", err, readLog(place(home)))
	}
	return status.Sessions
}

// A gopls that hangs, and one that is killed, are replaced under the editor,
// with the text that was not saved.
func TestSessionRecovers(t *testing.T) {
	home := asUser(t)
	t.Setenv("HEARTH_WARM_HANG", "2s")
	dir, file := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	s := edit(t, dir)
	uri := s.open(file)
	s.hover(uri, atF, "func F() error")
	if err := s.Notify("textDocument/didChange", lsp.DidChangeParams{
		TextDocument:   lsp.VersionedTextDocumentIdentifier{URI: uri, Version: 2},
		ContentChanges: []lsp.ContentChange{{Text: strings.Replace(shadowGo, "func F()", "func 世界()", 1)}},
	}); err != nil {
		t.Fatal(err)
	}
	s.hover(uri, atF, "func 世界() error")
	for _, signal := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGKILL} {
		pid := sessions(t, home)[0].Pid
		if err := syscall.Kill(pid, signal); err != nil {
			t.Fatal(err)
		}
		s.hover(uri, atF, "func 世界() error")
		if now := sessions(t, home)[0]; now.Pid == pid || now.Restarts == 0 {
			t.Errorf("after %v of gopls %d the session is %+v", signal, pid, now)
		}
	}
}

// After three crashes in a row the gopls on PATH takes over.
func TestSessionGivesUp(t *testing.T) {
	home := asUser(t)
	dir, file := shadowWorkspace(t)
	bound := strings.TrimSpace(mustHearth(t, dir, "which", "gopls"))
	bin := realDir(t)
	plain := filepath.Join(sharedCache(), "toolchains", strings.SplitN(filepath.Base(filepath.Dir(bound)), "-", 2)[0], "gopls")
	if err := os.Symlink(plain, filepath.Join(bin, "gopls")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", os.Getenv("PATH")+string(filepath.ListSeparator)+bin)
	s := edit(t, dir)
	uri := s.open(file)
	for range 3 {
		s.hover(uri, atF, "func F() error")
		for _, one := range sessions(t, home) {
			if one.State == "attached" {
				syscall.Kill(one.Pid, syscall.SIGKILL)
			}
		}
	}
	s.awaitLog("another one takes over")
	s.hover(uri, atF, "func F() error")
	for _, one := range sessions(t, home) {
		if one.State == "attached" {
			t.Errorf("the editor still uses the session %+v", one)
		}
	}
}

// The daemon is killed while an editor works, and its folder removed.
func TestDaemonLost(t *testing.T) {
	home := asUser(t)
	dir, file := shadowWorkspace(t)
	mustHearth(t, dir, "build")
	s := edit(t, dir)
	uri := s.open(file)
	s.hover(uri, atF, "func F() error")
	for range 2 {
		status, err := (&daemon.Client{Place: place(home)}).Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(status.Pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		os.RemoveAll(place(home).Dir)
		s.hover(uri, atF, "func F() error")
		if list := sessions(t, home); len(list) != 1 || list[0].State != "attached" {
			t.Errorf("the sessions are %+v", list)
		}
	}
}

// A branch switch while a session is parked creates and deletes files. What is
// asked afterwards is answered from the branch that is there.
// HEARTH_TEST_STORM sets how many files; 50000 were tried.
func TestBranchSwitch(t *testing.T) {
	files := 1000
	if n, err := strconv.Atoi(os.Getenv("HEARTH_TEST_STORM")); err == nil {
		files = n
	}
	home := asUser(t)
	dir, file := shadowWorkspace(t)
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	git("init", "-q", "-b", "main")
	git("add", ".")
	git("commit", "-q", "-m", "one")
	git("checkout", "-q", "-b", "many")
	const perPackage = 100
	for i := range files {
		name := fmt.Sprintf("many/p%d/f%d.go", i/perPackage, i%perPackage)
		writeFiles(t, dir, name, fmt.Sprintf("package p%d\n\nfunc Storm%dx%d() {}\n", i/perPackage, i/perPackage, i%perPackage))
	}
	git("add", ".")
	git("commit", "-q", "-m", "many")
	git("checkout", "-q", "main")
	mustHearth(t, dir, "build")

	last := fmt.Sprintf("Storm%dx%d", (files-1)/perPackage, (files-1)%perPackage)
	symbols := func(s *editorSession) int {
		t.Helper()
		var list []struct{ Name string }
		if err := s.Call(s.ctx, "workspace/symbol", map[string]string{"query": last}, &list); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, sym := range list {
			if strings.HasSuffix(sym.Name, last) {
				n++
			}
		}
		return n
	}
	visit := func(branch string, want int) {
		t.Helper()
		switched := time.Now()
		if branch != "" {
			git("checkout", "-q", branch)
		}
		done := time.Now()
		s := edit(t, dir)
		uri := s.open(file)
		s.hover(uri, atF, "func F() error")
		hover := time.Since(done)
		if got := symbols(s); got != want {
			t.Errorf("on branch %q there are %d %s, want %d", branch, got, last, want)
		}
		t.Logf("%d files, to branch %q: git %s, hover %s, right answer after %s", files, branch,
			done.Sub(switched).Round(time.Millisecond), hover.Round(time.Millisecond), time.Since(done).Round(time.Millisecond))
		ctx, cancel := context.WithTimeout(s.ctx, 20*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	}
	visit("", 0)
	visit("many", 1)
	visit("main", 0)
	// A package alone is made known another way.
	writeFiles(t, dir, "alone/a.go", "package alone\n\nfunc "+last+"() {}\n")
	visit("", 1)
	// More files than gopls is told of at once make it another session.
	if list := sessions(t, home); files <= 1000 && (len(list) != 1 || list[0].Attached != 4) {
		t.Errorf("the sessions are %+v, not one that was attached four times", list)
	}
}

// What gopls loads from outside the folder is watched as well, and a go.mod that
// brings in another folder brings another session.
func TestOutsideFolder(t *testing.T) {
	home := asUser(t)
	base := realDir(t)
	dir := filepath.Join(base, "m")
	const require = "\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ../"
	writeFiles(t, base,
		"m/go.mod", goMod+require+"lib\n",
		"m/a.go", "package m\n\nimport \"example.com/lib\"\n\nvar X = lib.F()\n",
		"lib/go.mod", "module example.com/lib\n\ngo 1.26\n", "lib/lib.go", "package lib\n\nfunc F() int { return 0 }\n",
		"other/go.mod", "module example.com/lib\n\ngo 1.26\n", "other/lib.go", "package lib\n\nfunc F() string { return \"\" }\n")
	mustHearth(t, dir, "build")
	visit := func(want string) {
		t.Helper()
		s := edit(t, dir)
		uri := s.open(filepath.Join(dir, "a.go"))
		s.hover(uri, lsp.Position{Line: 4, Character: 4}, want)
		if err := s.Shutdown(s.ctx); err != nil {
			t.Error(err)
		}
	}
	visit("var X int")
	writeFiles(t, base, "lib/lib.go", "package lib\n\nfunc F() bool { return false }\n")
	visit("var X bool")
	if list := sessions(t, home); len(list) != 1 || list[0].Attached != 2 {
		t.Errorf("the sessions are %+v", list)
	}
	writeFiles(t, base, "m/go.mod", goMod+require+"other\n")
	visit("var X string")
	writeFiles(t, base, "other/lib.go", "package lib\n\nfunc F() byte { return 0 }\n")
	visit("var X byte")
}
