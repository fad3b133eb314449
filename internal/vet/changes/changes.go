// Package changes tells which lines of a work tree are newer than a revision.
//
// It asks the git command, which knows about renames, filters and
// configuration what a library would have to learn. Uncommitted lines are new,
// and so is every line of an untracked file. Files that git ignores are old,
// since no change can bring them in. Submodules are followed from the commit
// that the revision has of them.
//
// A file that is in none of these repositories has no history to go by: all
// of it is new.
package changes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/hint"
)

// Lines are the lines of a work tree that a revision did not have.
type Lines struct {
	top string // of the work tree
	// files holds what is new by absolute name; a file without an entry is old.
	files map[string]spans
}

// spans are ranges of lines, in order. all is an untracked file.
type spans struct {
	all  bool
	list []span
}

type span struct{ first, last int }

// Since returns the lines of the work tree around dir that revision rev did not
// have.
func Since(ctx context.Context, dir, rev string) (*Lines, error) {
	g, err := open(ctx, dir)
	if err != nil {
		return nil, err
	}
	commit, err := g.commit(ctx, rev)
	if err != nil {
		return nil, err
	}
	return g.since(ctx, commit)
}

// SinceMergeBase returns the lines that are new since the work tree around dir
// left branch.
func SinceMergeBase(ctx context.Context, dir, branch string) (*Lines, error) {
	g, err := open(ctx, dir)
	if err != nil {
		return nil, err
	}
	commit, err := g.commit(ctx, branch)
	if err != nil {
		return nil, err
	}
	base, err := g.run(ctx, "merge-base", "HEAD", commit)
	if err != nil {
		if _, exited := errors.AsType[*exec.ExitError](err); !exited {
			return nil, err
		}
		err = fmt.Errorf("HEAD and %q have no common commit here", branch)
		if g.shallow(ctx) {
			return nil, hint.Add(err, "the clone is shallow: write fetch-depth: 0 in the checkout step, or run \"git fetch --unshallow\"")
		}
		return nil, hint.Add(err, "name the branch that this one began on, or write --new-from=REV")
	}
	return g.since(ctx, strings.TrimSpace(base))
}

// Has reports whether a line of a file is new. Lines count from 1; 0 stands for
// the file as a whole.
func (l *Lines) Has(file string, line int) bool {
	s, ok := l.files[file]
	switch {
	case !ok:
		return !within(l.top, file)
	case s.all || line == 0:
		return true
	}
	return slices.ContainsFunc(s.list, func(s span) bool { return s.first <= line && line <= s.last })
}

func within(dir, file string) bool {
	rel, err := filepath.Rel(dir, file)
	return err == nil && filepath.IsLocal(rel)
}

// repository is a git work tree.
type repository struct{ top string }

// open returns the work tree that dir is in.
func open(ctx context.Context, dir string) (*repository, error) {
	g := &repository{dir}
	top, err := g.run(ctx, "rev-parse", "--show-toplevel")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, hint.Add(errors.New("finding new lines: there is no git command on PATH"), "install git")
	case err != nil && strings.Contains(err.Error(), "not a git repository"):
		return nil, hint.Add(fmt.Errorf("finding new lines: %q is in no git repository", dir), "leave out --new-from, or write a baseline: hearth vet --write-baseline")
	case err != nil:
		return nil, err // "dubious ownership", say, for which git knows the command
	}
	g.top = filepath.FromSlash(strings.TrimRight(top, "\r\n"))
	return g, nil
}

// commit returns the commit that rev names.
func (g *repository) commit(ctx context.Context, rev string) (string, error) {
	if commit, ok := g.resolve(ctx, rev); ok {
		return commit, nil
	}
	err := fmt.Errorf("git knows no revision %q", rev)
	if _, ok := g.resolve(ctx, "origin/"+rev); ok {
		return "", hint.Add(err, "write origin/%s", rev)
	}
	if g.shallow(ctx) {
		return "", hint.Add(err, "the clone is shallow: write fetch-depth: 0 in the checkout step, or run \"git fetch --unshallow\"")
	}
	return "", hint.Add(err, "\"git log --oneline\" lists commits, \"git branch --all\" branches")
}

func (g *repository) resolve(ctx context.Context, rev string) (string, bool) {
	out, err := g.run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	return strings.TrimSpace(out), err == nil
}

func (g *repository) shallow(ctx context.Context) bool {
	out, err := g.run(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(out) == "true"
}

// since collects what is newer than commit, here and in submodules.
func (g *repository) since(ctx context.Context, commit string) (*Lines, error) {
	l := &Lines{top: g.top, files: make(map[string]spans)}
	return l, g.collect(ctx, l, commit)
}

func (g *repository) collect(ctx context.Context, l *Lines, commit string) error {
	// Whatever the user's configuration says, the format is the one that parse
	// reads. Submodules are gone into below: git's own --submodule=diff leaves
	// out their untracked files.
	diff, err := g.run(ctx, "diff", "--unified=0", "--find-renames", "--no-color", "--no-ext-diff", "--no-textconv",
		"--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=all", "--inter-hunk-context=0", commit, "--")
	if err != nil {
		return err
	}
	changed, err := parse(diff)
	if err != nil {
		return err
	}
	for file, list := range changed {
		l.files[g.path(file)] = spans{list: list}
	}
	untracked, err := g.run(ctx, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return err
	}
	for file := range strings.SplitSeq(untracked, "\x00") {
		if file != "" {
			l.files[g.path(file)] = spans{all: true}
		}
	}
	return g.submodules(ctx, l, commit)
}

// submodules collects what is new in those submodules that are checked out.
func (g *repository) submodules(ctx context.Context, l *Lines, commit string) error {
	if _, err := os.Stat(filepath.Join(g.top, ".gitmodules")); err != nil {
		return nil // git wants that file for each submodule
	}
	staged, err := g.run(ctx, "ls-files", "--stage", "-z")
	if err != nil {
		return err
	}
	for entry := range strings.SplitSeq(staged, "\x00") {
		meta, file, _ := strings.Cut(entry, "\t")
		if !strings.HasPrefix(meta, "160000 ") { // the mode of a submodule
			continue
		}
		sub := &repository{g.path(file)}
		if _, err := os.Stat(filepath.Join(sub.top, ".git")); err != nil {
			continue // not checked out
		}
		old, err := g.run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", commit+":"+file)
		if err != nil {
			// It is new: all of it differs from a tree without files.
			if old, err = sub.run(ctx, "hash-object", "-t", "tree", "--stdin"); err != nil {
				return err
			}
		}
		if err := sub.collect(ctx, l, strings.TrimSpace(old)); err != nil {
			return fmt.Errorf("submodule %q: %w", file, err)
		}
	}
	return nil
}

func (g *repository) path(file string) string { return filepath.Join(g.top, filepath.FromSlash(file)) }

// run runs git in the work tree.
func (g *repository) run(ctx context.Context, args ...string) (string, error) {
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "core.quotePath=false", "-C", g.top}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	// A hook runs with GIT_DIR and GIT_INDEX_FILE of the repository that it is
	// in, which a submodule is not; git finds them by itself. Messages are
	// compared with English ones.
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "GIT_DIR=") || strings.HasPrefix(v, "GIT_WORK_TREE=") ||
			strings.HasPrefix(v, "GIT_INDEX_FILE=") || strings.HasPrefix(v, "GIT_PREFIX=")
	}), "LC_ALL=C")
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(errs.Bytes()))
	}
	return out.String(), nil
}
