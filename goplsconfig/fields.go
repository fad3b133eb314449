package goplsconfig

import (
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/gohearth/hearth/goplsconfig/policy"
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

func (r *reader) rules(n *yaml.Node) []rule {
	var all []rule
	lines := make(map[string]int)
	for _, e := range r.entries(n, "rules") {
		u := rule{at: r.at(e), fields: make(map[string]ruleField)}
		for _, p := range r.known(e, "a rule", ruleKeys) {
			if p.name == "id" {
				u.id, u.at = r.text(p.value, "the id of a rule"), p.at
				continue
			}
			u.fields[p.name] = ruleField{p.at, r.ruleWords(p)}
		}
		if u.id == "" {
			r.problems.add(u.at, "write id: and a short name; it is shown with each finding", "a rule without id")
			continue
		}
		if line, dup := lines[u.id]; dup {
			r.problems.add(u.at, "give each rule its own id", "rule %q is here a second time; first on line %d", u.id, line)
			continue
		}
		lines[u.id] = u.at.Line
		all = append(all, u)
	}
	return all
}

// ruleWords reads one field of a rule. Package patterns come out absolute.
func (r *reader) ruleWords(p pair) []word {
	switch p.name {
	case "message", "url":
		if isNull(p.value) {
			return nil
		}
		return []word{{r.text(p.value, p.name), r.at(p.value)}}
	}
	words := r.words(p.value, p.name, true)
	if p.name != "in" && p.name != "except" {
		return words
	}
	for i, w := range words {
		words[i].text = r.packagePattern(w)
	}
	return words
}

// packagePattern resolves a pattern that is relative to the file.
func (r *reader) packagePattern(w word) string {
	if strings.HasPrefix(w.text, "../") || w.text == ".." {
		r.problems.add(w.at, "write the package path in full", "pattern %q leaves the folder of its policy file", w.text)
		return w.text
	}
	if w.text != "." && !strings.HasPrefix(w.text, "./") {
		return w.text
	}
	abs, err := absolutePattern(filepath.Dir(r.file), w.text)
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

func (r *reader) checkVet(pairs []pair) {
	for _, p := range pairs {
		switch {
		case isNull(p.value):
		case p.name == "tests":
			r.boolean(p.value, "vet.tests")
		case p.name == "fail-on":
			r.severity(p.value, "vet.fail-on")
		case p.name == "baseline":
			if file := r.text(p.value, "vet.baseline"); file != "" && !filepath.IsLocal(file) {
				r.problems.add(r.at(p.value), "name a file in the workspace, relative to its root", "vet.baseline is %q, which is outside of the workspace", file)
			}
		}
	}
}

// mergeRules merges the rules of all layers by id, field by field, in the
// order in which the ids appear first, and checks the outcome.
func mergeRules(layers []*layer) ([]policy.Rule, Problems) {
	var merged []rule
	for _, l := range layers {
		for _, u := range l.rules {
			i := slices.IndexFunc(merged, func(m rule) bool { return m.id == u.id })
			if i < 0 {
				merged = append(merged, rule{u.id, u.at, make(map[string]ruleField)})
				i = len(merged) - 1
			}
			merged[i].at = u.at
			merged[i].set(u.fields)
		}
	}
	var rules []policy.Rule
	var problems Problems
	for _, m := range merged {
		m.check(&problems)
		rules = append(rules, m.policy())
	}
	return rules, problems
}

// set overlays fields. What a rule forbids is one thing: a layer that names
// another kind replaces the inherited one.
func (u *rule) set(fields map[string]ruleField) {
	_, imports := fields["forbid-import"]
	_, calls := fields["forbid-call"]
	if imports != calls {
		delete(u.fields, "forbid-import")
		delete(u.fields, "forbid-call")
	}
	for name, f := range fields {
		if len(f.words) == 0 {
			delete(u.fields, name)
		} else {
			u.fields[name] = f
		}
	}
}

func (u *rule) check(problems *Problems) {
	imports, hasImports := u.fields["forbid-import"]
	calls, hasCalls := u.fields["forbid-call"]
	switch {
	case hasImports && hasCalls:
		at := imports.at
		if calls.at.Line > at.Line {
			at = calls.at
		}
		problems.add(at, "make it two rules", "rule %q has forbid-import and forbid-call", u.id)
	case !hasImports && !hasCalls:
		problems.add(u.at, "add forbid-import: or forbid-call:", "rule %q forbids nothing", u.id)
	}
	if _, ok := u.fields["message"]; !ok {
		problems.add(u.at, "write message: and what to do instead", "rule %q has no message", u.id)
	}
}

func (u *rule) policy() policy.Rule {
	texts := func(name string) []string {
		var list []string
		for _, w := range u.fields[name].words {
			list = append(list, w.text)
		}
		return list
	}
	return policy.Rule{
		ID:           u.id,
		Message:      strings.Join(texts("message"), ""),
		URL:          strings.Join(texts("url"), ""),
		ForbidImport: texts("forbid-import"),
		ForbidCall:   texts("forbid-call"),
		Scope:        policy.Scope{In: texts("in"), Except: texts("except")},
	}
}
