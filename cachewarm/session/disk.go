package session

import (
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
	var p lsp.DidChangeWatchedFilesParams
	var paths []string
	for _, c := range changes {
		p.Changes = append(p.Changes, lsp.FileEvent{URI: lsp.FileURI(c.Path), Type: c.Type})
		paths = append(paths, c.Path)
	}
	s.log.Info("changed on disk", "files", len(paths))
	if len(paths) > maxChanges {
		s.outdated()
		return
	}
	s.refreshGhosts(paths)
	added := newPackages(changes)
	if len(added) > maxGlances {
		p.Changes = append(p.Changes, lsp.FileEvent{URI: lsp.FileURI(filepath.Join(s.opts.Root, "vendor", "modules.txt")), Type: lsp.FileChanged})
		added = nil
	}
	s.notify("workspace/didChangeWatchedFiles", p)
	s.glance(added)
	if s.front == nil {
		s.prime()
	}
}

// maxChanges is for how many changed files at once gopls is told. It takes
// longer for each the more there are: for 50,000 new files two and a half
// minutes, when another gopls loads all of them in 8 s.
const maxChanges = 5000

// outdated ends a session that another one replaces sooner than it would catch
// up. An editor that is attached is hung up on without a reason, and gets the
// other one.
func (s *Session) outdated() {
	s.log.Info("so much has changed that loading anew is faster")
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
func (s *Session) refreshGhosts(paths []string) {
	if len(s.ghosts) == 0 {
		return
	}
	changed := make(map[string]bool, len(paths))
	for _, path := range paths {
		changed[path] = true
	}
	for _, doc := range slices.Clone(s.docs.Open) {
		if path, err := doc.URI.Path(); err == nil && changed[path] && s.ghosts[doc.URI.Clean()] {
			s.reread(doc)
		}
	}
}
