package main

import (
	"bytes"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNewPass begins a pass in a copy of the module, the way its author would,
// and expects what CI asks of a pass.
func TestNewPass(t *testing.T) {
	root := copyModule(t)
	before := snapshot(t, root)
	out, err := command(root, "go", "run", "./internal/newpass", "example")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, hint := range []string{"analyzers/example/doc.go", "go run ./internal/docs -w", "go run ./internal/parity"} {
		if !strings.Contains(out, hint) {
			t.Errorf("does not mention %s:\n%s", hint, out)
		}
	}
	after := snapshot(t, root)
	for name, text := range after {
		if before[name] == text {
			continue
		}
		if have, err := format.Source([]byte(text)); err != nil || !bytes.Equal(have, []byte(text)) {
			t.Errorf("%s is not gofmt-clean: %v", name, err)
		}
	}
	if n := len(after) - len(before); n != 4 {
		t.Errorf("%d new files", n)
	}
	for _, args := range [][]string{
		{"vet", "./analyzers/example", "./analyzers"},
		{"test", "./analyzers/example"},
		{"test", "-run=TestSuiteIsValid|TestSourceIsComplete", "./analyzers"},
	} {
		if out, err := command(root, "go", args...); err != nil {
			t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}

	out, err = command(root, "go", "run", "./internal/newpass", "example")
	if err == nil || !strings.Contains(out, "the suite has an analyzer example already") {
		t.Errorf("a second run: %v\n%s", err, out)
	}
	if diff := cmp.Diff(after, snapshot(t, root)); diff != "" {
		t.Errorf("a second run changes (-before +after):\n%s", diff)
	}
}

func TestRefusals(t *testing.T) {
	root := copyModule(t)
	write(t, root, "analyzers/folder/keep.txt", "")
	before := snapshot(t, root)
	for _, test := range []struct{ name, want string }{
		{"", `"" is no package name`},
		{"../x", `is no package name`},
		{"Upper", `is no package name`},
		{"snake_case", `is no package name`},
		{"1st", `is no package name`},
		{"func", `means something to Go`},
		{"folder", `analyzers/folder exists`},
		{"passdoc", `analyzers/passdoc exists`},
		{"shadow", `the suite has an analyzer shadow already`},
		{"printf", `the suite has an analyzer printf already`},
		{"sa4006", `the suite has an analyzer SA4006 already`},
		{"yield", `gopls has an analyzer yield already`},
		{"policy", `policy is an import in analyzers/suite.go`},
		{"extras", `extras is a variable in analyzers/suite.go`},
		{"group", `group is a function in analyzers/suite.go`},
	} {
		if err := create(root, test.name); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: got error %v, want %q", test.name, err, test.want)
		}
	}
	if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
		t.Errorf("a refusal changes (-before +after):\n%s", diff)
	}
}

// TestAllOrNothing has a suite that the command does not understand.
func TestAllOrNothing(t *testing.T) {
	for _, suite := range []string{
		"package analyzers\n",
		"package analyzers\n\nfunc Ours() {}\n",
		"package",
	} {
		root := t.TempDir()
		write(t, root, "analyzers/suite.go", suite)
		before := snapshot(t, root)
		if err := create(root, "example"); err == nil {
			t.Errorf("no error with the suite %q", suite)
		}
		if diff := cmp.Diff(before, snapshot(t, root)); diff != "" {
			t.Errorf("suite %q (-before +after):\n%s", suite, diff)
		}
	}
	if err := create(t.TempDir(), "example"); err == nil || !strings.Contains(err.Error(), "not at the root of the repository") {
		t.Errorf("elsewhere: got error %v", err)
	}
}

// copyModule copies what the command and a pass are built from.
func copyModule(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, dir := range []string{"analyzers", "goplsconfig/policy", "internal/atomicfile", "internal/newpass"} {
		if err := os.CopyFS(filepath.Join(root, dir), os.DirFS(filepath.Join("..", "..", dir))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum", "source.go"} {
		data, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		write(t, root, file, string(data))
	}
	return root
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// command runs offline, as everything that the command needs is in the module.
func command(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOTOOLCHAIN=local", "GOWORK=off", "GOFLAGS=-buildvcs=false")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// snapshot returns the text of all files below root.
func snapshot(t *testing.T, root string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(root, name))
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
