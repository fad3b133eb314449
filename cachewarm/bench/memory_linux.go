package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
)

// TreeMemory returns the resident memory, in bytes, of a process and of all
// that descend from it, or 0 where that cannot be read. Pages that they share
// are counted for each.
func TreeMemory(pid int) int64 { return readProcesses().tree(pid) }

// processes are those of the machine at one moment, by process id.
type processes struct {
	children map[int][]int
	resident map[int]int64 // bytes
}

func readProcesses() processes {
	p := processes{make(map[int][]int), make(map[int]int64)}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	for _, name := range stats {
		data, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		// The name of the program, in parentheses, may hold anything.
		fields := bytes.Fields(data[bytes.LastIndexByte(data, ')')+1:])
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil || len(fields) < 22 {
			continue
		}
		parent, _ := strconv.Atoi(string(fields[1]))             // the 4th of proc(5)
		pages, _ := strconv.ParseInt(string(fields[21]), 10, 64) // the 24th
		p.children[parent] = append(p.children[parent], pid)
		p.resident[pid] = pages * int64(os.Getpagesize())
	}
	return p
}

func (p processes) tree(pid int) int64 {
	total := p.resident[pid]
	for _, child := range p.children[pid] {
		total += p.tree(child)
	}
	return total
}
