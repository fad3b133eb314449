package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/internal/procstat"
	"github.com/gohearth/hearth/toolchain"
)

func TestMain(m *testing.M) {
	// Under the name gopls the test binary is what setup installs. It is not on
	// PATH: there it would be the stock gopls that hearth falls back to.
	if strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") == "gopls" {
		main()
	}
	testscript.Main(m, map[string]func(){"hearth": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			for name, value := range userEnv(t, env.WorkDir) {
				env.Setenv(name, value)
			}
			env.Defer(func() { endDaemon(t, env.WorkDir) })
			return nil
		},
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    cmdStatus,
			"validjson": cmdValidJSON,
		},
	})
}

// userEnv is the environment of a user who lives in home, with the machine's
// Go caches: to compile the standard library anew would take minutes.
func userEnv(t testing.TB, home string) map[string]string {
	t.Helper()
	env := map[string]string{
		"HOME":            home,
		"XDG_CACHE_HOME":  filepath.Join(home, ".cache"),
		"XDG_CONFIG_HOME": filepath.Join(home, ".config"),
		"XDG_DATA_HOME":   filepath.Join(home, ".local", "share"),
		"XDG_STATE_HOME":  filepath.Join(home, ".local", "state"),
		"HEARTH_CACHE":    sharedCache(),
		"GOPLSCACHE":      filepath.Join(sharedCache(), "gopls"), // warm, as that of a developer is
		"HEARTH_LOG":      "",
		"HEARTH_EDITORS":  "",
		"HEARTH":          "",
	}
	for name, value := range goEnv() {
		env[name] = value
	}
	env["GOFLAGS"] = "-buildvcs=false" // the work folders are in no repository
	env["GOWORK"] = ""
	return env
}

var goEnv = sync.OnceValue(func() map[string]string {
	names := []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOTOOLCHAIN", "GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB"}
	out, err := exec.Command("go", append([]string{"env", "-json"}, names...)...).Output()
	if err != nil {
		panic(err) // the go command runs this test
	}
	env := make(map[string]string)
	if err := json.Unmarshal(out, &env); err != nil {
		panic(err)
	}
	return env
})

// sharedCache is a store that outlives the run: a key names all that a
// toolchain is made of, so an old one cannot be taken for a new one, and an
// unchanged checkout builds nothing.
var sharedCache = sync.OnceValue(func() string {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	dir := filepath.Join(base, "hearth-test")
	old, had := os.LookupEnv("HEARTH_CACHE")
	os.Setenv("HEARTH_CACHE", dir)
	defer func() {
		os.Setenv("HEARTH_CACHE", old)
		if !had {
			os.Unsetenv("HEARTH_CACHE")
		}
	}()
	if store, err := toolchain.OpenStore(); err == nil {
		_, _, _ = store.Prune(3 * 24 * time.Hour) // each edit of an analyzer leaves one of 50 MB
	}
	return dir
})

// condition provides [module:PATH@VERSION]: the module can be had.
func condition(cond string) (bool, error) {
	module, ok := strings.CutPrefix(cond, "module:")
	if !ok {
		return false, errors.New("unknown condition")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "mod", "download", module)
	cmd.Dir = os.TempDir()
	return cmd.Run() == nil, nil
}

// cmdStatus runs a command that must end with a certain exit status:
//
//	status 2 hearth vet
func cmdStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status CODE PROGRAM [ARGS...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	ts.Logf("[exit status %d]", got)
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
	// No failure of hearth's is worth a stack trace.
	if strings.Contains(ts.ReadFile("stderr"), "goroutine ") {
		ts.Fatalf("it panicked")
	}
}

// cmdValidJSON checks that a file, or stdout, is one JSON document.
func cmdValidJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: validjson FILE")
	}
	if json.Valid([]byte(ts.ReadFile(args[0]))) == neg {
		ts.Fatalf("validity of %s is %v", args[0], neg)
	}
}

// asUser makes the test's processes those of a user who lives in the returned
// folder, and whose PATH has no gopls.
func asUser(t *testing.T) (home string) {
	t.Helper()
	home = realDir(t)
	for name, value := range userEnv(t, home) {
		t.Setenv(name, value)
	}
	t.Cleanup(func() { endDaemon(t, home) })
	var path []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, "gopls")); err != nil {
			path = append(path, dir)
		}
	}
	t.Setenv("PATH", strings.Join(path, string(filepath.ListSeparator)))
	return home
}

// place is where the daemon of the user who lives in home is.
func place(home string) daemon.Place {
	return daemon.At(filepath.Join(home, ".local", "state", "hearth"))
}

// endDaemon ends the daemon of a user and waits for it, so that no test leaves
// a process behind.
func endDaemon(t testing.TB, home string) {
	t.Helper()
	client := &daemon.Client{Place: place(home)}
	defer os.RemoveAll(client.Place.Dir) // it may lie outside home
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	status, err := client.Status(ctx)
	if err != nil {
		return // there is none
	}
	if _, _, err := client.Stop(ctx, ""); err != nil {
		t.Errorf("ending the daemon: %v", err)
	}
	for procExists(status.Pid) {
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			t.Errorf("the daemon, process %d, does not end; its log:\n%s", status.Pid, readLog(client.Place))
			if p, err := os.FindProcess(status.Pid); err == nil {
				p.Kill()
			}
			return
		}
	}
}

func procExists(pid int) bool {
	_, err := procstat.Tree(pid)
	return err == nil
}

func readLog(p daemon.Place) string {
	data, _ := os.ReadFile(p.Log()) // or there is none
	return string(data)
}

// realDir returns a new folder by the name that the go command uses for it.
func realDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// writeFiles writes files below dir, given as name, content, name, content.
func writeFiles(t *testing.T, dir string, files ...string) {
	t.Helper()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := os.FileMode(0o644)
		if strings.HasPrefix(files[i+1], "#!") {
			mode = 0o755
		}
		if err := os.WriteFile(path, []byte(files[i+1]), mode); err != nil {
			t.Fatal(err)
		}
	}
}

// hearth runs hearth in dir and returns what it printed and its exit status.
func hearth(t *testing.T, dir string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "hearth", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	if err := cmd.Run(); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			t.Fatal(err)
		}
		status = exit.ExitCode()
	}
	return out.String(), errs.String(), status
}

// mustHearth is hearth for a command that must succeed.
func mustHearth(t *testing.T, dir string, args ...string) (stdout string) {
	t.Helper()
	stdout, stderr, status := hearth(t, dir, args...)
	if status != 0 {
		t.Fatalf("hearth %s: exit status %d\n%s%s", strings.Join(args, " "), status, stdout, stderr)
	}
	return stdout
}
