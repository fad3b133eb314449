//go:build unix

package recall

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
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
	folders  []watched
}

// watched is a folder that was looked at, as it was just before.
type watched struct {
	path string
	was  stamp
}

func (s *snapshot) folder(dir string) error {
	if err := s.watch(dir); err != nil {
		return err
	}
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

// file writes what of a file changes with its text.
func (s *snapshot) file(path string) error {
	st, err := s.stamp(path, unix.Lstat)
	if err != nil {
		return err
	}
	return binary.Write(s.hash, binary.LittleEndian, st)
}

// Files names the state in which files are, whether they are there or not, by
// what the file system tells of them. youngest is when the last of them changed. The
// error is for files of which it tells nothing.
func Files(paths []string) (state string, youngest time.Time, err error) {
	h := sha256.New()
	s := &snapshot{hash: h}
	for _, path := range paths {
		fmt.Fprintf(h, "%q\n", path)
		if target, err := filepath.EvalSymlinks(path); err == nil {
			path = target
		}
		if err := s.file(path); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, unix.ENOTDIR) {
			return "", time.Time{}, err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), s.youngest, nil
}

// watch notes how a folder is. It does not write that, since a folder changes with
// whatever is put there for a while.
func (s *snapshot) watch(dir string) error {
	st, err := s.stamp(dir, unix.Stat)
	s.folders = append(s.folders, watched{dir, st})
	return err
}

// foldersAsBefore reports whether nothing came or went since: a file that was made
// and is removed again leaves no other trace, nor does a folder that was moved
// away and back. What is written into a file changes the file.
func (s *snapshot) foldersAsBefore() bool {
	return !slices.ContainsFunc(s.folders, func(w watched) bool {
		now, err := newStamp(w.path, unix.Stat)
		return err != nil || now != w.was
	})
}

// A stamp is what the file system tells of a file. Those that know no time of
// change, such as FAT, tell another one in its place; hence both times.
type stamp struct {
	Dev, Ino, Mode, Size int64
	Changed, Modified    struct{ Seconds, Nanoseconds int64 }
}

func newStamp(path string, stat func(string, *unix.Stat_t) error) (s stamp, err error) {
	var st unix.Stat_t
	if err := stat(path, &st); err != nil {
		return s, err
	}
	s.Dev, s.Ino, s.Mode, s.Size = int64(st.Dev), int64(st.Ino), int64(st.Mode), st.Size
	s.Changed.Seconds, s.Changed.Nanoseconds = st.Ctim.Unix()
	s.Modified.Seconds, s.Modified.Nanoseconds = st.Mtim.Unix()
	return s, nil
}

func (s *snapshot) stamp(path string, stat func(string, *unix.Stat_t) error) (stamp, error) {
	st, err := newStamp(path, stat)
	for _, t := range []time.Time{time.Unix(st.Changed.Seconds, st.Changed.Nanoseconds), time.Unix(st.Modified.Seconds, st.Modified.Nanoseconds)} {
		if t.After(s.youngest) {
			s.youngest = t
		}
	}
	return st, err
}
