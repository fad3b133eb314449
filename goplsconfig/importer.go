package goplsconfig

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tailscale/hujson"
)

// Imported is a hearth.yaml made of the settings of an editor.
type Imported struct {
	YAML []byte

	// Notes are places of the imported file that need a look.
	Notes Problems

	// GoWork says that the file asked gopls to join the modules of the
	// repository, which is what a go.work does today; see [GoWork].
	GoWork bool
}

// importer collects what one file says.
type importer struct {
	file string
	data []byte
	out  Imported

	gopls, enable, disable []imported
}

// imported is one entry of the new file.
type imported struct {
	comments []string // lines above it
	name     string   // "" for comments that end a block
	value    any      // as encoding/json decodes it, or an ordered mapping
	off      bool     // kept as a comment
}

// member is one key of a JSON object with the comments around it.
type member struct {
	name     string
	at       Position
	comments []string
	value    hujson.Value
}

// Import turns the settings of an editor into a hearth.yaml. data is either
// what gopls gets, a JSON object of its settings, or the settings.json of
// VS Code and its relatives; comments and trailing commas are fine.
//
// Nothing of gopls's gets lost: comments move along, and what cannot be taken
// over stays as a comment, with a note. The rest of an editor's settings is
// none of a policy's business.
func Import(data []byte, filename string) (*Imported, error) {
	im := &importer{file: filename, data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))}
	if len(bytes.TrimSpace(im.data)) == 0 {
		im.data = []byte("{}")
	}
	root, err := hujson.Parse(im.data)
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", filename, jsonError(err))
	}
	members, ok := im.members(root)
	if !ok {
		return nil, Problems{{filename, 1, 1, "the settings must be a JSON object", ""}}
	}
	if slices.ContainsFunc(members, func(m member) bool { return editorKey(m.name) }) {
		im.editorSettings(members)
	} else {
		for _, m := range members {
			im.setting(m)
		}
	}
	im.out.YAML = im.render()
	im.out.Notes = im.out.Notes.Sorted()
	return &im.out, nil
}

// jsonError drops the name of the library from its errors.
func jsonError(err error) error {
	return fmt.Errorf("not valid JSON: %s", strings.TrimPrefix(err.Error(), "hujson: "))
}

// editorKey reports whether a key belongs to the settings of an editor rather
// than of gopls.
func editorKey(name string) bool {
	return name == "gopls" || strings.HasPrefix(name, "gopls.") || strings.HasPrefix(name, "go.")
}

// members returns the members of an object in their order.
func (im *importer) members(v hujson.Value) ([]member, bool) {
	object, ok := v.Value.(*hujson.Object)
	if !ok {
		return nil, false
	}
	var all []member
	for _, m := range object.Members {
		own, before := splitExtra(m.Name.BeforeExtra, len(all) > 0)
		if n := len(all); n > 0 {
			all[n-1].comments = append(all[n-1].comments, before...)
		}
		all = append(all, member{
			name:     m.Name.Value.(hujson.Literal).String(),
			at:       im.position(m.Name.StartOffset),
			comments: append(own, commentLines(m.Value.AfterExtra)...),
			value:    m.Value,
		})
	}
	rest, before := splitExtra(object.AfterExtra, len(all) > 0)
	if n := len(all); n > 0 {
		all[n-1].comments = append(all[n-1].comments, before...)
	}
	if len(rest) > 0 { // such as a last line that is commented out
		all = append(all, member{comments: rest})
	}
	return all, true
}

// splitExtra returns the comments of the white space before a key. Those that
// share a line with the key before belong to that one.
func splitExtra(extra hujson.Extra, hasBefore bool) (own, before []string) {
	text := []byte(extra)
	if !hasBefore {
		return commentLines(text), nil
	}
	i := bytes.IndexByte(text, '\n')
	if i < 0 || bytes.HasPrefix(bytes.TrimSpace(text), []byte("/*")) && bytes.Index(text, []byte("*/")) > i {
		return commentLines(text), nil
	}
	return commentLines(text[i:]), commentLines(text[:i])
}

