package toolchain

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/atomicfile"
)

// lastGo is the Go of a workspace, and the environment in which it was.
type lastGo struct {
	Environment string
	Go          Go
}

// UseGo records what [DetectGo] said of a workspace, for [Store.LastGo]. Like
// [Store.Use] it writes only what differs.
func (s *Store) UseGo(workspace string, g Go) error {
	data, err := json.Marshal(lastGo{environment(), g})
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(s.goPath(workspace)); err == nil && string(old) == string(data) {
		return nil
	}
	return atomicfile.Write(s.goPath(workspace), data, 0o644)
}

// LastGo returns what [DetectGo] said of a workspace the last time, if that was in
// an environment like this one. It is a guess: a go.mod may ask for another Go by
// now, or another one may be installed.
func (s *Store) LastGo(workspace string) (Go, bool) {
	var last lastGo
	data, err := os.ReadFile(s.goPath(workspace))
	if err != nil || json.Unmarshal(data, &last) != nil {
		return Go{}, false
	}
	return last.Go, last.Environment == environment()
}

func (s *Store) goPath(workspace string) string {
	return filepath.Join(s.dir, "go", digestOf(filepath.Clean(workspace)))
}

// environment names the variables that make the go command another one, or have
// it say something else.
func environment() string {
	var list []string
	for _, entry := range os.Environ() {
		if strings.HasPrefix(entry, "GO") || strings.HasPrefix(entry, "PATH=") {
			list = append(list, entry)
		}
	}
	slices.Sort(list)
	return digestOf(strings.Join(list, "\n"))
}
