package nocompile

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	if os.Getenv("NOCOMPILE_TEST") != "" {
		os.Exit(Main(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// TestGoList has the go command build packages of all kinds without a
// compiler. It reads the build ID out of each archive, and refuses a tool that
// it does not know.
func TestGoList(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		"go.mod":        "module example.com/m\n\ngo 1.26\n",
		"m.go":          "package m\n\nimport \"example.com/m/asm\"\n\nvar Three = asm.Add(1, 2)\n",
		"asm/a.go":      "package asm\n\nfunc Add(x, y int) int\n",
		"asm/a_amd64.s": "TEXT ·Add(SB), 4, $0-24\n\tRET\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	list := func(flags ...string) []string {
		t.Helper()
		args := append([]string{"list", "-export", "-f={{.Export}}"}, flags...)
		cmd := exec.Command("go", append(args, "./...")...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "NOCOMPILE_TEST=1", "GOCACHE="+cache, "GOARCH=amd64", "GOFLAGS=")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go list: %v\n%s", err, out)
		}
		return strings.Fields(string(out))
	}
	ours := list("-toolexec=" + exe)
	for _, file := range ours {
		data, err := os.ReadFile(file)
		if err != nil || len(data) > 500 || !strings.HasPrefix(string(data), "!<arch>\n__.PKGDEF") {
			t.Errorf("%s: %v, %d bytes %.40q", file, err, len(data), data)
		}
	}
	// The same cache, the compiler's answers.
	theirs := list()
	if len(ours) != 2 || len(theirs) != 2 || slices.Equal(ours, theirs) {
		t.Errorf("archives without a compiler %q, with it %q", ours, theirs)
	}
	if again := list("-toolexec=" + exe); !slices.Equal(ours, again) {
		t.Errorf("archives %q, and then %q", ours, again)
	}
}

func TestIdentity(t *testing.T) {
	for line, want := range map[string]string{
		"compile version go1.27.4\n":                                           "compile version go1.27.4 nocompile1",
		"asm version go1.27.4 X:aliastypeparams\n":                             "asm version go1.27.4 X:aliastypeparams nocompile1",
		"compile version devel go1.28-abc linux/amd64 buildID=x/y/z/content\n": "compile version devel go1.28-abc linux/amd64 buildID=x/y/z/content-nocompile1",
	} {
		if got := identity(line); got != want {
			t.Errorf("identity(%q) = %q, want %q", line, got, want)
		}
	}
}

func TestExpand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "args")
	if err := os.WriteFile(file, []byte("-o\n/a b\\\\c\nx\\ny\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := expand([]string{"@" + file})
	if want := []string{"-o", `/a b\c`, "x\ny"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("expand = %q, %v, want %q", got, err, want)
	}
	if got, err := expand([]string{"-o", "@x"}); err != nil || len(got) != 2 {
		t.Errorf("expand = %q, %v", got, err)
	}
	if _, err := expand([]string{"@" + file + "x"}); err == nil {
		t.Error("no error for a response file that is not there")
	}
}
