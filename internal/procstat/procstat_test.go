package procstat

import (
	"os"
	"os/exec"
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
