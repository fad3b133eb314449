package goplsconfig

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// rule is a rule as written; fields that it does not mention are missing, so
// that a layer above can change one field of an inherited rule.
type rule struct {
	id     string
	at     Position
	fields map[string]ruleField
}

// ruleField is one field of a rule.
type ruleField struct {
	at       Position           // of the key
	value    *yaml.Node         // null: the layer takes the field back
	set      func(*policy.Rule) // nil after a problem, and for examples
	refs     []Reference        // what it names of the workspace
	examples []Example          // of ok and bad
}

func (r *reader) rules(n *yaml.Node) []rule {
	var all []rule
	lines := make(map[string]int)
	for _, e := range r.entries(n, "rules") {
		u := rule{at: r.at(e), fields: make(map[string]ruleField)}
		for _, p := range r.known(e, "a rule", ruleKeyNames()) {
			if p.name == "id" {
				u.id, u.at = r.text(p.value, "the id of a rule"), p.at
				continue
			}
			u.fields[p.name] = r.ruleField(p)
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

func (r *reader) ruleField(p pair) ruleField {
	f := ruleField{at: p.at, value: p.value}
	if isNull(p.value) {
		return f
	}
	if p.name == "ok" || p.name == "bad" {
		f.examples = r.examples(p)
		return f
	}
	r.refs = nil
	f.set = ruleKeyNamed(p.name).read(r, p.value)
	f.refs, r.refs = r.refs, nil
	return f
}

// mergeRules merges the rules of all layers by id, field by field, in the
// order in which the ids appear first.
func mergeRules(layers []*layer) []rule {
	var merged []rule
	for _, l := range layers {
		for _, u := range l.rules {
			i := slices.IndexFunc(merged, func(m rule) bool { return m.id == u.id })
			if i < 0 {
				merged = append(merged, rule{u.id, u.at, make(map[string]ruleField)})
				i = len(merged) - 1
			}
			merged[i].at = u.at
			merged[i].overlay(u.fields)
		}
	}
	return merged
}

// resolveRules returns the rules in force and what is wrong with them.
func resolveRules(layers []*layer) ([]policy.Rule, Problems) {
	var rules []policy.Rule
	var problems Problems
	for _, m := range mergeRules(layers) {
		m.check(&problems)
		rules = append(rules, m.policy())
	}
	return rules, problems
}

// overlay lays the fields of a stronger layer over u. What a rule says is one
// thing: a layer that names another kind replaces the inherited one, and what
// belonged to that.
func (u *rule) overlay(fields map[string]ruleField) {
	if kinds := kindsOf(fields); len(kinds) == 1 {
		if old := kindsOf(u.fields); !slices.Equal(old, kinds) {
			for _, name := range append(old, "fix", "through-interfaces", "ok", "bad") {
				delete(u.fields, name)
			}
		}
	}
	for name, f := range fields {
		if isNull(f.value) || f.value.Kind == yaml.SequenceNode && len(f.value.Content) == 0 {
			delete(u.fields, name)
		} else {
			u.fields[name] = f
		}
	}
}

// kindsOf returns the names of the kinds among fields that are not null, in
// the order of the documentation.
func kindsOf(fields map[string]ruleField) []string {
	var names []string
	for _, k := range RuleKinds {
		if f, ok := fields[k.Name]; ok && !isNull(f.value) {
			names = append(names, k.Name)
		}
	}
	return names
}

// kind returns the kind of a rule that is right.
func (u *rule) kind() (RuleKind, bool) {
	if kinds := kindsOf(u.fields); len(kinds) == 1 {
		return RuleKindNamed(kinds[0])
	}
	return RuleKind{}, false
}

func (u *rule) check(problems *Problems) {
	kinds := kindsOf(u.fields)
	switch len(kinds) {
	case 0:
		problems.add(u.at, "add one of "+strings.Join(kindNames(), ", "), "rule %q says nothing", u.id)
	case 1:
		k, _ := RuleKindNamed(kinds[0])
		u.checkModifiers(k, problems)
	default:
		last := u.fields[kinds[0]].at
		for _, name := range kinds {
			if at := u.fields[name].at; at.Line > last.Line || at.Line == last.Line && at.Column > last.Column {
				last = at
			}
		}
		problems.add(last, "make it two rules", "rule %q has %s", u.id, strings.Join(kinds, " and "))
	}
	if _, ok := u.fields["message"]; !ok {
		problems.add(u.at, "write message: and what to do instead", "rule %q has no message", u.id)
	}
}

// checkModifiers reports fields that mean nothing to the kind.
func (u *rule) checkModifiers(k RuleKind, problems *Problems) {
	if f, ok := u.fields["fix"]; ok && k.Fix == "" {
		problems.add(f.at, "remove it; fix: goes with "+strings.Join(kindsWith(func(k RuleKind) bool { return k.Fix != "" }), ", "),
			"rule %q has a fix, which %s has no use for", u.id, k.Name)
	}
	if f, ok := u.fields["through-interfaces"]; ok && !k.Interfaces {
		problems.add(f.at, "remove it; it goes with "+strings.Join(kindsWith(func(k RuleKind) bool { return k.Interfaces }), ", "),
			"rule %q has through-interfaces, which %s has no use for", u.id, k.Name)
	}
}

func (u *rule) policy() policy.Rule {
	out := policy.Rule{ID: u.id}
	for _, f := range u.fields {
		if f.set != nil {
			f.set(&out)
		}
	}
	return out
}

// examples returns the examples of the rule, those that must pass first.
func (u *rule) examples() []Example {
	return append(slices.Clone(u.fields["ok"].examples), u.fields["bad"].examples...)
}

// node returns the rule as YAML: fields in the order of the documentation,
// patterns in full, no comments.
func (u *rule) node() *yaml.Node {
	out := &yaml.Node{Kind: yaml.MappingNode}
	key := func(name string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: name} }
	out.Content = append(out.Content, key("id"), key(u.id))
	for _, name := range ruleKeyNames() {
		if f, ok := u.fields[name]; ok {
			out.Content = append(out.Content, key(name), cleanNode(f.value, f.refs))
		}
	}
	return out
}

// cleanNode copies a value without comments and with patterns in full.
func cleanNode(n *yaml.Node, refs []Reference) *yaml.Node {
	c := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: n.Style}
	for _, ref := range refs {
		if n.Kind == yaml.ScalarNode && ref.Role.isPattern() && ref.Line == n.Line && ref.Column == n.Column {
			c.Value = ref.Text
		}
	}
	for _, e := range n.Content {
		c.Content = append(c.Content, cleanNode(e, refs))
	}
	return c
}
