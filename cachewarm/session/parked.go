package session

import (
	"bytes"
	"context"
	"fmt"
	"go/build"
	"io"
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
	for ours, t := range s.tokens {
		if t.front == f {
			delete(s.tokens, ours)
		}
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

// settle makes a session that nobody uses ready for who comes.
func (s *Session) settle() {
	if s.result == nil || !s.watched {
		return
	}
	if !s.initialized {
		s.notify("initialized", struct{}{})
		s.nowInitialized()
	}
	parks := s.parks
	s.openGhosts()
	s.askGit(parks)
	s.prime()
	s.collectLater(parks)
}

// collectLater asks gopls to collect its garbage if nobody comes for a while.
func (s *Session) collectLater(parks int) {
	s.forgetTimer()
	s.collect = time.AfterFunc(s.opts.Idle, func() {
		s.inbox.Post(func() {
			if s.front == nil && s.parks == parks && !s.ended {
				s.send(executeCommand, lsp.ExecuteCommandParams{Command: "gopls.mem_stats"}, nil)
			}
		})
	})
}

// forgetTimer stops the timer of collectLater, which keeps the session in memory.
func (s *Session) forgetTimer() {
	if s.collect != nil {
		s.collect.Stop()
	}
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
	text, err := s.readGhost(path)
	switch {
	case err != nil:
		s.closeDocument(doc)
	case text != doc.Text || doc.Version != s.version:
		doc.Text, doc.Version = text, s.version
		s.sync(doc)
	}
}

// maxGhost bounds the size of a file that is kept open.
const maxGhost = 1 << 20

// readGhost reads a file that may be a ghost. A repository may hold anything by
// the name of a Go file, such as a link to a device that never ends; the go
// command leaves that out.
func (s *Session) readGhost(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > maxGhost {
		return "", fmt.Errorf("%q is no file to keep open", path)
	}
	text, err := os.ReadFile(path)
	if err == nil && s.foreign(path, text) {
		return "", fmt.Errorf("%q is for another platform", path)
	}
	return string(text), err
}

// foreign reports whether the session's platform leaves a file out. For one that
// is open gopls loads the workspace once more, for a platform that takes it in,
// and says of what it finds there which platform that is: an editor without the
// file would see another's diagnostics. Which tags the build has is not known
// here; a file that asks for one is left out too, which costs a type-check.
func (s *Session) foreign(path string, text []byte) bool {
	platform := build.Default
	for _, v := range s.opts.Command.Env { // the last one counts
		switch name, value, _ := strings.Cut(v, "="); {
		case name == "GOOS" && value != "":
			platform.GOOS = value
		case name == "GOARCH" && value != "":
			platform.GOARCH = value
		}
	}
	platform.OpenFile = func(string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(text)), nil
	}
	taken, err := platform.MatchFile(filepath.Split(path))
	return err == nil && !taken
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

// openGhosts opens what is likely to be opened next, as far as there is room:
// what editors used, the latest first, and files that are named.
func (s *Session) openGhosts(more ...string) {
	var files []string
	for _, uri := range s.recent {
		if path, err := uri.Path(); err == nil {
			files = append(files, path)
		}
	}
	files = append(files, s.opts.Files...)
	s.stats.setRecent(slices.Clone(files))
	for _, path := range append(files, more...) {
		uri := lsp.FileURI(path)
		if len(s.ghosts) >= s.opts.Ghosts {
			return
		}
		if s.docs.Find(uri) != nil || !s.inWorkspace(uri) {
			continue
		}
		text, err := s.readGhost(path)
		if err != nil {
			continue
		}
		doc := lsp.TextDocumentItem{URI: uri, LanguageID: "go", Version: s.version, Text: text}
		m, err := lsp.NewNotification("textDocument/didOpen", lsp.DidOpenParams{TextDocument: doc})
		if err != nil {
			continue
		}
		s.docs.Apply(m)
		s.ghosts[uri.Clean()] = true
		s.out.Send(m.Bytes())
	}
}

// askGit opens further ghosts, those that are being worked on, if there is room
// and nobody has come when git has answered.
func (s *Session) askGit(parks int) {
	if len(s.ghosts) >= s.opts.Ghosts {
		return
	}
	s.workers.Go(func() {
		files := changedInGit(s.ctx, s.opts.Root)
		s.inbox.Post(func() {
			if s.front == nil && s.parks == parks && !s.ended && len(files) > 0 {
				s.openGhosts(files...)
				s.prime()
			}
		})
	})
}

// changedInGit returns the files that are being worked on: those that differ
// from the last commit, and those of the last commits. No git: none.
//
// The repository may be a stranger's: what its configuration would have git run
// is switched off, and nothing is fetched.
func changedInGit(ctx context.Context, root string) (files []string) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for _, args := range [][]string{
		{"diff", "--no-ext-diff", "--no-textconv", "--no-renames", "--name-only", "--relative", "-z", "HEAD", "--", "*.go"},
		{"log", "--no-renames", "--name-only", "--relative", "-z", "--format=", "--max-count=5", "--", "*.go"},
	} {
		cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-C", root}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1")
		cmd.WaitDelay = 100 * time.Millisecond // a grandchild may hold the pipe
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
	if s.priming || s.front != nil || len(s.primes) == 0 {
		return
	}
	uri := s.primes[0]
	s.primes = s.primes[1:]
	s.priming = true
	// Any position will do: gopls type-checks before it looks what is there.
	s.send("textDocument/hover", lsp.PositionParams{TextDocument: lsp.TextDocumentIdentifier{URI: uri}}, func(*lsp.Message) {
		s.priming = false
		s.primeNext()
	})
}
