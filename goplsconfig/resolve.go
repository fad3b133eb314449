package goplsconfig

import (
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// Options say what a policy is resolved for.
type Options struct {
	API     *API // of the gopls that will run; nil: names are not checked
	Trusted bool // env, buildFlags, plugins and the shared cache are honoured

	Now time.Time // decides which exceptions have expired; zero means the present
}

// Warm says which packages are loaded before an editor asks for them.
type Warm struct {
	Packages []string `json:"packages"`
}

// Vet says how "hearth vet" judges.
type Vet struct {
	Tests  bool   `json:"tests"`
	FailOn string `json:"failOn"` // the mildest severity that fails

	// Baseline is the file of the findings that do not count, relative to the
	// workspace root, or "".
	Baseline string `json:"baseline,omitempty"`

	// Matrix holds the builds of --matrix.
	Matrix []MatrixBuild `json:"matrix,omitempty"`
}

// Cache says with whom "hearth vet" shares its work.
type Cache struct {
	Remote string `json:"remote,omitempty"` // URL of a gocached server
}

// Resolved is a policy in force.
type Resolved struct {
	Policy policy.Policy

	// Gopls holds the settings of gopls by short name. "analyses" names every
	// analyzer; env and buildFlags are there only if trusted.
	Gopls map[string]any

	Plugins []Plugin // none unless trusted
	Warm    Warm
	Vet     Vet
	Cache   Cache // none unless trusted

	File string // the hearth.yaml, "" where there is none
	Root string // its folder, or the workspace

	Warnings []Problem
	Ignored  []string // what waits for trust, in words

	source *Source
	api    *API
	stated stated
}

// dangerous are the settings that decide what programs run: env can name a
// GOPACKAGESDRIVER or a compiler wrapper, buildFlags a -toolexec. No other
// setting of gopls names a program.
var dangerous = []string{"env", "buildFlags"}

// Resolve checks the policy against a gopls and merges its layers. The error
// is [Problems], and holds everything that is wrong.
func (s *Source) Resolve(o Options) (*Resolved, error) {
	api := o.API
	if api == nil {
		api = &API{}
	}
	now := orNow(o.Now)
	layers, orphans := s.usable()
	problems, warnings := s.check(api, layers, o.Trusted, now)
	warnings = append(warnings, orphans...)
	if err := problems.err(); err != nil {
		return nil, err
	}
	whole := *s
	whole.layers = layers
	s = &whole
	r := &Resolved{
		File: s.File, Root: s.Root,
		Warnings: warnings.Sorted(),
		source:   s, api: api, stated: newStated(s.layers),
	}
	r.Policy.Rules, _ = resolveRules(s.layers)
	for _, l := range s.layers {
		if l.shadowIgnore != nil {
			r.Policy.ShadowIgnore = wordTexts(l.shadowIgnore)
		}
	}
	r.Policy.Suppress = mergeSuppress(s.layers, now)
	r.Policy.Analyzers = r.resolveAnalyzers()
	r.Gopls = mergeSettings(s.layers)
	maps.DeleteFunc(r.Gopls, func(name string, _ any) bool {
		_, known := api.option(name) // unknown ones are of the default policy; others are problems
		return !known && len(api.settings()) > 0
	})
	if o.Trusted {
		r.Plugins, r.Cache = s.Plugins(), mergeCache(s.layers)
	} else {
		for _, name := range dangerous {
			delete(r.Gopls, name)
		}
		r.Ignored = s.Danger()
	}
	analyses := make(map[string]any)
	for name, a := range r.Policy.Analyzers {
		analyses[name] = a.Enabled
	}
	r.Gopls["analyses"] = analyses
	r.Warm, r.Vet = mergeWarm(s.layers), mergeVet(s.layers)
	return r, nil
}

// resolveAnalyzers returns the state of each analyzer of the API, and, where
// the API knows none, of each that the policy names.
func (r *Resolved) resolveAnalyzers() map[string]policy.Analyzer {
	all := make(map[string]policy.Analyzer)
	for _, a := range r.analyzers() {
		all[a.Name] = policy.Analyzer{Enabled: r.stated.enabled(a), Severity: r.stated.severity(a)}
	}
	return all
}

func (r *Resolved) analyzers() []Analyzer {
	if len(r.api.Analyzers) > 0 {
		return r.api.Analyzers
	}
	var named []Analyzer
	for _, s := range append(slices.Clone(r.stated.switches), r.stated.levels...) {
		same := func(a Analyzer) bool { return a.Name == s.text }
		if s.kind == byName && !slices.ContainsFunc(named, same) {
			// Default is true as it is for most analyzers; a severity says nothing about it.
			named = append(named, Analyzer{Name: s.text, Group: deriveGroup(s.text), Default: true})
		}
	}
	return named
}

// mergeSettings merges the gopls settings of all layers, without analyses.
func mergeSettings(layers []*layer) map[string]any {
	merged := make(map[string]any)
	for _, l := range layers {
		for _, p := range l.gopls {
			if p.name != "analyses" {
				overlay(merged, p.name, settingValue(p))
			}
		}
	}
	return merged
}

// settingValue returns the value that gopls gets. Numbers are fine in env as
// written (CGO_ENABLED: 0), but its type is text.
func settingValue(p pair) any {
	v := plain(p.value)
	env, ok := v.(map[string]any)
	if p.name != "env" || !ok {
		return v
	}
	for i := 0; i+1 < len(p.value.Content); i += 2 {
		if k, e := p.value.Content[i], p.value.Content[i+1]; !isNull(e) && e.Kind == yaml.ScalarNode {
			env[k.Value] = e.Value
		}
	}
	return env
}

// overlay sets m[name] to v: null unsets, mappings merge, all else replaces.
func overlay(m map[string]any, name string, v any) {
	switch v := v.(type) {
	case nil:
		delete(m, name)
	case map[string]any:
		old, _ := m[name].(map[string]any)
		merged := maps.Clone(old)
		if merged == nil {
			merged = make(map[string]any)
		}
		for k, e := range v {
			overlay(merged, k, e)
		}
		m[name] = merged
	default:
		m[name] = v
	}
}

func mergeWarm(layers []*layer) Warm {
	var w Warm
	for _, l := range layers {
		for _, p := range l.warm {
			if p.name == "packages" {
				w.Packages = texts(p.value)
			}
		}
	}
	return w
}

func mergeVet(layers []*layer) Vet {
	var v Vet
	for _, l := range layers {
		for _, p := range l.vet {
			if p.name == "matrix" {
				v.Matrix = l.matrix
			}
			switch value := plain(p.value).(type) {
			case bool:
				v.Tests = value
			case string:
				if p.name == "baseline" {
					v.Baseline = value
				} else {
					v.FailOn = value
				}
			}
		}
	}
	return v
}

func mergeCache(layers []*layer) Cache {
	var c Cache
	for _, l := range layers {
		for _, p := range l.cache {
			text, _ := plain(p.value).(string) // null takes it back
			c.Remote = strings.TrimRight(text, "/")
		}
	}
	return c
}

// texts returns the entries of a list of texts, or the one text.
func texts(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode && !isNull(n) {
		return []string{n.Value}
	}
	var list []string
	for _, e := range n.Content {
		list = append(list, e.Value)
	}
	return list
}

// MergeSettings returns the settings that gopls gets when an editor sends
// these. Names may be long ("ui.diagnostic.staticcheck") and come out short.
//
// The policy decides analyses and staticcheck alone, buildFlags where it has
// any, and each variable of env that it has: the team's diagnostics depend on
// them. All else belongs to whoever sits at the editor; a mapping of theirs
// is laid over the one of the policy key by key.
func (r *Resolved) MergeSettings(editor map[string]any) map[string]any {
	merged := deepCopy(r.Gopls).(map[string]any)
	for _, name := range longNamesFirst(editor) {
		short := shortName(name)
		value := deepCopy(editor[name])
		_, stated := r.Gopls[short]
		switch {
		case value == nil: // "not set", in JSON
		case short == "analyses" || short == "staticcheck":
		case short == "buildFlags" && stated:
		case short == "env" && stated:
			overlay(merged, short, value)
			overlay(merged, short, deepCopy(r.Gopls[short]))
		default:
			overlay(merged, short, value)
		}
	}
	return merged
}

// longNamesFirst sorts setting names so that of two spellings of one setting
// the short one is applied last. gopls would pick either at random.
func longNamesFirst(m map[string]any) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		if d := strings.Count(b, ".") - strings.Count(a, "."); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

// shortName returns the last part of a dotted setting, which is all that
// gopls looks at.
func shortName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func deepCopy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = deepCopy(e)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = deepCopy(e)
		}
		return list
	}
	return v
}
