package changes

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repo is a git work tree of a test.
type repo struct {
	t   *testing.T
	dir string
}

func newRepo(t *testing.T) repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := repo{t, dir}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r repo) git(args ...string) {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", r.dir, "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func (r repo) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

func (r repo) write(name, text string) {
	r.t.Helper()
	if err := os.MkdirAll(filepath.Dir(r.path(name)), 0o777); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(r.path(name), []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

// check compares which lines are new with those that want names as "file:line".
func check(t *testing.T, r repo, l *Lines, lines int, want string) {
	t.Helper()
	var got []string
	for _, name := range []string{"a.go", "b.go", "dir/new name.go", "ignored.go", "staged.go", "sub/s.go", "sub/untracked.go", "untracked.go"} {
		for line := 1; line <= lines; line++ {
			if l.Has(r.path(name), line) {
				got = append(got, name+":"+string(rune('0'+line)))
			}
		}
	}
	if got := strings.Join(got, " "); got != want {
		t.Errorf("new are\n%s\nwant\n%s", got, want)
	}
}

func TestSince(t *testing.T) {
	r := newRepo(t)
	r.write(".gitignore", "ignored.go\n")
	r.write("a.go", "1\n2\n3\n")
	r.write("b.go", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")
	r.git("add", ".")
	r.git("commit", "-q", "-m", "one")
	r.git("config", "diff.noprefix", "true") // whatever users like
	r.git("config", "color.ui", "always")
	r.git("config", "diff.renames", "false")

	l, err := Since(t.Context(), r.path("."), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	check(t, r, l, 9, "")

	r.write("a.go", "1\nx\n3\n")
	r.write("ignored.go", "1\n")
	r.write("staged.go", "1\n2\n")
	r.git("add", "staged.go")
	r.write("untracked.go", "1\n")
	if err := os.Mkdir(r.path("dir"), 0o777); err != nil {
		t.Fatal(err)
	}
	r.git("mv", "b.go", "dir/new name.go")
	r.write("dir/new name.go", "1\n2\n3\n4\n5\n6\n7\n8\nx\n")
	if l, err = Since(t.Context(), r.path("dir"), "HEAD"); err != nil { // below the top
		t.Fatal(err)
	}
	check(t, r, l, 2, "a.go:2 staged.go:1 staged.go:2 untracked.go:1 untracked.go:2")
	if !l.Has(r.path("dir/new name.go"), 9) || l.Has(r.path("dir/new name.go"), 8) {
		t.Error("of the renamed file only line 9 is new")
	}
	if !l.Has(filepath.Join(filepath.Dir(r.dir), "elsewhere.go"), 1) {
		t.Error("a file without a history is old")
	}
}

// TestSinceSubmodule checks that submodules are compared with the commit that
// the revision has of them.
func TestSinceSubmodule(t *testing.T) {
	s := newRepo(t)
	s.write("s.go", "1\n2\n")
	s.git("add", ".")
	s.git("commit", "-q", "-m", "one")
	r := newRepo(t)
	r.write("a.go", "1\n")
	r.git("add", ".")
	r.git("commit", "-q", "-m", "before")
	r.git("submodule", "--quiet", "add", s.dir, "sub")
	r.git("commit", "-q", "-m", "one")
	sub := repo{t, r.path("sub")}
	sub.write("s.go", "1\n2\n3\n")
	sub.git("commit", "-q", "-a", "-m", "two")
	r.git("commit", "-q", "-a", "-m", "two")
	sub.write("s.go", "x\n2\n3\n")
	sub.write("untracked.go", "1\n")
	for rev, want := range map[string]string{
		"HEAD":   "sub/s.go:1 sub/untracked.go:1 sub/untracked.go:2 sub/untracked.go:3",
		"HEAD~1": "sub/s.go:1 sub/s.go:3 sub/untracked.go:1 sub/untracked.go:2 sub/untracked.go:3",
		"HEAD~2": "sub/s.go:1 sub/s.go:2 sub/s.go:3 sub/untracked.go:1 sub/untracked.go:2 sub/untracked.go:3",
	} {
		l, err := Since(t.Context(), r.dir, rev)
		if err != nil {
			t.Fatal(err)
		}
		check(t, r, l, 3, want)
	}
}
