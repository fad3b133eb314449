package bench

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// What git tells of where people work. A commit that touches very many files
// moved or renamed something, and with only a few commits the files of the first
// one would all be as hot as each other.
const (
	lastCommits = 500
	bulkCommit  = 50
	fewCommits  = 10
)

// Sources are the files of a workspace that people write.
type Sources interface {
	Has(file string) bool                                // whether it is one of them
	All(ctx context.Context) (files []string, err error) // absolute, in the order of the file system
}

// HotFiles returns up to n files below dir to work on, absolute: those that most
// of the last commits touched, and, where git has no history to speak of, large
// files of the packages with the most files. The same tree and history give the
// same files, in the same order. From says which of both it was.
func HotFiles(ctx context.Context, dir string, sources Sources, n int) (files []string, from string, err error) {
	counts, commits := history(ctx, dir)
	candidates, from := byCount(counts), fmt.Sprintf("the last %d commits", commits)
	if commits < fewCommits {
		all, err := sources.All(ctx)
		if err != nil {
			return nil, "", err
		}
		candidates, from = bySize(all), "the largest packages"
	}
	for _, file := range candidates {
		if err := context.Cause(ctx); err != nil {
			return nil, "", err
		}
		if len(files) < n && sources.Has(file) && worthwhile(file) {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return nil, "", fmt.Errorf("no file of %s has anything to ask about", dir)
	}
	return files, from, nil
}

// history returns how many of the last commits touched each Go file below dir,
// and how many commits there are that tell anything. Without git there are none.
func history(ctx context.Context, dir string) (counts map[string]int, commits int) {
	cmd := exec.CommandContext(ctx, "git", "-C", dir, "-c", "core.quotePath=false", "log", "--no-merges",
		fmt.Sprintf("--max-count=%d", lastCommits), "--format=%x00", "--name-only", "--relative", "--", "*.go")
	out, err := cmd.Output()
	if err != nil {
		return nil, 0
	}
	counts = make(map[string]int)
	for commit := range strings.SplitSeq(string(out), "\x00") {
		files := strings.FieldsFunc(commit, func(r rune) bool { return r == '\n' })
		if len(files) == 0 || len(files) > bulkCommit {
			continue
		}
		commits++
		for _, file := range files {
			counts[filepath.Join(dir, filepath.FromSlash(file))]++
		}
	}
	return counts, commits
}

func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

// bySize takes the largest file of each package, the packages with the most
// files first, then the second largest of each, and so on.
func bySize(files []string) (list []string) {
	size := make(map[string]int64)
	packages := make(map[string][]string)
	for _, file := range files {
		if info, err := os.Stat(file); err == nil {
			size[file] = info.Size()
		}
		packages[filepath.Dir(file)] = append(packages[filepath.Dir(file)], file)
	}
	dirs := slices.SortedFunc(maps.Keys(packages), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(packages[b]), len(packages[a])), cmp.Compare(a, b))
	})
	for _, dir := range dirs {
		slices.SortFunc(packages[dir], func(a, b string) int {
			return cmp.Or(cmp.Compare(size[b], size[a]), cmp.Compare(a, b))
		})
	}
	for i := 0; len(list) < len(files); i++ {
		for _, dir := range dirs {
			if i < len(packages[dir]) {
				list = append(list, packages[dir][i])
			}
		}
	}
	return list
}

// worthwhile reports whether a file is there, was written by hand, and has
// something to ask about.
func worthwhile(name string) bool {
	src, err := os.ReadFile(name)
	if err != nil {
		return false // history only
	}
	tree, err := parser.ParseFile(token.NewFileSet(), name, src, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil || ast.IsGenerated(tree) {
		return false
	}
	f, err := parseFile(name, src)
	return err == nil && f.edit(f.positions().names) != nil
}
