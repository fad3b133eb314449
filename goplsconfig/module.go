package goplsconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/module"
)

// Module is the content of a module as the go command downloaded it.
type Module struct {
	Dir    string
	Sum    string // as in go.sum, "h1:..."
	ModSum string // that of its go.mod
}

// lines returns the lines of m for a go.sum.
func (m Module) lines(v module.Version) []string {
	return []string{
		fmt.Sprintf("%s %s %s", v.Path, v.Version, m.Sum),
		fmt.Sprintf("%s %s/go.mod %s", v.Path, v.Version, m.ModSum),
	}
}

// A Fetch returns a module. It is given exact versions alone.
type Fetch func(module.Version) (Module, error)

// ErrNotFetched is what a [Fetch] returns that leaves a module for later.
var ErrNotFetched = errors.New("the module is not in the module cache")

// awaited is the place in the order of the layers of a file of a module. It
// stays in front of the file's own layers once they are there.
type awaited struct {
	extension
	there bool
}

// inModule reports whether a package path lies within a module.
func inModule(pkg, mod string) bool {
	return mod != "" && (pkg == mod || strings.HasPrefix(pkg, mod+"/"))
}

// extends reads the list of what a file builds on.
func (r *reader) extends(n *yaml.Node) []extension {
	if n.Kind != yaml.SequenceNode {
		r.words(n, "extends", false) // null, or a problem
		return nil
	}
	var all []extension
	for _, e := range n.Content {
		if e.Kind == yaml.MappingNode {
			if x := r.extendModule(e); x.module.Path != "" {
				all = append(all, x)
			}
		} else if text := r.text(e, "an entry of extends"); text != "" {
			all = append(all, extension{word: word{text, r.at(e)}})
		}
	}
	return all
}

// extendModule reads an entry for a module; its path is empty after a problem.
func (r *reader) extendModule(n *yaml.Node) extension {
	x := extension{word: word{FileName, r.at(n)}}
	before := len(r.problems)
	at := make(map[string]Position)
	for _, p := range r.known(n, "a module to extend", extendKeys) {
		text := r.text(p.value, p.name)
		at[p.name] = r.at(p.value)
		switch p.name {
		case "module":
			x.module.Path = text
		case "version":
			x.module.Version = text
		case "file":
			x.text = path.Clean(text)
		}
	}
	if len(r.problems) > before {
		return extension{}
	}
	v := x.module
	switch {
	case v.Path == "":
		r.problems.add(x.at, "write module: and the path of the module, as in its go.mod", "a module to extend without module")
	case module.CheckPath(v.Path) != nil:
		r.problems.add(at["module"], "write the path of the module, as in its go.mod", "%q is no module path", v.Path)
	case v.Version == "":
		r.problems.add(x.at, "add version: v1.2.3, so that everybody has the same", "the module %q to extend has no version", v.Path)
	case module.CanonicalVersion(v.Version) != v.Version:
		r.problems.add(at["version"], "write it in full, such as v1.2.3, so that everybody has the same; \"go list -m "+v.Path+"@latest\" tells the newest",
			"%q is no exact version of the module %q", v.Version, v.Path)
	case module.Check(v.Path, v.Version) != nil:
		r.problems.add(at["version"], "the path of a module ends in the major version from v2 on, as in /v2", "the module %q has no version %q", v.Path, v.Version)
	case !filepath.IsLocal(x.text):
		r.problems.add(at["file"], "write its path from the root of the module", "%q is no file of the module", x.text)
	}
	if len(r.problems) > before {
		return extension{}
	}
	return x
}

// modules returns the modules that the files of the repository extend, as
// path@version.
func (s *Source) modules() []string {
	return awaiting(s.orLocal().layers, func(*awaited) bool { return true })
}

// Missing returns the modules, as path@version, whose policies belong to s but
// were not fetched.
func (s *Source) Missing() []string {
	return awaiting(s.layers, func(a *awaited) bool { return !a.there })
}

