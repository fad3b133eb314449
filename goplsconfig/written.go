package goplsconfig

import (
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// WrittenRule is a rule in force together with where it is written.
type WrittenRule struct {
	policy.Rule
	Position   // of its id, in the strongest layer that speaks of it
	Kind       RuleKind
	References []Reference    // all packages and symbols that it names
	Examples   []Example      // those that must pass first
	Fields     []WrittenField // in the order of the documentation
}

// WrittenField is a field of a rule with the layer that it comes from.
type WrittenField struct {
	Position
	Name  string
	Value *yaml.Node // without comments, patterns in full
}

// YAML returns the value as a policy file would hold it, without a final
// newline.
func (f WrittenField) YAML() string {
	out, err := yaml.Marshal(f.Value)
	if err != nil {
		return err.Error() // it was YAML
	}
	return strings.TrimSuffix(string(out), "\n")
}

// WrittenRules returns the rules in force, in the order of the policy.
func (r *Resolved) WrittenRules() []WrittenRule {
	var all []WrittenRule
	for _, u := range mergeRules(r.source.layers) {
		w := WrittenRule{Rule: u.policy(), Position: u.at, Examples: u.examples()}
		w.Kind, _ = u.kind()
		for _, name := range ruleKeyNames() {
			if f, ok := u.fields[name]; ok {
				w.References = append(w.References, f.refs...)
				w.Fields = append(w.Fields, WrittenField{f.at, name, cleanNode(f.value, f.refs)})
			}
		}
		all = append(all, w)
	}
	return all
}

// ExceptionPatterns returns the package patterns of the exceptions that have
// not expired.
func (r *Resolved) ExceptionPatterns() []Reference {
	var refs []Reference
	for _, l := range r.source.layers {
		for _, e := range l.exceptions {
			if !e.expired(time.Now()) {
				refs = append(refs, e.refs...)
			}
		}
	}
	return refs
}

// WarmPatterns returns the package patterns that are warmed.
func (r *Resolved) WarmPatterns() []Reference {
	var refs []Reference
	for _, l := range r.source.layers {
		for _, p := range l.warm {
			if p.name != "packages" || l.builtin {
				continue
			}
			rd := &reader{file: l.file, dir: filepath.Dir(l.file), module: l.module}
			if l.module.Path != "" {
				rd.dir = r.Root
			}
			refs = nil
			for _, w := range rd.words(p.value, p.name, true) {
				refs = append(refs, Reference{w.at, WarmPattern, rd.packagePattern(w), w.text})
			}
		}
	}
	return refs
}

// Located returns problems as those of this repository read them: what is wrong
// in a file of a module is at the entry of extends that led there.
func (r *Resolved) Located(ps Problems) Problems { return r.source.located(ps) }

// Own reports whether a position is in a file of the repository, rather than
// in a policy that it shares with others.
func (r *Resolved) Own(p Position) bool {
	rel, err := filepath.Rel(r.Root, p.File)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
