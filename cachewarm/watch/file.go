package watch

import (
	"hash/maphash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A file is what is known of one file of a tree. The zero file does not exist.
type file struct {
	stamp

	// sum is of the content, if the file was looked at so soon after a write
	// that the next one may leave the same time and size; else 0.
	sum uint64
}

// extensions are those of the files that a Go build or gopls reads.
var extensions = map[string]bool{
	".go": true, ".mod": true, ".sum": true, ".work": true,
	".s": true, ".S": true, ".h": true, ".hh": true, ".hpp": true,
	".c": true, ".cc": true, ".cpp": true, ".cxx": true,
	".tmpl": true, ".gotmpl": true,
}

// relevant reports whether a file of that path is watched. Files that the go
// command overlooks are not: editors keep their locks and backups in them.
func relevant(path string) bool {
	name := filepath.Base(path)
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return false
	}
	return extensions[filepath.Ext(name)] ||
		name == "modules.txt" && filepath.Base(filepath.Dir(path)) == "vendor"
}

// lookFile returns the file of a directory entry, or that which it links to.
func lookFile(path string, e fs.DirEntry) file {
	if e.Type()&fs.ModeSymlink != 0 {
		return lookPath(path)
	}
	info, err := e.Info()
	if err != nil {
		return file{} // removed meanwhile
	}
	return newFile(path, stamp{info})
}

func lookPath(path string) file { return newFile(path, look(path)) }

func newFile(path string, now stamp) file {
	if !now.exists() || !now.info.Mode().IsRegular() {
		return file{}
	}
	f := file{stamp: now}
	if f.young() {
		f.sum = sum(path)
	}
	return f
}

// young reports whether another write may have the time of the last one. The
// clock of Linux file systems ticks every 10 ms or faster; those that keep no
// fractions of a second tick every one or two.
func (f file) young() bool {
	tick := 20 * time.Millisecond
	if f.info.ModTime().Nanosecond() == 0 {
		tick = 2 * time.Second
	}
	return time.Since(f.info.ModTime()) < tick
}

// unchanged reports whether now, the file at path, is no other than f.
func (f file) unchanged(now file, path string) bool {
	if !f.equal(now.stamp) {
		return false
	}
	if f.sum == 0 {
		return true
	}
	if now.sum == 0 {
		return f.sum == sum(path)
	}
	return f.sum == now.sum
}

var seed = maphash.MakeSeed()

// sum returns a hash of the content of a file, 0 if it cannot be read.
func sum(path string) uint64 {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	return maphash.Bytes(seed, data) | 1
}

// isFolder reports whether a folder, rather than a link to one, is at path.
func isFolder(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}