func awaiting(layers []*layer, want func(*awaited) bool) []string {
	var names []string
	for _, l := range layers {
		if l.awaits != nil && want(l.awaits) {
			names = append(names, l.awaits.module.String())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// orLocal returns the source without the content of modules.
func (s *Source) orLocal() *Source {
	if s.local != nil {
		return s.local
	}
	return s
}

// WithModules returns the policy together with those of the modules that it
// extends, and that they extend. A module for which fetch returns
// [ErrNotFetched] is left out, and is then [Source.Missing]; for whatever
// depends on it the result has warnings instead of problems.
//
// Each module is held against hearth.sum. Since fetching asks a server that
// the repository picks, it is for trusted repositories only. s does not change.
func (s *Source) WithModules(fetch Fetch) (*Source, error) {
	s = s.orLocal()
	x := &expansion{fetch: fetch, fetched: make(map[module.Version]Module)}
	x.Source = &Source{File: s.File, Root: s.Root, Sums: s.Sums, local: s, problems: slices.Clone(s.problems)}
	for _, l := range s.layers {
		if l.awaits == nil {
			x.layers = append(x.layers, l)
			continue
		}
		x.entry = l.awaits.at
		if err := x.module(l.awaits.extension, nil); err != nil {
			return nil, atEntry(err, x.entry)
		}
	}
	return x.Source, nil
}

// expansion is a source while the policies of modules are put in their places.
type expansion struct {
	*Source
	fetch   Fetch
	fetched map[module.Version]Module
	entry   Position // of extends, in a file of the repository, that is being followed
}

// moduleFile is a policy file of a module.
type moduleFile struct {
	module module.Version
	name   string // slash-separated path from the root of the module
}

// String returns the name of the file in positions.
func (f moduleFile) String() string { return f.module.String() + "/" + f.name }

// module adds a file of a module, and what it extends. chain holds the files
// that led here.
func (x *expansion) module(e extension, chain []moduleFile) error {
	file := moduleFile{e.module, filepath.ToSlash(e.text)}
	if i := slices.IndexFunc(chain, func(f moduleFile) bool { return f.module.Path == e.module.Path }); i >= 0 {
		return cycle(e.at, append(slices.Clone(chain[i:]), file))
	}
	m, err := x.content(e)
	if errors.Is(err, ErrNotFetched) {
		x.layers = append(x.layers, &layer{awaits: &awaited{extension: e}})
		return nil
	}
	if err != nil {
		return err
	}
	x.layers = append(x.layers, &layer{awaits: &awaited{extension: e, there: true}})
	return x.add(m, file, e.at, chain)
}

// content fetches a module and holds it against hearth.sum.
func (x *expansion) content(e extension) (Module, error) {
	if m, ok := x.fetched[e.module]; ok {
		return m, nil
	}
	m, err := x.fetch(e.module)
	if err != nil {
		if !errors.Is(err, ErrNotFetched) {
			err = placed(e.at, "check the network, GOPROXY and GOPRIVATE; a module in the module cache needs no network", "cannot fetch the policy %s: %v", e.module, err)
		}
		return m, err
	}
	for _, line := range m.lines(e.module) {
		if recorded, ok := conflict(x.Sums, line); ok {
			return m, placed(e.at, "it was published anew, or hearth.sum was edited; ask its owners for a new version, and restore hearth.sum",
				"the policy %s is not the one that hearth.sum records: downloaded %q, recorded %q", e.module, line, recorded)
		}
	}
	x.fetched[e.module] = m
	x.Fetched = append(x.Fetched, m.lines(e.module)...)
	return m, nil
}

// add adds the layer of a file, after those of what it extends.
func (x *expansion) add(m Module, file moduleFile, at Position, chain []moduleFile) error {
	if i := slices.Index(chain, file); i >= 0 {
		return cycle(at, append(slices.Clone(chain[i:]), file))
	}
	if slices.ContainsFunc(x.layers, func(l *layer) bool { return l.file == file.String() }) {
		return nil
	}
	data, err := readPolicyFile(filepath.Join(m.Dir, filepath.FromSlash(file.name)))
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok && missing(err) {
		return placed(at, "write file: and its path from the root of the module", "the module %s has no file %q", file.module, file.name)
	} else if ok {
		return placed(at, "", "cannot read %s: %v", file, pathErr.Err)
	} else if err != nil {
		return fmt.Errorf("loading the policy: %w", err)
	}
	root, err := parseYAML(file.String(), data)
	if err != nil {
		return err
	}
	r := &reader{file: file.String(), dir: x.Root, module: file.module}
	l := r.document(root)
	l.entry = x.entry
	x.problems = append(x.problems, r.problems...)
	chain = append(slices.Clone(chain), file)
	for _, e := range l.extends {
		if e.module.Path != "" {
			err = x.module(e, chain)
		} else if name := path.Join(path.Dir(file.name), e.text); path.IsAbs(e.text) || !filepath.IsLocal(filepath.FromSlash(name)) {
			err = placed(e.at, "copy it into the module, or extend the module that it is in", "%q is no file of the module %s", e.text, file.module)
		} else {
			err = x.add(m, moduleFile{file.module, name}, e.at, chain)
		}
		if err != nil {
			return err
		}
	}
	x.layers = append(x.layers, l)
	return nil
}

// cycle reports files that extend each other. The first and the last are of
// one module.
func cycle(at Position, files []moduleFile) error {
	var names []string
	for _, f := range files {
		names = append(names, f.String())
	}
	return placed(at, "remove one of them", "%s extends itself: %s", files[0].module.Path, strings.Join(names, " -> "))
}

// placed returns one problem as an error.
func placed(at Position, hint, format string, args ...any) error {
	var ps Problems
	ps.add(at, hint, format, args...)
	return ps
}

// atEntry moves the problems of err in files of modules to the entry of extends
// that led there.
func atEntry(err error, entry Position) error {
	problems, ok := errors.AsType[Problems](err)
	if !ok {
		return err
	}
	moved := slices.Clone(problems)
	for i, p := range moved {
		if !filepath.IsAbs(p.File) {
			moved[i] = p.moved(entry)
		}
	}
	return moved
}

// located moves problems in files of modules to the entries of extends that led
// there. Those are what one can edit in this repository, and an editor can show
// a problem in no other file.
func (s *Source) located(ps Problems) Problems {
	moved := slices.Clone(ps)
	for i, p := range moved {
		for _, l := range s.layers {
			if l.file == p.File && l.entry.File != "" {
				moved[i] = p.moved(l.entry)
			}
		}
	}
	return moved
}

// moved returns a problem at another place; its message says where it was.
func (p Problem) moved(to Position) Problem {
	from := Position{p.File, p.Line, p.Column}
	return Problem{to.File, to.Line, to.Column, from.String() + ": " + p.Message, p.Hint}
}

// usable returns the layers without the rules that change rules of a missing
// module and say nothing without it, and a warning for each of them.
func (s *Source) usable() (layers []*layer, warnings Problems) {
	if len(s.Missing()) == 0 {
		return s.layers, nil
	}
	for _, l := range s.layers {
		whole := *l
		whole.rules = nil
		for _, u := range l.rules {
			if _, problems := resolveRules(rulesNamed(s.layers, u.id)); len(problems) == 0 {
				whole.rules = append(whole.rules, u)
			} else {
				warnings.add(u.at, "it may change a rule of "+strings.Join(s.Missing(), " or "), "rule %q is left out until the policy that it builds on is there", u.id)
			}
		}
		layers = append(layers, &whole)
	}
	return layers, warnings
}

// rulesNamed returns layers with nothing but what they say of one rule.
func rulesNamed(all []*layer, id string) (layers []*layer) {
	for _, l := range all {
		for _, u := range l.rules {
			if u.id == id {
				layers = append(layers, &layer{file: l.file, rules: []rule{u}})
			}
		}
	}
	return layers
}
