package goplsconfig

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gohearth/hearth/internal/hint"
)

// Explanation says why a part of the policy is as it is.
type Explanation struct {
	Key     string // in full, such as "gopls.staticcheck"
	Summary string // first sentence of the documentation; may be empty
	Value   any    // in force; nil where the default of gopls applies; a *yaml.Node for a rule
	Default any    // of gopls; nil where it is not known
	Says    []Say  // from weakest to strongest
	Editor  string // who wins between the policy and the settings of an editor
}

// Say is what one layer says about the key.
type Say struct {
	Position
	Text  string // as written, such as "analyzers.disable: SA*"
	Value any    // what it makes of the key; nil: the default of gopls
	Won   bool
}

// Sentences for [Explanation.Editor].
const (
	policyWins  = "the policy; the editor's value is not used"
	perKey      = "the policy for the variables that it sets, the editor for others"
	editorWins  = "the editor, if it sets a value"
	editorMap   = "the editor, for each key that it sets"
	editorBlank = "the editor, since the policy says nothing"
	noEditor    = "the policy; editors have no say in it"
)

// Explain returns why a key is as it is: "gopls.NAME", "analyzers.NAME",
// "rules.ID", "suppress.NAME", "warm.NAME", "vet.NAME", "cache.NAME", or the name of an
// analyzer or of a setting alone.
func (r *Resolved) Explain(key string) (Explanation, error) {
	section, name, ok := strings.Cut(key, ".")
	if !ok {
		section, name = r.sectionOf(key), key
	}
	switch section {
	case "analyzers":
		return r.explainAnalyzer(name)
	case "gopls":
		return r.explainSetting(name)
	case "rules":
		return r.explainRule(name)
	case "warm":
		return r.explainPairs(section, name, warmKeys, func(l *layer) []pair { return l.warm })
	case "suppress":
		return r.explainPairs(section, name, suppressKeys, func(l *layer) []pair { return l.suppress })
	case "vet":
		return r.explainPairs(section, name, vetKeys, func(l *layer) []pair { return l.vet })
	case "cache":
		e, err := r.explainPairs(section, name, cacheKeys, func(l *layer) []pair { return l.cache })
		if r.Cache.Remote == "" {
			e.Value = nil // taken back, or waits for trust
		}
		return e, err
	}
	return Explanation{}, r.noKey(key)
}

// sectionOf guesses what a bare name is the name of.
func (r *Resolved) sectionOf(name string) string {
	if _, ok := r.Policy.Analyzers[name]; ok {
		return "analyzers"
	}
	if _, ok := r.api.option(name); ok || r.Gopls[name] != nil {
		return "gopls"
	}
	return ""
}

func (r *Resolved) noKey(key string) error {
	err := fmt.Errorf("there is no key %q in a policy", key)
	names := append(r.api.analyzerNames(), r.api.optionNames()...)
	section, name, ok := strings.Cut(key, ".")
	if !ok {
		name, section = section, ""
	}
	if best := closest(name, names); best != "" {
		if section != "" {
			best = section + "." + best
		}
		return hint.Add(err, "did you mean %q?", best)
	}
	return hint.Add(err, "write gopls.NAME, analyzers.NAME, rules.ID, suppress.NAME, warm.NAME, vet.NAME or cache.NAME")
}

func (r *Resolved) explainAnalyzer(name string) (Explanation, error) {
	all := r.analyzers()
	i := slices.IndexFunc(all, func(a Analyzer) bool { return a.Name == name })
	if i < 0 {
		return Explanation{}, r.noKey("analyzers." + name)
	}
	a := all[i]
	e := Explanation{
		Key: "analyzers." + name, Summary: analyzerSummary(a),
		Value: r.Policy.Analyzers[name].Enabled, Default: a.Default,
		Editor: policyWins,
	}
	says := matching(r.stated.switches, a)
	for i, s := range says {
		say := Say{s.at, s.where + ": " + s.text, nil, i == len(says)-1}
		if s.where == "gopls.staticcheck" {
			say.Text = fmt.Sprintf("%s: %v", s.where, *s.on)
		}
		if s.on != nil {
			say.Value = *s.on
		}
		e.Says = append(e.Says, say)
	}
	levels := matching(r.stated.levels, a)
	for i, s := range levels {
		say := Say{s.at, s.where + ": " + s.text, nil, i == len(levels)-1}
		if s.level != "" {
			say.Value = s.level
		}
		e.Says = append(e.Says, say)
	}
	return e, nil
}

