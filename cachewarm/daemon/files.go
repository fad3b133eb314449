package daemon

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/cachewarm/session"
	"github.com/gohearth/hearth/cachewarm/watch"
	"github.com/gohearth/hearth/internal/lsp"
)

// flushTimeout bounds how long an editor that comes waits for a look at the
// files. A scan that takes longer reports when it is done.
const flushTimeout = 2 * time.Second

// moduleQuiet is how long a go.work outside the workspace must be left alone.
const moduleQuiet = 200 * time.Millisecond

// files watches what gopls loads for the workspace of a session.
type files struct {
	tree     *watch.Tree
	roots    []string // the workspace folders
	folders  []string // that are watched
	notify   func([]session.FileChange)
	outdated func() // gopls loads other folders now
}

// watchFiles watches the folders that gopls loads for the workspace folders in
// initialize parameters. A go.mod or go.work that is changed so that they are
// others makes the session outdated: a gopls of before would load the new ones,
// but nobody would watch them.
func watchFiles(ctx context.Context, dir string, params json.RawMessage, log *slog.Logger, notify func([]session.FileChange), outdated func()) session.Watcher {
	roots := workspaceFolders(dir, params)
	f := &files{roots: roots, folders: cachewarm.Folders(roots...), notify: notify, outdated: outdated}
	var settings map[string]any
	_ = json.Unmarshal(lsp.Member(params, "initializationOptions"), &settings) // none: the defaults
	filters, _ := cachewarm.Setting(settings, "directoryFilters")
	included := cachewarm.DirectoryFilter(filters)
	tree, err := watch.NewTree(ctx, watch.TreeOptions{
		Roots: f.folders,
		Include: func(path string) bool {
			rel, err := filepath.Rel(dir, path)
			return err != nil || !filepath.IsLocal(rel) || included(filepath.ToSlash(rel))
		},
		Log: log,
	}, f.changed)
	if err != nil {
		log.Error("watching the workspace", "error", err)
		return nil
	}
	f.tree = tree
	f.watchOutside(ctx, log)
	return f
}

// workspaceFolders returns the folders that an editor opens; dir is the one that
// the session is named after.
func workspaceFolders(dir string, params json.RawMessage) []string {
	var p struct{ WorkspaceFolders []lsp.WorkspaceFolder }
	_ = json.Unmarshal(params, &p) // null: dir alone
	roots := []string{dir}
	for _, folder := range p.WorkspaceFolders {
		if path, err := folder.URI.Path(); err == nil && !slices.Contains(roots, path) {
			roots = append(roots, path)
		}
	}
	return roots
}

// watchOutside watches the module files that lie above the folders.
func (f *files) watchOutside(ctx context.Context, log *slog.Logger) {
	var outside []string
	for _, root := range f.roots {
		for _, path := range cachewarm.ModuleFiles(root) {
			if !slices.ContainsFunc(f.folders, func(dir string) bool {
				rel, err := filepath.Rel(dir, path)
				return err == nil && filepath.IsLocal(rel)
			}) {
				outside = append(outside, path)
			}
		}
	}
	if len(outside) == 0 {
		return
	}
	changes, err := watch.Files(ctx, outside, moduleQuiet)
	if err != nil {
		log.Warn("watching module files", "error", err) // it polls instead
	}
	go func() {
		for range changes {
			var list []watch.Event
			for _, path := range outside {
				list = append(list, watch.Event{Path: path, Change: lsp.FileChanged})
			}
			f.changed(list)
		}
	}()
}

// changed reports changes, unless they make the session outdated.
func (f *files) changed(events []watch.Event) {
	changes := make([]session.FileChange, len(events))
	modules := false
	for i, e := range events {
		changes[i] = session.FileChange{Path: e.Path, Type: e.Change}
		switch filepath.Base(e.Path) {
		case "go.mod", "go.work":
			modules = true
		}
	}
	if modules && !slices.Equal(f.folders, cachewarm.Folders(f.roots...)) {
		f.outdated()
		return
	}
	f.notify(changes)
}

func (f *files) Flush() {
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	f.tree.Flush(ctx)
}

func (f *files) Absorb(paths []string) { f.tree.Absorb(paths) }

func (f *files) String() string {
	dirs, n, mode := f.tree.Status()
	return fmt.Sprintf("%d files in %d folders, by %s", n, dirs, mode)
}
