package cachewarm

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gohearth/hearth/cachewarm/profile"
	"github.com/gohearth/hearth/internal/lsp"
)

// editor is a gopls with the workspace open.
type editor struct {
	*lsp.Client
	settings map[string]any
	key      string // which cache entries it reads
	started  time.Time
}

// open starts gopls as the editor of the profile does. It returns before the
// workspace is loaded: gopls makes the first request wait for that.
func (w *warmer) open(ctx context.Context, p profile.Profile) (*editor, error) {
	settings := w.Settings(p.Settings())
	e := &editor{settings: settings, key: cacheKey(p.RelatedInformation(), settings), started: time.Now()}
	var err error
	e.Client, err = lsp.Start(lsp.Command{
		Args: []string{w.Gopls},
		Dir:  w.Root,
		Env:  w.Env,
	}, lsp.Options{Settings: e.settings})
	if err != nil {
		return nil, fmt.Errorf("starting gopls: %w", err)
	}
	if _, err := e.Initialize(ctx, p.Initialize(w.Root, e.settings)); err != nil {
		e.Close()
		return nil, fmt.Errorf("initializing gopls: %w", err)
	}
	return e, nil
}

// close closes a file.
func (e *editor) close(file string) error {
	return e.Notify("textDocument/didClose", lsp.DidCloseParams{
		TextDocument: lsp.TextDocumentIdentifier{URI: lsp.FileURI(file)},
	})
}

// diagnose has gopls type-check the workspace and analyse the packages of the
// open files. It is done when this returns, whatever files are named: they only
// choose the view.
func (e *editor) diagnose(ctx context.Context, files []string) error {
	var args struct{ Files []lsp.URI }
	for _, file := range files {
		args.Files = append(args.Files, lsp.FileURI(file))
	}
	arg, err := json.Marshal(args)
	if err != nil {
		return err
	}
	return e.Call(ctx, "workspace/executeCommand", lsp.ExecuteCommandParams{
		Command: "gopls.diagnose_files", Arguments: []json.RawMessage{arg},
	}, nil)
}

// hoverBefore measures the first hover with the caches as they are, and keeps
// the gopls that answered.
func (w *warmer) hoverBefore(ctx context.Context, s *Step) error {
	s.Detail = w.target.File
	e, err := w.open(ctx, w.Profiles[0])
	if err != nil {
		return err
	}
	if err := w.target.Hover(ctx, e.Client); err != nil {
		e.Close()
		return err
	}
	w.report.FirstHoverBefore.Duration = time.Since(e.started)
	w.kept = e
	return e.close(w.target.File)
}

// hoverAfter does the same in a new process.
func (w *warmer) hoverAfter(ctx context.Context, s *Step) error {
	s.Detail = w.target.File
	e, err := w.open(ctx, w.Profiles[0])
	if err != nil {
		return err
	}
	defer e.Close()
	if err := w.target.Hover(ctx, e.Client); err != nil {
		return err
	}
	w.report.FirstHoverAfter.Duration = time.Since(e.started)
	e.end(ctx)
	return nil
}

// endGrace is how long gopls may take to end in good order: it waits for the go
// commands that it runs.
const endGrace = 5 * time.Second

// end ends gopls. How it ends is of no interest: the answer is there, and what
// gopls caches is renamed into place.
func (e *editor) end(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, endGrace)
	defer cancel()
	_ = e.Shutdown(ctx)
}

// discard ends the kept gopls at once.
func (w *warmer) discard() {
	if w.kept != nil {
		w.kept.Close()
		w.kept = nil
	}
}

// distinct leaves one profile for each set of cache entries.
func distinct(all []profile.Profile, settings func(map[string]any) map[string]any) (list []profile.Profile) {
	if len(all) == 0 {
		all = []profile.Profile{profile.Builtin("vscode")}
	}
	var seen []string
	for _, p := range all {
		if key := cacheKey(p.RelatedInformation(), settings(p.Settings())); !slices.Contains(seen, key) {
			seen = append(seen, key)
			list = append(list, p)
		}
	}
	return list
}

// keySettings are the settings that decide which entries of the file cache an
// editor reads: they are in the keys, or choose the analyzers, whose names are,
// or the packages. Two editors that differ in others share a warm cache.
var keySettings = []string{
	"linkTarget", "analyses", "staticcheck", "buildFlags", "env",
	"directoryFilters", "expandWorkspaceToModule", "standaloneTags", "includeReplaceInWorkspace",
}

func cacheKey(relatedInformation bool, settings map[string]any) string {
	relevant := map[string]any{"relatedInformation": relatedInformation}
	for _, name := range keySettings {
		if value, ok := Setting(settings, name); ok {
			relevant[name] = value
		}
	}
	key, err := json.Marshal(relevant) // in order
	if err != nil {
		panic(fmt.Sprintf("cachewarm: settings that are not JSON: %v", err))
	}
	return string(key)
}

// Setting returns a setting by the last part of its name, which is all that
// gopls looks at.
func Setting(settings map[string]any, name string) (any, bool) {
	if value, ok := settings[name]; ok {
		return value, true
	}
	for long, value := range settings {
		if strings.HasSuffix(long, "."+name) {
			return value, true
		}
	}
	return nil, false
}
