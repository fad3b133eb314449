package goplsconfig

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/lazyregexp"
)

// Skeleton returns a rule to start from, as an entry of rules: the kind's
// example, and what else a rule may have in comments.
func (k RuleKind) Skeleton(id string) string {
	var b strings.Builder
	b.WriteString("- id: " + scalar(id) + "\n")
	written := make(map[string]bool)
	for line := range strings.Lines(k.Example) {
		if name, _, ok := strings.Cut(line, ":"); ok && line[0] != ' ' {
			written[name] = true
			switch name {
			case k.Name:
				b.WriteString("  # " + k.Doc + "\n")
				k.commentConstructs(&b)
			case "ok":
				k.commentOptions(&b, written)
				b.WriteString("  # For \"hearth rules test\": what must pass, and what must be reported.\n")
			}
		}
		b.WriteString("  " + line)
	}
	return b.String()
}

// commentConstructs lists the words that a kind knows, if it is one of those.
func (k RuleKind) commentConstructs(b *strings.Builder) {
	if k.Name == "forbid-construct" {
		for _, name := range constructNames() {
			fmt.Fprintf(b, "  #   %s: %s\n", name, policy.Constructs[name])
		}
	}
}

// commentOptions lists the keys that a rule of the kind may have as well.
func (k RuleKind) commentOptions(b *strings.Builder, written map[string]bool) {
	for _, f := range RuleFields() {
		switch {
		case written[f.Name], f.Name == "id", f.Name == "ok", f.Name == "bad":
		case f.Name == "fix" && k.Fix == "", f.Name == "through-interfaces" && !k.Interfaces:
		case f.Name == "fix":
			fmt.Fprintf(b, "  # fix: %s  # %s\n", k.FixSample, k.Fix)
		default:
			doc, _, _ := strings.Cut(f.Doc, ". ")
			fmt.Fprintf(b, "  # %s: %s  # %s\n", f.Name, f.Sample, strings.TrimSuffix(doc, "."))
		}
	}
}

var (
	emptyRules = lazyregexp.New(`^rules:(?:[ \t]*(?:\[[ \t]*\]|null|~))?([ \t]*|[ \t]+#.*)$`)
	keyAtStart = lazyregexp.New(`^[^\s#-]`)
)

// AddRule returns the text of a policy file with a rule of the kind at the end
// of its rules. All else stays as it is.
func AddRule(file string, data []byte, id string, k RuleKind) ([]byte, error) {
	root, err := parseYAML(file, data)
	if err != nil {
		return nil, err
	}
	lines := slices.Collect(strings.Lines(string(data)))
	if n := len(lines); n > 0 && !strings.HasSuffix(lines[n-1], "\n") {
		lines[n-1] += "\n"
	}
	insert := func(at int, indent string, before ...string) []byte {
		for line := range strings.Lines(k.Skeleton(id)) {
			before = append(before, indent+line)
		}
		return []byte(strings.Join(slices.Insert(lines, at, before...), ""))
	}
	key, value := topLevel(root, "rules")
	switch {
	case key == nil && (root == nil || root.Kind == yaml.MappingNode && root.Style&yaml.FlowStyle == 0):
		blank := []string{"\n", "rules:\n"}
		if len(lines) == 0 {
			blank = []string{"version: 1\n", "\n", "rules:\n"}
		}
		return insert(len(lines), "  ", blank...), nil
	case key != nil && len(value.Content) == 0 && emptyRules().MatchString(strings.TrimRight(lines[key.Line-1], "\r\n")):
		lines[key.Line-1] = "rules:" + emptyRules().FindStringSubmatch(strings.TrimRight(lines[key.Line-1], "\r\n"))[1] + "\n"
		return insert(key.Line, "  "), nil
	case key == nil || value.Kind != yaml.SequenceNode || value.Style&yaml.FlowStyle != 0 || value.Line == key.Line:
		at := root
		if value != nil {
			at = value
		}
		var ps Problems
		ps.add(Position{file, at.Line, at.Column}, "begin each rule on a line of its own by \"- \"", "the rules are not written as a block, so none can be added")
		return nil, ps
	}
	end := value.Line // after the first line of the list
	for end < len(lines) && !keyAtStart().MatchString(lines[end]) {
		end++
	}
	for end > value.Line && (strings.TrimSpace(lines[end-1]) == "" || strings.HasPrefix(lines[end-1], "#")) {
		end-- // what comes before the next key belongs to that
	}
	return insert(end, strings.Repeat(" ", value.Column-1)), nil
}

// topLevel returns a key of the document and its value.
func topLevel(root *yaml.Node, name string) (key, value *yaml.Node) {
	if root == nil || root.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == name {
			return root.Content[i], root.Content[i+1]
		}
	}
	return nil, nil
}
