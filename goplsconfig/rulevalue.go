package goplsconfig

import (
	"cmp"
	"errors"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/analyzers/rules/pattern"
	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/lazyregexp"
)

// wordList reads a text or a list of texts. check may change a word, such as a
// relative pattern, and reports what is wrong with it.
func wordList(name string, check func(*reader, word) string, field func(*policy.Rule) *[]string) func(*reader, *yaml.Node) func(*policy.Rule) {
	return func(r *reader, n *yaml.Node) func(*policy.Rule) {
		list := r.checked(n, name, check)
		return func(u *policy.Rule) { *field(u) = list }
	}
}

// checked returns the words of a list after check.
func (r *reader) checked(n *yaml.Node, what string, check func(*reader, word) string) []string {
	var list []string
	for _, w := range r.words(n, what, true) {
		if w.text != "" {
			list = append(list, check(r, w))
		}
	}
	return list
}

func textField(name string, field func(*policy.Rule) *string) func(*reader, *yaml.Node) func(*policy.Rule) {
	return func(r *reader, n *yaml.Node) func(*policy.Rule) {
		text := r.text(n, name)
		return func(u *policy.Rule) { *field(u) = text }
	}
}

// partField reads what a scope does with some of the files.
func partField(name string, field func(*policy.Rule) *string) func(*reader, *yaml.Node) func(*policy.Rule) {
	return func(r *reader, n *yaml.Node) func(*policy.Rule) {
		text := r.oneOf(n, name, parts)
		return func(u *policy.Rule) { *field(u) = text }
	}
}

// oneOf reads one of a few words, and returns "" after a problem.
func (r *reader) oneOf(n *yaml.Node, what string, words []string) string {
	text := r.text(n, what)
	if text == "" || slices.Contains(words, text) {
		return text
	}
	r.noneOf(word{text, r.at(n)}, what, words)
	return ""
}

func (r *reader) noneOf(w word, what string, words []string) {
	hint := didYouMean(w.text, words)
	if hint == "" {
		hint = "write " + strings.Join(words, ", ")
	}
	r.problems.add(w.at, hint, "%s cannot be %q", what, w.text)
}

func (r *reader) ruleSeverity(n *yaml.Node) func(*policy.Rule) {
	severity := r.severity(n, "the severity of a rule")
	return func(u *policy.Rule) { u.Severity = severity }
}

func (r *reader) throughInterfaces(n *yaml.Node) func(*policy.Rule) {
	on := r.boolean(n, "through-interfaces")
	return func(u *policy.Rule) { u.ThroughInterfaces = on }
}

var versionText = lazyregexp.New(`^v?\d+(\.\d+)*([-+][0-9A-Za-z.+-]+)?$`)

// since reads a version or a day.
func (r *reader) since(n *yaml.Node) func(*policy.Rule) {
	text := r.text(n, "since")
	if _, err := time.Parse(time.DateOnly, text); err != nil && text != "" && (strings.Count(text, "-") == 2 || !versionText().MatchString(text)) {
		r.problems.add(r.at(n), "write v1.2.0, or 2006-01-02", "since is %q, which is no version and no day", text)
	}
	return func(u *policy.Rule) { u.Since = text }
}

// goCondition reads a condition on the version of the language.
func (r *reader) goCondition(n *yaml.Node) func(*policy.Rule) {
	text := r.text(n, "go")
	if _, err := policy.ParseGoCondition(text); err != nil {
		r.problems.add(r.at(n), `write it as ">=1.22", or ">=1.22 <1.25"`, "go is %q, which is no condition on the version of Go", text)
	}
	return func(u *policy.Rule) { u.Go = text }
}

func (r *reader) construct(w word) string {
	names := constructNames()
	if !slices.Contains(names, w.text) {
		r.noneOf(w, "a construct", names)
	}
	return r.note(Construct, w, w.text)
}

func constructNames() []string { return slices.Sorted(maps.Keys(policy.Constructs)) }

func constructSchema() object {
	names := constructNames()
	var docs []string
	for _, name := range names {
		docs = append(docs, policy.Constructs[name])
	}
	one := object{"enum": names, "enumDescriptions": docs}
	return object{"anyOf": []any{one, listOf(one)}}
}

