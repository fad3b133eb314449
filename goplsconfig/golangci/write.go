package golangci

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/goplsconfig"
)

// policy is what goes into the hearth.yaml.
type policy struct {
	buildFlags, local names
	gofumpt           bool

	enable, disable names
	severity        [][2]string // selector and level
	plugins         []plugin

	rules []rule

	reasonOptional bool
	exceptions     []exception

	noTests bool
}

type plugin struct{ path, version string }

type rule struct {
	id, message     string
	imports, calls  []string
	inside, outside []string // packages
}

type exception struct {
	analyzers, in, files []string
	line                 int // of the file that it comes from
}

// render writes the hearth.yaml, in the order of the documentation.
func (p *policy) render(from string) []byte {
	var top yaml.Node
	top.Kind = yaml.MappingNode
	set(&top, "version", scalar("1"))
	if n := p.goplsNode(); len(n.Content) > 0 {
		set(&top, "gopls", n)
	}
	if n := p.analyzersNode(); len(n.Content) > 0 {
		set(&top, "analyzers", n)
	}
	if len(p.rules) > 0 {
		set(&top, "rules", p.rulesNode())
	}
	if n := p.suppressNode(from); len(n.Content) > 0 {
		set(&top, "suppress", n)
	}
	if p.noTests {
		set(&top, "vet", mapping("tests", scalar("false")))
	}

	var b bytes.Buffer
	b.WriteString("# yaml-language-server: $schema=" + goplsconfig.SchemaURL + "\n# Imported from " + strings.Map(printable, from) + ".\n")
	for i := 0; i < len(top.Content); i += 2 { // each block by itself, for a blank line before it
		if i > 0 {
			b.WriteByte('\n')
		}
		enc := yaml.NewEncoder(&b)
		enc.SetIndent(2)
		if err := enc.Encode(&yaml.Node{Kind: yaml.MappingNode, Content: top.Content[i : i+2]}); err != nil {
			panic(err) // nodes made here; cannot fail
		}
	}
	return b.Bytes()
}

// printable replaces what would end a comment of YAML, or break it.
func printable(r rune) rune {
	if !unicode.IsPrint(r) {
		return '?'
	}
	return r
}

func (p *policy) goplsNode() *yaml.Node {
	n := mapping()
	if len(p.buildFlags) > 0 {
		set(n, "buildFlags", list(p.buildFlags))
	}
	if p.gofumpt {
		set(n, "gofumpt", scalar("true"))
	}
	if len(p.local) > 0 {
		set(n, "local", text(strings.Join(p.local, ",")))
	}
	return n
}

func (p *policy) analyzersNode() *yaml.Node {
	n := mapping()
	if len(p.enable) > 0 {
		set(n, "enable", list(p.enable))
	}
	if len(p.disable) > 0 {
		set(n, "disable", list(p.disable))
	}
	if len(p.severity) > 0 {
		levels := mapping()
		for _, s := range p.severity {
			set(levels, s[0], text(s[1]))
		}
		set(n, "severity", levels)
	}
	if len(p.plugins) > 0 {
		all := &yaml.Node{Kind: yaml.SequenceNode}
		for _, pl := range p.plugins {
			all.Content = append(all.Content, mapping("import", text(pl.path), "version", text(pl.version)))
		}
		set(n, "plugins", all)
	}
	return n
}

func (p *policy) rulesNode() *yaml.Node {
	all := &yaml.Node{Kind: yaml.SequenceNode}
	for _, r := range p.rules {
		n := mapping("id", text(r.id), "message", text(r.message))
		for _, f := range []struct {
			key  string
			list []string
		}{{"forbid-import", r.imports}, {"forbid-call", r.calls}, {"in", r.inside}, {"except", r.outside}} {
			if len(f.list) > 0 {
				set(n, f.key, list(f.list))
			}
		}
		all.Content = append(all.Content, n)
	}
	return all
}

func (p *policy) suppressNode(from string) *yaml.Node {
	n := mapping()
	if p.reasonOptional {
		set(n, "require-reason", scalar("false"))
	}
	if len(p.exceptions) == 0 {
		return n
	}
	all := &yaml.Node{Kind: yaml.SequenceNode}
	for _, e := range p.exceptions {
		m := mapping("analyzers", list(e.analyzers))
		if len(e.in) > 0 {
			set(m, "in", list(e.in))
		}
		if len(e.files) > 0 {
			set(m, "files", list(e.files))
		}
		set(m, "reason", text("carried over from "+from+":"+strconv.Itoa(e.line)))
		set(m, "owner", text(ownerName))
		set(m, "expires", text("never"))
		all.Content = append(all.Content, m)
	}
	set(n, "exceptions", all)
	return n
}

// ownerName stands for the owner that golangci-lint does not ask for.
const ownerName = "golangci-lint"

func mapping(pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i < len(pairs); i += 2 {
		set(n, pairs[i].(string), pairs[i+1].(*yaml.Node))
	}
	return n
}

// set adds a key, or replaces its value.
func set(n *yaml.Node, key string, v *yaml.Node) {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content[i+1] = v
			return
		}
	}
	n.Content = append(n.Content, text(key), v)
}

// text is quoted where YAML would take it for something else; scalar is not.
func text(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: strings.ToValidUTF8(s, "?")} // else the library panics
}

func scalar(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }

// list is on one line where it is short.
func list(texts []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	width := 0
	for _, t := range texts {
		n.Content = append(n.Content, text(t))
		width += len(t) + 2
	}
	if width < 80 {
		n.Style = yaml.FlowStyle
	}
	return n
}
