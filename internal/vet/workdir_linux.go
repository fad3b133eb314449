package vet

import (
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

const (
	memory     = "/dev/shm"    // where Linux keeps files in memory
	enough     = 4 << 30       // bytes; vetting the kubelet with an empty cache takes 0.3 GB
	workPrefix = "hearth-vet-" // and some digits
)

// workDir makes a folder in memory for the go command to work in, and returns
// what removes it; dir is "" where there is no memory to spare.
//
// The go command makes a folder for each package, before it sees that nothing
// is to be done for it, and removes them at the end. On a disk that is a third
// of the time of a run that finds all in the cache.
func workDir() (dir string, remove func()) {
	remove = func() {}
	var fs unix.Statfs_t
	if err := unix.Statfs(memory, &fs); err != nil || fs.Type != unix.TMPFS_MAGIC || fs.Bavail*uint64(fs.Bsize) < enough {
		return "", remove
	}
	sweep()
	dir, err := os.MkdirTemp(memory, workPrefix+"*")
	if err != nil {
		return "", remove
	}
	held, err := lock(dir)
	if err != nil {
		os.RemoveAll(dir)
		return "", remove
	}
	return dir, func() {
		os.RemoveAll(dir)
		held.Close()
	}
}

// sweep removes the folders of runs that were killed, which hold memory until
// the machine restarts. A run that goes on holds the lock of its folder, which
// tells more than a process ID where containers share the memory.
func sweep() {
	left, _ := filepath.Glob(filepath.Join(memory, workPrefix+"*"))
	for _, dir := range left {
		if info, err := os.Stat(dir); err != nil || time.Since(info.ModTime()) < time.Minute {
			continue // maybe not locked yet
		}
		if held, err := lock(dir); err == nil {
			os.RemoveAll(dir)
			held.Close()
		}
	}
}

// lock takes the lock of a folder if nobody has it. Closing gives it back.
func lock(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
