package session

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/lsp"
)

// changedOnDisk handles what the watcher saw.
func (s *Session) changedOnDisk(changes []FileChange) {
	if s.ended {
		return
	}
	s.log.Info("changed on disk", "files", len(changes))
	var p lsp.DidChangeWatchedFilesParams
	for _, c := range changes {
		p.Changes = append(p.Changes, lsp.FileEvent{URI: lsp.FileURI(c.Path), Type: c.Type})
	}
	s.tellChanges(changes, func() { s.notify(watchedFiles, p) })
	if s.front == nil {
		s.prime()
	}
}

// changedByEditor handles what an editor saw. It is passed on as it is: the
// editor may watch what we do not.
func (s *Session) changedByEditor(m *lsp.Message) {
	var p lsp.DidChangeWatchedFilesParams
	_ = json.Unmarshal(m.Params, &p) // gopls will complain
	var changes []FileChange
	var paths []string
	for _, c := range p.Changes {
		if path, err := c.URI.Path(); err == nil {
			changes = append(changes, FileChange{path, c.Type})
			paths = append(paths, path)
		}
	}
	if w := s.watcher; w != nil {
		// Not waited for: the tree may be scanning, and to hear of a change from
		// both does no harm.
		s.workers.Go(func() { w.Absorb(paths) })
	}
	s.tellChanges(changes, func() { s.out.Send(m.Bytes()) })
}

const watchedFiles = "workspace/didChangeWatchedFiles"

// tellChanges has gopls learn of changes on disk; tell is the notification.
func (s *Session) tellChanges(changes []FileChange, tell func()) {
	if len(changes) > maxChanges {
		s.outdated()
		return
	}
	s.refreshGhosts(changes)
	tell()
	added := newPackages(changes)
	if len(added) <= maxGlances {
		s.glance(added)
		return
	}
	s.notify(watchedFiles, lsp.DidChangeWatchedFilesParams{Changes: []lsp.FileEvent{
		{URI: lsp.FileURI(filepath.Join(s.opts.Root, "vendor", "modules.txt")), Type: lsp.FileChanged},
	}})
}

// maxChanges is for how many changed files at once gopls is told. It takes
// longer for each the more there are: for 50,000 new files two and a half
// minutes, when another gopls loads all of them in 8 s.
const maxChanges = 5000

// Outdate ends the session, for another one to take its place: what gopls loads
// is not what is watched any more.
func (s *Session) Outdate() {
	s.inbox.Post(func() {
		if !s.ended {
			s.outdated()
		}
	})
}

// outdated ends a session that another one replaces sooner than it would catch
// up. An editor that is attached is hung up on without a reason, and gets the
// other one.
func (s *Session) outdated() {
	s.log.Info("loading anew")
	s.stats.setOutdated()
	s.hangUp("")
	s.Stop("", stopGrace)
}

// maxGlances is how many packages are made known one by one. Each takes a go
// list of its own; all together take one for the whole workspace.
const maxGlances = 8

// newPackages returns a file of each folder that had no Go file before.
//
// gopls takes a new file for one of the package that it knows in that folder,
// and forgets it if there is none. So it has to be shown new packages: a few by
// a question about a file of each; more by having it load the workspace again,
// which it does for any event about a vendor/modules.txt, real or not.
func newPackages(changes []FileChange) (files []string) {
	created := make(map[string][]string) // names by folder
	for _, c := range changes {
		if c.Type == lsp.FileCreated && filepath.Ext(c.Path) == ".go" {
			dir, name := filepath.Split(c.Path)
			created[dir] = append(created[dir], name)
		}
	}
	for dir, names := range created {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // it is gone again, which is the next report
		}
		old := slices.ContainsFunc(entries, func(e os.DirEntry) bool {
			return strings.HasSuffix(e.Name(), ".go") && !slices.Contains(names, e.Name())
		})
		if !old {
			files = append(files, filepath.Join(dir, slices.Min(names)))
		}
	}
	slices.Sort(files)
	return files
}

// glance asks about files, so that gopls loads their packages.
func (s *Session) glance(files []string) {
	for _, path := range files {
		s.send("textDocument/hover", lsp.PositionParams{TextDocument: lsp.TextDocumentIdentifier{URI: lsp.FileURI(path)}}, nil)
	}
}

// refreshGhosts rereads the ghosts among the files: gopls takes the text of an
// open document for the truth, whatever is on disk.
func (s *Session) refreshGhosts(changes []FileChange) {
	if len(s.ghosts) == 0 {
		return
	}
	changed := make(map[string]bool, len(changes))
	for _, c := range changes {
		changed[c.Path] = true
	}
	for _, doc := range slices.Clone(s.docs.Open) {
		if path, err := doc.URI.Path(); err == nil && changed[path] && s.ghosts[doc.URI.Clean()] {
			s.reread(doc)
		}
	}
}

// rereadGhosts rereads all of them. There are few.
func (s *Session) rereadGhosts() {
	for _, doc := range slices.Clone(s.docs.Open) {
		if s.ghosts[doc.URI.Clean()] {
			s.reread(doc)
		}
	}
}
