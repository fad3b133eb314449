package session

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gohearth/hearth/internal/lsp"
)

// stopGrace is how long gopls may take to end.
const stopGrace = 3 * time.Second

// detach parks the session after the editor has left.
func (s *Session) detach() {
	f := s.front
	s.front = nil
	s.log.Info("detached", "editor", f.Name, "after", time.Since(f.since).Round(time.Second))
	for _, id := range f.calls {
		s.notify("$/cancelRequest", map[string]lsp.ID{"id": lsp.ID(id)}) // its answer is dropped
	}
	for id, a := range s.asks {
		if a.id != nil {
			s.standIn(a.id, a.method, a.params)
		}
		delete(s.asks, id)
	}
	if s.tainted != "" {
		f.leave("")
		s.Stop("", stopGrace)
		return
	}
	if m := s.folders.restore(); m != nil {
		s.out.Send(m.Bytes())
	}
	s.parks++
	s.giveUpUnsaved()
	s.stats.set(Parked, "")
	if s.opts.Changed != nil {
		s.opts.Changed(s)
	}
	f.leave("") // whoever waits for the end of the stream finds the session parked
	s.settle()
}

// giveUpUnsaved makes ghosts of the documents that were used last, with the text
// that they have on disk, and closes all others.
func (s *Session) giveUpUnsaved() {
	keep := make(map[lsp.URI]bool)
	for _, uri := range s.recent {
		if len(keep) < s.opts.Ghosts && s.docs.Find(uri) != nil && s.inWorkspace(uri) {
			keep[uri] = true
		}
	}
	for _, doc := range slices.Clone(s.docs.Open) {
		clean := doc.URI.Clean()
		if !keep[clean] {
			s.closeDocument(doc)
			continue
		}
		s.ghosts[clean] = true
		s.reread(doc)
	}
}

// reread makes a ghost what its file is.
func (s *Session) reread(doc *lsp.TextDocumentItem) {
	path, err := doc.URI.Path()
	if err != nil {
		s.closeDocument(doc)
		return
	}
	text, err := os.ReadFile(path)
	switch {
	case err != nil:
		s.closeDocument(doc)
	case string(text) != doc.Text || doc.Version != s.version:
		doc.Text, doc.Version = string(text), s.version
		s.sync(doc)
	}
}

func (s *Session) closeDocument(doc *lsp.TextDocumentItem) {
	s.notify("textDocument/didClose", lsp.DidCloseParams{TextDocument: lsp.TextDocumentIdentifier{URI: doc.URI}})
	delete(s.ghosts, doc.URI.Clean())
	s.docs.Forget(doc.URI)
}

// inWorkspace reports whether the file is a Go file of the workspace folder:
// those of the standard library and of dependencies are opened seldom, and have
// no package of their own in gopls.
func (s *Session) inWorkspace(uri lsp.URI) bool {
	path, err := uri.Path()
	if err != nil || filepath.Ext(path) != ".go" {
		return false
	}
	rel, err := filepath.Rel(s.opts.Root, path)
	return err == nil && filepath.IsLocal(rel)
}

// maxGhost bounds the size of a file that is kept open.
const maxGhost = 1 << 20

// openGhosts opens what is likely to be opened next, as far as there is room.
func (s *Session) openGhosts() {
	var files []string
	for _, uri := range s.recent {
		if path, err := uri.Path(); err == nil {
			files = append(files, path)
		}
	}
	files = append(files, s.opts.Files...)
	s.stats.setRecent(slices.Clone(files))
	if len(s.ghosts) < s.opts.Ghosts {
		files = append(files, changedInGit(s.ctx, s.opts.Root)...)
	}
	for _, path := range files {
		uri := lsp.FileURI(path)
		if len(s.ghosts) >= s.opts.Ghosts {
			return
		}
		if s.docs.Find(uri) != nil || !s.inWorkspace(uri) {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil || len(text) > maxGhost {
			continue
		}
		doc := lsp.TextDocumentItem{URI: uri, LanguageID: "go", Version: s.version, Text: string(text)}
		m, err := lsp.NewNotification("textDocument/didOpen", lsp.DidOpenParams{TextDocument: doc})
		if err != nil {
			continue
		}
		s.docs.Apply(m)
		s.ghosts[uri.Clean()] = true
		s.out.Send(m.Bytes())
	}
}

// changedInGit returns the files that are being worked on: those that differ
// from the last commit, and those of the last commits. No git: none.
func changedInGit(ctx context.Context, root string) (files []string) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for _, args := range [][]string{
		{"diff", "--name-only", "--relative", "-z", "HEAD", "--", "*.go"},
		{"log", "--name-only", "--relative", "-z", "--format=", "--max-count=5", "--", "*.go"},
	} {
		cmd := exec.CommandContext(ctx, "git", append([]string{"--no-optional-locks", "-C", root}, args...)...)
		out, err := cmd.Output()
		if err != nil {
			return files
		}
		for name := range bytes.SplitSeq(out, []byte{0}) {
			if name := strings.TrimSpace(string(name)); name != "" {
				files = append(files, filepath.Join(root, filepath.FromSlash(name)))
			}
		}
	}
	return files
}

// prime has gopls type-check the packages of the ghosts, which opening alone
// does not. One at a time: gopls answers in order, and an editor that comes
// meanwhile shall wait for one package at most.
func (s *Session) prime() {
	s.primes = nil
	for _, uri := range s.recent {
		if s.ghosts[uri] {
			s.primes = append(s.primes, uri)
		}
	}
	for _, doc := range s.docs.Open {
		if uri := doc.URI.Clean(); s.ghosts[uri] && !slices.Contains(s.primes, uri) {
			s.primes = append(s.primes, uri)
		}
	}
	s.primeNext()
}

func (s *Session) primeNext() {
	if s.front != nil || len(s.primes) == 0 {
		return
	}
	uri := s.primes[0]
	s.primes = s.primes[1:]
	// Any position will do: gopls type-checks before it looks what is there.
	s.send("textDocument/hover", lsp.PositionParams{TextDocument: lsp.TextDocumentIdentifier{URI: uri}}, func(*lsp.Message) {
		s.primeNext()
	})
}
