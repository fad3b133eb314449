package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gohearth/hearth/cachewarm/daemon"
	"github.com/gohearth/hearth/cachewarm/shim"
	"github.com/gohearth/hearth/goplsconfig"
	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/recall"
	"github.com/gohearth/hearth/toolchain"
)

// lastBackend is what an editor of a workspace was served by last, together with all
// that this hangs on but the Go of the workspace. While that is the same, the next editor
// need not wait until the policy has been read and checked once more: half of the
// time in which it attaches.
type lastBackend struct {
	Files     []string // that decide the policy
	Modules   bool     // its rules hang on the versions of the build
	State     string   // see [lastBackend.state]
	Toolchain string   // its key
	Key       string
	Command   []string
	MCP       bool
	Gopls     map[string]any // the settings of the policy
}

// newLastBackend returns the backend of a workspace as it is now, without its state. ok is
// false where there is none, or where more decides it than state tells, such as the
// sources of a plugin.
func newLastBackend(ctx context.Context, dir string, g toolchain.Go) (l *lastBackend, ok bool) {
	files := policyFiles(dir)
	w, t, ok := openBuilt(dir, g)
	if !ok {
		return nil, false
	}
	r, err := w.resolve(ctx, t)
	if err != nil || len(r.Plugins) > 0 || len(r.Ignored) > 0 {
		return nil, false
	}
	b, err := w.backend(r)
	if err != nil {
		return nil, false
	}
	spec := sessionSpec(b, t)
	return &lastBackend{
		Files: files, Modules: r.namesModules, Toolchain: t.Key,
		Key: spec.Key, Command: spec.Command, MCP: spec.MCP, Gopls: r.Gopls,
	}, true
}

// state is a hash of all that decides the backend of a workspace whose Go is g: what the
// file system tells of the policy's files and of this program; hearth's variables; the
// day, as exceptions in a policy end with one; the modules of the build. It is "" where
// more decides, or where it cannot be told.
//
// settled is how long all files must have been as they are: far longer than it takes to
// read them, so that none was another one when it was read.
func (l *lastBackend) state(dir string, g toolchain.Go, settled time.Duration) string {
	exe, err := os.Executable()
	if err != nil {
		return ""
	}
	files, youngest, err := recall.Files(append(slices.Clone(l.Files), exe))
	if err != nil || time.Since(youngest) < settled {
		return ""
	}
	decides := []string{files, time.Now().Format(time.DateOnly)}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "HEARTH") && name != tokenVariable && name != jwtVariable {
			decides = append(decides, entry)
		}
	}
	for _, file := range l.Files {
		// A repository ends the search for its policy. When its .git changed says nothing.
		git := filepath.Join(filepath.Dir(file), ".git")
		if _, err := os.Lstat(git); err == nil && filepath.Base(file) == goplsconfig.FileName {
			decides = append(decides, git)
		}
	}
	if l.Modules {
		policy := resolved{Resolved: &goplsconfig.Resolved{Gopls: l.Gopls}}
		modules, ok := recallOf(dir, g, true).State(recall.Command{Args: policy.buildFlags(), Env: policy.env()})
		if !ok {
			return ""
		}
		decides = append(decides, modules)
	}
	slices.Sort(decides)
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%q", decides)))
}

// settledAge is the age of files that are believed to be what they were.
var settledAge = time.Minute

// rememberBackend notes, for the next editor, what serves a workspace whose Go is g. It
// looks twice, with the state between the two: what was removed, or exchanged for
// an old file, while it was read says of no file that it is young.
func rememberBackend(ctx context.Context, store *toolchain.Store, dir string, g toolchain.Go) error {
	path := store.BackendPath(dir)
	forget := func() error {
		if err := os.Remove(path); !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	first, ok := newLastBackend(ctx, dir, g)
	if !ok {
		return forget()
	}
	state := first.state(dir, g, settledAge)
	if state == "" {
		return forget()
	}
	last, ok := newLastBackend(ctx, dir, g)
	if !ok || last.state(dir, g, settledAge) != state {
		return forget()
	}
	last.State = state
	data, err := json.Marshal(last)
	if err != nil {
		return err
	}
	return atomicfile.WriteCache(path, data, 0o600)
}

// readLastBackend returns the backend of a workspace whose Go is g, if it is still the
// one that was remembered.
func readLastBackend(store *toolchain.Store, dir string, g toolchain.Go) (b shim.Backend, spec daemon.Spec, ok bool) {
	var last lastBackend
	data, err := os.ReadFile(store.BackendPath(dir))
	if err != nil || json.Unmarshal(data, &last) != nil || last.State == "" || last.State != last.state(dir, g, 0) {
		return b, spec, false
	}
	t, ok := store.Lookup(last.Toolchain)
	if !ok || t.Go != g.Version {
		return b, spec, false
	}
	if _, err := os.Stat(last.Command[0]); err != nil {
		return b, spec, false // the policy was unbound
	}
	policy := goplsconfig.Resolved{Gopls: last.Gopls}
	b = shim.Backend{
		Command: last.Command, Env: environOf(g), Dir: dir,
		Settings: policy.MergeSettings, Key: last.Key, Spare: spare(dir),
	}
	return b, daemon.Spec{Key: b.Key, Command: b.Command, Env: b.Env, Dir: dir, MCP: last.MCP}, true
}
