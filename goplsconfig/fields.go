package goplsconfig

import (
	"fmt"
	"go/token"
	"net/url"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// checkPlugin reports what keeps a plugin from being built.
func (r *reader) checkPlugin(p placedPlugin) bool {
	before := len(r.problems)
	switch {
	case p.Import == "":
		r.problems.add(p.at, "write import: and the path of the package that holds the analyzer", "a plugin without import")
	case module.CheckImportPath(p.Import) != nil:
		r.problems.add(p.at, "", "the plugin's import %q is no import path", p.Import)
	case p.Version != "" && p.Path != "":
		r.problems.add(p.at, "keep one of them", "plugin %q has a version and a path", p.Import)
	case p.Version == "" && p.Path == "":
		r.problems.add(p.at, "add version: v1.2.3, or path: with the folder of its module", "plugin %q has no version", p.Import)
	case p.Version != "" && !semver.IsValid(p.Version):
		r.problems.add(p.at, "write it as v1.2.3, so that everybody builds the same", "plugin %q has version %q, which is no version", p.Import, p.Version)
	}
	if p.Var != "" && !token.IsExported(p.Var) || p.Var != "" && !token.IsIdentifier(p.Var) {
		r.problems.add(p.at, "var names a package level variable of type *analysis.Analyzer", "plugin %q has var %q, which is no exported name", p.Import, p.Var)
	}
	return len(r.problems) == before
}

// packagePattern resolves a pattern that is relative to the file. In a policy
// module, whose own folder holds nothing to look at, it is relative to the
// workspace that extends the module.
func (r *reader) packagePattern(w word) string {
	if strings.HasPrefix(w.text, "../") || w.text == ".." {
		whose := "its policy file"
		if r.module.Path != "" {
			whose = "the workspace"
		}
		r.problems.add(w.at, "write the package path in full", "pattern %q leaves the folder of %s", w.text, whose)
		return w.text
	}
	if w.text != "." && !strings.HasPrefix(w.text, "./") {
		return w.text
	}
	abs, looked, err := absolutePattern(r.dir, w.text)
	r.modFiles = append(r.modFiles, looked...)
	if err != nil && r.module.Path != "" && w.text == "./..." {
		return "..." // of a workspace of several modules, whose folder is in none
	}
	if err != nil {
		r.problems.add(w.at, "write the package path in full", "cannot resolve pattern %q: %v", w.text, err)
		return w.text
	}
	return abs
}

func (r *reader) checkWarm(pairs []pair) {
	for _, p := range pairs {
		r.words(p.value, "warm."+p.name, true)
	}
}

func (r *reader) checkVet(pairs []pair, l *layer) {
	for _, p := range pairs {
		switch {
		case isNull(p.value):
		case p.name == "tests":
			r.boolean(p.value, "vet.tests")
		case p.name == "fail-on":
			r.severity(p.value, "vet.fail-on")
		case p.name == "matrix":
			l.matrix = r.matrix(p.value)
		case p.name == "baseline":
			if file := r.text(p.value, "vet.baseline"); file != "" && !filepath.IsLocal(file) {
				r.problems.add(r.at(p.value), "name a file in the workspace, relative to its root", "vet.baseline is %q, which is outside of the workspace", file)
			}
		}
	}
}

func (r *reader) checkCache(pairs []pair) {
	for _, p := range pairs {
		if isNull(p.value) {
			continue
		}
		if text := r.text(p.value, "cache."+p.name); text != "" {
			if fix, err := CheckRemote(text); err != nil {
				r.problems.add(r.at(p.value), fix, "cache.%s: %v", p.name, err)
			}
		}
	}
}

// CheckRemote says what is wrong with the URL of a cache server, and what to
// write instead.
func CheckRemote(text string) (fix string, err error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "write it as http://cache.example:31364", fmt.Errorf("%q is no http or https URL", text)
	case u.User != nil:
		return "put the token in HEARTH_CACHE_TOKEN; a policy is no place for it", fmt.Errorf("the URL of %s holds a password", u.Host)
	case u.RawQuery != "" || u.Fragment != "":
		return "write it as " + u.Scheme + "://" + u.Host, fmt.Errorf("%q has more than a host and a path", text)
	}
	return "", nil
}
