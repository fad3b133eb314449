package golangci

import (
	"cmp"
	_ "embed"
	"path"
	"slices"
	"strings"
)

//go:embed analyzers.txt
var analyzersText string

// known returns the analyzers that hearth can run, with their groups. They come
// from a generated list, since the analyzers themselves would make up half of
// the hearth command, and half of the time in which it starts.
func known() map[string]string {
	all := make(map[string]string)
	for line := range strings.Lines(analyzersText) {
		name, group, _ := strings.Cut(strings.TrimSpace(line), " ")
		all[name] = group
	}
	return all
}

// vetExtras are the passes that govet has beyond those of go vet, which
// enable-all switches on.
var vetExtras = []string{"atomicalign", "deepequalerrors", "fieldalignment", "nilness", "shadow", "sortslice", "unusedwrite"}

func (im *importer) govet(s value) {
	disabled := s.get("disable").texts()
	if s.get("enable-all").is() {
		im.out.enable.add("vet")
		for _, name := range vetExtras {
			if !slices.Contains(disabled, name) {
				im.out.enable.add(name)
			}
		}
	}
	if s.get("disable-all").is() {
		im.out.disable.add("vet")
	}
	if s.get("check-shadowing").is() {
		im.out.enable.add("shadow")
	}
	all := known()
	for _, v := range s.get("enable").list() {
		if _, ok := all[v.text()]; ok {
			im.out.enable.add(v.text())
		} else {
			v.noted("", "hearth has no analyzer %q of govet", v.text())
		}
	}
	for _, name := range disabled {
		if _, ok := all[name]; ok {
			im.out.disable.add(name)
		} // what hearth does not have is as good as off
	}
}

// instead names the checks of staticcheck that are not in hearth, because
// another analyzer reports the same.
var instead = map[string]string{"SA1006": "printf", "SA1019": "deprecated", "SA2000": "waitgroup", "SA4021": "appends", "SA5009": "printf"}

// usualChecks is what golangci-lint runs of staticcheck when it is told nothing.
var usualChecks = []string{"all", "-ST1000", "-ST1003", "-ST1016", "-ST1020", "-ST1021", "-ST1022"}

func (im *importer) staticcheck(s value) {
	if im.isOld {
		im.checks(s, "SA*", "staticcheck", []string{"all"})
		return
	}
	im.checks(s, "", "staticcheck", usualChecks)
}

func (im *importer) gosimple(s value)   { im.checks(s, "S[0-9]*", "gosimple", []string{"all"}) }
func (im *importer) stylecheck(s value) { im.checks(s, "ST*", "stylecheck", usualChecks) }

// checks carries over a list of checks, of which the last that matches decides.
// In a policy the most exact one does, so that what a later and wider one
// undoes is left out. In the first version a linter was one family of checks.
func (im *importer) checks(s value, family, linter string, usual []string) {
	type check struct {
		pattern string
		on      bool
	}
	list := s.get("checks")
	texts := list.texts()
	if len(texts) == 0 {
		texts = usual
	}
	if slices.Contains(texts, "inherit") {
		texts = append(slices.Clone(usual), texts...)
	}
	var checks []check
	for _, text := range texts {
		pattern, off := strings.CutPrefix(text, "-")
		switch {
		case pattern == "inherit":
			continue
		case pattern == "all" || pattern == "*":
			pattern = cmp.Or(family, "staticcheck")
		case pattern == "S*":
			pattern = "S[0-9]*" // a family, and not all that begins so
		}
		checks = slices.DeleteFunc(checks, func(c check) bool { return covers(pattern, c.pattern) })
		checks = append(checks, check{pattern, !off})
	}
	all := known()
	for _, c := range checks {
		if name, gone := instead[c.pattern]; gone {
			c.pattern = name
		} else if !matchesAny(c.pattern, all) {
			list.im.note(list, "", "hearth has no check %q of %s", c.pattern, linter)
			continue
		}
		if family != "" && !covers(family, c.pattern) && all[c.pattern] == "staticcheck" {
			continue // of another linter, and without effect on this one
		}
		if c.on {
			im.out.enable.add(c.pattern)
		} else {
			im.out.disable.add(c.pattern)
		}
	}
}

// covers reports whether a pattern takes in all that another does.
func covers(wide, narrow string) bool {
	if wide == "staticcheck" || wide == narrow {
		return true
	}
	ok, _ := path.Match(wide, strings.ReplaceAll(narrow, "[0-9]", "1"))
	return ok
}

func matchesAny(pattern string, all map[string]string) bool {
	if pattern == "staticcheck" {
		return true
	}
	for name := range all {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}

// unused finds more than functions, which is what gopls has an analyzer for.
func (im *importer) unused(value) {
	if v, named := im.linters.enabled["unused"]; named {
		im.note(v, "SA4006 and the compiler find some of the rest", "unused finds fields, types and variables too, unusedfunc functions alone")
	}
	im.out.enable.add("unusedfunc")
}

func (im *importer) modernize(s value) {
	im.out.enable.add("fix")
	all := known()
	for _, v := range s.get("disable").list() {
		if _, ok := all[v.text()]; ok {
			im.out.disable.add(v.text())
		} // a modernizer that hearth does not have is as good as off
	}
}

// names is a list without repetitions.
type names []string

func (n *names) add(name string) {
	if !slices.Contains(*n, name) {
		*n = append(*n, name)
	}
}
