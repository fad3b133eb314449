package goplsconfig

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/gohearth/hearth/internal/lazyregexp"
	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/module"
)

// parseYAML returns the one document of a file, nil for an empty file. The
// document is kept as nodes: decoding into a struct would lose the positions,
// and into a map the duplicates.
func parseYAML(file string, data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, syntaxProblem(file, data, err)
	}
	var second yaml.Node
	if err := dec.Decode(&second); err == nil {
		return nil, Problems{{file, second.Line, max(second.Column, 1), "a second YAML document", "keep one; remove the line ---"}}
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxProblem(file, data, err)
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, nil
	}
	return doc.Content[0], nil
}

var yamlLine = lazyregexp.New(`^(?:yaml: )?(?:line (\d+): )?(.*)`)

// yamlWords says in plain words what the parser reports in its own.
var yamlWords = []struct{ parser, message, hint string }{
	{"mapping values are not allowed", "a \": \" where no new key can start", "check the indentation, or put the text in quotes"},
	{"found character that cannot start any token", "a character that cannot start a value", "indent by spaces, not tabs; put text that starts with @, ` or % in quotes"},
	{"found a tab character", "a tab in the indentation", "indent by spaces"},
	{"did not find expected key", "a line that belongs to no key", "check the indentation"},
	{"did not find expected '-' indicator", "a line that is no entry of the list above", "check the indentation"},
	{"could not find expected ':'", "a key without \":\"", "write \"key: value\""},
	{"found unexpected end of stream", "a quote or bracket that is never closed", ""},
	{"did not find expected ',' or", "a bracket that is never closed", ""},
	{"did not find expected alphabetic or numeric character", "a * or & that names nothing", "put text that starts with * in quotes"},
	{"unknown anchor", "a * that refers to nothing", "put text that starts with * in quotes"},
	{"UTF-8", "text that is not UTF-8", ""},
	{"control characters are not allowed", "a control character", ""},
}

// parserError matches the messages whose line the library counts from 0.
var parserError = lazyregexp.New(`did not find expected (key|node|'-'|',')`)

// syntaxProblem turns the error of the parser, which knows the line alone,
// into a problem at the first visible character of that line.
func syntaxProblem(file string, data []byte, err error) Problems {
	m := yamlLine().FindStringSubmatch(strings.ReplaceAll(err.Error(), "\n", " "))
	line, _ := strconv.Atoi(m[1])
	if parserError().MatchString(m[2]) {
		line++
	}
	lines := strings.Split(string(data), "\n")
	line = min(max(line, 1), len(lines))
	text := lines[line-1]
	column := 1 + len(text) - len(strings.TrimLeft(text, " \t"))

	p := Problem{file, line, column, "not valid YAML: " + m[2], ""}
	for _, w := range yamlWords {
		if strings.Contains(m[2], w.parser) {
			p.Message, p.Hint = "not valid YAML: "+w.message, w.hint
			break
		}
	}
	return Problems{p}
}

// pair is one entry of a mapping.
type pair struct {
	name  string
	at    Position // of the key
	value *yaml.Node
}

// reader collects the problems of one file while its nodes are read.
type reader struct {
	file     string         // as in positions
	dir      string         // what a leading ./ of a package pattern stands for
	module   module.Version // the one that the file lies in, if any
	problems Problems
	refs     []Reference // of the field that is being read
	modFiles []string    // those that were looked for to resolve patterns
}

func (r *reader) at(n *yaml.Node) Position { return Position{r.file, n.Line, n.Column} }

