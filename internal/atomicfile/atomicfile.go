// Package atomicfile replaces files so that a reader sees the old bytes or the
// new ones, never a part, and an interrupted write changes nothing.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Write replaces the file at path by data, creating its folder if needed. An
// existing file keeps its mode and a symbolic link stays a link (dotfile
// managers link settings into a repository); a new file gets mode perm.
//
// The temporary file lies beside the target, since a rename across file
// systems is a copy.
func Write(path string, data []byte, perm fs.FileMode) error {
	return write(path, data, perm, (*os.File).Sync)
}

// WriteCache is [Write] for what can be made again: it does not wait until the bytes are
// on the disk, which takes a third of a second while others write there. After a loss
// of power the file may be empty, and whoever reads it must take that for no file.
func WriteCache(path string, data []byte, perm fs.FileMode) error {
	return write(path, data, perm, func(*os.File) error { return nil })
}

func write(path string, data []byte, perm fs.FileMode, sync func(*os.File) error) (err error) {
	target, err := resolve(path)
	if err != nil {
		return err
	}
	if info, err := os.Stat(target); err == nil {
		perm = info.Mode().Perm()
	}
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(target)+".*.tmp")
	if err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
			err = fmt.Errorf("writing %q: %w", path, err)
		}
	}()
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(perm), sync(tmp), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), target)
}

// Symlink makes path a symbolic link to target, in place of what is there but a
// folder. Two programs may do so at once, which [os.Remove] before [os.Symlink]
// does not allow: one of them would find the other's link.
func Symlink(target, path string) (err error) {
	dir, err := os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("linking %q: %w", path, err)
	}
	defer os.RemoveAll(dir)
	tmp := filepath.Join(dir, filepath.Base(path))
	if err := os.Symlink(target, tmp); err != nil {
		return fmt.Errorf("linking %q: %w", path, err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("linking %q: %w", path, err)
	}
	return nil
}

// resolve follows path if it is a symbolic link, also one to a file that does
// not exist yet.
func resolve(path string) (string, error) {
	target, err := filepath.EvalSymlinks(path)
	if err == nil {
		return target, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("writing %q: %w", path, err)
	}
	if link, err := os.Readlink(path); err == nil {
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(path), link)
		}
		return link, nil
	}
	return path, nil
}
