package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The branches of the copy.
const (
	first = "sameness-first"
	other = "sameness-other"
)

// workspace is a copy of the files that is a git repository with two branches.
type workspace struct{ dir string }

func copyWorkspace(ctx context.Context, from, to string) (*workspace, error) {
	w := &workspace{to}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return nil, fmt.Errorf("copying the workspace: %w", err)
	}
	// A worktree's .git names the repository that must not be touched.
	if err := os.RemoveAll(filepath.Join(to, ".git")); err != nil {
		return nil, err
	}
	// gopls names files by their real paths.
	var err error
	if w.dir, err = filepath.EvalSymlinks(to); err != nil {
		return nil, err
	}
	// Copies out of the module cache are read-only.
	if err := filepath.WalkDir(w.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.Type()&os.ModeSymlink != 0 {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return os.Chmod(path, info.Mode().Perm()|0o200)
	}); err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		func() error { return w.git(ctx, "init", "-q", "-b", first) },
		func() error { return w.commit(ctx) },
		func() error { return w.git(ctx, "checkout", "-q", "-b", other) },
		w.rewrite,
		func() error { return w.commit(ctx) },
		func() error { return w.git(ctx, "checkout", "-q", first) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return w, nil
}

func (w *workspace) git(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "user.name=sameness", "-c", "user.email=sameness@example.com", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=" + os.DevNull}, args...)...)
	cmd.Dir = w.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w\n%s", args[0], err, out)
	}
	return nil
}

func (w *workspace) commit(ctx context.Context) error {
	if err := w.git(ctx, "add", "--all", "--force"); err != nil {
		return err
	}
	return w.git(ctx, "commit", "-q", "--no-verify", "-m", "sameness")
}

// switchTo switches the branch and drops what was changed in the files.
func (w *workspace) switchTo(ctx context.Context, branch string) error {
	if err := w.git(ctx, "checkout", "-q", "--force", branch); err != nil {
		return err
	}
	return w.git(ctx, "clean", "-q", "-d", "--force")
}

// manyFiles is how many files differ between the branches.
const manyFiles = 200

// rewrite makes the files of the other branch: new code, another meaning of the
// old, files that came, went and moved, packages that no longer compile.
func (w *workspace) rewrite() error {
	files, err := goFiles(w.dir)
	if err != nil {
		return err
	}
	step := max(1, len(files)/manyFiles)
	for i := 0; i < len(files); i += step {
		// The upper lines, so that every place moves.
		if err := edit(files[i], func(text string) string {
			text = strings.Replace(text, "\npackage ", "\n// Of the other branch: größer.\n\npackage ", 1)
			return text + fmt.Sprintf("\n// Branch%d is new 👋.\nfunc Branch%[1]d() int { return %[1]d }\n", i)
		}); err != nil {
			return err
		}
	}
	for i := 40; i < len(files); i += 70 {
		if err := os.Remove(files[i]); err != nil {
			return err
		}
	}
	for i := 20; i < len(files); i += 70 { // a file that another one takes the place of
		if strings.HasSuffix(files[i], "_test.go") {
			continue
		}
		if err := os.Rename(files[i], strings.TrimSuffix(files[i], ".go")+"_moved.go"); err != nil {
			return err
		}
	}
	return w.addPackage("branchpackage", files)
}

// addPackage adds a package, and a file that uses it.
func (w *workspace) addPackage(name string, files []string) error {
	mod, err := os.ReadFile(filepath.Join(w.dir, "go.mod"))
	if err != nil {
		return nil // a go.work, perhaps; it can do without
	}
	var module string
	for line := range bytes.Lines(mod) {
		if _, err := fmt.Sscanf(string(line), "module %s", &module); err == nil {
			break
		}
	}
	if err := os.Mkdir(filepath.Join(w.dir, name), 0o755); err != nil {
		return err
	}
	text := fmt.Sprintf("// Package %s is new.\npackage %[1]s\n\n// Größe is used elsewhere.\nconst Größe = 1\n", name)
	if err := os.WriteFile(filepath.Join(w.dir, name, name+".go"), []byte(text), 0o644); err != nil {
		return err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil || !strings.HasSuffix(file, "_test.go") {
			continue
		}
		user := fmt.Sprintf("package %s\n\nimport %q\n\nvar _ = %s.Größe + %[3]s.Missing\n", packageName(string(data)), module+"/"+name, name)
		return os.WriteFile(filepath.Join(filepath.Dir(file), name+"_test.go"), []byte(user), 0o644)
	}
	return nil
}

func packageName(text string) (name string) {
	for line := range strings.Lines(text) {
		if _, err := fmt.Sscanf(line, "package %s", &name); err == nil {
			return name
		}
	}
	return "main"
}

// editOutside changes, adds and removes some files, by nobody's editor.
func (w *workspace) editOutside(round int) error {
	files, err := goFiles(w.dir)
	if err != nil {
		return err
	}
	for i := round; i < len(files); i += 9 {
		if err := edit(files[i], func(text string) string {
			return text + fmt.Sprintf("\n// Outside%d is new 👋.\nfunc Outside%[1]d() int { return %[2]d }\n", i, round)
		}); err != nil {
			return err
		}
	}
	for i := 10 * round; i < len(files); i += 60 {
		if err := os.Remove(files[i]); err != nil {
			return err
		}
	}
	mod := filepath.Join(w.dir, "go.mod")
	if err := edit(mod, func(text string) string { return text + fmt.Sprintf("\n// Round %d.\n", round) }); err != nil && !os.IsNotExist(err) {
		return err
	}
	return w.addPackage(fmt.Sprintf("outside%d", round), files)
}

// edit changes a file as most programs do, in place.
func edit(path string, f func(string) string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(f(string(data))), 0o644)
}
