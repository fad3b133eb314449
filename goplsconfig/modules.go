package goplsconfig

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/gocmd"
	"github.com/gohearth/hearth/internal/hint"
)

// moduleRange is an entry of forbid-import that names a module,
// "example.com/m@>=v1.2.0 <v2.0.0".
type moduleRange struct {
	path, text string
	bounds     policy.Bounds
}

// isModule reports whether an entry of forbid-import names a module.
func isModule(entry string) bool { return strings.Contains(entry, "@") }

// parseModule parses an entry that names a module. The hint says what to write
// instead.
func parseModule(entry string) (m moduleRange, hint string, err error) {
	m.path, m.text, _ = strings.Cut(entry, "@")
	m.text = strings.TrimSpace(m.text)
	wrong := func(hint, format string, args ...any) (moduleRange, string, error) {
		return m, hint, fmt.Errorf(format, args...)
	}
	if strings.Contains(m.path, "...") {
		return wrong("write one entry for each module, or package patterns without @", "%q has versions of many modules", entry)
	}
	if err := module.CheckPath(m.path); err != nil {
		return wrong("write the path of its module line, as in example.com/m@<v1.5.0", "%q names no module", entry)
	}
	switch m.text {
	case "*":
		return m, "", nil
	case "":
		return wrong("write "+m.path+"@* for all versions", "%q has no version after the @", entry)
	}
	bounds, complete, err := policy.ParseBounds(m.text, func(word string) (string, error) {
		switch {
		case semver.IsValid(word):
			return word, nil
		case semver.IsValid("v" + word):
			hint = "write v" + word
			return "", fmt.Errorf("%q has the version %q, without its v", entry, word)
		}
		hint = "write " + m.path + "@<v1.5.0, " + m.path + "@>=v1.2.0 <v2.0.0, or " + m.path + "@* for all versions"
		return "", fmt.Errorf("%q has no range of versions after the @", entry)
	})
	switch m.bounds = bounds; {
	case err != nil:
		return m, hint, err
	case !complete || len(bounds) == 0:
		return wrong("write a version after it, as in "+m.path+"@<v1.5.0", "%q has a comparison with nothing", entry)
	}
	return m, "", nil
}

// has reports whether version is in the range. No version, as that of a folder,
// is in the range of all alone.
func (m moduleRange) has(version string) bool {
	return len(m.bounds) == 0 || version != "" && m.bounds.Match(func(bound string) int { return semver.Compare(version, bound) })
}

// NamesModules reports whether some rule forbids a module, so that
// [ForbidModules] needs to know the build.
func NamesModules(rules []policy.Rule) bool {
	return slices.ContainsFunc(rules, func(r policy.Rule) bool { return slices.ContainsFunc(r.ForbidImport, isModule) })
}

// ForbidModules returns rules in which the entries of ForbidImport that name
// modules have become the modules of the build that they forbid. rules are those
// that [Source.Resolve] returned; they are not changed.
func ForbidModules(rules []policy.Rule, build []BuildModule) ([]policy.Rule, error) {
	rules = slices.Clone(rules)
	for i := range rules {
		r := &rules[i]
		var packages []string
		for _, entry := range r.ForbidImport {
			if !isModule(entry) {
				packages = append(packages, entry)
				continue
			}
			m, h, err := parseModule(entry)
			if err != nil {
				return nil, hint.Add(fmt.Errorf("rule %q: %w", r.ID, err), "%s", h)
			}
			at := slices.IndexFunc(build, func(b BuildModule) bool { return b.Path == m.path })
			if at < 0 || !m.has(build[at].Version) {
				continue
			}
			forbidden := policy.Module{Path: m.path, Version: build[at].Version, Range: m.text}
			for _, b := range build {
				if strings.HasPrefix(b.Path, m.path+"/") {
					forbidden.Nested = append(forbidden.Nested, b.Path)
				}
			}
			slices.Sort(forbidden.Nested)
			r.ForbidModule = append(r.ForbidModule, forbidden)
		}
		r.ForbidImport = packages
	}
	return rules, nil
}

// BuildModule is a module of a build.
type BuildModule struct {
	Path    string
	Version string // "" for one of the workspace, and for one that a folder replaces
}

