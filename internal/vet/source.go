package vet

import (
	"bytes"
	"os"
	"path/filepath"
	"sort"
)

// Sources reads the files that findings are in. It reads each once, when it is first
// asked for, so that what is shown of it agrees with what the analyzers saw
// even if fixes have been applied since.
//
// A Sources is not safe for concurrent use.
type Sources struct {
	root  string
	files map[string]*source
}

type source struct {
	data  []byte
	lines []int // offset of each line
}

// NewSources returns the sources of a workspace, given its root.
func NewSources(root string) *Sources {
	return &Sources{root, make(map[string]*source)}
}

// Line returns line n of a file, counted from 1 and without its end. It is
// empty where there is no such line or the file can't be read: what is shown
// beside a finding must not be in the way of it.
func (s *Sources) Line(file string, n int) string {
	f := s.file(file)
	if n < 1 || n > len(f.lines) {
		return ""
	}
	line := f.data[f.lines[n-1]:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	return string(bytes.TrimSuffix(line, []byte("\r")))
}

// Position returns the line and the column, in bytes from 1, of an offset. Both
// are 0 if the file can't be read.
func (s *Sources) Position(file string, offset int) (line, column int) {
	f := s.file(file)
	line = sort.SearchInts(f.lines, offset+1)
	if line == 0 {
		return 0, 0
	}
	return line, offset - f.lines[line-1] + 1
}

func (s *Sources) file(name string) *source {
	if f := s.files[name]; f != nil {
		return f
	}
	f := &source{}
	path := filepath.FromSlash(name)
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.root, path)
	}
	if data, err := os.ReadFile(path); err == nil {
		f.data, f.lines = data, []int{0}
		for i, b := range data {
			if b == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	}
	s.files[name] = f
	return f
}
