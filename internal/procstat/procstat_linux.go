package procstat

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of CPU times in /proc. It has been 1/100 s on every
// architecture of Linux that Go runs on.
const clockTick = time.Second / 100

// Tree returns what a process and its descendants use. The error is for a
// process that does not exist.
func Tree(pid int) (Usage, error) {
	var u Usage
	err := add(&u, pid, true)
	return u, err
}

func add(u *Usage, pid int, root bool) error {
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return err
	}
	// The name is in parentheses and may contain any character.
	open, end := bytes.IndexByte(stat, '('), bytes.LastIndexByte(stat, ')')
	if open < 0 || end < open {
		return fmt.Errorf("reading %s/stat: no name in %q", dir, stat)
	}
	if !root {
		u.Children = append(u.Children, string(stat[open+1:end]))
	}
	fields := strings.Fields(string(stat[end+1:])) // from the third on, which is the state
	if len(fields) < 22 {
		return fmt.Errorf("reading %s/stat: %d fields", dir, len(fields))
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	pages, err3 := strconv.ParseInt(fields[21], 10, 64)
	if err := errors.Join(err1, err2, err3); err != nil {
		return fmt.Errorf("reading %s/stat: %w", dir, err)
	}
	u.CPU += time.Duration(user+system) * clockTick
	u.RSS += pages * int64(os.Getpagesize())
	return eachChild(dir, func(child int) {
		_ = add(u, child, false) // it may have ended
	})
}

// eachChild calls f with the processes that the one in dir has started.
func eachChild(dir string, f func(pid int)) error {
	lists, err := filepath.Glob(filepath.Join(dir, "task", "*", "children"))
	if err != nil {
		return err
	}
	for _, list := range lists { // each thread has its own
		data, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for field := range strings.FieldsSeq(string(data)) {
			if child, err := strconv.Atoi(field); err == nil {
				f(child)
			}
		}
	}
	return nil
}

// Resident returns the resident memory of processes and their descendants in
// bytes, with what is of a file once for each program: processes of one program
// share those pages, and [Usage] counts them for each. Those that have ended
// count nothing.
func Resident(pids ...int) int64 {
	var total int64
	files := make(map[string]int64) // the most that a process has of a program's files
	var visit func(pid int)
	visit = func(pid int) {
		dir := filepath.Join("/proc", strconv.Itoa(pid))
		status, err := os.ReadFile(filepath.Join(dir, "status"))
		if err != nil {
			return
		}
		program, err := os.Readlink(filepath.Join(dir, "exe"))
		if err != nil {
			program = dir // of another user: counted by itself
		}
		total += kilobytes(status, "RssAnon:") + kilobytes(status, "RssShmem:")
		files[program] = max(files[program], kilobytes(status, "RssFile:"))
		_ = eachChild(dir, visit) // the pattern is valid
	}
	for _, pid := range pids {
		visit(pid)
	}
	for _, bytes := range files {
		total += bytes
	}
	return total
}

// kilobytes returns in bytes what a line of a file in /proc gives; 0: there is none.
func kilobytes(data []byte, name string) int64 {
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err == nil {
				return kib << 10
			}
		}
	}
	return 0
}

// Busy returns for how long all CPUs together have been busy since the machine
// was started; false: it cannot be known.
func Busy() (time.Duration, bool) {
	data, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, false
	}
	line, _, _ := strings.Cut(string(data), "\n")
	var busy int64
	for i, field := range strings.Fields(line) {
		if i == 0 || i == 4 || i == 5 || i > 8 { // its name; idle, waiting for a disk; guests, counted before
			continue
		}
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, false
		}
		busy += n
	}
	return time.Duration(busy) * clockTick, true
}

// Memory returns the memory of the machine in bytes; 0: not known.
func Memory() int64 {
	data, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	return kilobytes(data, "MemTotal:")
}

// Model returns the name of the machine's CPUs; "": not known, as on arm64,
// where the kernel has numbers alone.
func Model() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
