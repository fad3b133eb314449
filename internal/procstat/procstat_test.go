package procstat

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

func TestTree(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no ps")
	}
	before, err := Tree(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if before.RSS < 1<<20 {
		t.Errorf("resident memory is %d bytes", before.RSS)
	}
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer child.Process.Kill()
	for start := time.Now(); time.Since(start) < 200*time.Millisecond; {
	}
	after, err := Tree(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if after.CPU <= before.CPU {
		t.Errorf("CPU time was %s, and is %s after 200 ms of work", before.CPU, after.CPU)
	}
	if !slices.Contains(after.Children, "sleep") {
		t.Errorf("the children are %q, without sleep", after.Children)
	}
	if _, err := Tree(1 << 30); err == nil {
		t.Error("there is a process of an impossible number")
	}
	if runtime.GOOS != "windows" && Memory() < 1<<26 {
		t.Errorf("the machine has %d bytes of memory", Memory())
	}
}

// What two processes have of one program counts once.
func TestResident(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells which pages are of a file")
	}
	var pids []int
	var apart int64
	for range 4 {
		child := exec.Command("sleep", "60")
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		defer child.Wait()
		defer child.Process.Kill()
		for { // until it is that program, with its libraries
			if exe, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", child.Process.Pid)); exe != "" && filepath.Base(exe) != filepath.Base(os.Args[0]) {
				break
			}
			time.Sleep(time.Millisecond)
		}
		time.Sleep(50 * time.Millisecond)
		pids = append(pids, child.Process.Pid)
		u, err := Tree(child.Process.Pid)
		if err != nil {
			t.Fatal(err)
		}
		apart += u.RSS
	}
	one, all := Resident(pids[0]), Resident(pids...)
	if one <= 0 || all < one || all >= apart {
		t.Errorf("one has %d, all have %d together and %d apart", one, all, apart)
	}
	if got := Resident(1 << 30); got != 0 {
		t.Errorf("a process that does not exist has %d", got)
	}
}
