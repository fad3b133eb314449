package golangci

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/tailscale/hujson"
	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/goplsconfig"
)

// parse returns a file as YAML nodes, which know their places, whatever it is
// written in.
func parse(data []byte, filename string) (*yaml.Node, error) {
	var root *yaml.Node
	var err error
	switch strings.ToLower(filepath.Ext(filename)) {
	case ".toml":
		root, err = parseTOML(data)
	case ".json":
		if _, err = hujson.Parse(data); err == nil {
			root, err = parseYAML(bytes.ReplaceAll(data, []byte("\t"), []byte(" "))) // JSON is YAML but for tabs
		}
	default:
		root, err = parseYAML(data)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", filename, err)
	}
	if root.Kind != yaml.MappingNode {
		return nil, goplsconfig.Problems{{File: filename, Line: 1, Column: 1, Message: "the configuration of golangci-lint must be a mapping"}}
	}
	return root, nil
}

func parseYAML(data []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	}
	room := maxNodes
	root := expand(doc.Content[0], &room)
	if room <= 0 {
		return nil, errors.New("its aliases stand for too much")
	}
	return root, nil
}

// maxNodes bounds what aliases expand to. The reference configuration, which has
// every key there is, has some 3000 nodes.
const maxNodes = 100_000

// expand returns a copy in which no two places share a node: aliases are
// written out, and merged keys stand where they are merged.
func expand(n *yaml.Node, room *int) *yaml.Node {
	if *room--; *room <= 0 {
		return &yaml.Node{Kind: yaml.ScalarNode}
	}
	if n.Kind == yaml.AliasNode {
		return expand(n.Alias, room)
	}
	c := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: n.Style, Line: n.Line, Column: n.Column}
	for i := 0; i < len(n.Content); i++ {
		e := expand(n.Content[i], room)
		if n.Kind == yaml.MappingNode && i%2 == 0 && e.Tag == "!!merge" && i+1 < len(n.Content) {
			i++
			merged := expand(n.Content[i], room)
			if merged.Kind == yaml.MappingNode {
				c.Content = append(merged.Content, c.Content...) // what the mapping says itself comes last, and wins
				continue
			}
			c.Content = append(c.Content, e, merged)
			continue
		}
		c.Content = append(c.Content, e)
	}
	return c
}

// tomlReader builds nodes out of the events of the parser. Decoding into maps,
// the library's stable part, would lose the places.
type tomlReader struct {
	parser unstable.Parser
	root   *yaml.Node
}

func parseTOML(data []byte) (*yaml.Node, error) {
	r := &tomlReader{root: &yaml.Node{Kind: yaml.MappingNode}}
	r.parser.Reset(data)
	table := r.root
	for r.parser.NextExpression() {
		switch e := r.parser.Expression(); e.Kind {
		case unstable.KeyValue:
			r.keyValue(table, e)
		case unstable.Table:
			table = r.table(r.root, r.keys(e.Key()))
		case unstable.ArrayTable:
			keys := r.keys(e.Key())
			list := r.entry(r.table(r.root, keys[:len(keys)-1]), keys[len(keys)-1], yaml.SequenceNode)
			table = &yaml.Node{Kind: yaml.MappingNode, Line: keys[len(keys)-1].Line, Column: keys[len(keys)-1].Column}
			list.Content = append(list.Content, table)
		}
	}
	if err := r.parser.Error(); err != nil {
		return nil, err
	}
	return r.root, nil
}

// keys returns the parts of a dotted key.
func (r *tomlReader) keys(it unstable.Iterator) []*yaml.Node {
	var all []*yaml.Node
	for it.Next() {
		all = append(all, r.scalar(it.Node(), "!!str"))
	}
	return all
}

// scalar returns a node with the place of a TOML node.
func (r *tomlReader) scalar(n *unstable.Node, tag string) *yaml.Node {
	s := &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: string(n.Data)}
	if n.Raw.Length > 0 { // numbers and booleans have none
		start := r.parser.Shape(n.Raw).Start
		s.Line, s.Column = start.Line, start.Column
	}
	return s
}

// table returns the mapping at a path, which it makes where it is missing. Of a
// list of tables it is the last.
func (r *tomlReader) table(n *yaml.Node, keys []*yaml.Node) *yaml.Node {
	for _, k := range keys {
		n = r.entry(n, k, yaml.MappingNode)
		if n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
			n = n.Content[len(n.Content)-1]
		}
	}
	return n
}

// entry returns the value of a key, which it makes where it is missing.
func (r *tomlReader) entry(n, key *yaml.Node, kind yaml.Kind) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key.Value {
			return n.Content[i+1]
		}
	}
	v := &yaml.Node{Kind: kind, Line: key.Line, Column: key.Column}
	n.Content = append(n.Content, key, v)
	return v
}

func (r *tomlReader) keyValue(table *yaml.Node, e *unstable.Node) {
	keys := r.keys(e.Key())
	table = r.table(table, keys[:len(keys)-1])
	table.Content = append(table.Content, keys[len(keys)-1], r.value(e.Value()))
}

func (r *tomlReader) value(n *unstable.Node) *yaml.Node {
	switch n.Kind {
	case unstable.InlineTable:
		m := &yaml.Node{Kind: yaml.MappingNode}
		for it := n.Children(); it.Next(); {
			r.keyValue(m, it.Node())
		}
		return m
	case unstable.Array:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for it := n.Children(); it.Next(); {
			if e := it.Node(); e.Kind != unstable.Comment {
				list.Content = append(list.Content, r.value(e))
			}
		}
		return list
	}
	tag := map[unstable.Kind]string{unstable.Bool: "!!bool", unstable.Integer: "!!int", unstable.Float: "!!float"}[n.Kind]
	if tag == "" {
		tag = "!!str"
	}
	return r.scalar(n, tag)
}
