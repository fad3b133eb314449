package goplsconfig

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// exception is an exception as written.
type exception struct {
	policy.Exception
	analyzers []word
	refs      []Reference // of its in
	at        Position    // of its expires
}

// expired reports whether the last day of e is before now, in local time: the
// day is that of whoever wrote it.
func (e *exception) expired(now time.Time) bool {
	return e.Expires != policy.Never && e.Expires < now.Format(time.DateOnly)
}

func (r *reader) suppress(n *yaml.Node, l *layer) {
	l.suppress = r.known(n, "suppress", suppressKeys)
	for _, p := range l.suppress {
		switch {
		case isNull(p.value):
		case p.name == "exceptions":
			for _, e := range r.entries(p.value, "suppress.exceptions") {
				l.exceptions = append(l.exceptions, r.exception(e))
			}
		default:
			r.boolean(p.value, "suppress."+p.name)
		}
	}
}

func (r *reader) exception(n *yaml.Node) exception {
	e := exception{at: r.at(n)}
	missing := slices.Clone(exceptionMust)
	for _, p := range r.known(n, "an exception", exceptionKeys) {
		if isNull(p.value) {
			continue
		}
		missing = slices.DeleteFunc(missing, func(key string) bool { return key == p.name })
		switch p.name {
		case "analyzers":
			e.analyzers = r.words(p.value, "analyzers", true)
			if len(e.analyzers) == 0 {
				r.problems.add(p.at, "name what it is for; all stands for everything", "an exception for no analyzer")
			}
			e.Analyzers = wordTexts(e.analyzers)
		case "in":
			r.refs = nil
			e.In = r.checked(p.value, "in", (*reader).exceptPattern)
			e.refs, r.refs = r.refs, nil
		case "files":
			e.Files = r.filePatterns(p.value)
		case "reason":
			e.Reason = r.text(p.value, "the reason of an exception")
		case "owner":
			e.Owner = r.text(p.value, "the owner of an exception")
		case "expires":
			e.at = r.at(p.value)
			e.Expires = r.day(p.value)
		}
	}
	if len(missing) > 0 {
		r.problems.add(r.at(n), "somebody has to answer for it until a day, or expires: never", "an exception without %s", strings.Join(missing, ", "))
	}
	return e
}

// filePatterns returns patterns of base names.
func (r *reader) filePatterns(n *yaml.Node) []string {
	words := r.words(n, "files", true)
	for _, w := range words {
		if _, err := path.Match(w.text, ""); err != nil {
			r.problems.add(w.at, "a pattern is text with * and ?", "%q is no valid pattern", w.text)
		} else if strings.Contains(w.text, "/") {
			r.problems.add(w.at, "name the folder by in:", "%q has a folder; files are matched by their own name", w.text)
		}
	}
	return wordTexts(words)
}

// day returns a day, or never. YAML takes one for a date and keeps its text.
func (r *reader) day(n *yaml.Node) string {
	text := r.text(n, "expires")
	if _, err := time.Parse(time.DateOnly, text); err != nil && text != "" && text != policy.Never {
		r.problems.add(r.at(n), "write its last day as 2006-01-02, or never", "expires is %q, which is no day", text)
	}
	return text
}

func wordTexts(words []word) []string {
	var list []string
	for _, w := range words {
		list = append(list, w.text)
	}
	return list
}

// exceptions checks the names in the exceptions of the layer, and warns of
// exceptions that are over.
func (c *checker) exceptions(ruleIDs []string, now time.Time) {
	for _, e := range c.layer.exceptions {
		for _, w := range e.analyzers {
			s := newSelector(w, "suppress.exceptions")
			switch {
			case slices.Contains(ruleIDs, w.text), retiredAnalyzers[w.text] != "":
			case len(c.api.Analyzers) > 0:
				c.analyzer(s)
			}
		}
		if e.expired(now) {
			c.warnings.add(e.at, "mend the code and remove it, or agree on another day", "the exception of %s for %s expired on %s",
				e.Owner, strings.Join(e.Analyzers, ", "), e.Expires)
		}
	}
}

// mergeSuppress merges what the layers say. Exceptions add up, without those
// that have expired.
func mergeSuppress(layers []*layer, now time.Time) policy.Suppress {
	var merged policy.Suppress
	for _, l := range layers {
		for _, p := range l.suppress {
			switch v, ok := plain(p.value).(bool); {
			case ok && p.name == "inline":
				merged.ForbidInline = !v
			case ok && p.name == "require-reason":
				merged.ReasonOptional = !v
			}
		}
		for _, e := range l.exceptions {
			if !e.expired(now) {
				merged.Exceptions = append(merged.Exceptions, e.Exception)
			}
		}
	}
	return merged
}

// orNow returns t, or the present where t is zero.
func orNow(t time.Time) time.Time { return cmp.Or(t, time.Now()) }
