package golangci

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// value is a place of the file. One that is not there has no node, and is empty
// to whoever reads it.
type value struct {
	im   *importer
	path string
	key  *yaml.Node // nil for elements of lists
	node *yaml.Node
}

// get returns what is below a path of keys, which counts as read.
func (v value) get(keys ...string) value {
	for _, key := range keys {
		v = v.child(key)
	}
	return v
}

func (v value) child(key string) value {
	out := value{im: v.im, path: join(v.path, key)}
	for _, p := range v.peek() {
		if strings.EqualFold(p.key.Value, key) { // as viper has it
			v.im.read[p.key] = true
			out.key, out.node = p.key, p.node
		}
	}
	return out
}

// peek returns the entries of a mapping without reading them.
func (v value) peek() []value {
	if v.node == nil || v.node.Kind != yaml.MappingNode {
		return nil
	}
	var all []value
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		k := v.node.Content[i]
		all = append(all, value{v.im, join(v.path, k.Value), k, v.node.Content[i+1]})
	}
	return all
}

// entries returns the entries of a mapping, which counts them as read.
func (v value) entries() []value {
	all := v.peek()
	for _, e := range all {
		v.im.read[e.key] = true
	}
	return all
}

// list returns the elements of a list, or a single value as one.
func (v value) list() []value {
	if v.node == nil || v.node.Kind == yaml.ScalarNode && v.node.Value == "" {
		return nil
	}
	if v.node.Kind != yaml.SequenceNode {
		return []value{v}
	}
	var all []value
	for _, e := range v.node.Content {
		v.im.read[e] = true
		all = append(all, value{v.im, v.path, nil, e})
	}
	return all
}

// texts returns the scalars of a list.
func (v value) texts() []string {
	var all []string
	for _, e := range v.list() {
		if t := e.text(); t != "" {
			all = append(all, t)
		}
	}
	return all
}

// text returns a scalar, "" for anything else.
func (v value) text() string {
	if v.node == nil || v.node.Kind != yaml.ScalarNode || v.node.ShortTag() == "!!null" {
		return ""
	}
	return v.node.Value
}

// is reports whether a boolean is there and true; or returns it, or a default.
func (v value) is() bool { return v.or(false) }

func (v value) or(absent bool) bool {
	if t := v.text(); t != "" {
		return strings.EqualFold(t, "true")
	}
	return absent
}

// exists reports whether the file has the value.
func (v value) exists() bool { return v.node != nil }

// done says that nothing below the value is left to be said.
func (v value) done() value {
	if v.node != nil {
		v.im.whole[v.node] = true
	}
	return v
}

// at is the node that stands for the value in a note.
func (v value) at() *yaml.Node {
	if v.key != nil {
		return v.key
	}
	return v.node
}

// noted says that the value is not carried over and why, if it is there.
func (v value) noted(hint, format string, args ...any) {
	if v.exists() {
		v.done().im.note(v, hint, format, args...)
	}
}

func (v value) isMapping() bool { return v.node != nil && v.node.Kind == yaml.MappingNode }
