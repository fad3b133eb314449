package goplsconfig

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// Example is code that a rule must report, or must let pass. It is a Go file,
// declarations, statements or an expression.
type Example struct {
	Position        // of the code
	Bad      bool   // the rule must report it
	In       string // path of the package that it is in; "" where that does not matter
	Code     string
	Block    bool // the code begins on the line after Position
}

// Place returns the place of a line of the code, which counts from 1.
func (e Example) Place(line int) Position {
	switch {
	case e.Block:
		return Position{e.File, e.Line + line, 1}
	case line > 1:
		return Position{e.File, e.Line + line - 1, 1}
	}
	return e.Position
}

var exampleFields = []RuleField{
	{Name: "in", Doc: "The package that the code is in. ./ is the folder of this file.", schema: textSchema},
	{Name: "code", Doc: "The code.", must: true, schema: textSchema},
}

// examples reads an example or a list of them.
func (r *reader) examples(p pair) []Example {
	nodes := []*yaml.Node{p.value}
	if p.value.Kind == yaml.SequenceNode {
		nodes = p.value.Content
	}
	var all []Example
	for _, n := range nodes {
		if e, ok := r.example(n, p.name); ok {
			e.Bad = p.name == "bad"
			all = append(all, e)
		}
	}
	return all
}

func (r *reader) example(n *yaml.Node, key string) (e Example, ok bool) {
	code := n
	if n.Kind == yaml.MappingNode {
		values := r.fields(n, "an example", exampleFields)
		if in := values["in"]; in != nil {
			if e.In = r.text(in, "in"); strings.Contains(e.In, "...") {
				r.problems.add(r.at(in), "name one package", "an example is in one package, not in all of %q", e.In)
			} else if e.In != "" {
				e.In = r.packagePattern(word{e.In, r.at(in)})
			}
		}
		if code = values["code"]; code == nil {
			return e, false
		}
	}
	if code.Kind != yaml.ScalarNode {
		r.problems.add(r.at(code), "", "%s must be code, {in: PACKAGE, code: TEXT}, or a list of them, not %s", key, kindOf(code))
		return e, false
	}
	e.Code, e.Position = r.text(code, key), r.at(code)
	e.Block = code.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	return e, e.Code != ""
}

// exampleSchema describes the value of ok and bad.
func exampleSchema() object {
	properties := object{}
	for _, f := range exampleFields {
		properties[f.Name] = described(f.schema, f.Doc)
	}
	placed := newObject("Code in a certain package.", properties)
	placed["required"] = []string{"code"}
	one := object{"anyOf": []any{textSchema, placed}}
	return object{"anyOf": []any{textSchema, placed, listOf(one)}}
}
