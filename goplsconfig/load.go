package goplsconfig

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// builtinName is what positions in the default policy show as their file.
const builtinName = "default policy"

//go:embed default.yaml
var defaultYAML []byte

// defaultLayer is the layer below all others.
var defaultLayer = sync.OnceValue(func() *layer {
	root, err := parseYAML(builtinName, defaultYAML)
	if err != nil {
		panic(err) // embedded; a test reads it
	}
	l, problems := readLayer(builtinName, root)
	if err := problems.err(); err != nil {
		panic(err)
	}
	l.builtin = true
	return l
})

// Source is a policy as written: all layers, neither merged nor checked
// against a gopls.
type Source struct {
	// File is the hearth.yaml, "" where there is none and the default policy
	// applies alone.
	File string

	// Root is the folder of File, or else of the workspace.
	Root string

	// Sums are the lines of the hearth.sum in Root, which [Source.WithModules]
	// holds modules against.
	Sums []string

	// Fetched are the go.sum lines of the modules that are part of the policy.
	Fetched []string

	local    *Source  // of a source with modules, the one without
	layers   []*layer // from weakest to strongest; the first is the default policy
	problems Problems // that the layers have by themselves
}

// Load reads the policy that governs dir. Without a hearth.yaml that is the
// default policy. It fails where a file cannot be read at all; what else is
// wrong is reported by [Source.Check], together with what only a gopls knows.
//
// Modules under extends are left out; see [Source.WithModules].
//
// A file under extends may lie outside of the repository, trusted or not:
// reading it is harmless, and what it asks to run waits for trust anyway.
func Load(dir string) (*Source, error) {
	file, ok, err := Find(dir)
	if err != nil {
		return nil, err
	}
	if ok {
		return LoadFile(file)
	}
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("loading the policy: %w", err)
	}
	return &Source{Root: root, layers: []*layer{defaultLayer()}}, nil // nothing that a hearth.sum could be about
}

// LoadFile reads the policy file at path, whatever its name.
func LoadFile(path string) (*Source, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("loading the policy: %w", err)
	}
	s := &Source{File: path, Root: filepath.Dir(path), layers: []*layer{defaultLayer()}}
	if s.Sums, err = readSums(s.SumFile()); err != nil {
		return nil, err
	}
	if err := s.add(path, nil); err != nil {
		return nil, err
	}
	return s, nil
}

// add reads a file and all that it extends. chain holds the files that led
// here.
func (s *Source) add(path string, chain []string) error {
	data, err := readPolicyFile(path)
	if err != nil {
		return fmt.Errorf("loading the policy: %w", err)
	}
	root, err := parseYAML(path, data)
	if err != nil {
		return err
	}
	l, problems := readLayer(path, root)
	s.problems = append(s.problems, problems...)
	chain = append(slices.Clone(chain), path)
	for _, e := range l.extends {
		if e.module.Path != "" {
			s.layers = append(s.layers, &layer{awaits: &awaited{extension: e}})
		} else if err := s.extend(l, e.word, chain); err != nil {
			return err
		}
	}
	s.layers = append(s.layers, l)
	return nil
}

// maxFileSize is far beyond any policy. Since a stranger's repository may name
// any path under extends, /dev/zero and the like must not hang an editor.
const maxFileSize = 1 << 20

func readPolicyFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileSize {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("not a regular file of at most 1 MB")}
	}
	return os.ReadFile(path)
}

// extend adds the file that w names, unless it is there already.
func (s *Source) extend(l *layer, w word, chain []string) error {
	fail := func(hint, format string, args ...any) error {
		var ps Problems
		ps.add(w.at, hint, format, args...)
		return ps
	}
	path := filepath.FromSlash(w.text)
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(l.file), path)
	}
	path = filepath.Clean(path)
	if i := slices.Index(chain, path); i >= 0 {
		names := make([]string, 0, len(chain))
		for _, c := range append(chain[i:len(chain):len(chain)], path) {
			names = append(names, filepath.Base(c))
		}
		return fail("remove one of them", "%s extends itself: %s", filepath.Base(path), strings.Join(names, " -> "))
	}
	if slices.ContainsFunc(s.layers, func(l *layer) bool { return l.file == path }) {
		return nil
	}
	err := s.add(path, chain)
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		if missing(err) {
			return fail("the path is relative to this file", "there is no file %q to extend", w.text)
		}
		return fail("", "cannot read %q: %v", w.text, pathErr.Err)
	}
	return err
}

// Plugins returns the plugins of all layers, in the order in which their
// import paths appear first. They are known before there is a gopls, since the
// toolchain is built from them.
//
// Whether the repository may have them built is the caller's to ask; see
// [Source.Danger].
func (s *Source) Plugins() []Plugin {
	var plugins []Plugin
	for _, l := range s.layers {
		for _, p := range l.plugins {
			same := func(q Plugin) bool { return q.Import == p.Import && q.Var == p.Var }
			if i := slices.IndexFunc(plugins, same); i >= 0 {
				plugins[i] = p.Plugin
			} else {
				plugins = append(plugins, p.Plugin)
			}
		}
	}
	return plugins
}
