package watch

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/fsnotify/fsnotify"

	"github.com/gohearth/hearth/internal/lsp"
)

// maxPasses bounds one update of a tree that changes while it is read. What is
// left is read after the next quiet period.
const maxPasses = 5

// state is what is known of a tree.
//
// Folders that are left out have a watch, so that the first Go file in one is
// seen; what is below has none. They are kept by themselves, and the files are
// counted as they come and go: an editor that attaches waits for a look at the
// changes, which must not take longer the larger the tree is.
type state struct {
	roots   map[string]bool
	include func(dir string) bool
	ignored map[string]bool       // folders that git ignores
	watch   func(dir string) bool // makes a folder send events, if it can

	watcher *fsnotify.Watcher // nil: polling
	dirs    map[string]*folder
	count   int             // files in all of them
	linked  map[string]bool // folders with links to files, which send no events
	dirty   map[string]bool // folders to read again
	all     bool            // read all of them
	leftOut map[string]bool // folders that git ignores, with no Go file below
	dropped bool            // watches were removed since verify
	before  map[string]file // of files that differ since the update began; nil: before begin
}

// A folder that is watched.
type folder struct {
	stamp
	files map[string]file // by name
	subs  map[string]bool // names
	lost  bool            // was removed or renamed, whatever is there now
	deaf  bool            // has no watch
}

func newState(roots []string, include func(string) bool) state {
	s := state{
		roots:   make(map[string]bool),
		include: include,
		ignored: make(map[string]bool),
		dirs:    make(map[string]*folder),
		linked:  make(map[string]bool),
		leftOut: make(map[string]bool),
		dirty:   make(map[string]bool),
		all:     true,
	}
	for _, root := range roots {
		s.roots[root] = true
	}
	return s
}

// update reads what is dirty and returns how the files differ.
func (s *state) update(ctx context.Context) []Event {
	if s.all {
		s.all = false
		for dir := range s.dirs {
			s.dirty[dir] = true
		}
		maps.Copy(s.dirty, s.roots)
	}
	s.reconsider(s.dirty)
	maps.Copy(s.dirty, s.linked)
	for pass := 0; pass < maxPasses && len(s.dirty) > 0; pass++ {
		dirty := slices.Sorted(maps.Keys(s.dirty)) // parents first
		clear(s.dirty)
		// What is gone goes before what is new comes: a folder that was moved
		// keeps its watch, which cannot have two names.
		var fresh []string
		for _, dir := range dirty {
			fresh = append(fresh, s.read(dir)...)
		}
		for len(fresh) > 0 && ctx.Err() == nil {
			dir := fresh[len(fresh)-1]
			fresh = fresh[:len(fresh)-1]
			if s.dirs[dir] == nil {
				s.enter(dir)
				fresh = append(fresh, s.read(dir)...)
			}
		}
		s.verify()
	}
	return s.changes()
}

// reconsider takes in the folders that were left out and hold a Go file by now,
// as far as they are among these.
func (s *state) reconsider(dirs map[string]bool) {
	for dir := range s.leftOut {
		if dirs[dir] && s.holdsGo(dir) {
			delete(s.leftOut, dir)
			s.dirty[dir] = true
		}
	}
}

// verify marks the folders that have no watch although they should. That is so
// if one was moved while the state was being read, between the look at the old
// place and the one at the new: inotify takes both for the same watch, and it
// went with the old place.
func (s *state) verify() {
	if s.watcher == nil || !s.dropped || runtime.GOOS != "linux" {
		return
	}
	s.dropped = false
	watched := make(map[string]bool)
	for _, dir := range s.watcher.WatchList() {
		watched[dir] = true
	}
	for dir, d := range s.dirs {
		if !watched[dir] && !d.deaf {
			d.lost = true
			s.dirty[dir] = true
			if parent := filepath.Dir(dir); s.dirs[parent] != nil {
				s.dirty[parent] = true
			}
		}
	}
}

// enter adds a folder that is not known, without its files.
func (s *state) enter(dir string) {
	d := &folder{
		stamp: look(dir), // before the watch: then a swap in between is seen
		files: make(map[string]file),
		subs:  make(map[string]bool),
	}
	if s.ignored[dir] && !s.roots[dir] && !s.holdsGo(dir) {
		s.leftOut[dir] = true
	}
	d.deaf = !s.watch(dir)
	s.dirs[dir] = d
}

// drop removes a folder and what is below.
func (s *state) drop(dir string) {
	d := s.dirs[dir]
	if d == nil {
		return
	}
	for name := range d.subs {
		s.drop(filepath.Join(dir, name))
	}
	for name, f := range d.files {
		s.differs(filepath.Join(dir, name), f)
	}
	s.count -= len(d.files)
	delete(s.dirs, dir)
	delete(s.linked, dir)
	delete(s.leftOut, dir)
	if s.watcher != nil {
		s.watcher.Remove(dir) // error: it ended with the folder
		s.dropped = true
	}
}

