package goplsconfig

import (
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/module"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// layer is one policy file as it was written, before it is merged or checked
// against gopls.
type layer struct {
	file    string // absolute path, name within a module (see moduleFile), or builtinName
	builtin bool

	// module is the one that the file lies in; none for a file of the repository.
	module module.Version
	entry  Position // of extends, in a file of the repository, that led to the module

	// awaits makes of a layer without content the place of a module.
	awaits *awaited

	extends    []extension
	gopls      []pair
	enable     []word
	disable    []word
	severities []severity
	plugins    []placedPlugin

	shadowIgnore []word // nil: nothing is said

	rules      []rule
	suppress   []pair
	exceptions []exception // those of suppress
	warm, vet  []pair
	cache      []pair
	matrix     []MatrixBuild // that of vet

	modFiles []string // each go.mod that decides what a pattern stands for, or would if it were there
}

// extension is an entry of extends: the path of a file, or a file of a module.
type extension struct {
	word
	module module.Version // zero: text is relative to the file that says it
}

// severity is what a layer says about the rank of some analyzers. An empty
// level takes back what the layers below say.
type severity struct {
	selector word
	level    string
}

type placedPlugin struct {
	Plugin
	at Position
}

// Plugin is an analyzer of somebody else that is linked into the toolchain.
// Exactly one of Version and Path is set.
type Plugin struct {
	Import  string `json:"import"`
	Version string `json:"version,omitempty"`
	Path    string `json:"path,omitempty"` // absolute folder of the module
	Var     string `json:"var,omitempty"`  // the variable; "Analyzer" where empty
}

// String returns the plugin as one would write it for the go command.
func (p Plugin) String() string {
	switch {
	case p.Version != "":
		return p.Import + "@" + p.Version
	case p.Path != "":
		return p.Import + " from " + p.Path
	}
	return p.Import
}

// Keys of hearth.yaml, in the order of the documentation.
var (
	topKeys      = []string{"version", "extends", "gopls", "analyzers", "rules", "suppress", "warm", "vet", "cache"}
	analyzerKeys = []string{"enable", "disable", "severity", "shadow-ignore", "plugins"}
	extendKeys   = []string{"module", "version", "file"}
	pluginKeys   = []string{"import", "version", "path", "var"}
	suppressKeys = []string{"inline", "require-reason", "exceptions"}
	warmKeys     = []string{"packages"}
	cacheKeys    = []string{"remote"}
	vetKeys      = []string{"tests", "fail-on", "baseline", "matrix"}

	exceptionKeys = []string{"analyzers", "in", "files", "reason", "owner", "expires"}
	exceptionMust = []string{"analyzers", "reason", "owner", "expires"}
)

// readLayer turns the document of a file into a layer. What is wrong becomes
// a problem, and the rest is still read, so that one run reports everything.
func readLayer(file string, root *yaml.Node) (*layer, Problems) {
	r := &reader{file: file, dir: filepath.Dir(file)}
	l := r.document(root)
	l.modFiles = r.modFiles
	return l, r.problems
}

func (r *reader) document(root *yaml.Node) *layer {
	l := &layer{file: r.file, module: r.module}
	if root == nil {
		return l
	}
	r.refuseAliases(root)
	for _, p := range r.pairs(root, "a policy file") {
		switch p.name {
		case "version":
			r.version(p.value)
		case "extends":
			l.extends = r.extends(p.value)
		case "gopls":
			l.gopls = r.pairs(p.value, p.name)
			r.nestedKeys(l.gopls)
		case "analyzers":
			r.analyzers(p.value, l)
		case "rules":
			l.rules = r.rules(p.value)
		case "suppress":
			r.suppress(p.value, l)
		case "warm":
			l.warm = r.known(p.value, p.name, warmKeys)
			r.checkWarm(l.warm)
		case "vet":
			l.vet = r.known(p.value, p.name, vetKeys)
			r.checkVet(l.vet, l)
		case "cache":
			l.cache = r.known(p.value, p.name, cacheKeys)
			r.checkCache(l.cache)
		default:
			r.unknownKey(p, "a policy file", topKeys)
		}
	}
	return l
}

func (r *reader) version(n *yaml.Node) {
	if v := plain(n); v != int64(1) {
		r.problems.add(r.at(n), "write version: 1, or install a newer hearth", "version must be 1, not %s", kindOf(n))
	}
}

func (r *reader) analyzers(n *yaml.Node, l *layer) {
	for _, p := range r.known(n, "analyzers", analyzerKeys) {
		switch p.name {
		case "enable":
			l.enable = r.words(p.value, "analyzers.enable", false)
		case "disable":
			l.disable = r.words(p.value, "analyzers.disable", false)
		case "severity":
			l.severities = r.severities(p.value)
		case "shadow-ignore":
			l.shadowIgnore = r.variables(p.value)
		case "plugins":
			l.plugins = r.plugins(p.value)
		}
	}
}

// variables returns a list of names of variables.
func (r *reader) variables(n *yaml.Node) []word {
	words := r.words(n, "analyzers.shadow-ignore", true)
	for _, w := range words {
		if !token.IsIdentifier(w.text) {
			r.problems.add(w.at, "", "%q is no name of a variable", w.text)
		}
	}
	return append([]word{}, words...)
}

func (r *reader) severities(n *yaml.Node) []severity {
	var all []severity
	for _, p := range r.pairs(n, "analyzers.severity") {
		s := severity{selector: word{p.name, p.at}}
		if !isNull(p.value) {
			if s.level = r.severity(p.value, "the severity of "+p.name); s.level == "" {
				continue
			}
		}
		all = append(all, s)
	}
	return all
}

// severity returns a valid severity, or "" after a problem.
func (r *reader) severity(n *yaml.Node, what string) string {
	name := r.text(n, what)
	if name == "" || slices.Contains(policy.Severities, name) {
		return name
	}
	hint := didYouMean(name, policy.Severities)
	for short, full := range map[string]string{"info": policy.Information, "warn": policy.Warning, "err": policy.Error} {
		if strings.EqualFold(name, short) {
			hint = didYouMean(full, policy.Severities)
		}
	}
	if hint == "" {
		hint = "write " + strings.Join(policy.Severities, ", ")
	}
	r.problems.add(r.at(n), hint, "%s is %q, which is no severity", what, name)
	return ""
}

func (r *reader) plugins(n *yaml.Node) []placedPlugin {
	var all []placedPlugin
	for _, e := range r.entries(n, "analyzers.plugins") {
		p := placedPlugin{at: r.at(e)}
		for _, f := range r.known(e, "a plugin", pluginKeys) {
			text := r.text(f.value, f.name)
			switch f.name {
			case "import":
				p.Import = text
			case "version":
				p.Version = text
			case "path":
				if r.module.Path != "" {
					r.problems.add(r.at(f.value), "write the import path alone; the plugin is then taken from this version of "+r.module.Path, "a plugin of a policy module cannot have a path")
					continue
				}
				if p.Path = filepath.FromSlash(text); text != "" && !filepath.IsAbs(p.Path) {
					p.Path = filepath.Join(filepath.Dir(r.file), p.Path)
				}
			case "var":
				p.Var = text
			}
		}
		if p.Version == "" && p.Path == "" {
			r.ownPlugin(&p.Plugin)
		}
		if r.checkPlugin(p) {
			all = append(all, p)
		}
	}
	return all
}

// ownPlugin says where a plugin is that lies in the same module as the file: at
// its version, or, in the checkout of a policy module, beside the file.
func (r *reader) ownPlugin(p *Plugin) {
	if r.module.Path != "" {
		if inModule(p.Import, r.module.Path) {
			p.Version = r.module.Version
		}
		return
	}
	if root, module, _, err := enclosingModule(r.dir); err == nil && inModule(p.Import, module) {
		p.Path = root
	}
}

// entries returns the elements of a list.
func (r *reader) entries(n *yaml.Node, what string) []*yaml.Node {
	if isNull(n) {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.problems.add(r.at(n), "start each entry by \"- \"", "%s must be a list, not %s", what, kindOf(n))
		return nil
	}
	return n.Content
}

// known returns the pairs of a mapping whose names are among keys and reports
// the others.
func (r *reader) known(n *yaml.Node, what string, keys []string) []pair {
	var known []pair
	for _, p := range r.pairs(n, what) {
		if slices.Contains(keys, p.name) {
			known = append(known, p)
		} else {
			r.unknownKey(p, what, keys)
		}
	}
	return known
}

func (r *reader) unknownKey(p pair, what string, keys []string) {
	hint := didYouMean(p.name, keys)
	if hint == "" {
		hint = "its keys are " + strings.Join(keys, ", ")
	}
	r.problems.add(p.at, hint, "%q is no key of %s", p.name, what)
}