// pairs returns the entries of a mapping in order. null counts as empty; of a
// key that is there twice the last counts, after a problem.
func (r *reader) pairs(n *yaml.Node, what string) []pair {
	if isNull(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.problems.add(r.at(n), "", "%s must be a mapping, not %s", what, kindOf(n))
		return nil
	}
	var pairs []pair
	first := make(map[string]int)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			r.problems.add(r.at(k), "", "a key of %s must be plain text, not %s", what, kindOf(k))
			continue
		}
		p := pair{k.Value, r.at(k), v}
		if line, dup := first[p.name]; dup {
			r.problems.add(p.at, "keep one of them", "%q is here a second time; first on line %d", p.name, line)
		} else {
			first[p.name] = k.Line
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// nestedKeys reports keys that are there twice in the mappings below pairs,
// whose meaning is up to gopls.
func (r *reader) nestedKeys(pairs []pair) {
	for _, p := range pairs {
		if p.value.Kind == yaml.MappingNode {
			r.nestedKeys(r.pairs(p.value, p.name))
		}
	}
}

// text returns a value that must be text. Numbers are accepted: a version or
// an id may look like one.
func (r *reader) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || isNull(n) || n.Value == "" {
		r.problems.add(r.at(n), "", "%s must be text, not %s", what, kindOf(n))
		return ""
	}
	return n.Value
}

// boolean returns a value that must be true or false.
func (r *reader) boolean(n *yaml.Node, what string) bool {
	v, ok := plain(n).(bool)
	if !ok {
		r.problems.add(r.at(n), boolHint(n), "%s must be true or false, not %s", what, kindOf(n))
	}
	return v
}

// boolHint helps whoever writes YAML 1.1 booleans or quotes.
func boolHint(n *yaml.Node) string {
	switch strings.ToLower(n.Value) {
	case "yes", "on", "true", "y":
		return "write true"
	case "no", "off", "false", "n":
		return "write false"
	}
	return ""
}

// word is a piece of text with its place.
type word struct {
	text string
	at   Position
}

// words returns a list of texts. A single text stands for a list of one where
// one is allowed to.
func (r *reader) words(n *yaml.Node, what string, single bool) []word {
	switch {
	case isNull(n):
		return nil
	case n.Kind == yaml.ScalarNode && single:
		return []word{{r.text(n, what), r.at(n)}}
	case n.Kind != yaml.SequenceNode:
		r.problems.add(r.at(n), "", "%s must be a list, not %s", what, kindOf(n))
		return nil
	}
	var words []word
	for _, e := range n.Content {
		if s := r.text(e, "an entry of "+what); s != "" {
			words = append(words, word{s, r.at(e)})
		}
	}
	return words
}

// refuseAliases reports anchors, aliases, merge keys and tags. A position
// would mean two places, and an alias can contain itself.
func (r *reader) refuseAliases(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode:
		r.problems.add(r.at(n), "write the value out; put text that starts with * in quotes", "YAML aliases are not supported")
		return
	case n.Anchor != "":
		r.problems.add(r.at(n), "put text that starts with & in quotes", "YAML anchors are not supported")
	case n.Style&yaml.TaggedStyle != 0:
		r.problems.add(r.at(n), "put text that starts with ! in quotes", "YAML tags are not supported")
	}
	for _, c := range n.Content {
		r.refuseAliases(c)
	}
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

// plain returns the value of a node as encoding/json would: nil, bool, int64,
// float64, string, []any or map[string]any. Text keeps its case.
func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, e := range n.Content {
			list[i] = plain(e)
		}
		return list
	case yaml.MappingNode:
		m := make(map[string]any)
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return m
	case yaml.ScalarNode:
		return plainScalar(n)
	}
	return nil // an alias, which has been reported
}

func plainScalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		var b bool
		if n.Decode(&b) == nil {
			return b
		}
	case "!!int":
		var i int64
		if n.Decode(&i) == nil {
			return i
		}
	case "!!float":
		var f float64
		if n.Decode(&f) == nil && !math.IsNaN(f) && !math.IsInf(f, 0) { // JSON has neither
			return f
		}
	}
	return n.Value
}

// kindOf names a value as its writer would.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	switch plain(n).(type) {
	case nil:
		return "null"
	case bool:
		return "the boolean " + n.Value
	case int64, float64:
		return "the number " + n.Value
	}
	if n.Value == "" {
		return "an empty text"
	}
	return fmt.Sprintf("the text %q", n.Value)
}
