package goplsconfig

import (
	"bytes"
	"encoding/json"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ordered is a mapping whose keys keep their order.
type ordered []imported

// MarshalJSON writes the keys in order.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, e := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(e.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(e.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// render writes the hearth.yaml. The YAML library could not: it has no
// comments for keys that are not there.
func (im *importer) render() []byte {
	var b strings.Builder
	b.WriteString(modeline(SchemaURL))
	b.WriteString(im.title())
	b.WriteString("version: 1\n")
	if len(im.gopls) > 0 {
		b.WriteString("\ngopls:\n")
		for _, e := range im.gopls {
			e.write(&b, "  ")
		}
	}
	if len(im.enable)+len(im.disable) > 0 {
		b.WriteString("\nanalyzers:\n")
		writeNames(&b, "enable", im.enable)
		writeNames(&b, "disable", im.disable)
	}
	return []byte(b.String())
}

// active reports whether any entry is more than a comment. A block without one
// is null to YAML, which a policy takes as empty.
func active(entries []imported) bool {
	for _, e := range entries {
		if !e.off && e.name != "" {
			return true
		}
	}
	return false
}

func writeNames(b *strings.Builder, key string, names []imported) {
	if len(names) == 0 {
		return
	}
	if active(names) {
		b.WriteString("  " + key + ":\n")
	} else {
		b.WriteString("  # " + key + ":\n")
	}
	for _, e := range names {
		e.writeComments(b, "    ")
		switch {
		case e.name == "":
		case e.off:
			b.WriteString("    # - " + scalar(e.name) + "\n")
		default:
			b.WriteString("    - " + scalar(e.name) + "\n")
		}
	}
}

func (e *imported) writeComments(b *strings.Builder, indent string) {
	for _, c := range e.comments {
		b.WriteString(strings.TrimRight(indent+"# "+c, " ") + "\n")
	}
}

// write writes a key with its value.
func (e *imported) write(b *strings.Builder, indent string) {
	e.writeComments(b, indent)
	if e.name == "" {
		return
	}
	var text strings.Builder
	writeValue(&text, scalar(e.name), e.value, "")
	for line := range strings.Lines(text.String()) {
		b.WriteString(indent)
		if e.off {
			b.WriteString("# ")
		}
		b.WriteString(line)
	}
}

func writeValue(b *strings.Builder, name string, value any, indent string) {
	b.WriteString(indent + name + ":")
	switch v := value.(type) {
	case ordered:
		if len(v) > 0 {
			b.WriteString("\n")
			for _, e := range v {
				writeValue(b, scalar(e.name), e.value, indent+"  ")
			}
			return
		}
	case []any:
		if len(v) > 0 {
			b.WriteString("\n")
			for _, e := range v {
				b.WriteString(indent + "  - " + scalar(e) + "\n")
			}
			return
		}
	}
	b.WriteString(" " + scalar(value) + "\n")
}

// scalar returns a value on one line. JSON is YAML too, and serves for what
// YAML would spread over several.
func scalar(value any) string {
	if s, ok := value.(string); ok {
		if text, err := yaml.Marshal(s); err == nil && bytes.Count(text, []byte("\n")) == 1 {
			return strings.TrimSuffix(string(text), "\n")
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(value) != nil {
		return "null" // out of JSON; cannot fail
	}
	return strings.TrimSuffix(b.String(), "\n")
}