// read brings what is known of dir up to date and returns the folders in it
// that are not known.
func (s *state) read(dir string) (fresh []string) {
	if s.roots[dir] && !s.rootStands(dir) {
		return s.missingRoot(dir)
	}
	d := s.dirs[dir]
	if d == nil {
		return nil
	}
	if d.deaf {
		d.deaf = !s.watch(dir)
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		s.drop(dir)
		return nil
	}
	if err != nil {
		return nil // the files may still be there; the next scan will know
	}

	delete(s.linked, dir)
	files := make(map[string]file)
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() || !relevant(path) {
			continue
		}
		if e.Type()&fs.ModeSymlink != 0 {
			s.linked[dir] = true
		}
		if f := lookFile(path, e); f.exists() {
			files[e.Name()] = f
			if filepath.Ext(path) == ".go" {
				delete(s.leftOut, dir)
			}
		}
	}
	s.setFiles(dir, d, files)

	subs := make(map[string]bool)
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if !e.IsDir() || s.skips(path) || s.leftOut[dir] && !s.roots[path] {
			continue
		}
		subs[e.Name()] = true
		sub := s.dirs[path]
		if sub != nil && (sub.lost || !sub.same(look(path))) {
			s.drop(path)
			sub = nil
		}
		if sub == nil {
			fresh = append(fresh, path)
		}
	}
	for name := range d.subs {
		if !subs[name] {
			s.drop(filepath.Join(dir, name))
		}
	}
	d.subs = subs
	return fresh
}

// rootStands reports whether the folder that is known as a root is still there.
func (s *state) rootStands(root string) bool {
	d := s.dirs[root]
	return d != nil && !d.lost && d.same(look(root))
}

// missingRoot drops a root that is gone or another one now.
func (s *state) missingRoot(root string) (fresh []string) {
	s.drop(root)
	if look(root).isDir() {
		return []string{root}
	}
	return nil
}

// setFiles notes which files of d differ.
func (s *state) setFiles(dir string, d *folder, files map[string]file) {
	for name, now := range files {
		path := filepath.Join(dir, name)
		if old := d.files[name]; !old.unchanged(now, path) {
			s.differs(path, old)
		}
	}
	for name, old := range d.files {
		if !files[name].exists() {
			s.differs(filepath.Join(dir, name), old)
		}
	}
	s.count += len(files) - len(d.files)
	d.files = files
}

// begin ends the first look, in which nothing differs, since nobody knew anything:
// to list and sort all files as new ones would be a fifth of its work, for nothing.
func (s *state) begin() { s.before = make(map[string]file) }

// differs notes what a file was when the update began.
func (s *state) differs(path string, old file) {
	if s.before == nil {
		return
	}
	if _, noted := s.before[path]; !noted {
		s.before[path] = old
	}
}

// changes returns how the files differ from what they were, and forgets it.
func (s *state) changes() []Event {
	var batch []Event
	for path, old := range s.before {
		var now file
		if d := s.dirs[filepath.Dir(path)]; d != nil {
			now = d.files[filepath.Base(path)]
		}
		switch {
		case old.unchanged(now, path): // a folder moved away and back
		case !old.exists():
			batch = append(batch, Event{path, lsp.FileCreated})
		case !now.exists():
			batch = append(batch, Event{path, lsp.FileDeleted})
		default:
			batch = append(batch, Event{path, lsp.FileChanged})
		}
	}
	clear(s.before)
	slices.SortFunc(batch, func(a, b Event) int { return strings.Compare(a.Path, b.Path) })
	return batch
}

// absorb makes the present state of path the known one, and returns the folder
// to read again, for there may be more news in it; "" if path does not matter.
func (s *state) absorb(path string) (dir string) {
	defer clear(s.before)
	dir = filepath.Dir(path)
	now := look(path)
	if s.dirs[path] != nil {
		if !now.isDir() {
			s.drop(path)
		}
		if s.dirs[dir] == nil {
			return path // a root
		}
		return dir
	}
	if now.isDir() || !relevant(path) || !s.reach(dir) {
		return ""
	}
	files := s.dirs[dir].files
	s.count -= len(files)
	delete(files, filepath.Base(path))
	if f := lookPath(path); f.exists() {
		files[filepath.Base(path)] = f
	}
	s.count += len(files)
	return dir
}

// reach enters dir, and the folders above it that are not known, and reports
// whether it is part of the tree.
func (s *state) reach(dir string) bool {
	if s.dirs[dir] != nil {
		return true
	}
	parent := filepath.Dir(dir)
	if parent == dir || !s.roots[dir] && (s.skips(dir) || !s.reach(parent)) || !isFolder(dir) {
		return false
	}
	if p := s.dirs[parent]; p != nil {
		delete(s.leftOut, parent)
		p.subs[filepath.Base(dir)] = true
		s.dirty[parent] = true
	}
	s.enter(dir)
	s.dirty[dir] = true
	return true
}

// skips reports whether a folder inside the tree is no part of it.
func (s *state) skips(dir string) bool {
	name := filepath.Base(dir)
	switch {
	case s.roots[dir]:
		return false
	case strings.HasPrefix(name, "."), strings.HasPrefix(name, "_"), name == "node_modules":
		return true
	}
	return s.include != nil && !s.include(dir)
}

// holdsGo reports whether there is a Go file in dir or below.
func (s *state) holdsGo(dir string) bool {
	found := false
	filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // what cannot be read holds nothing
		case e.IsDir() && path != dir && s.skips(path):
			return fs.SkipDir
		case !e.IsDir() && filepath.Ext(path) == ".go" && relevant(path):
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
}
