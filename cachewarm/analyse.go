package cachewarm

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gohearth/hearth/cachewarm/profile"
)

// What is open at a time. gopls keeps the types of open packages and of all
// that they import: 32 packages of kubernetes cost some hundred MB, and a
// larger batch is no faster on two cores. Packages differ in size, hence the
// bound on files.
const (
	batchPackages = 32
	batchFiles    = 600
)

// analyse has gopls load the workspace and analyse packages. Loading fills the
// cache with all but the analyzers' results: those gopls computes only for
// packages with an open file, so one file of each is opened for a moment.
//
// A second run finds nearly all of it done. Nearly, since the facts of some
// analyzers are not encoded the same way twice, and the entries of packages
// further up are keyed by them.
func (w *warmer) analyse(ctx context.Context, s *Step, p profile.Profile) error {
	s.Detail = p.Editor
	if w.listing == nil {
		return skip("the packages are not known")
	}
	if w.kept == nil || w.kept.key != cacheKey(p.RelatedInformation(), w.Settings(p.Settings())) {
		w.discard()
		var err error
		if w.kept, err = w.open(ctx, p); err != nil {
			return err
		}
	}
	e := w.kept
	packages, err := w.selected(ctx, e.settings)
	if err != nil {
		return err
	}
	if len(packages) == 0 {
		return skip("there is no package to analyse")
	}
	roots := w.listing.roots(packages)
	for done := 0; done < len(roots); {
		w.Progress(StepGopls, fmt.Sprintf("%d of %d packages", done, len(roots)))
		n := batch(roots[done:])
		if err := w.analysePart(ctx, e, roots[done:done+n]); err != nil {
			return err
		}
		done += n
	}
	w.report.Packages += len(packages)
	if left := len(w.listing.packages) - len(packages); left > 0 {
		s.Detail += fmt.Sprintf(": %d packages, %d left out", len(packages), left)
	}
	return w.settle(ctx)
}

func (w *warmer) analysePart(ctx context.Context, e *editor, part []root) error {
	var files []string
	for _, r := range part {
		if Open(e.Client, r.file) == nil { // else it was removed meanwhile
			files = append(files, r.file)
		}
	}
	if err := e.diagnose(ctx, files); err != nil {
		return err
	}
	w.report.Files += len(files)
	for _, file := range files {
		if err := e.close(file); err != nil {
			return err
		}
	}
	return nil
}

// batch returns how many of the roots to open together: some of one level.
func batch(roots []root) int {
	files := 0
	for i, r := range roots {
		files += r.size
		if i == batchPackages || i > 0 && files > batchFiles || r.level != roots[0].level {
			return i
		}
	}
	return len(roots)
}

// selected returns the packages that gopls counts to the workspace under these
// settings, and of them those that the policy wants warm.
func (w *warmer) selected(ctx context.Context, settings map[string]any) ([]listed, error) {
	var wanted map[string]bool
	if len(w.Packages) > 0 {
		args := append([]string{"list", "-e"}, w.BuildFlags...)
		out, err := output(w.Go(ctx, append(append(args, "--"), w.Packages...)...))
		if err != nil {
			return nil, err
		}
		wanted = make(map[string]bool)
		for _, importPath := range strings.Fields(string(out)) {
			wanted[importPath] = true
		}
	}
	value, _ := Setting(settings, "expandWorkspaceToModule")
	expand, stated := value.(bool)
	expand = expand || !stated
	value, _ = Setting(settings, "directoryFilters")
	included := DirectoryFilter(value)

	var list []listed
	for _, p := range w.listing.packages {
		rel, err := filepath.Rel(w.Root, p.Dir)
		below := err == nil && filepath.IsLocal(rel)
		if wanted != nil && !wanted[p.ImportPath] || !expand && !below || below && !included(filepath.ToSlash(rel)) {
			continue
		}
		list = append(list, p)
	}
	return list, nil
}

// DirectoryFilter returns what gopls makes of the setting directoryFilters: a
// function that reports whether a folder, relative to the workspace folder,
// belongs to the workspace. The last filter that matches decides.
func DirectoryFilter(value any) func(dir string) bool {
	rules := []string{"-**/node_modules"} // what gopls has if nothing is set
	switch list := value.(type) {
	case []string:
		rules = list
	case []any:
		rules = nil
		for _, rule := range list {
			rules = append(rules, fmt.Sprint(rule))
		}
	}
	type filter struct {
		include bool
		re      *regexp.Regexp
	}
	var filters []filter
	for _, rule := range rules {
		if rule == "" || rule[0] != '+' && rule[0] != '-' {
			continue // gopls refuses it
		}
		expr := "^/"
		if dir := path.Clean(filepath.ToSlash(rule[1:])); dir != "." {
			for part := range strings.SplitSeq(dir, "/") {
				if part == "**" {
					expr += "(.*/)?" // any number of folders, also none
				} else {
					expr += regexp.QuoteMeta(part) + "/"
				}
			}
		}
		filters = append(filters, filter{rule[0] == '+', regexp.MustCompile(expr)})
	}
	return func(dir string) bool {
		dir = "/" + strings.TrimPrefix(dir, "./") + "/"
		include := true
		for _, f := range filters {
			if f.re.MatchString(dir) {
				include = f.include
			}
		}
		return include
	}
}
