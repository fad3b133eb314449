package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gohearth/hearth/toolchain"
)

// A second machine takes all that the first one made, and finds the same.
func TestTwoMachines(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles the standard library")
	}
	dir := hertz(t)
	asUser(t)
	mustHearth(t, dir, "build") // with the caches of the user, and not on the clock
	server := startCacheServer(t)

	one := vetOnNewMachine(t, dir, server)
	two := vetOnNewMachine(t, dir, server)
	t.Logf("first machine: %s; second: %s; %.1f %% of the time, %.1f %% of the CPU time", one, two,
		100*two.wall.Seconds()/one.wall.Seconds(), 100*two.cpu.Seconds()/one.cpu.Seconds())
	if one.taken != 0 || one.made == 0 || one.given != one.made {
		t.Errorf("the first machine: %s", one)
	}
	if two.made != 0 || two.taken == 0 {
		t.Errorf("the second machine did what the first had done: %s", two)
	}
	if two.findings != one.findings {
		t.Errorf("the second machine found\n%s\nthe first\n%s", two.findings, one.findings)
	}
}

// The vettool is part of the name of every result, so machines can share only
// if what they build is the same, wherever their stores are.
func TestSameVettoolElsewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a toolchain")
	}
	home := asUser(t)
	writeFiles(t, home, "m/go.mod", "module example.com/m\n\ngo 1.26\n")
	dir := filepath.Join(home, "m")
	var sums [][sha256.Size]byte
	for _, store := range []string{os.Getenv("HEARTH_CACHE"), filepath.Join(home, "another", "store")} {
		t.Setenv("HEARTH_CACHE", store)
		path := strings.TrimSpace(mustHearth(t, dir, "which", "vettool"))
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, sha256.Sum256(data))
	}
	if sums[0] != sums[1] {
		t.Error("two stores hold different vettools for one key")
	}
}

// hertz returns a copy of a real repository, with its dependencies at hand.
func hertz(t *testing.T) (dir string) {
	t.Helper()
	give := t.Skipf
	if os.Getenv("HEARTH_TEST_CORPORA") != "" {
		give = t.Fatalf
	}
	out, err := exec.Command("go", "mod", "download", "-json", "github.com/cloudwego/hertz@v0.10.4").Output()
	var module struct{ Dir string }
	if err != nil || json.Unmarshal(out, &module) != nil {
		give("hertz cannot be had: %v", err)
	}
	dir = filepath.Join(realDir(t), "hertz")
	if err := os.CopyFS(dir, os.DirFS(module.Dir)); err != nil {
		t.Fatal(err)
	}
	// The go command keeps an index of each folder, but not while it has new
	// files: only the second machine would make those.
	old := time.Now().Add(-time.Hour)
	err = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, old, old)
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "mod", "download")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		give("what hertz requires cannot be had: %s", out)
	}
	return dir
}

// startCacheServer runs a gocached until the test ends and returns its URL.
func startCacheServer(t *testing.T) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd := exec.Command("hearth", "cache", "serve", "--dir", realDir(t), "--listen", address)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		<-ended
	})
	url = "http://" + address
	for {
		if res, err := http.Get(url); err == nil { // it is built first
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
			return url
		}
		select {
		case <-ended:
			t.Fatalf("the cache server ended:\n%s", log.String())
		case <-t.Context().Done():
			t.Fatal("the cache server does not start")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// machine is what a run of vet was like.
type machine struct {
	findings           string
	wall, cpu          time.Duration // cpu is of hearth, the go command and the cache program; not of the server
	taken, made, given int
	said               string
}

func (m machine) String() string {
	return m.wall.Round(10*time.Millisecond).String() + ", CPU " + m.cpu.Round(10*time.Millisecond).String() + " (" + m.said + ")"
}

var sharedLine = regexp.MustCompile(`cache server \S+: ((\d+) results .* taken, (\d+) made here, (\d+) given, for ([\d.]+) s of CPU time)`)

// vetOnNewMachine vets dir with nothing but the toolchain and the modules at hand.
func vetOnNewMachine(t *testing.T, dir, server string) (m machine) {
	t.Helper()
	store, err := toolchain.OpenStore()
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(store.TakenDir(server))
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "hearth", "vet", "--cache-remote", server)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	// What is asserted is that all is shared, however busy this machine is with
	// other tests.
	cmd.Env = append(os.Environ(), "GOCACHE="+t.TempDir(), patienceVariable+"=1h")
	start := time.Now()
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("hearth vet: %v\n%s%s", err, stdout.String(), stderr.String())
	}
	m.wall, m.findings = time.Since(start), stdout.String()
	said := sharedLine.FindStringSubmatch(stderr.String())
	if said == nil {
		t.Fatalf("nothing was shared:\n%s", stderr.String())
	}
	m.said = said[1]
	for i, n := range []*int{&m.taken, &m.made, &m.given} {
		*n, _ = strconv.Atoi(said[2+i]) // digits
	}
	own, _ := time.ParseDuration(said[5] + "s")
	m.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() + own
	return m
}
