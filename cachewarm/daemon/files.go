package daemon

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/gohearth/hearth/cachewarm"
	"github.com/gohearth/hearth/cachewarm/session"
	"github.com/gohearth/hearth/cachewarm/watch"
	"github.com/gohearth/hearth/internal/lsp"
)

// files is the watcher of a session's workspace.
type files struct{ tree *watch.Tree }

// watchFiles watches what gopls loads for the folder root, as the editor's
// settings in its initialize parameters have it.
func watchFiles(ctx context.Context, root string, params json.RawMessage, log *slog.Logger, notify func([]session.FileChange)) session.Watcher {
	var settings map[string]any
	_ = json.Unmarshal(lsp.Member(params, "initializationOptions"), &settings) // none: the defaults
	filters, _ := cachewarm.Setting(settings, "directoryFilters")
	included := cachewarm.DirectoryFilter(filters)
	tree, err := watch.NewTree(ctx, watch.TreeOptions{
		Roots: cachewarm.Folders(root),
		Include: func(dir string) bool {
			rel, err := filepath.Rel(root, dir)
			return err != nil || !filepath.IsLocal(rel) || included(filepath.ToSlash(rel))
		},
		Log: log,
	}, func(events []watch.Event) {
		changes := make([]session.FileChange, len(events))
		for i, e := range events {
			changes[i] = session.FileChange{Path: e.Path, Type: e.Change}
		}
		notify(changes)
	})
	if err != nil {
		log.Error("watching the workspace", "error", err)
		return nil
	}
	return files{tree}
}

func (f files) Flush()                { f.tree.Flush(context.Background()) }
func (f files) Absorb(paths []string) { f.tree.Absorb(paths) }

func (f files) String() string {
	dirs, n, mode := f.tree.Status()
	return fmt.Sprintf("%d files in %d folders, by %s", n, dirs, mode)
}
