package goplsconfig

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// Check returns everything that is wrong with the policy, as [Problems]. With
// a nil API it finds what needs no gopls to know, which is worth a look before
// a toolchain is built for minutes.
func (s *Source) Check(api *API) error {
	if api == nil {
		api = &API{}
	}
	layers, _ := s.usable()
	problems, _ := s.check(api, layers, true, time.Now())
	return problems.err()
}

// ruleNames reports rules that one could not tell from analyzers.
func ruleNames(layers []*layer, api *API) (problems Problems) {
	for _, l := range layers {
		for _, u := range l.rules {
			taken := func(name string) bool { return strings.EqualFold(name, u.id) }
			if slices.ContainsFunc(Groups, taken) || slices.ContainsFunc(ourNames, taken) || slices.ContainsFunc(api.analyzerNames(), taken) {
				problems.add(u.at, "choose another id; comments and exceptions name either by it", "rule %q has the name of an analyzer", u.id)
			}
		}
	}
	return problems
}

// checker compares one layer with a gopls.
type checker struct {
	api      *API
	layer    *layer
	withheld bool // analyzers of plugins, and rules of modules, are not known

	problems, warnings Problems
}

// check returns the problems and the warnings. Without trust the analyzers of
// plugins are not there, so a name that is unknown may be one of theirs.
//
// layers are those of s, less what waits for a module. The default policy is
// not checked: it is written for several versions of gopls and names what only
// some of them have.
func (s *Source) check(api *API, layers []*layer, trusted bool, now time.Time) (problems, warnings Problems) {
	rules, problems := resolveRules(layers)
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	problems = append(problems, ruleNames(layers, api)...)
	problems = append(problems, s.problems...)
	for _, l := range layers {
		if l.builtin {
			continue
		}
		c := &checker{api: api, layer: l, withheld: !trusted && len(s.Plugins()) > 0 || len(s.Missing()) > 0}
		c.settings()
		c.analyzers()
		c.exceptions(ids, now)
		problems = append(problems, c.problems...)
		warnings = append(warnings, c.warnings...)
	}
	return s.located(problems), s.located(warnings)
}

// settings checks names and values under gopls.
func (c *checker) settings() {
	for i, p := range c.layer.gopls {
		short := shortName(p.name)
		if short != p.name {
			c.longName(p, short, c.layer.gopls, i)
			continue
		}
		if hint, gone := retired[p.name]; gone {
			c.problems.add(p.at, hint, "gopls no longer obeys the setting %q", p.name)
			continue
		}
		if len(c.api.settings()) == 0 {
			continue
		}
		o, ok := c.api.option(p.name)
		if !ok {
			c.problems.add(p.at, c.settingHint(p.name), "gopls has no setting %q", p.name)
			continue
		}
		if o.DeprecationMessage != "" {
			c.warnings.add(p.at, strings.Join(strings.Fields(o.DeprecationMessage), " "), "the setting %q is deprecated", p.name)
		}
		c.value(o, p)
	}
}

// longName reports a dotted setting. gopls accepts them, but would then read
// two spellings of one setting in random order.
func (c *checker) longName(p pair, short string, all []pair, i int) {
	for j, q := range all {
		if j != i && shortName(q.name) == short && (j < i || q.name == short) {
			c.problems.add(p.at, "keep one, as "+short, "%q sets the same as %q on line %d", p.name, q.name, q.at.Line)
			return
		}
	}
	if _, ok := c.api.option(short); !ok && len(c.api.settings()) > 0 {
		hint := c.settingHint(short)
		if gone, ok := retired[short]; ok {
			hint = gone
		}
		c.problems.add(p.at, hint, "gopls has no setting %q", short)
		return
	}
	c.problems.add(p.at, "write "+short, "settings are written without prefix, not as %q", p.name)
}

// settingHint says what an unknown name under gopls may have meant.
func (c *checker) settingHint(name string) string {
	for _, o := range c.api.settings() {
		if o.Hierarchy == name || strings.HasPrefix(o.Hierarchy, name+".") {
			return "write the settings below it directly under gopls"
		}
	}
	if slices.Contains(c.api.analyzerNames(), name) {
		return fmt.Sprintf("it is an analyzer; write analyzers: {enable: [%s]}", name)
	}
	return didYouMean(name, c.api.optionNames())
}

// analyzers checks each name of an analyzer, wherever it stands.
func (c *checker) analyzers() {
	enabled := make(map[string]bool)
	for _, w := range c.layer.enable {
		enabled[w.text] = true
	}
	for _, w := range c.layer.disable {
		if enabled[w.text] {
			c.warnings.add(w.at, "keep one; disable wins", "%q is enabled and disabled", w.text)
		}
	}
	if len(c.api.Analyzers) == 0 {
		return
	}
	for _, s := range append(c.layer.switches(), c.layer.levels()...) {
		c.analyzer(s)
	}
}

func (c *checker) analyzer(s selector) {
	names := c.api.analyzerNames()
	switch s.kind {
	case byGlob:
		if _, err := path.Match(s.text, ""); err != nil {
			c.problems.add(s.at, "a pattern is text with * and ?", "%q is no valid pattern", s.text)
		} else if !slices.ContainsFunc(c.api.Analyzers, s.matches) {
			c.unknown(s, "", "no analyzer matches %q", s.text)
		}
	case byName:
		if slices.Contains(names, s.text) || slices.Contains(ourNames, s.text) {
			return
		}
		if hint, gone := retiredAnalyzers[s.text]; gone {
			c.problems.add(s.at, hint, "gopls has no analyzer %q", s.text)
			return
		}
		if slices.Contains(Groups, s.text) { // only gopls.analyses gets here
			c.problems.add(s.at, fmt.Sprintf("write analyzers: {enable: [%s]}", s.text), "gopls.analyses knows no groups such as %q", s.text)
			return
		}
		c.unknown(s, closest(s.text, append(slices.Clone(Groups), names...)), "gopls has no analyzer %q", s.text)
	}
}

// unknown reports a name that is none. It stays a warning where it may belong
// to a plugin that waits for trust, unless only its case is wrong.
func (c *checker) unknown(s selector, guess, format string, args ...any) {
	if c.withheld && !strings.EqualFold(guess, s.text) {
		c.warnings.add(s.at, "it may belong to a plugin or a module that is not there yet", format, args...)
		return
	}
	hint := ""
	if guess != "" {
		hint = fmt.Sprintf("did you mean %q?", guess)
	}
	c.problems.add(s.at, hint, format, args...)
}