// BuildModules asks the go command for the modules of its build. flags are as for
// go build.
//
// The version of a module is the one that is required, also where another module
// takes its place, whose versions say nothing of this one. It is that of its
// replacement where that is another version of the same module.
func BuildModules(ctx context.Context, g gocmd.Go, flags []string) ([]BuildModule, error) {
	list := func(args ...string) ([]BuildModule, error) {
		var out bytes.Buffer
		args = slices.Concat([]string{"list", "-m", "-json=Path,Version,Main,Replace"}, flags, args)
		stderr, err := g.Recall(ctx, gocmd.Command{Args: args, Stdout: &out})
		if _, failed := errors.AsType[*exec.ExitError](err); failed {
			return nil, errors.New(strings.TrimSpace(string(stderr)))
		} else if err != nil {
			return nil, err
		}
		return decodeModules(out.Bytes())
	}
	all, err := list("all")
	if err == nil {
		return all, nil
	}
	// With a vendor folder nobody knows all modules, but there is a list of those
	// that packages come from.
	if main, mainErr := list(); mainErr == nil {
		if vendored, ok := vendoredModules(ctx, g); ok {
			return append(main, vendored...), nil
		}
	}
	return nil, hint.Add(fmt.Errorf("asking the go command for the versions of modules, which a rule is about: %w", err),
		"run \"go mod tidy\", or \"go list -m all\" to see the error")
}

func decodeModules(out []byte) ([]BuildModule, error) {
	var build []BuildModule
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var m struct {
			Path, Version string
			Main          bool
			Replace       *struct{ Path, Version string }
		}
		if err := dec.Decode(&m); err == io.EOF {
			return build, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading the output of go list: %w", err)
		}
		version := m.Version
		if m.Replace != nil {
			version = replaced(module.Version{Path: m.Path, Version: version}, module.Version(*m.Replace))
		}
		build = append(build, BuildModule{m.Path, version})
	}
}

// replaced returns the version that counts for old where by takes its place.
func replaced(old, by module.Version) string {
	if by.Version == "" || by.Path == old.Path {
		return by.Version
	}
	return old.Version
}

// vendoredModules returns the modules that the vendor folder of the build holds
// packages of.
func vendoredModules(ctx context.Context, g gocmd.Go) ([]BuildModule, bool) {
	var out bytes.Buffer
	if _, err := g.Run(ctx, gocmd.Command{Args: []string{"env", "-json", "GOMOD", "GOWORK"}, Stdout: &out}); err != nil {
		return nil, false
	}
	var root struct{ GOMOD, GOWORK string }
	if json.Unmarshal(out.Bytes(), &root) != nil {
		return nil, false
	}
	file := root.GOMOD
	if filepath.IsAbs(root.GOWORK) {
		file = root.GOWORK
	}
	data, err := os.ReadFile(filepath.Join(filepath.Dir(file), "vendor", "modules.txt"))
	return parseVendored(data), err == nil
}

// parseVendored reads a vendor/modules.txt. Its lines "# PATH VERSION" may go on
// with " => " and a replacement; those without a version are replacements that
// nothing uses.
func parseVendored(data []byte) []BuildModule {
	var build []BuildModule
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		line, ok := strings.CutPrefix(s.Text(), "# ")
		if !ok {
			continue
		}
		left, right, isReplaced := strings.Cut(line, " => ")
		path, version, ok := strings.Cut(left, " ")
		if !ok {
			continue
		}
		if isReplaced {
			by, byVersion, _ := strings.Cut(right, " ")
			version = replaced(module.Version{Path: path, Version: version}, module.Version{Path: by, Version: byVersion})
		}
		build = append(build, BuildModule{path, version})
	}
	return build
}

// moduleFiles returns the files that decide which modules the build in dir has.
func moduleFiles(dir string) []string {
	var files []string
	add := func(d string) {
		files = append(files, filepath.Join(d, "go.mod"), filepath.Join(d, "go.sum"), filepath.Join(d, "vendor", "modules.txt"))
	}
	work := func(name string) {
		files = append(files, name, strings.TrimSuffix(name, ".work")+".work.sum")
		data, err := os.ReadFile(name)
		if err != nil {
			return
		}
		f, err := modfile.ParseWork(name, data, nil)
		if err != nil {
			return // the go command will say so
		}
		for _, use := range f.Use {
			d := filepath.FromSlash(use.Path)
			if !filepath.IsAbs(d) {
				d = filepath.Join(filepath.Dir(name), d)
			}
			add(d)
		}
	}
	for d := dir; ; d = filepath.Dir(d) {
		add(d)
		work(filepath.Join(d, "go.work"))
		if exists(filepath.Join(d, ".git")) || d == filepath.Dir(d) {
			break
		}
	}
	if name := os.Getenv("GOWORK"); filepath.IsAbs(name) {
		work(name)
	}
	return files
}