// analyzerSummary returns the first line of the documentation without the name.
func analyzerSummary(a Analyzer) string {
	line, _, _ := strings.Cut(a.Doc, "\n")
	return strings.TrimPrefix(line, a.Name+": ")
}

func (r *Resolved) explainSetting(name string) (Explanation, error) {
	name = shortName(name)
	o, known := r.api.option(name)
	_, stated := r.Gopls[name]
	if !known && !stated && len(r.api.settings()) > 0 {
		return Explanation{}, r.noKey("gopls." + name)
	}
	e := Explanation{Key: "gopls." + name, Summary: firstSentence(o.Doc), Value: r.Gopls[name], Default: o.defaultValue()}
	for _, l := range r.source.layers {
		for _, p := range l.gopls {
			if p.name == name {
				e.Says = append(e.Says, Say{p.at, "gopls." + name, settingValue(p), false})
			}
		}
	}
	markWinners(e.Says)
	e.Editor = r.settingWinner(name, stated)
	return e, nil
}

// markWinners marks what took part in the value: the last one, and, of
// mappings, all since the last that is none.
func markWinners(says []Say) {
	for i := len(says) - 1; i >= 0; i-- {
		_, isMap := says[i].Value.(map[string]any)
		if !isMap && i < len(says)-1 {
			return // a mapping above replaced it
		}
		says[i].Won = true
		if !isMap {
			return
		}
	}
}

func (r *Resolved) settingWinner(name string, stated bool) string {
	_, isMap := r.Gopls[name].(map[string]any)
	switch {
	case name == "analyses" || name == "staticcheck":
		return policyWins
	case !stated:
		return editorBlank
	case name == "buildFlags":
		return policyWins
	case name == "env":
		return perKey
	case isMap:
		return editorMap
	}
	return editorWins
}

func (r *Resolved) explainRule(id string) (Explanation, error) {
	e := Explanation{Key: "rules." + id, Editor: noEditor}
	for _, u := range mergeRules(r.source.layers) {
		if u.id == id {
			e.Value, e.Summary = u.node(), u.policy().Message
		}
	}
	if e.Value == nil {
		return Explanation{}, r.noKey(e.Key)
	}
	for _, l := range r.source.layers {
		for _, u := range l.rules {
			if u.id == id {
				e.Says = append(e.Says, Say{u.at, "rules: " + id, u.node(), true}) // field by field
			}
		}
	}
	return e, nil
}

func (r *Resolved) explainPairs(section, name string, keys []string, pairs func(*layer) []pair) (Explanation, error) {
	key := section + "." + name
	if !slices.Contains(keys, name) {
		return Explanation{}, r.noKey(key)
	}
	e := Explanation{Key: key, Editor: noEditor}
	for _, l := range r.source.layers {
		for _, p := range pairs(l) {
			if p.name == name {
				e.Says = append(e.Says, Say{p.at, key, plain(p.value), false})
			}
		}
	}
	if n := len(e.Says); n > 0 {
		e.Says[n-1].Won = true
		e.Value = e.Says[n-1].Value
	}
	return e, nil
}

// firstSentence returns the first sentence of a documentation text.
func firstSentence(doc string) string {
	paragraph, _, _ := strings.Cut(doc, "\n\n")
	text := strings.Join(strings.Fields(paragraph), " ")
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i+1]
	}
	return text
}
