//go:build unix

package recall

import (
	"encoding/binary"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// A snapshot is written to hash: the names of all files, since //go:embed asks
// for names, and of sources what would change with their text.
type snapshot struct {
	hash     hash.Hash
	roots    []string
	youngest time.Time // of the times of change
	entries  int       // so far
}

// repositories are folders of version control, where the go command reads no
// source.
var repositories = []string{".git", ".hg", ".svn", ".bzr", ".jj"}

func (s *snapshot) folder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if s.entries += len(entries); s.entries > most {
		return fmt.Errorf("there are more than %d files", most)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() && slices.Contains(repositories, e.Name()) {
			continue
		}
		fmt.Fprintf(s.hash, "%q %d\n", e.Name(), e.Type())
		switch {
		case e.IsDir():
			if err := s.folder(path); err != nil {
				return err
			}
			s.hash.Write([]byte("up\n"))
		case e.Type() == fs.ModeSymlink:
			if err := s.link(path); err != nil {
				return err
			}
		case isSource(e.Name()):
			if err := s.file(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// link writes where a link leads. A folder has to be one that is looked at
// anyway.
func (s *snapshot) link(path string) error {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		fmt.Fprintf(s.hash, "broken\n") // the go command says so of an embedded one, and else ignores it
		return nil
	}
	fmt.Fprintf(s.hash, "to %q\n", target)
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return s.file(target)
	}
	if !slices.ContainsFunc(s.roots, func(root string) bool { return within(root, target) }) {
		return fmt.Errorf("%q leads out of the workspace", path)
	}
	return nil
}

// file writes what of a file changes with its text. File systems that know no time
// of change, such as FAT, tell another one in its place; hence both.
func (s *snapshot) file(path string) error {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return err
	}
	record := []int64{int64(st.Dev), int64(st.Ino), int64(st.Mode), st.Size}
	for _, t := range []unix.Timespec{st.Ctim, st.Mtim} {
		seconds, nanoseconds := t.Unix()
		record = append(record, seconds, nanoseconds)
		if t := time.Unix(seconds, nanoseconds); t.After(s.youngest) {
			s.youngest = t
		}
	}
	return binary.Write(s.hash, binary.LittleEndian, record)
}
