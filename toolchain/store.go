package toolchain

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/userdir"
)

// manifestName is the file that makes a folder of the store a toolchain.
const manifestName = "toolchain.json"

// Store is the folder that holds the built toolchains:
//
//	toolchains/KEY/{gopls,vettool,nocompile,toolchain.json}
//	bound/KEY-POLICY/{gopls,vettool,policy.json}   see Bind
//	last/WORKSPACE                                 see Use
//	go/WORKSPACE                                   see UseGo
//	gocached/KEY/gocached                          see Gocached
//	taken/SERVER/                                  see TakenDir
//	locks/, tmp/
type Store struct{ dir string }

// OpenStore returns the user's store. It creates nothing.
func OpenStore() (*Store, error) {
	dir, err := userdir.Cache()
	if err != nil {
		return nil, err
	}
	return &Store{dir}, nil
}

// Dir returns the folder of the store.
func (s *Store) Dir() string { return s.dir }

// TakenDir returns the folder for what a cache server sent. It is one for each
// server, so that a server is believed only by those who named it.
func (s *Store) TakenDir(server string) string {
	return filepath.Join(s.dir, "taken", digestOf(server))
}

// Lookup returns the toolchain with the given key if it was built, and marks
// it as used now.
func (s *Store) Lookup(key string) (*Toolchain, bool) {
	t, err := s.read(filepath.Join(s.dir, "toolchains", key))
	if err != nil {
		return nil, false
	}
	now := time.Now()
	_ = os.Chtimes(filepath.Join(t.dir, manifestName), now, now) // prune's clock; a read-only store still works
	return t, true
}

func (s *Store) read(dir string) (*Toolchain, error) {
	data, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, err
	}
	t := &Toolchain{dir: dir}
	if err := json.Unmarshal(data, t); err != nil {
		return nil, fmt.Errorf("reading %q: %w", filepath.Join(dir, manifestName), err)
	}
	return t, nil
}

// Bound is a toolchain together with the policy that it obeys.
type Bound struct {
	*Toolchain
	Policy *policy.Policy
	dir    string
}

func (b *Bound) GoplsPath() string {
	return filepath.Join(b.dir, filepath.Base(b.Toolchain.GoplsPath()))
}
func (b *Bound) VettoolPath() string {
	return filepath.Join(b.dir, filepath.Base(b.Toolchain.VettoolPath()))
}

// Bind returns binaries of t that read policy p when they start.
//
// A binary finds its policy beside itself, so a bound folder holds hard links
// to both binaries and the policy. The path alone then says what a run will
// answer: it can be given to `go vet -vettool`, to an editor or to a script
// without an environment variable that somebody has to pass on. gopls keys its
// file cache by the executable's bytes, not by its path, so every policy
// shares one warm cache.
func (s *Store) Bind(t *Toolchain, p *policy.Policy) (*Bound, error) {
	b := &Bound{t, p, filepath.Join(s.dir, "bound", t.Key+"-"+p.Digest()[:16])}
	if _, err := os.Stat(filepath.Join(b.dir, policy.FileName)); err == nil {
		return b, nil
	}
	tmp, err := s.tempDir("bound")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	for _, exe := range []string{t.GoplsPath(), t.VettoolPath()} {
		if err := linkOrCopy(exe, filepath.Join(tmp, filepath.Base(exe))); err != nil {
			return nil, fmt.Errorf("binding the policy to %q: %w", exe, err)
		}
	}
	if err := os.WriteFile(filepath.Join(tmp, policy.FileName), p.Marshal(), 0o644); err != nil {
		return nil, fmt.Errorf("binding the policy: %w", err)
	}
	return b, s.publish(tmp, b.dir)
}

// linkOrCopy makes to another name of from, or a copy where the file system
// has no hard links.
func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// publish moves a finished folder to its final place. Losing the race against
// another process is success: the content is the same.
func (s *Store) publish(tmp, final string) error {
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return err
	}
	err := os.Rename(tmp, final)
	if err != nil {
		if _, statErr := os.Stat(final); statErr == nil {
			return nil
		}
		return fmt.Errorf("publishing %q: %w", final, err)
	}
	return nil
}

func (s *Store) tempDir(pattern string) (string, error) {
	parent := filepath.Join(s.dir, "tmp")
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", hint.Add(fmt.Errorf("creating the toolchain store: %w", err),
			"set HEARTH_CACHE to a folder that you can write to")
	}
	return os.MkdirTemp(parent, pattern+"-*")
}

