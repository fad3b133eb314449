package golangci

import (
	"slices"
	"strings"
)

// linters is what the file says about which linters run.
type linters struct {
	base              string // standard, all, none or fast
	enabled, disabled map[string]value
	order             []string // of enabled
}

// standard are the linters that run unless the file says otherwise.
var standard = []string{"errcheck", "gosimple", "govet", "ineffassign", "staticcheck", "unused"}

// readLinters reads both versions: today's linters.default was three keys.
func (im *importer) readLinters() linters {
	section := im.root.get("linters")
	l := linters{base: "standard", enabled: make(map[string]value), disabled: make(map[string]value)}
	from := section.get("default")
	if t := from.text(); t != "" {
		l.base = t
	}
	for key, base := range map[string]string{"enable-all": "all", "disable-all": "none"} {
		if v := section.get(key); v.is() {
			l.base, from = base, v
		}
	}
	for _, v := range section.get("enable").list() {
		l.enabled[v.text()] = v
		l.order = append(l.order, v.text())
	}
	for _, v := range section.get("disable").list() {
		l.disabled[v.text()] = v
	}
	switch l.base {
	case "all":
		from.noted("linters that are named are looked at one by one", "%s also stands for linters that hearth has no counterpart of", from.path)
	case "fast":
		l.base = "none"
		from.noted("list the linters by name", "which linters are fast is not known here")
	}
	section.get("presets").noted("list the linters by name", "%s is not carried over", join(section.path, "presets"))
	section.get("fast-only").noted("", "linters.fast-only is not needed; hearth knows no slow and fast ones")
	section.get("fast").noted("", "linters.fast is not needed; hearth knows no slow and fast ones")
	return l
}

// on reports whether a linter runs.
func (l *linters) on(name string) bool {
	if _, off := l.disabled[name]; off {
		return false
	}
	_, on := l.enabled[name]
	return on || l.base == "all" || l.base == "standard" && slices.Contains(standard, name)
}

// off reports whether the file goes out of its way to have a linter not run.
func (l *linters) off(name string) bool {
	_, off := l.disabled[name]
	return off || l.base == "none" && slices.Contains(standard, name) && !l.on(name)
}

// setting returns the settings of a linter or, in the first version, formatter.
func (im *importer) setting(name string) value {
	if im.isOld {
		return im.root.get("linters-settings", name)
	}
	return im.root.get("linters", "settings", name)
}

// counterpart is a linter that hearth has something for.
type counterpart struct {
	linter string
	names  []string // selectors of what does its work, for exclusions and severities
	carry  func(im *importer, settings value)

	// isDefault says that hearth runs what names selects by default, so that it
	// is switched off where the linter is.
	isDefault bool
	oldOnly   bool // the second version has it as part of another, or as a formatter
}

// counterparts are in the order in which their outcome is written.
//
// Plugins are the ones that were linked into every gopls that hearth supports.
var counterparts = []counterpart{
	{linter: "govet", names: []string{"vet"}, carry: (*importer).govet, isDefault: true},
	{linter: "staticcheck", names: []string{"staticcheck"}, carry: (*importer).staticcheck, isDefault: true},
	{linter: "gosimple", names: []string{"S[0-9]*"}, carry: (*importer).gosimple, oldOnly: true},
	{linter: "stylecheck", names: []string{"ST*"}, carry: (*importer).stylecheck, oldOnly: true},
	{linter: "unused", names: []string{"unusedfunc"}, carry: (*importer).unused, isDefault: true},
	{linter: "unparam", names: []string{"unusedparams"}, carry: enable("unusedparams"), isDefault: true},
	{linter: "modernize", names: []string{"fix"}, carry: (*importer).modernize},
	{linter: "copyloopvar", names: []string{"forvar"}, carry: enable("forvar")},
	{linter: "intrange", names: []string{"rangeint"}, carry: enable("rangeint")},
	{linter: "nosprintfhostport", names: []string{"hostport"}, carry: enable("hostport"), isDefault: true},
	{linter: "predeclared", names: []string{"shadowbuiltin"}, carry: enable("shadowbuiltin")},
	{linter: "rowserrcheck", names: []string{"sqlrowserr"}, carry: enable("sqlrowserr"), isDefault: true},
	{linter: "errcheck", names: []string{"errcheck"}, carry: plug("github.com/kisielk/errcheck/errcheck", "v1.9.0")},
	{linter: "ineffassign", names: []string{"ineffassign"}, carry: plug("github.com/gordonklaus/ineffassign/pkg/ineffassign", "v0.1.0")},
	{linter: "depguard", names: []string{"rules"}, carry: (*importer).depguard},
	{linter: "gomodguard", names: []string{"rules"}, carry: (*importer).gomodguard},
	{linter: "gomodguard_v2", names: []string{"rules"}, carry: (*importer).gomodguard},
	{linter: "forbidigo", names: []string{"rules"}, carry: (*importer).forbidigo},
	{linter: "gofmt", carry: (*importer).gofmt, oldOnly: true},
	{linter: "gofumpt", carry: (*importer).gofumpt, oldOnly: true},
	{linter: "goimports", carry: (*importer).goimports, oldOnly: true},
	{linter: "gci", carry: (*importer).gci, oldOnly: true},
	{linter: "typecheck", carry: func(*importer, value) {}}, // what does not compile is an error to hearth
}

