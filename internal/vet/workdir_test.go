package vet

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What a killed run left goes, what a run works in stays.
func TestWorkDir(t *testing.T) {
	dir, remove := workDir()
	if dir == "" {
		t.Skip("there is no memory to spare for files")
	}
	defer remove()
	dead, err := os.MkdirTemp(filepath.Dir(dir), "hearth-vet-*")
	if err != nil {
		t.Fatal(err)
	}
	young, err := os.MkdirTemp(filepath.Dir(dir), "hearth-vet-*")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(young)
	old := time.Now().Add(-time.Hour)
	for _, d := range []string{dir, dead} {
		if err := os.Chtimes(d, old, old); err != nil {
			t.Fatal(err)
		}
	}
	second, removeSecond := workDir()
	removeSecond()
	for d, want := range map[string]bool{dir: true, dead: false, young: true, second: false} {
		if _, err := os.Stat(d); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", d, err == nil, want)
		}
	}
}

// Settings are for a go command that does not compile, and give way to those of
// the user.
func TestWork(t *testing.T) {
	for _, name := range []string{"GOTMPDIR", "GOGC", "GOMEMLIMIT"} {
		t.Setenv(name, "")
	}
	memory, remove := workDir()
	remove()
	const program = "program"
	for _, test := range []struct {
		o               Options
		tmpdir, collect bool
	}{
		{Options{}, false, false},
		{Options{Toolexec: program}, true, true},
		{Options{Toolexec: program, Flags: []string{"-toolexec=own"}}, false, false},
		{Options{Toolexec: program, GoFlags: `-mod=mod '-toolexec=own x'`}, false, false},
		{Options{Toolexec: program, Env: []string{"GOTMPDIR=/own"}}, false, true},
		{Options{Toolexec: program, TmpDir: "/own"}, false, true},
		{Options{Toolexec: program, Env: []string{"GOGC=50"}}, true, false},
		{Options{Toolexec: program, Env: []string{"GOMEMLIMIT=1GiB"}}, true, false},
	} {
		env, remove := test.o.work()
		remove()
		has := func(name string) bool {
			return slices.ContainsFunc(env, func(setting string) bool { return strings.HasPrefix(setting, name+"=") })
		}
		if want := test.tmpdir && memory != ""; has("GOTMPDIR") != want {
			t.Errorf("%+v: %q, want a work folder: %v", test.o, env, want)
		}
		if has("GOGC") != test.collect {
			t.Errorf("%+v: %q, want GOGC: %v", test.o, env, test.collect)
		}
	}
}
