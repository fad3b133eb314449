package goplsconfig

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A selector is what a layer says about the analyzers that it matches.
type selector struct {
	kind  selectorKind
	text  string // name, glob or group
	where string // key of the policy file
	at    Position

	on    *bool  // nil: as gopls has it by default
	level string // of a severity selector
}

// selectorKind orders the selectors of a layer from vague to exact; the most
// exact one that matches decides.
type selectorKind int

const (
	bySwitch selectorKind = iota // gopls.staticcheck
	byAll
	byGroup
	byGlob
	byName
)

// newSelector classifies an entry of enable, disable or severity.
func newSelector(w word, where string) selector {
	s := selector{kind: byName, text: w.text, where: where, at: w.at}
	switch {
	case w.text == groupAll:
		s.kind = byAll
	case slices.Contains(Groups, w.text):
		s.kind = byGroup
	case strings.ContainsAny(w.text, `*?[\`):
		s.kind = byGlob
	}
	return s
}

// matches reports whether the selector speaks of a. The group all leaves out
// what only adds fixes to compile errors: who silences everything to start
// afresh does not mean those.
func (s *selector) matches(a Analyzer) bool {
	switch s.kind {
	case bySwitch:
		return a.Group == groupStaticcheck
	case byAll:
		return !a.EditorOnly
	case byGroup:
		return a.Group == s.text
	case byGlob:
		ok, _ := path.Match(s.text, a.Name) // a bad glob is reported by check
		return ok
	}
	return a.Name == s.text
}

// compare orders selectors by how exact they are: by kind, and globs by the
// text that they fix. On a tie, disable beats enable.
func (s *selector) compare(t *selector) int {
	return cmp.Or(
		cmp.Compare(s.kind, t.kind),
		cmp.Compare(s.literals(), t.literals()),
		cmp.Compare(s.offness(), t.offness()),
	)
}

func (s *selector) literals() int {
	if s.kind != byGlob {
		return 0
	}
	return len(s.text) - strings.Count(s.text, "*") - strings.Count(s.text, "?")
}

func (s *selector) offness() int {
	if s.on != nil && !*s.on {
		return 1
	}
	return 0
}

// switches returns what the layer says about which analyzers run, from vague
// to exact.
func (l *layer) switches() []selector {
	on, off := true, false
	var all []selector
	for _, w := range l.enable {
		s := newSelector(w, "analyzers.enable")
		s.on = &on
		all = append(all, s)
	}
	for _, w := range l.disable {
		s := newSelector(w, "analyzers.disable")
		s.on = &off
		all = append(all, s)
	}
	for _, p := range l.gopls {
		switch p.name {
		case "staticcheck":
			if b, ok := plain(p.value).(bool); ok {
				all = append(all, selector{bySwitch, groupStaticcheck, "gopls.staticcheck", p.at, &b, ""})
			}
		case "analyses":
			all = append(all, analysesSelectors(p)...)
		}
	}
	slices.SortStableFunc(all, func(a, b selector) int { return a.compare(&b) })
	return all
}

// analysesSelectors reads the setting gopls.analyses.
func analysesSelectors(p pair) []selector {
	if p.value.Kind != yaml.MappingNode {
		return nil // check reports it
	}
	var all []selector
	for i := 0; i+1 < len(p.value.Content); i += 2 {
		k, v := p.value.Content[i], p.value.Content[i+1]
		s := selector{kind: byName, text: k.Value, where: "gopls.analyses", at: Position{p.at.File, k.Line, k.Column}}
		if b, ok := plain(v).(bool); ok {
			s.on = &b
		} else if !isNull(v) {
			continue
		}
		all = append(all, s)
	}
	return all
}

// levels returns what the layer says about severities, from vague to exact.
func (l *layer) levels() []selector {
	var all []selector
	for _, sv := range l.severities {
		s := newSelector(sv.selector, "analyzers.severity")
		s.level = sv.level
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b selector) int { return a.compare(&b) })
	return all
}

// say is what one layer says about one thing.
type say struct {
	layer *layer
	selector
}

// stated holds the sorted selectors of all layers, so that they are sorted
// once and not for each of some 250 analyzers.
type stated struct{ switches, levels []say }

func newStated(layers []*layer) stated {
	var st stated
	for _, l := range layers {
		for _, s := range l.switches() {
			st.switches = append(st.switches, say{l, s})
		}
		for _, s := range l.levels() {
			st.levels = append(st.levels, say{l, s})
		}
	}
	return st
}

// matching returns those that speak of a; the last of them decides.
func matching(says []say, a Analyzer) []say {
	var out []say
	for _, s := range says {
		if s.matches(a) {
			out = append(out, s)
		}
	}
	return out
}

// enabled reports whether a runs.
func (st stated) enabled(a Analyzer) bool {
	if says := matching(st.switches, a); len(says) > 0 {
		if on := says[len(says)-1].on; on != nil {
			return *on
		}
	}
	return a.Default
}

// severity returns the rank that the policy gives to a, "" where it leaves the
// analyzer its own.
func (st stated) severity(a Analyzer) string {
	if says := matching(st.levels, a); len(says) > 0 {
		return says[len(says)-1].level
	}
	return ""
}
