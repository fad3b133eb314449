package vet

import (
	"os"
	"path/filepath"
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

// The folder is used by the go command where the compiler is left out, and gone
// after the run; one that the user names is theirs to name.
func TestRunWorksInMemory(t *testing.T) {
	probe, remove := workDir()
	remove()
	if probe == "" {
		t.Skip("there is no memory to spare for files")
	}
	o := Options{Dir: t.TempDir(), Toolexec: "program"}
	env, remove := o.work()
	if len(env) != 1 {
		t.Errorf("settings %q, want one of GOTMPDIR", env)
	}
	remove()
	for _, own := range []Options{{}, {Toolexec: "program", Env: []string{"GOTMPDIR=/own"}}, {Toolexec: "program", TmpDir: "/own"}, {Toolexec: "program", Flags: []string{"-toolexec=own"}}} {
		env, remove := own.work()
		remove()
		if len(env) != 0 {
			t.Errorf("%+v: settings %q, want none", own, env)
		}
	}
}
