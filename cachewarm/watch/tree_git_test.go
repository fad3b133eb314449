package watch

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

func needGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
}

func TestTreeIgnored(t *testing.T) {
	needGit(t)
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	git(t, dir, "init")
	write(t, at(".gitignore"), "/dist/\n/gen/\n")
	write(t, at("a.go"), "package a")
	write(t, at("gen/deep/gen.go"), "package gen")
	for i := range 20 {
		write(t, at(fmt.Sprintf("dist/d%d/x.txt", i)), "")
	}
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}}})
	if dirs, _, _ := tree.Status(); dirs != 4 { // with gen, gen/deep and dist itself
		t.Errorf("%d folders are watched, want 4", dirs)
	}
	write(t, at("gen/deep/gen.go"), "package gen2") // generated code is often ignored
	r.until(dir, "~gen/deep/gen.go")
	write(t, at("dist/d1/late.go"), "package late") // nobody sees it now
	write(t, at("dist/first.go"), "package dist")
	r.until(dir, "+dist/d1/late.go", "+dist/first.go")
	write(t, at("dist/d2/more.go"), "package late")
	r.until(dir, "+dist/d2/more.go")
}

func TestTreeAbsorbIgnored(t *testing.T) {
	needGit(t)
	dir := t.TempDir()
	git(t, dir, "init")
	write(t, filepath.Join(dir, ".gitignore"), "/dist/\n")
	write(t, filepath.Join(dir, "dist", "a", "x.txt"), "")
	write(t, filepath.Join(dir, "dist", "b", "x.txt"), "")
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}, Quiet: time.Hour}})
	path := filepath.Join(dir, "dist", "a", "a.go")
	write(t, path, "package a")
	tree.Absorb([]string{path})
	r.mu.Lock()
	r.files[path] = true
	r.mu.Unlock()
	write(t, filepath.Join(dir, "dist", "b", "b.go"), "package b")
	tree.Flush(t.Context())
	r.until(dir, "+dist/b/b.go")
	write(t, path, "package aa")
	tree.Flush(t.Context())
	r.until(dir, "~dist/a/a.go")
}

// TestTreeCheck is about what only a scan of everything can find.
func TestTreeCheck(t *testing.T) {
	needGit(t)
	dir := t.TempDir()
	git(t, dir, "init")
	write(t, filepath.Join(dir, ".gitignore"), "/dist/\n")
	write(t, filepath.Join(dir, "dist", "sub", "x.txt"), "")
	_, r := startTree(t, treeConfig{
		TreeOptions: TreeOptions{Roots: []string{dir}},
		open:        deaf,
		tick:        quiet,
		check:       quiet,
	})
	write(t, filepath.Join(dir, "dist", "sub", "a.go"), "package a")
	write(t, filepath.Join(dir, "a.go"), "package a")
	r.until(dir, "+a.go", "+dist/sub/a.go")
}

func TestTreeLock(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".git", "HEAD"), "ref: refs/heads/main\n")
	lock := filepath.Join(dir, ".git", "index.lock")
	tree, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}}})

	write(t, lock, "")
	write(t, filepath.Join(dir, "a.go"), "package a")
	time.Sleep(20 * quiet)
	write(t, filepath.Join(dir, "b.go"), "package a")
	time.Sleep(20 * quiet)
	if got := r.take(); got != nil {
		t.Errorf("events %v while git is busy", got)
	}
	remove(t, lock)
	r.until(dir, "+a.go", "+b.go")

	write(t, lock, "") // one that stays
	write(t, filepath.Join(dir, "c.go"), "package a")
	r.until(dir, "+c.go")
	write(t, filepath.Join(dir, "d.go"), "package a")
	tree.Flush(t.Context()) // does not wait
	if got := r.take(); len(got) != 1 || len(got[0]) != 1 {
		t.Errorf("events %v after a flush", got)
	}
}

func TestTreeCheckout(t *testing.T) {
	needGit(t)
	dir := t.TempDir()
	git(t, dir, "init")
	var want []string
	fill := func(branch string) {
		for i := range 400 {
			write(t, filepath.Join(dir, fmt.Sprint("p", i%20), fmt.Sprintf("f%d.go", i)), "package p // "+branch)
			write(t, filepath.Join(dir, branch, fmt.Sprint("q", i%10), fmt.Sprintf("f%d.go", i)), "package q")
		}
	}
	fill("one")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-qm", "one")
	git(t, dir, "checkout", "-qb", "other")
	remove(t, filepath.Join(dir, "one"))
	fill("other")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-qm", "other")
	for i := range 400 {
		want = append(want,
			fmt.Sprintf("~p%d/f%d.go", i%20, i),
			fmt.Sprintf("-other/q%d/f%d.go", i%10, i),
			fmt.Sprintf("+one/q%d/f%d.go", i%10, i))
	}
	slices.Sort(want)
	_, r := startTree(t, treeConfig{TreeOptions: TreeOptions{Roots: []string{dir}, Quiet: treeQuiet}})
	git(t, dir, "checkout", "-q", "main")
	select {
	case <-r.news:
	case <-time.After(hang):
		t.Fatal("no events")
	}
	time.Sleep(3 * treeQuiet)
	batches := r.take()
	if len(batches) != 1 {
		t.Fatalf("%d batches, want one", len(batches))
	}
	got := spell(dir, batches[0])
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("events of a checkout: %d, want %d:\n%q", len(got), len(want), got)
	}
}
