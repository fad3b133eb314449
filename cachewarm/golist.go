package cachewarm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// listFields are the fields that gopls has go list print. Which ones are asked
// for decides what the go command works out, and so what it caches.
const listFields = "Name,ImportPath,Error,Dir,GoFiles,IgnoredGoFiles,IgnoredOtherFiles," +
	"CFiles,CgoFiles,CXXFiles,MFiles,HFiles,FFiles,SFiles,SwigFiles,SwigCXXFiles,SysoFiles," +
	"TestGoFiles,XTestGoFiles,CompiledGoFiles,Export,DepOnly,Imports,ImportMap,TestImports,XTestImports," +
	"ForTest,DepsErrors,Module,EmbedFiles"

// listArgs returns the arguments of the go list with which gopls loads a
// workspace: -compiled is what fills the build cache, with cgo's output and
// what it needs of the compiler. They were taken down from gopls v0.23.0; a
// test compares them with what a real gopls runs.
func listArgs(buildFlags, patterns []string) []string {
	args := append([]string{"list"}, buildFlags...) // there twice, in gopls too
	args = append(args, "-e", "-json="+listFields,
		"-compiled=true", "-test=true", "-export=false", "-deps=true", "-find=false",
		"-buildvcs=false", "-pgo=off")
	args = append(args, buildFlags...)
	args = append(args, "--")
	return append(args, patterns...)
}

// listing is what is kept of the output of go list.
type listing struct {
	packages []listed            // of the workspace, without test variants
	imports  map[string][]string // of each package and variant, but for the standard library's
	modules  []string            // folders of the modules that they depend on
	total    int                 // packages, with all dependencies and variants
	broken   int                 // of the workspace, with errors
	example  string              // one of the errors
}

// listed is a package as go list prints it.
type listed struct {
	ImportPath                                   string
	Dir                                          string
	ForTest                                      string
	DepOnly                                      bool
	Imports                                      []string // variants as such
	GoFiles, CgoFiles, TestGoFiles, XTestGoFiles []string
	Module                                       *struct {
		Dir  string
		Main bool
	}
	Error *struct{ Err string }
}

// list runs gopls's own go list.
func (w *warmer) list(ctx context.Context, s *Step) error {
	l := &listing{imports: make(map[string][]string)}
	cmd := w.Go(ctx, listArgs(w.BuildFlags, w.ws.patterns())...)
	inDir(cmd, w.ws.dir)
	pr, pw := io.Pipe()
	cmd.Stdout = pw
	done := make(chan error, 1)
	go func() {
		err := runGo(cmd)
		pw.CloseWithError(err) // nil: the end
		done <- err
	}()
	err := l.read(pr, func() { w.Progress(StepBuild, fmt.Sprintf("%d packages", l.total)) })
	pr.CloseWithError(err)
	if goErr := <-done; goErr != nil {
		return goErr
	}
	if err != nil {
		return fmt.Errorf("reading the output of go list: %w", err)
	}
	w.listing = l
	s.Detail = fmt.Sprintf("%d packages, %d of the workspace", l.total, len(l.packages))
	if l.broken > 0 {
		s.Detail += fmt.Sprintf("; %d have errors: %s", l.broken, l.example)
	}
	return nil
}

// inDir has a go command run elsewhere. The go command believes PWD, if it is
// the working directory, and prints paths accordingly.
func inDir(cmd *exec.Cmd, dir string) {
	if cmd.Dir == dir {
		return
	}
	cmd.Dir = dir
	if cmd.Env != nil { // otherwise exec sets it
		cmd.Env = append(cmd.Env, "PWD="+dir)
	}
}

// read reads the output of go list as it comes: for kubernetes that is far
// above a hundred megabytes.
func (l *listing) read(r io.Reader, tick func()) error {
	seen := make(map[string]bool)
	dec := json.NewDecoder(r)
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if l.total++; l.total%200 == 0 {
			tick()
		}
		if p.Module != nil {
			l.imports[p.ImportPath] = p.Imports
		}
		if p.Module != nil && !p.Module.Main && p.Module.Dir != "" && !seen[p.Module.Dir] {
			seen[p.Module.Dir] = true
			l.modules = append(l.modules, p.Module.Dir)
		}
		if !p.ofWorkspace() {
			continue
		}
		l.packages = append(l.packages, p)
		if p.Error != nil {
			l.broken++
			if l.example == "" {
				l.example, _, _ = strings.Cut(p.Error.Err, "\n")
			}
		}
	}
}

// ofWorkspace reports whether p was asked for, and is neither a variant of
// another package for its tests nor the program that go test generates. A
// package whose name ends in .test may be a real one.
func (p *listed) ofWorkspace() bool {
	generated := slices.ContainsFunc(p.GoFiles, filepath.IsAbs)
	return !p.DepOnly && p.ForTest == "" && p.ImportPath != "builtin" && p.Dir != "" && !generated
}

// root is a package as gopls analyses it, and the file to open to that end.
type root struct {
	id    string // as go list prints it
	file  string
	size  int // files
	level int // see [listing.roots]
}

// roots returns what gopls analyses for p when one of its files is open: the
// package in its widest form, which is with its tests whichever file it is, and
// the external test package.
func (p *listed) roots() (roots []root) {
	if files := slices.Concat(p.GoFiles, p.CgoFiles, p.TestGoFiles); len(files) > 0 {
		id := p.ImportPath
		if len(p.TestGoFiles) > 0 {
			id += " [" + p.ImportPath + ".test]"
		}
		roots = append(roots, root{id: id, file: filepath.Join(p.Dir, files[0]), size: len(files)})
	}
	if files := p.XTestGoFiles; len(files) > 0 {
		id := p.ImportPath + "_test [" + p.ImportPath + ".test]"
		roots = append(roots, root{id: id, file: filepath.Join(p.Dir, files[0]), size: len(files)})
	}
	return roots
}

// roots returns the roots of packages, sorted by level: a root depends on roots
// of lower levels only.
//
// The key under which gopls caches the analysis of a package depends on which
// of the packages that it imports are open too, since more analyzers run on
// those. So roots of one level can be open together and are cached as if each
// were open alone, which is how a person starts.
func (l *listing) roots(packages []listed) []root {
	var roots []root
	for _, p := range packages {
		roots = append(roots, p.roots()...)
	}
	isRoot := make(map[string]bool)
	for _, r := range roots {
		isRoot[r.id] = true
	}
	levels := make(map[string]int)
	var level func(id string) int
	level = func(id string) int {
		n, known := levels[id]
		if known {
			return n
		}
		levels[id] = 0 // an import cycle is an error that gopls reports
		for _, imported := range l.imports[id] {
			below := level(imported)
			if isRoot[imported] {
				below++
			}
			n = max(n, below)
		}
		levels[id] = n
		return n
	}
	for i := range roots {
		roots[i].level = level(roots[i].id)
	}
	slices.SortStableFunc(roots, func(a, b root) int { return cmp.Compare(a.level, b.level) })
	return roots
}