// fields returns the values of a mapping by key, after problems for keys that
// are unknown or missing.
func (r *reader) fields(n *yaml.Node, what string, fields []RuleField) map[string]*yaml.Node {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	values := make(map[string]*yaml.Node)
	for _, p := range r.known(n, what, names) {
		if !isNull(p.value) {
			values[p.name] = p.value
		}
	}
	for _, f := range fields {
		if f.must && values[f.Name] == nil && n.Kind == yaml.MappingNode {
			r.problems.add(r.at(n), "write "+f.Name+": "+lowerFirst(f.Doc), "%s has no %s", what, f.Name)
		}
	}
	return values
}

func lowerFirst(s string) string {
	return strings.ToLower(s[:1]) + strings.TrimSuffix(s[1:], ".")
}

var layerFields = []RuleField{
	{Name: "components", Doc: "Groups of packages by name. ./ is the folder of this file.", must: true, schema: mapOf(ref("patterns"))},
	{Name: "may-depend-on", Doc: "For a component, the components that it may import; all others are forbidden to it.", schema: mapOf(ref("names"))},
	{Name: "must-not-depend-on", Doc: "For a component, the components that no chain of imports may reach.", schema: mapOf(ref("names"))},
}

func mapOf(item object) object {
	return object{"type": []string{"object", "null"}, "additionalProperties": item}
}

func (r *reader) layer(n *yaml.Node) func(*policy.Rule) {
	values := r.fields(n, "layer", layerFields)
	l := &policy.Layer{Components: make(map[string][]string)}
	if v := values["components"]; v != nil {
		for _, p := range r.pairs(v, "components") {
			l.Components[p.name] = r.checked(p.value, "the component "+p.name, (*reader).componentPattern)
			if len(l.Components[p.name]) == 0 {
				r.problems.add(p.at, "name its packages", "component %q has no packages", p.name)
			}
		}
	}
	l.MayDependOn = r.dependencies(values["may-depend-on"], "may-depend-on", l)
	l.MustNotDependOn = r.dependencies(values["must-not-depend-on"], "must-not-depend-on", l)
	if l.MayDependOn == nil && l.MustNotDependOn == nil && values["components"] != nil {
		r.problems.add(r.at(n), "add may-depend-on: or must-not-depend-on:", "layer forbids nothing")
	}
	return func(u *policy.Rule) { u.Layer = l }
}

// dependencies reads lists of components by component. An empty list is one
// that says something: nothing at all.
func (r *reader) dependencies(n *yaml.Node, what string, l *policy.Layer) map[string][]string {
	if n == nil {
		return nil
	}
	names := slices.Sorted(maps.Keys(l.Components))
	known := func(w word) {
		if slices.Contains(names, w.text) {
			return
		}
		hint := didYouMean(w.text, names)
		if hint == "" {
			hint = "the components are " + strings.Join(names, ", ")
		}
		r.problems.add(w.at, hint, "there is no component %q", w.text)
	}
	all := make(map[string][]string)
	for _, p := range r.pairs(n, what) {
		known(word{p.name, p.at})
		all[p.name] = []string{}
		for _, w := range r.words(p.value, what+"."+p.name, true) {
			known(w)
			all[p.name] = append(all[p.name], w.text)
		}
	}
	return all
}

var requireArgFields = []RuleField{
	{Name: "call", Doc: "The functions and methods; a trailing * matches any rest.", must: true, schema: ref("patterns")},
	{Name: "arg", Doc: "The place of the argument, from 1, or the name of the parameter.", must: true, schema: object{"type": []string{"integer", "string"}}},
	{Name: "must", Doc: "What it must be.", must: true, schema: object{"enum": policy.ArgConditions}},
}

func (r *reader) requireArg(n *yaml.Node) func(*policy.Rule) {
	values := r.fields(n, "require-arg", requireArgFields)
	a := &policy.RequireArg{}
	if v := values["call"]; v != nil {
		a.Call = r.checked(v, "call", (*reader).function)
	}
	if v := values["arg"]; v != nil {
		a.Arg = r.text(v, "arg")
		if place, err := strconv.Atoi(a.Arg); a.Arg != "" && !token.IsIdentifier(a.Arg) && (err != nil || place < 1) {
			r.problems.add(r.at(v), "count from 1, or write the name of the parameter", "arg cannot be %q", a.Arg)
		}
	}
	if v := values["must"]; v != nil {
		a.Must = r.oneOf(v, "must", policy.ArgConditions)
	}
	return func(u *policy.Rule) { u.RequireArg = a }
}

