package goplsconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/hint"
)

// SumFile is the hearth.sum beside hearth.yaml: go.sum lines of the plugins
// and of the policy modules, which pin what the team runs as go.sum pins what a
// module builds.
func (s *Source) SumFile() string { return filepath.Join(s.Root, "hearth.sum") }

func readSums(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the checksums: %w", err)
	}
	var lines []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// AddSums returns the lines of hearth.sum with more of them, sorted, and those
// that were not there. It refuses a sum that differs from the recorded one.
func (s *Source) AddSums(lines []string) (all, added []string, err error) {
	all = slices.Clone(s.Sums)
	for _, line := range lines {
		if recorded, ok := conflict(all, line); ok {
			return nil, nil, hint.Add(fmt.Errorf("%s records %q, but what was downloaded is %q", s.SumFile(), recorded, line),
				"it was published anew, or hearth.sum was edited; choose a new version, and restore hearth.sum")
		}
		if !slices.Contains(all, line) {
			all, added = append(all, line), append(added, line)
		}
	}
	slices.Sort(all)
	return all, added, nil
}

// conflict returns the recorded line that has another sum than line for the
// same thing.
func conflict(recorded []string, line string) (string, bool) {
	i := strings.LastIndexByte(line, ' ')
	for _, r := range recorded {
		if r != line && strings.LastIndexByte(r, ' ') == i && r[:i+1] == line[:i+1] {
			return r, true
		}
	}
	return "", false
}
