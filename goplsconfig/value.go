package goplsconfig

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// value checks that gopls will accept the value of a setting.
func (c *checker) value(o Option, p pair) {
	n, what := p.value, "gopls."+p.name
	if isNull(n) {
		return
	}
	switch {
	case o.Type == "enum":
		c.enum(o, n, what)
	case strings.HasPrefix(o.Type, "map["):
		c.mapValue(o, n, what)
	case o.Type == "[]string":
		c.list(o, n, what)
	case o.Type == "time.Duration":
		c.duration(n, what)
	default:
		c.scalar(o.Type, n, what)
	}
}

func (c *checker) at(n *yaml.Node) Position { return Position{c.layer.file, n.Line, n.Column} }

// scalar checks bool, string and int64. A type that is not known here is left
// to gopls.
func (c *checker) scalar(typ string, n *yaml.Node, what string) {
	switch v := plain(n); typ {
	case "bool":
		if _, ok := v.(bool); !ok {
			c.problems.add(c.at(n), boolHint(n), "%s must be true or false, not %s", what, kindOf(n))
		}
	case "int64":
		if _, ok := v.(int64); !ok {
			c.problems.add(c.at(n), "", "%s must be a whole number, not %s", what, kindOf(n))
		}
	case "string":
		if _, ok := v.(string); !ok {
			c.problems.add(c.at(n), quoteHint(n), "%s must be text, not %s", what, kindOf(n))
		}
	}
}

// quoteHint helps where text looks like something else to YAML.
func quoteHint(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && n.Value != "" {
		return fmt.Sprintf("write %q", n.Value)
	}
	return ""
}

func (c *checker) duration(n *yaml.Node, what string) {
	if s, ok := plain(n).(string); ok {
		if _, err := time.ParseDuration(s); err == nil {
			return
		}
	}
	c.problems.add(c.at(n), `write it as "100ms" or "2s"`, "%s must be a duration, not %s", what, kindOf(n))
}

// enum checks a value that must be one of few. Case does not matter to gopls.
func (c *checker) enum(o Option, n *yaml.Node, what string) {
	value, _ := json.Marshal(plain(n)) // out of YAML; cannot fail
	var values []string
	for _, v := range o.EnumValues {
		if strings.EqualFold(v.Value, string(value)) {
			return
		}
		values = append(values, unquote(v.Value))
	}
	hint := didYouMean(n.Value, values)
	if hint == "" {
		hint = "write " + strings.Join(values, ", ")
	}
	c.problems.add(c.at(n), hint, "%s cannot be %s", what, kindOf(n))
}

func (c *checker) list(o Option, n *yaml.Node, what string) {
	if n.Kind != yaml.SequenceNode {
		hint := ""
		if n.Kind == yaml.ScalarNode {
			hint = fmt.Sprintf("write [%q]", n.Value)
		}
		c.problems.add(c.at(n), hint, "%s must be a list, not %s", what, kindOf(n))
		return
	}
	for _, e := range n.Content {
		c.scalar("string", e, "an entry of "+what)
		if o.Name == "directoryFilters" && e.Kind == yaml.ScalarNode && !strings.HasPrefix(e.Value, "+") && !strings.HasPrefix(e.Value, "-") {
			c.problems.add(c.at(e), fmt.Sprintf("write %q to leave the folder out", "-"+e.Value), "a directory filter starts with + or -, unlike %q", e.Value)
		}
	}
}

// mapValue checks the types "map[K]V", where K is a string or one of few.
func (c *checker) mapValue(o Option, n *yaml.Node, what string) {
	if n.Kind != yaml.MappingNode {
		c.problems.add(c.at(n), "", "%s must be a mapping, not %s", what, kindOf(n))
		return
	}
	_, valueType, _ := strings.Cut(o.Type, "]")
	keys := o.keys()
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if keys != nil && !slices.Contains(keys, k.Value) {
			hint := didYouMean(k.Value, keys)
			if hint == "" {
				hint = "its keys are " + strings.Join(keys, ", ")
			}
			c.problems.add(c.at(k), hint, "%s has no key %q", what, k.Value)
		}
		if isNull(v) {
			continue
		}
		if _, number := plain(v).(int64); number && o.Name == "env" {
			continue // CGO_ENABLED: 0
		}
		c.scalar(valueType, v, what+"."+k.Value)
	}
}
