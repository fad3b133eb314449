package cachewarm

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/gohearth/hearth/cachewarm/profile"
)

// unpack writes a txtar archive into a new folder.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir()) // as the go command sees it
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// goIn runs the go command in dir, without a network.
func goIn(dir string) goCommand {
	return func(ctx context.Context, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PWD="+dir, "GOPROXY=off")
		return cmd
	}
}

// testGopls returns a gopls to drive. It isolates the caches that gopls writes.
func testGopls(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts gopls")
	}
	path := os.Getenv("HEARTH_TEST_GOPLS")
	if path == "" {
		var err error
		if path, err = exec.LookPath("gopls"); err != nil {
			t.Skip("there is no gopls on PATH and none in HEARTH_TEST_GOPLS")
		}
	}
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(out))) // which lies below the next
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("GOPLSCACHE", t.TempDir())
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOWORK", "")
	t.Setenv("GOFLAGS", "")
	return path
}

const small = `
-- go.mod --
module example.com/small

go 1.24
-- a/a.go --
package a

import "fmt"

func A() { fmt.Println("a") }
-- a/a_test.go --
package a

import "testing"

func TestA(t *testing.T) { A() }
-- a/x_test.go --
package a_test

import (
	"testing"

	"example.com/small/a"
)

func TestX(t *testing.T) { a.A() }
-- b/b.go --
package b

import "example.com/small/a"

func B() { a.A() }
-- node_modules/c/c.go --
package c
`

func TestRun(t *testing.T) {
	gopls := testGopls(t)
	dir := unpack(t, small)
	var steps []string
	opts := Options{
		Root:  dir,
		Gopls: gopls,
		Go:    goIn(dir),
		Progress: func(step, detail string) {
			if detail == "" {
				steps = append(steps, step)
			}
		},
	}
	report, err := Run(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range report.Steps {
		if s.Error != "" {
			t.Errorf("%s: %s", s.Name, s.Error)
		}
	}
	if diff := cmp.Diff([]string{StepBefore, StepModules, StepBuild, StepGopls, StepIndex, StepAfter}, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if report.FirstHoverBefore.Duration == 0 || report.FirstHoverAfter.Duration == 0 {
		t.Errorf("hovers were not measured: %v, %v", report.FirstHoverBefore, report.FirstHoverAfter)
	}
	if report.Packages != 2 || report.Files != 3 {
		t.Errorf("%d packages, %d files; want a, b and the external test of a", report.Packages, report.Files)
	}
	if report.Cache.Analyses < 3 || report.Cache.Entries < report.Cache.Analyses || report.Cache.Tight() {
		t.Errorf("cache: %+v", report.Cache)
	}

	t.Run("restricted", func(t *testing.T) {
		opts.Packages = []string{"./b"}
		report, err := Run(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		if report.Packages != 1 {
			t.Errorf("%d packages, want b alone", report.Packages)
		}
	})

	t.Run("cancelled", func(t *testing.T) {
		for _, at := range []string{StepBefore, StepBuild, StepGopls} {
			ctx, cancel := context.WithCancel(t.Context())
			opts.Progress = func(step, _ string) {
				if step == at {
					cancel()
				}
			}
			if _, err := Run(ctx, opts); err == nil || ctx.Err() == nil {
				t.Errorf("cancelled in %q: error %v", at, err)
			}
			if left := children(t); len(left) > 0 {
				t.Errorf("cancelled in %q: processes remain: %v", at, left)
			}
		}
	})
}

// children returns the processes that this one has started and that still run.
func children(t *testing.T) (pids []string) {
	t.Helper()
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // none but on Linux
	for _, stat := range stats {
		data, err := os.ReadFile(stat)
		if err != nil {
			continue // ended
		}
		_, rest, _ := strings.Cut(string(data), ") ") // the name may hold spaces
		if f := strings.Fields(rest); len(f) > 1 && f[0] != "Z" && f[1] == fmt.Sprint(os.Getpid()) {
			pids = append(pids, stat)
		}
	}
	return pids
}

// TestListArgs compares our go list with that of a real gopls.
func TestListArgs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell script for a go command")
	}
	gopls := testGopls(t)
	dir := unpack(t, small)
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	log := filepath.Join(bin, "log")
	script := fmt.Sprintf("#!/bin/sh\n{ for a in \"$@\"; do printf '%%s\\n' \"$a\"; done; echo ==; } >>'%s'\nexec '%s' \"$@\"\n", log, goTool)
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	w, err := newWarmer(t.Context(), Options{
		Root: dir, Gopls: gopls, Go: goIn(dir),
		Env:      append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH")),
		Settings: func(map[string]any) map[string]any { return map[string]any{"buildFlags": []string{"-tags=x"}} },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer w.discard()
	if err := w.hoverBefore(t.Context(), new(Step)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for call := range strings.SplitSeq(string(data), "==\n") {
		if args := strings.Split(strings.TrimSuffix(call, "\n"), "\n"); slices.Contains(args, "builtin") {
			got = args
		}
	}
	if diff := cmp.Diff(listArgs([]string{"-tags=x"}, w.ws.patterns()), got); diff != "" {
		t.Errorf("go list of gopls (-ours +its):\n%s", diff)
	}
}

func TestRunRefuses(t *testing.T) {
	dir := unpack(t, small)
	for _, gopls := range []string{"", "gopls", filepath.Join(dir, "gopls")} {
		if _, err := Run(t.Context(), Options{Root: dir, Gopls: gopls, Go: goIn(dir)}); err == nil {
			t.Errorf("gopls %q was taken", gopls)
		}
	}
}

func TestDistinct(t *testing.T) {
	vscode, neovim, eglot := profile.Builtin("vscode"), profile.Builtin("neovim"), profile.Builtin("emacs-eglot")
	same := func(m map[string]any) map[string]any { return m }
	names := func(list []profile.Profile) (names []string) {
		for _, p := range list {
			names = append(names, p.Editor)
		}
		return names
	}
	if got := distinct(nil, same); len(got) != 1 || got[0].Editor != vscode.Editor {
		t.Errorf("no profile: %v", names(got))
	}
	// Eglot alone shows no related information.
	if got := distinct([]profile.Profile{neovim, eglot, vscode}, same); len(got) != 2 || got[0].Editor != neovim.Editor || got[1].Editor != eglot.Editor {
		t.Errorf("neovim, eglot, vscode: %v", names(got))
	}
}

func TestCacheKey(t *testing.T) {
	base := cacheKey(true, map[string]any{"hints": map[string]any{"x": true}})
	for what, other := range map[string]string{
		"relatedInformation": cacheKey(false, nil),
		"staticcheck":        cacheKey(true, map[string]any{"staticcheck": true}),
		"a long name":        cacheKey(true, map[string]any{"ui.diagnostic.analyses": map[string]any{"shadow": true}}),
	} {
		if other == base {
			t.Errorf("%s makes no difference", what)
		}
	}
	if cacheKey(true, nil) != base {
		t.Error("hints make a difference")
	}
}
