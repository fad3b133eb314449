// Package golangci turns the configuration of golangci-lint into a hearth.yaml.
//
// What has a counterpart is carried over, and everything else is named in a
// note with its place: a key that no code here asks for cannot get lost, since
// notes are made of what is left unread. Both versions of the format are read,
// as YAML, TOML and JSON.
//
// The outcome finds what golangci-lint found, where hearth can. So it switches
// checks of staticcheck on that hearth leaves out by default. Hearth's own
// passes stay as its default policy has them, unless the file speaks of a linter
// that is one of them.
//
// The package is safe for concurrent use.
package golangci

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gohearth/hearth/goplsconfig"
)

// FileNames are the names that golangci-lint looks for, in its order.
var FileNames = []string{".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json"}

// Is reports whether a file of this name is for this package rather than the
// settings of an editor, which are JSON.
func Is(filename string) bool {
	switch strings.ToLower(filepath.Ext(filename)) {
	case ".yml", ".yaml", ".toml":
		return true
	}
	return strings.Contains(strings.ToLower(filepath.Base(filename)), "golangci")
}

// importer collects what one file says.
type importer struct {
	file  string
	root  value
	isOld bool // version 1 of the format

	folders []string // of the workspace; nil: not known

	read  map[*yaml.Node]bool // keys and elements that code has asked for
	whole map[*yaml.Node]bool // values with nothing left to say about them
	notes goplsconfig.Problems

	linters linters
	out     policy
}

// Import turns the configuration of golangci-lint into a hearth.yaml for the
// folder root. Where root is "", paths are carried over whether they are there
// or not.
func Import(data []byte, filename, root string) (*goplsconfig.Imported, error) {
	config, err := parse(data, filename)
	if err != nil {
		return nil, err
	}
	im := &importer{file: filename, read: make(map[*yaml.Node]bool), whole: make(map[*yaml.Node]bool)}
	im.root = value{im: im, node: config}
	if root != "" {
		im.folders = append([]string{}, folders(root)...)
	}
	im.isOld = im.root.get("version").text() != "2"
	im.linters = im.readLinters()

	im.run()
	im.issues()
	im.output()
	im.formatters()
	for _, c := range counterparts {
		im.counterpart(c)
	}
	im.others()
	im.exclusions()
	im.severity()
	im.unread("", config)

	slices.SortStableFunc(im.notes, func(a, b goplsconfig.Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return &goplsconfig.Imported{YAML: im.out.render(filepath.Base(filename)), Notes: im.notes}, nil
}

// note says something about a place of the file.
func (im *importer) note(v value, hint, format string, args ...any) {
	p := goplsconfig.Problem{File: im.file, Line: 1, Column: 1, Message: fmt.Sprintf(format, args...), Hint: hint}
	if at := v.at(); at != nil && at.Line > 0 {
		p.Line, p.Column = at.Line, at.Column
	}
	im.notes = append(im.notes, p)
}

// unread notes what nobody has asked for, each branch once.
func (im *importer) unread(path string, n *yaml.Node) {
	if n == nil || im.whole[n] {
		return
	}
	for i, e := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode && im.read[e]:
			im.unread(path, e)
		case n.Kind == yaml.SequenceNode:
			im.note(value{im: im, node: e}, "", "%s in %s is not carried over", short(e), path)
		case i%2 == 1: // the value of a key
		case im.read[e]:
			im.unread(join(path, e.Value), n.Content[i+1])
		default:
			im.note(value{im: im, key: e}, "", "%s has no counterpart", join(path, e.Value))
		}
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// short names an element of a list.
func short(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.ScalarNode:
		return fmt.Sprintf("%q", n.Value)
	case n.Kind == yaml.MappingNode && len(n.Content) > 0:
		return fmt.Sprintf("the entry %q", n.Content[0].Value)
	}
	return "an entry"
}
