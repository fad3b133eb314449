package sharedcache

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pierrec/lz4/v4"
)

// programVariable makes the test binary the program that a go command runs.
const programVariable = "HEARTH_TEST_CACHEPROG"

func TestMain(m *testing.M) {
	if server := os.Getenv(programVariable); server != "" {
		patience, err := time.ParseDuration(os.Getenv("HEARTH_TEST_PATIENCE"))
		if err != nil {
			log.Fatal(err)
		}
		err = Run(Options{
			Local: os.Getenv("GOCACHE"), Taken: filepath.Join(os.Getenv("GOCACHE"), "taken"),
			Server: server, Token: "secret", Report: os.Getenv("HEARTH_TEST_REPORT"),
			Patience: patience,
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// fakeServer answers as gocached does.
type fakeServer struct {
	mu      sync.Mutex
	outputs map[string][]byte // by action
	asked   atomic.Int32
}

func (s *fakeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	if r.Header.Get("Authorization") != "Bearer secret" {
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == "PUT" {
		data, _ := io.ReadAll(r.Body)
		action, output, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
		if sum := sha256.Sum256(data); r.ContentLength != int64(len(data)) || hex.EncodeToString(sum[:]) != output {
			http.Error(w, "not what it says", http.StatusBadRequest)
			return
		}
		s.outputs[action] = data
		w.WriteHeader(http.StatusNoContent)
		return
	}
	data, ok := s.outputs[strings.TrimPrefix(r.URL.Path, "/action/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256(data)
	writeOutput(w, hex.EncodeToString(sum[:]), data)
}

// writeOutput sends an output, compressed where gocached would.
func writeOutput(w http.ResponseWriter, output string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Go-Output-Id", output)
	if len(data) > 1000 {
		var buf bytes.Buffer
		z := lz4.NewWriter(&buf)
		z.Write(data)
		z.Close()
		h.Set("Content-Encoding", "lz4")
		h.Set("X-Uncompressed-Length", fmt.Sprint(len(data)))
		data = buf.Bytes()
	}
	h.Set("Content-Length", fmt.Sprint(len(data)))
	w.Write(data)
}

// newModule writes packages with a mistake each, which import one another and
// nothing else: the standard library would take a minute to compile.
func newModule(t *testing.T) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"go.mod": "module example.com/m\n\ngo 1.26\n"}
	for i := range 8 {
		imports := ""
		if i > 0 {
			imports = fmt.Sprintf("import _ \"example.com/m/p%d\"\n\n", i-1)
		}
		big := "var Table = [...]int{" + strings.Repeat("1, ", 2000) + "}\n"
		files[fmt.Sprintf("p%d/p.go", i)] = fmt.Sprintf("package p%d\n\n%s%s\nfunc F(x int) { x = x }\n", i, imports, big)
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// endless is the patience of a test that is not about patience: a busy machine may
// be as slow as a bad server.
const endless = time.Hour

// vet runs go vet on a machine of which nothing but the server is known.
func vet(t *testing.T, dir, server string, patience time.Duration) (findings string, stats Stats) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(t.TempDir(), "report")
	cmd := exec.CommandContext(t.Context(), "go", "vet", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PWD="+dir, "GOCACHE="+t.TempDir(), "GOCACHEPROG='"+exe+"'", "GOFLAGS=-buildvcs=false",
		programVariable+"="+server, "HEARTH_TEST_REPORT="+report, "HEARTH_TEST_PATIENCE="+patience.String())
	out, err := cmd.CombinedOutput()
	if _, exited := err.(*exec.ExitError); !exited {
		t.Fatalf("go vet: %v", err)
	}
	if stats, err = ReadStats(report); err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", stats)
	return string(out), stats
}

func TestTwoMachines(t *testing.T) {
	dir, server := newModule(t), &fakeServer{outputs: make(map[string][]byte)}
	ts := httptest.NewServer(server)
	defer ts.Close()

	want, one := vet(t, dir, ts.URL, endless)
	if n := strings.Count(want, "self-assignment"); n != 8 {
		t.Fatalf("%d findings, want 8:\n%s", n, want)
	}
	if one.Taken != 0 || one.Made == 0 || one.Given != one.Made {
		t.Errorf("the first machine: %+v", one)
	}
	got, two := vet(t, dir, ts.URL, endless)
	if got != want {
		t.Errorf("the second machine found\n%sthe first\n%s", got, want)
	}
	if two.Made != 0 || two.Taken == 0 {
		t.Errorf("the second machine: %+v", two)
	}
}

// A server that is not what it should be changes no finding, and is left alone
// soon.
func TestBadServer(t *testing.T) {
	dir, good := newModule(t), &fakeServer{outputs: make(map[string][]byte)}
	ts := httptest.NewServer(good)
	t.Cleanup(ts.Close) // after the parallel tests
	want, _ := vet(t, dir, ts.URL, endless)

	// each returns what a GET is answered with; PUTs are taken.
	distort := func(change func(w http.ResponseWriter, output string, data []byte)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method != "GET" {
				io.Copy(io.Discard, r.Body)
				w.WriteHeader(http.StatusNoContent)
				return
			}
			rec := httptest.NewRecorder()
			r.Header.Set("Authorization", "Bearer secret")
			good.mu.Lock()
			data, ok := good.outputs[strings.TrimPrefix(r.URL.Path, "/action/")]
			good.mu.Unlock()
			if !ok {
				good.ServeHTTP(rec, r)
				w.WriteHeader(rec.Code)
				return
			}
			sum := sha256.Sum256(data)
			change(w, hex.EncodeToString(sum[:]), bytes.Clone(data))
		}
	}
	tests := []struct {
		name  string
		serve http.HandlerFunc // nil: nobody listens
		slow  bool             // takes seconds
		ended string           // part of the reason why it is asked no more
	}{
		{"down", nil, false, "refused"},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body) // or the end of the connection is not noticed
			<-r.Context().Done()
		}, true, ""},
		{"slow", func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(1500 * time.Millisecond)
			good.ServeHTTP(w, r)
		}, true, "answers such as one after 1."},
		{"fails", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 500) }, false, "500"},
		{"denies", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 401) }, false, "401"},
		{"redirects", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, ts.URL+r.URL.Path, 307) }, false, "307"},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false, "EOF"},
		{"changes a byte", distort(func(w http.ResponseWriter, output string, data []byte) {
			if len(data) > 0 {
				data[len(data)/2] ^= 0x40
			}
			writeOutput(w, output, data)
		}), false, "not the one of its hash"},
		{"loses the end", distort(func(w http.ResponseWriter, output string, data []byte) { writeOutput(w, output, data[:len(data)*9/10]) }), false, "not the one of its hash"},
		{"adds to the end", distort(func(w http.ResponseWriter, output string, data []byte) { writeOutput(w, output, append(data, 0)) }), false, "not the one of its hash"},
		{"breaks off", distort(func(w http.ResponseWriter, output string, data []byte) {
			w.Header().Set("Go-Output-Id", output)
			w.Header().Set("Content-Length", fmt.Sprint(len(data)+1))
			w.Write(data)
		}), false, "EOF"},
		{"compresses badly", distort(func(w http.ResponseWriter, output string, data []byte) {
			w.Header().Set("Go-Output-Id", output)
			w.Header().Set("Content-Encoding", "lz4")
			w.Header().Set("X-Uncompressed-Length", fmt.Sprint(len(data)))
			w.Write(append([]byte("x"), data...))
		}), false, "lz4"},
		{"claims terabytes", distort(func(w http.ResponseWriter, output string, _ []byte) {
			w.Header().Set("Go-Output-Id", output)
			w.Header().Set("Content-Encoding", "lz4")
			w.Header().Set("X-Uncompressed-Length", "9000000000000")
		}), false, "9000000000000"},
		{"names no output", distort(func(w http.ResponseWriter, _ string, data []byte) { writeOutput(w, "", data) }), false, "hash"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.slow && testing.Short() {
				t.Skip("it waits for timeouts")
			}
			t.Parallel()
			var asked atomic.Int32
			bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == "GET" {
					asked.Add(1)
				}
				test.serve(w, r)
			}))
			defer bad.Close()
			if test.serve == nil {
				bad.Close()
			}
			got, stats := vet(t, dir, bad.URL, DefaultPatience)
			if got != want {
				t.Errorf("found\n%swant\n%s", got, want)
			}
			if stats.Made == 0 {
				t.Error("nothing was made here")
			}
			if stats.AskingEnded == "" || !strings.Contains(stats.AskingEnded, test.ended) {
				t.Errorf("it was asked no more because of %q, want %q", stats.AskingEnded, cmp.Or(test.ended, "something"))
			}
			if n := asked.Load(); n > 20 {
				t.Errorf("it was asked %d times", n)
			}
		})
	}
}

// A server that only answers is still asked.
func TestReadOnlyServer(t *testing.T) {
	dir, good := newModule(t), &fakeServer{outputs: make(map[string][]byte)}
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "PUT" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		good.ServeHTTP(w, r)
	}))
	defer ts.Close()
	if _, s := vet(t, dir, ts.URL, endless); s.AskingEnded != "" || !strings.Contains(s.GivingEnded, "403") || s.Given != 0 {
		t.Errorf("%+v", s)
	}
}