// commentLines returns the text of // and /* */ comments, line by line.
func commentLines(extra []byte) []string {
	var lines []string
	inBlock := false
	for line := range strings.SplitSeq(string(extra), "\n") {
		line = strings.TrimSpace(line)
		if !inBlock && strings.HasPrefix(line, "//") {
			lines = append(lines, strings.TrimSpace(line[2:]))
			continue
		}
		if !inBlock && strings.HasPrefix(line, "/*") {
			inBlock, line = true, line[2:]
		}
		if !inBlock {
			continue
		}
		if text, _, ends := strings.Cut(line, "*/"); ends {
			inBlock, line = false, text
		}
		if line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "*")); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// position turns an offset into a place.
func (im *importer) position(offset int) Position {
	before := im.data[:offset]
	return Position{im.file, 1 + bytes.Count(before, []byte("\n")), offset - bytes.LastIndexByte(before, '\n')}
}

// setting takes over one setting of gopls, whose name may be long.
func (im *importer) setting(m member) {
	name := shortName(m.name)
	add := func(name string, off bool) {
		im.gopls = append(im.gopls, imported{m.comments, name, im.value(m.value), off})
	}
	if m.name == "" {
		add("", false)
		return
	}
	same := func(e imported) bool { return e.name == name && !e.off }
	switch newName, isRenamed := renamed[name]; {
	case slices.ContainsFunc(im.gopls, same):
		im.out.Notes.add(m.at, "it stays as a comment; gopls would have picked one at random", "%q sets %s a second time", m.name, name)
		add(name, true)
	case name == "analyses":
		im.analyses(m)
	case name == "experimentalWorkspaceModule":
		im.workspaceModule(m)
		add(name, true)
	case isRenamed:
		im.out.Notes.add(m.at, "", "%q is now %s", m.name, newName)
		add(newName, false)
	case retired[name] != "":
		im.out.Notes.add(m.at, retired[name], "gopls no longer obeys %q; it stays as a comment", m.name)
		add(name, true)
	case !slices.Contains(documented, name) && !slices.ContainsFunc(undocumented, func(o Option) bool { return o.Name == name }):
		im.out.Notes.add(m.at, didYouMean(name, documented), "gopls has no setting %q; it stays as a comment", m.name)
		add(name, true)
	default:
		add(name, false)
	}
}

func (im *importer) workspaceModule(m member) {
	if v, ok := im.value(m.value).(bool); ok && !v {
		im.out.Notes.add(m.at, retired["experimentalWorkspaceModule"], "gopls no longer obeys %q; it stays as a comment", m.name)
		return
	}
	im.out.GoWork = true
	im.out.Notes.add(m.at, "a repository of several modules needs one; a single module needs nothing", "%q became go.work", m.name)
}

// analyses splits the map of analyzers into enable and disable.
func (im *importer) analyses(m member) {
	members, ok := im.members(m.value)
	if !ok {
		im.out.Notes.add(m.at, "", "%q is no object; it stays as a comment", m.name)
		im.gopls = append(im.gopls, imported{m.comments, "analyses", im.value(m.value), true})
		return
	}
	comments := m.comments
	for _, a := range members {
		e := imported{comments: append(comments, a.comments...), name: a.name}
		comments = nil
		on, isBool := im.value(a.value).(bool)
		if hint, gone := retiredAnalyzers[a.name]; gone {
			im.out.Notes.add(a.at, hint, "gopls has no analyzer %q; it stays as a comment", a.name)
			e.off = true
		} else if !isBool && a.name != "" {
			im.out.Notes.add(a.at, "write true or false", "the value of analyzer %q is neither; it stays as a comment", a.name)
			e.off = true
		}
		if on || a.name == "" && len(im.enable) > 0 {
			im.enable = append(im.enable, e)
		} else {
			im.disable = append(im.disable, e)
		}
	}
}

// value decodes a JSON value; objects keep their order.
func (im *importer) value(v hujson.Value) any {
	switch v := v.Value.(type) {
	case *hujson.Object:
		var o ordered
		for _, m := range v.Members {
			o = append(o, imported{name: m.Name.Value.(hujson.Literal).String(), value: im.value(m.Value)})
		}
		return o
	case *hujson.Array:
		list := make([]any, len(v.Elements))
		for i, e := range v.Elements {
			list[i] = im.value(e)
		}
		return list
	case hujson.Literal:
		var value any
		dec := json.NewDecoder(bytes.NewReader(v))
		dec.UseNumber() // 5000000000 stays as it was written
		if dec.Decode(&value) == nil {
			return value
		}
	}
	return nil
}

// title says where the file comes from.
func (im *importer) title() string {
	return "# Imported from " + filepath.Base(im.file) + ".\n"
}
