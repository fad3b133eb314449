package watch

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Workspace reports changes of the files that the function names, and switches
// of the git branch of the folder root. The function is called again after each
// report, since a changed go.work has other modules.
//
// Nothing is reported while git is at work: a rebase passes through commits
// that nobody will look at. The channel and the error are as for [Files].
func Workspace(ctx context.Context, root string, files func() []string, quiet time.Duration) (<-chan struct{}, error) {
	return start(ctx, config{
		paths: func() []string { return append(gitFiles(root), files()...) },
		quiet: quiet,
		busy:  func() bool { return gitBusy(root) },
	})
}

// gitFiles returns the files of git that change when the tree may become
// another one. HEAD names the branch; ORIG_HEAD is written by merge, pull,
// reset and rebase, none of which changes HEAD. A plain commit changes neither,
// and no file of the tree.
func gitFiles(root string) []string {
	dir := gitDir(root)
	if dir == "" {
		return nil
	}
	return []string{filepath.Join(dir, "HEAD"), filepath.Join(dir, "ORIG_HEAD")}
}

// gitBusy reports whether git is changing the tree of root, or has stopped in
// the middle of it.
func gitBusy(root string) bool {
	dir := gitDir(root)
	if dir == "" {
		return false
	}
	for _, name := range []string{"index.lock", "HEAD.lock", "rebase-merge", "rebase-apply"} {
		if look(filepath.Join(dir, name)).exists() {
			return true
		}
	}
	return false
}

// gitDir returns the git folder of the work tree that root lies in, or "". For
// a linked work tree that is its own folder below .git/worktrees, where its
// HEAD and its index are; for a submodule, the one below .git/modules. The git
// command would know, but it is asked after each report and need not exist.
func gitDir(root string) string {
	root, err := filepath.Abs(root)
	if err != nil {
		return ""
	}
	for dir := root; ; dir = filepath.Dir(dir) {
		dot := filepath.Join(dir, ".git")
		s := look(dot)
		switch {
		case s.isDir():
			return dot
		case s.exists():
			data, err := os.ReadFile(dot)
			if err != nil {
				return ""
			}
			target, ok := strings.CutPrefix(strings.TrimSpace(string(data)), "gitdir:")
			if !ok {
				return ""
			}
			target = strings.TrimSpace(target)
			if !filepath.IsAbs(target) {
				target = filepath.Join(dir, target)
			}
			return target
		case dir == filepath.Dir(dir):
			return ""
		}
	}
}

// gitIgnored returns the folders below root that git ignores or that hold
// nothing but what it ignores. It is empty if git is not there, does not answer
// in time or knows nothing of root: then everything is watched, which is right
// and only costs more.
func gitIgnored(ctx context.Context, root string) (dirs []string) {
	if gitDir(root) == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, maxGit)
	defer cancel()
	// core.fsmonitor may name a program, and the repository a stranger's.
	cmd := exec.CommandContext(ctx, "git", "-c", "core.fsmonitor=false",
		"ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return nil
	}
	for name := range strings.SplitSeq(string(out), "\x00") {
		if dir, ok := strings.CutSuffix(name, "/"); ok && dir != "." {
			dirs = append(dirs, filepath.Join(root, filepath.FromSlash(dir)))
		}
	}
	return dirs
}
