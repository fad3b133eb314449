package toolchain

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/recall"
)

// lastGo is the Go of a workspace, and when it was that.
type lastGo struct {
	Environment string
	Evidence    string // see [evidence]
	Go          Go
}

// UseGo records what [DetectGo] said just now of a workspace, for [Store.LastGo].
// Like [Store.Use] it writes only what differs.
func (s *Store) UseGo(workspace string, g Go) error {
	data, err := json.Marshal(lastGo{environment(), evidence(workspace, g), g})
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(s.goPath(workspace)); err == nil && string(old) == string(data) {
		return nil
	}
	return atomicfile.WriteCache(s.goPath(workspace), data, 0o644)
}

// LastGo returns what [DetectGo] said of a workspace the last time, if that was in
// an environment like this one. sure says that it would say the same now. Otherwise
// it is a guess: a go.mod may ask for another Go by now, or another one may be
// installed.
func (s *Store) LastGo(workspace string) (g Go, sure, ok bool) {
	var last lastGo
	data, err := os.ReadFile(s.goPath(workspace))
	if err != nil || json.Unmarshal(data, &last) != nil || last.Environment != environment() {
		return Go{}, false, false
	}
	return last.Go, last.Evidence != "" && last.Evidence == evidence(workspace, last.Go), true
}

func (s *Store) goPath(workspace string) string {
	return filepath.Join(s.dir, "go", digestOf(filepath.Clean(workspace)))
}

// evidenceAge is how long all must have been as it is: far longer than the go
// command takes to say what it says, so that nothing changed meanwhile.
var evidenceAge = time.Minute

// evidence names all that decides what the go command says of its settings in a
// workspace, beside the environment, as long as it says g. It is "" where more
// decides: a go command on PATH that is a script, as version managers put there,
// or one that a go.mod or GOTOOLCHAIN has run another Go, which is searched for.
func evidence(workspace string, g Go) string {
	path, err := exec.LookPath("go")
	if err != nil {
		return ""
	}
	program, err := filepath.EvalSymlinks(path)
	if err != nil {
		return ""
	}
	own, err := filepath.EvalSymlinks(filepath.Join(g.Root, "bin", "go"+exeSuffix(g.OS)))
	if err != nil || program != own {
		return ""
	}
	// GOWORK may name a go.work that is nowhere above.
	files := []string{program, filepath.Join(g.Root, "VERSION"), filepath.Join(g.Root, "go.env"), g.EnvFile, g.Work}
	for dir := filepath.Clean(workspace); ; dir = filepath.Dir(dir) {
		files = append(files, filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.work"))
		if dir == filepath.Dir(dir) {
			break
		}
	}
	state, youngest, err := recall.Files(files)
	if err != nil || time.Since(youngest) < evidenceAge {
		return ""
	}
	return state
}

// environment names the variables that make the go command another one, or have
// it say something else. The last two are where its folders are by default.
func environment() string {
	var list []string
	for _, entry := range os.Environ() {
		for _, prefix := range []string{"GO", "PATH=", "HOME=", "XDG_"} {
			if strings.HasPrefix(entry, prefix) {
				list = append(list, entry)
			}
		}
	}
	slices.Sort(list)
	return digestOf(strings.Join(list, "\n"))
}