var firstParamFields = []RuleField{
	{Name: "type", Doc: "The type, such as context.Context.", must: true, schema: textSchema},
	{Name: "name", Doc: "What the parameter must be called; anything, if empty.", schema: textSchema},
	{Name: "functions", Doc: "Functions and methods that must have such a parameter; a trailing * matches any rest. If empty, no function must, but those that have one must have it first.", schema: ref("patterns")},
}

func (r *reader) requireFirstParam(n *yaml.Node) func(*policy.Rule) {
	values := r.fields(n, "require-first-param", firstParamFields)
	f := &policy.RequireFirstParam{}
	if v := values["type"]; v != nil {
		if text := r.text(v, "type"); text != "" {
			f.Type = r.paramType(word{text, r.at(v)})
		}
	}
	if v := values["name"]; v != nil {
		if f.Name = r.text(v, "name"); f.Name != "" && !token.IsIdentifier(f.Name) {
			r.problems.add(r.at(v), "", "%q is no name of a parameter", f.Name)
		}
	}
	if v := values["functions"]; v != nil {
		f.Functions = r.checked(v, "functions", (*reader).function)
	}
	return func(u *policy.Rule) { u.RequireFirstParam = f }
}

var replaceFields = []RuleField{
	{Name: "from", Doc: "The expression, with symbols by import path and placeholders such as $x, or $*x for any number of arguments.", must: true, schema: textSchema},
	{Name: "to", Doc: "What takes its place; if empty, the expression is forbidden and there is no fix.", schema: textSchema},
	{Name: "where", Doc: "Conditions on placeholders: a type, \"implements TYPE\", \"underlying TYPE\", \"constant\".", schema: mapOf(textSchema)},
}

var placeholder = lazyregexp.New(`\$\*?[\pL_][\pL\pN_]*`)

func (r *reader) replace(n *yaml.Node) func(*policy.Rule) {
	before := len(r.problems)
	values := r.fields(n, "replace", replaceFields)
	p := &policy.Replace{}
	if v := values["from"]; v != nil {
		p.From = r.text(v, "from")
		r.note(Expression, word{p.From, r.at(v)}, p.From)
	}
	known := placeholder().FindAllString(p.From, -1)
	for i, name := range known {
		known[i] = strings.TrimLeft(name, "$*")
	}
	unknown := func(w word) {
		if !slices.Contains(known, w.text) && p.From != "" {
			hint := didYouMean(w.text, known)
			if hint == "" {
				hint = "it has " + cmp.Or(strings.Join(known, ", "), "none")
			}
			r.problems.add(w.at, hint, "from has no placeholder %q", w.text)
		}
	}
	if v := values["to"]; v != nil {
		p.To = r.text(v, "to")
		for _, name := range placeholder().FindAllString(p.To, -1) {
			unknown(word{strings.TrimLeft(name, "$*"), r.at(v)})
		}
	}
	if v := values["where"]; v != nil {
		p.Where = make(map[string]string)
		for _, w := range r.pairs(v, "where") {
			unknown(word{w.name, w.at})
			p.Where[w.name] = r.text(w.value, "where."+w.name)
		}
	}
	if len(r.problems) == before {
		r.compilePattern(p, values)
	}
	return func(u *policy.Rule) { u.Replace = p }
}

// compilePattern reports what keeps a pattern from being one, at its place.
func (r *reader) compilePattern(p *policy.Replace, values map[string]*yaml.Node) {
	_, err := pattern.Compile(p.From, p.To, p.Where)
	e, ok := errors.AsType[*pattern.Error](err)
	if !ok {
		return
	}
	node := values[e.Part]
	if name, where := strings.CutPrefix(e.Part, "where "); where {
		for _, w := range r.pairs(values["where"], "where") {
			if w.name == name {
				node = w.value
			}
		}
	}
	if node == nil {
		node = values["from"]
	}
	at := r.at(node)
	switch {
	case node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0: // its text begins elsewhere
	case node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		at.Column += 1 + e.Offset
	default:
		at.Column += e.Offset
	}
	r.problems.add(at, e.Hint, "%s: %s", e.Part, e.Message)
}