// lock keeps other processes from building the same key.
func (s *Store) lock(key string) (unlock func(), err error) {
	dir := filepath.Join(s.dir, "locks")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, hint.Add(fmt.Errorf("creating the toolchain store: %w", err),
			"set HEARTH_CACHE to a folder that you can write to")
	}
	unlock, err = lockedfile.MutexAt(filepath.Join(dir, key)).Lock()
	if err != nil {
		return nil, fmt.Errorf("locking the toolchain store: %w", err)
	}
	return unlock, nil
}

// Use records that a workspace was last served by t, so that [Store.Last] can
// serve it again while a newer policy does not build. An editor waits for it,
// and seldom says anything new: it writes only what differs.
func (s *Store) Use(workspace string, t *Toolchain) error {
	if data, err := os.ReadFile(s.lastPath(workspace)); err == nil && string(data) == t.Key+"\n" {
		return nil
	}
	return atomicfile.WriteCache(s.lastPath(workspace), []byte(t.Key+"\n"), 0o644)
}

// Forget takes back what [Store.Use] and [Store.UseGo] recorded of a workspace
// that is no more, and what is at its [Store.BackendPath].
func (s *Store) Forget(workspace string) {
	_ = os.Remove(s.BackendPath(workspace))
	_ = os.Remove(s.lastPath(workspace))
	_ = os.Remove(s.goPath(workspace))
}

// Last returns the toolchain that served a workspace last.
func (s *Store) Last(workspace string) (*Toolchain, bool) {
	data, err := os.ReadFile(s.lastPath(workspace))
	if err != nil {
		return nil, false
	}
	return s.Lookup(strings.TrimSpace(string(data)))
}

// BackendPath is where it is noted what served the editors of a workspace last.
func (s *Store) BackendPath(workspace string) string {
	return filepath.Join(s.dir, "backend", digestOf(filepath.Clean(workspace)))
}

func (s *Store) lastPath(workspace string) string {
	return filepath.Join(s.dir, "last", digestOf(filepath.Clean(workspace)))
}

// Entry is one toolchain as `hearth toolchain list` shows it.
type Entry struct {
	*Toolchain
	LastUsed time.Time
	Size     int64 // bytes
}

// List returns the built toolchains, most recently used first.
func (s *Store) List() ([]Entry, error) {
	dirs, err := os.ReadDir(filepath.Join(s.dir, "toolchains"))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, err
	}
	var list []Entry
	for _, d := range dirs {
		t, err := s.read(filepath.Join(s.dir, "toolchains", d.Name()))
		if err != nil {
			continue // not a toolchain
		}
		info, err := os.Stat(filepath.Join(t.dir, manifestName))
		if err != nil {
			continue // pruned meanwhile
		}
		list = append(list, Entry{t, info.ModTime(), dirSize(t.dir)})
	}
	slices.SortFunc(list, func(a, b Entry) int { return b.LastUsed.Compare(a.LastUsed) })
	return list, nil
}

// Prune removes the toolchains that nobody used for the given time, with what
// was bound to them, and what interrupted builds left. It returns what it
// removed and the bytes that this freed.
func (s *Store) Prune(unused time.Duration) (removed []Entry, freed int64, err error) {
	list, err := s.List()
	if err != nil {
		return nil, 0, err
	}
	for _, e := range list {
		if time.Since(e.LastUsed) < unused {
			continue
		}
		bound, _ := filepath.Glob(filepath.Join(s.dir, "bound", e.Key+"-*"))
		for _, dir := range append(bound, e.dir) {
			if err := os.RemoveAll(dir); err != nil {
				return removed, freed, fmt.Errorf("pruning the toolchain store: %w", err)
			}
		}
		removed = append(removed, e)
		freed += e.Size
	}
	left, _ := filepath.Glob(filepath.Join(s.dir, "tmp", "*"))
	for _, dir := range left {
		// A day is longer than any build; a younger one may be running.
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > min(unused, 24*time.Hour) {
			freed += dirSize(dir)
			_ = os.RemoveAll(dir)
		}
	}
	return removed, freed, nil
}

func dirSize(dir string) (size int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				size += info.Size()
			}
		}
		return nil
	})
	return size
}
