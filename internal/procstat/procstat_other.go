//go:build !linux

package procstat

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Tree returns what a process and its descendants use. The error is for a
// process that does not exist, or a system without ps.
func Tree(pid int) (Usage, error) {
	out, err := exec.Command("ps", "-A", "-o", "pid=,ppid=,rss=,time=,comm=").Output()
	if err != nil {
		return Usage{}, fmt.Errorf("asking ps: %w", err)
	}
	var u Usage
	tree := map[string]bool{strconv.Itoa(pid): true}
	found := false
	for line := range strings.Lines(string(out)) { // parents come first, but for wrapped ids
		fields := strings.Fields(line)
		if len(fields) < 5 || !tree[fields[0]] && !tree[fields[1]] {
			continue
		}
		tree[fields[0]] = true
		if fields[0] == strconv.Itoa(pid) {
			found = true
		} else {
			u.Children = append(u.Children, filepath.Base(fields[4]))
		}
		kib, _ := strconv.ParseInt(fields[2], 10, 64)
		u.RSS += kib << 10
		u.CPU += cpuTime(fields[3])
	}
	if !found {
		return u, fmt.Errorf("there is no process %d", pid)
	}
	return u, nil
}

// Busy returns for how long all CPUs together have been busy since the machine
// was started; false: it cannot be known.
func Busy() (time.Duration, bool) { return 0, false }

// cpuTime reads [[hours:]minutes:]seconds.
func cpuTime(text string) time.Duration {
	var seconds float64
	for part := range strings.SplitSeq(text, ":") {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return 0
		}
		seconds = seconds*60 + n
	}
	return time.Duration(seconds * float64(time.Second))
}

// Resident returns the resident memory of processes and their descendants in
// bytes. ps does not tell which pages they share. Those that have ended count
// nothing.
func Resident(pids ...int) int64 {
	var total int64
	for _, pid := range pids {
		if u, err := Tree(pid); err == nil {
			total += u.RSS
		}
	}
	return total
}