// enable returns what carries a linter over that one analyzer stands for.
func enable(name string) func(*importer, value) {
	return func(im *importer, _ value) { im.out.enable.add(name) }
}

// plug returns what carries a linter over that can be linked.
func plug(path, version string) func(*importer, value) {
	return func(im *importer, _ value) { im.out.plugins = append(im.out.plugins, plugin{path, version}) }
}

// counterpart carries one linter over.
func (im *importer) counterpart(c counterpart) {
	if c.oldOnly && !im.isOld {
		return // others asks for a newer spelling
	}
	switch {
	case im.linters.on(c.linter):
		c.carry(im, im.setting(c.linter))
	case im.linters.off(c.linter) && c.isDefault:
		for _, name := range c.names {
			im.out.disable.add(name)
		}
	}
	if !im.linters.on(c.linter) {
		im.setting(c.linter).noted("", "the settings of %s do nothing while it is off", c.linter)
	}
	delete(im.linters.enabled, c.linter)
}

// near says for linters without counterpart what comes close.
var near = map[string]string{
	"containedctx":     "ctxfield reports contexts in structs where a caller's would be lost",
	"gochecknoglobals": "write a rule with forbid-construct: [package-var]",
	"gochecknoinits":   "write a rule with forbid-construct: [init]",
	"nakedret":         "write a rule with forbid-construct: [naked-return]",
	"usetesting":       "testingcontext of the group fix does a part of it",
	"exhaustruct":      "it has no counterpart in hearth",
	"dupl":             "genericdup finds functions that differ in types alone",
	"gocritic":         "a part of it is in the checks of staticcheck",
	"revive":           "a part of it is in the checks of staticcheck",
	"importas":         "golangci-lint remains for it",
	"wastedassign":     "SA4006 of staticcheck does a part of it",
	"structcheck":      "it is gone from golangci-lint",
	"varcheck":         "it is gone from golangci-lint; compilers and unusedfunc do a part of it",
	"deadcode":         "it is gone from golangci-lint; unusedfunc does a part of it",
	"exportloopref":    "it is gone from golangci-lint; loopclosure of vet does its work",
	"scopelint":        "it is gone from golangci-lint; loopclosure of vet does its work",
}

// others notes the linters that run and have no counterpart, and then reads
// nolintlint, which is about comments and no finding.
func (im *importer) others() {
	im.nolintlint()
	for _, name := range im.linters.order {
		v, left := im.linters.enabled[name]
		if !left || name == "nolintlint" {
			continue
		}
		hint := near[name]
		if hint == "" {
			hint = "keep golangci-lint for it, or link it by analyzers: plugins: if it is a go/analysis pass"
		}
		im.note(v, hint, "linter %s has no counterpart", name)
		im.setting(name).done() // said with the linter
	}
	for name := range im.linters.disabled {
		im.setting(name).done()
	}
}

// nolintlint decides whether a comment has to say why it silences a finding.
// golangci-lint asks for no reason unless it is told to, hearth does.
func (im *importer) nolintlint() {
	if im.linters.off("nolintlint") {
		im.setting("nolintlint").done()
	}
	s := im.setting("nolintlint")
	if !im.linters.on("nolintlint") {
		s.noted("", "the settings of nolintlint do nothing while it is off")
		im.out.reasonOptional = true
		return
	}
	im.out.reasonOptional = !s.get("require-explanation").is()
	s.get("allow-unused").done()
	if names := s.get("allow-no-explanation").texts(); len(names) > 0 {
		s.get("allow-no-explanation").noted("", "a comment needs a reason or not whatever it is for, also for %s", strings.Join(names, ", "))
	}
	if s.get("require-specific").is() {
		s.get("require-specific").noted("", "hearth takes //nolint without a name")
	}
}

// selectors returns the analyzers that do the work of a linter, which are none
// where it has no counterpart.
func selectors(linter string) []string {
	for _, c := range counterparts {
		if strings.EqualFold(c.linter, linter) {
			return c.names
		}
	}
	return nil
}
