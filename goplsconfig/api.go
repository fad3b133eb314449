package goplsconfig

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gohearth/hearth/internal/lazyregexp"
)

// API is what a gopls says about itself: the output of "gopls api-json". The
// toolchain adds hearth's analyzers and plugins to it.
//
// An API without options or without analyzers is one that does not know them;
// names are then not checked.
type API struct {
	Options   map[string][]Option // settings are under "User"
	Analyzers []Analyzer
}

// Option is one setting of gopls.
type Option struct {
	Name               string
	Type               string // "bool", "enum", "map[string]bool", ...
	Doc                string
	EnumKeys           EnumKeys
	EnumValues         []EnumValue
	Default            string // as JSON
	Status             string
	Hierarchy          string // prefix of the long form, such as "ui.diagnostic"
	DeprecationMessage string
}

// EnumKeys lists the keys of a setting that is a map of known keys.
type EnumKeys struct {
	ValueType string
	Keys      []EnumKey
}

// EnumKey is one of [EnumKeys]. Its name is JSON, thus in quotes.
type EnumKey struct{ Name, Doc, Default string }

// EnumValue is a value of a setting that has few of them. Value is JSON.
type EnumValue struct{ Value, Doc string }

// Analyzer is one analyzer of a gopls.
type Analyzer struct {
	Name, Doc, URL string
	Default        bool

	// Not in the output of an unmodified gopls.
	Group      string
	Severity   string
	EditorOnly bool
}

// Groups are the names that stand for many analyzers in a policy.
var Groups = []string{groupAll, groupVet, groupFix, groupStaticcheck, groupHearth}

const (
	groupAll         = "all"
	groupVet         = "vet"
	groupFix         = "fix"
	groupStaticcheck = "staticcheck"
	groupHearth      = "hearth"
)

// ParseAPI reads the output of "gopls api-json".
func ParseAPI(data []byte) (*API, error) {
	var api API
	if err := json.Unmarshal(data, &api); err != nil {
		return nil, fmt.Errorf("reading what gopls says about itself: %w", err)
	}
	if len(api.Options["User"]) == 0 || len(api.Analyzers) == 0 {
		return nil, fmt.Errorf("reading what gopls says about itself: it names no settings or no analyzers")
	}
	for i := range api.Analyzers {
		switch a := &api.Analyzers[i]; {
		case a.Group == "":
			a.Group = deriveGroup(a.Name)
			a.EditorOnly = slices.Contains(editorOnly, a.Name)
		case a.Group == groupFix && slices.Contains(vetSuite, a.Name):
			a.Group = groupVet // in both suites, of which gopls lists fix first
		}
	}
	return &api, nil
}

// settings returns the options that may stand in a policy file, including
// those that gopls accepts without documenting them.
func (a *API) settings() []Option {
	if len(a.Options["User"]) == 0 {
		return nil
	}
	var all []Option
	for _, o := range a.Options["User"] {
		if _, gone := retired[o.Name]; !gone && o.Name != "staticcheckProvided" { // a field, not a setting
			all = append(all, o)
		}
	}
	for _, o := range undocumented {
		if !slices.ContainsFunc(all, func(p Option) bool { return p.Name == o.Name }) {
			all = append(all, o)
		}
	}
	return all
}

// option returns a setting by name.
func (a *API) option(name string) (Option, bool) {
	settings := a.settings()
	i := slices.IndexFunc(settings, func(o Option) bool { return o.Name == name })
	if i < 0 {
		return Option{}, false
	}
	return settings[i], true
}

func (a *API) optionNames() []string {
	var names []string
	for _, o := range a.settings() {
		names = append(names, o.Name)
	}
	return names
}

func (a *API) analyzerNames() []string {
	var names []string
	for _, an := range a.Analyzers {
		names = append(names, an.Name)
	}
	return names
}

// keys returns the keys that a setting may have, nil if any.
func (o Option) keys() []string {
	if o.Name == "analyses" {
		return nil // checked with the other analyzer names
	}
	var keys []string
	for _, k := range o.EnumKeys.Keys {
		keys = append(keys, unquote(k.Name))
	}
	return keys
}

func unquote(s string) string {
	if u, err := strconv.Unquote(s); err == nil {
		return u
	}
	return s
}

var staticcheckName = lazyregexp.New(`^(SA|ST|S|QF)[0-9]+$`)

// deriveGroup returns the group of an analyzer of an unmodified gopls, which
// does not tell. An analyzer that is in two suites counts as vet: what it
// reports is a bug, even if a fix for it is safe.
func deriveGroup(name string) string {
	switch {
	case staticcheckName().MatchString(name):
		return groupStaticcheck
	case slices.Contains(ourNames, name):
		return groupHearth
	case slices.Contains(vetSuite, name):
		return groupVet
	case slices.Contains(fixSuite, name):
		return groupFix
	}
	return ""
}

// ourNames are the analyzers that hearth links into each toolchain.
var ourNames = []string{
	"ctxfield", "genericdup", "goerr", "maxprocs", "retrydeadline", "rules", "shadow",
	"shadowbuiltin", "shadowimport", "shadowpkgvar", "suppression", "syncmaprmw", "unusedparams", "widesignature",
}

// editorOnly are the analyzers that add a fix to a type error and report
// nothing by themselves.
var editorOnly = []string{"fillreturns", "nonewvars", "noresultvalues", "unusedvariable"}

// The suites as of gopls v0.24.0; older ones lack some.
var (
	vetSuite = strings.Fields(`
		appends asmdecl assign atomic bools buildtag cgocall composites copylocks
		defers directive errorsas framepointer hostport httpresponse ifaceassert
		loopclosure lostcancel nilfunc printf scannererr shift sigchanyzer slog
		sqlrowserr stdmethods stdversion stringintconv structtag testinggoroutine
		tests timeformat unmarshal unreachable unsafeptr unusedresult waitgroup`)
	fixSuite = strings.Fields(`
		any atomictypes buildtag embedlit errorsastype forvar hostport importcomment
		inline mapsloop minmax newexpr omitzero plusbuild rangeint reflecttypeassert
		reflecttypefor slicesbackward slicesclip slicescontains slicessort
		stditerators stringintconv stringsbuilder stringscut stringscutprefix
		stringsseq testingcontext unsafefuncs waitgroupgo`)
)

// defaultValue returns the default of the option, nil where it has none.
func (o Option) defaultValue() any {
	var v any
	if json.Unmarshal([]byte(o.Default), &v) != nil {
		return nil
	}
	return v
}
