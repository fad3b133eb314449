package editor

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gohearth/hearth/internal/lazyregexp"
	"github.com/tailscale/hujson"
)

// jsonGet, jsonSet and jsonDelete read and edit JSON with comments by offset:
// hujson finds the place, and only the bytes that must differ are spliced.
// Its Patch puts a new member behind its neighbour on one line, and its Format
// rewrites the whole file.
//
// Where a name occurs twice in an object the last one counts, as in VS Code.

// jsonGet returns the literal at path.
func jsonGet(src []byte, path ...string) (raw string, ok bool, err error) {
	d, err := parseJSON(src)
	if err != nil {
		return "", false, err
	}
	v := d.root
	for _, name := range path {
		obj, isObject := v.Value.(*hujson.Object)
		if !isObject {
			return "", false, nil
		}
		i := lastNamed(obj, name)
		if i < 0 {
			return "", false, nil
		}
		v = &obj.Members[i].Value
	}
	if d.blank {
		return "", false, nil
	}
	return string(d.src[v.StartOffset:v.EndOffset]), true, nil
}

// jsonSet returns src with value, a JSON literal, at path. Objects that are
// missing on the way are made.
func jsonSet(src []byte, value string, path ...string) ([]byte, error) {
	d, err := parseJSON(src)
	if err != nil {
		return nil, err
	}
	v := d.root
	for i, name := range path {
		obj, isObject := v.Value.(*hujson.Object)
		if !isObject {
			return nil, d.errorAt(v.StartOffset, fmt.Sprintf("%q is not an object", strings.Join(path[:i], "/")))
		}
		at := lastNamed(obj, name)
		if at < 0 {
			return d.insert(v, path[i:], value), nil
		}
		v = &obj.Members[at].Value
	}
	return d.splice(edit{v.StartOffset, v.EndOffset, value}), nil
}

// jsonDelete returns src without the member at path, or src itself if there
// is none. Comments stay.
func jsonDelete(src []byte, path ...string) ([]byte, error) {
	d, err := parseJSON(src)
	if err != nil {
		return nil, err
	}
	v := d.root
	for i, name := range path {
		obj, isObject := v.Value.(*hujson.Object)
		if !isObject {
			return src, nil
		}
		at := lastNamed(obj, name)
		if at < 0 {
			return src, nil
		}
		if i == len(path)-1 {
			return d.remove(obj, at), nil
		}
		v = &obj.Members[at].Value
	}
	return src, nil
}

// jsonEmpty reports whether the object at path holds nothing, not even a
// comment.
func jsonEmpty(src []byte, path ...string) bool {
	raw, ok, err := jsonGet(src, path...)
	return err == nil && ok && strings.Join(strings.Fields(raw), "") == "{}"
}

// A positionError says where in a file the syntax is wrong.
type positionError struct {
	line, column int
	msg          string
}

func (e *positionError) Error() string { return fmt.Sprintf("%d:%d: %s", e.line, e.column, e.msg) }

var utf8BOM = []byte("\ufeff")

type document struct {
	bom  []byte
	src  []byte // without the byte order mark
	root *hujson.Value
	// blank: src holds at most comments. VS Code reads that as {}; root is
	// an empty object behind its end.
	blank bool
}

func parseJSON(src []byte) (*document, error) {
	d := &document{src: src}
	if bytes.HasPrefix(src, utf8BOM) {
		d.bom, d.src = src[:len(utf8BOM)], src[len(utf8BOM):]
	}
	root, err := hujson.Parse(slices.Clone(d.src))
	if err != nil {
		padded := append(slices.Clone(d.src), "\n{}"...)
		blank, blankErr := hujson.Parse(padded)
		if blankErr != nil || blank.StartOffset != len(d.src)+1 {
			return nil, parseError(err)
		}
		root, d.blank = blank, true
	}
	d.root = &root
	if root.Value.Kind() != '{' {
		return nil, d.errorAt(root.StartOffset, "the file is not a JSON object")
	}
	return d, nil
}

var hujsonPosition = lazyregexp.New(`^hujson: line (\d+), column (\d+): `)

// parseError takes the position out of the text of a hujson error, which is
// the only place that has it.
func parseError(err error) error {
	m := hujsonPosition().FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	line, lineErr := strconv.Atoi(m[1])
	column, columnErr := strconv.Atoi(m[2])
	if errors.Join(lineErr, columnErr) != nil {
		return err
	}
	return &positionError{line, column, strings.TrimPrefix(err.Error(), m[0])}
}

func (d *document) errorAt(offset int, msg string) error {
	before := d.src[:min(offset, len(d.src))]
	return &positionError{
		line:   1 + bytes.Count(before, []byte("\n")),
		column: len(before) - bytes.LastIndexByte(before, '\n'),
		msg:    msg,
	}
}

// lastNamed returns the index of the last member of that name, or -1.
func lastNamed(obj *hujson.Object, name string) int {
	for i, m := range slices.Backward(obj.Members) {
		if m.Name.Value.(hujson.Literal).String() == name {
			return i
		}
	}
	return -1
}

// An edit replaces src[start:end].
type edit struct {
	start, end int
	text       string
}

// splice applies edits, which must be in order, and puts back the mark.
func (d *document) splice(edits ...edit) []byte {
	out := slices.Clone(d.bom)
	at := 0
	for _, e := range edits {
		out = append(out, d.src[at:e.start]...)
		out = append(out, e.text...)
		at = e.end
	}
	return append(out, d.src[at:]...)
}

// insert adds a member behind all others of the object v.
func (d *document) insert(v *hujson.Value, path []string, value string) []byte {
	l := d.layout(v)
	if d.blank {
		text := "{" + l.separator() + l.member(path, value) + l.eol + "}" + l.eol
		if len(d.src) > 0 && !bytes.HasSuffix(d.src, []byte("\n")) {
			text = l.eol + text
		}
		return d.splice(edit{len(d.src), len(d.src), text})
	}
	obj := v.Value.(*hujson.Object)
	if len(obj.Members) == 0 {
		start := v.StartOffset + 1 + len(bytes.TrimRight(obj.AfterExtra, " \t\r\n"))
		end := v.EndOffset - 1
		text := l.separator() + l.member(path, value)
		if rest := d.src[start:end]; bytes.ContainsRune(rest, '\n') || !l.lines {
			end = start // what closes the object can stay
		} else {
			text += l.eol + l.base
		}
		return d.splice(edit{start, end, text})
	}

	kept, breaks := sameLine(obj.AfterExtra)
	l.lines = l.lines || breaks
	text := l.separator() + l.member(path, value)
	last := obj.Members[len(obj.Members)-1].Value
	at := last.EndOffset
	if last.AfterExtra == nil { // no trailing comma
		return d.splice(edit{at, at, ","}, edit{at + kept, at + kept, text})
	}
	at += len(last.AfterExtra) + len(",") + kept
	return d.splice(edit{at, at, text + ","})
}

// sameLine returns how many bytes of extra are comments that belong to the
// member before, because they stand on its line, and whether what follows must
// begin a new line.
func sameLine(extra []byte) (n int, breaks bool) {
	for i := 0; i < len(extra); {
		rest := extra[i:]
		switch {
		case rest[0] == '\n':
			return n, breaks
		case bytes.HasPrefix(rest, []byte("//")):
			line, _, _ := bytes.Cut(rest, []byte("\n"))
			return i + len(bytes.TrimRight(line, "\r")), true
		case bytes.HasPrefix(rest, []byte("/*")):
			i += bytes.Index(rest, []byte("*/")) + len("*/")
			n = i
		default:
			i++
		}
	}
	return n, breaks
}

// A layout is how members of one object are set.
type layout struct {
	lines bool   // each on a line of its own
	eol   string // "\n" or "\r\n"
	base  string // indentation of the line with the opening brace
	own   string // indentation of the members
	unit  string // what one level adds
}

func (d *document) layout(v *hujson.Value) layout {
	l := layout{eol: "\n", unit: "    "} // VS Code indents its settings by 4
	if i := bytes.IndexByte(d.src, '\n'); i > 0 && d.src[i-1] == '\r' {
		l.eol = "\r\n"
	}
	if d.blank {
		l.lines, l.own = true, l.unit
		return l
	}
	for _, m := range d.root.Value.(*hujson.Object).Members {
		if indent, ok := d.indent(m.Name.StartOffset); ok && indent != "" {
			l.unit = indent
			break
		}
	}
	line := d.src[bytes.LastIndexByte(d.src[:v.StartOffset], '\n')+1 : v.StartOffset]
	l.base = string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
	l.own = l.base + l.unit

	members := v.Value.(*hujson.Object).Members
	for _, m := range slices.Backward(members) {
		if indent, ok := d.indent(m.Name.StartOffset); ok {
			l.lines, l.own = true, indent
			return l
		}
	}
	if len(members) == 0 {
		l.lines = v == d.root || bytes.ContainsRune(d.src, '\n')
	}
	return l
}

// indent returns the white space before offset if nothing else precedes it on
// its line. The first line does not count: an object begins there.
func (d *document) indent(offset int) (string, bool) {
	start := bytes.LastIndexByte(d.src[:offset], '\n') + 1
	indent := d.src[start:offset]
	return string(indent), start > 0 && len(bytes.TrimLeft(indent, " \t")) == 0
}

// separator is what stands between two members.
func (l layout) separator() string {
	if l.lines {
		return l.eol + l.own
	}
	return " "
}

// member returns "name": value, with an object around value for each further
// name of path.
func (l layout) member(path []string, value string) string {
	name := hujson.String(path[0])
	if len(path) > 1 {
		inner := l
		inner.own += l.unit
		if l.lines {
			value = "{" + inner.separator() + inner.member(path[1:], value) + l.separator() + "}"
		} else {
			value = "{ " + inner.member(path[1:], value) + " }"
		}
	}
	return string(name) + ": " + value
}

// remove takes out one member, the comma that separates it, and its line if it
// had one. A comment between the member and its comma stays.
func (d *document) remove(obj *hujson.Object, i int) []byte {
	m := obj.Members[i]
	start, end := m.Name.StartOffset, m.Value.EndOffset
	cut := func(at int) edit { return edit{at, at + len(","), ""} }
	switch gap := m.Value.AfterExtra; {
	case i < len(obj.Members)-1 || gap != nil:
		if len(bytes.TrimSpace(gap)) > 0 {
			return d.splice(edit{start, end, ""}, cut(end+len(gap)))
		}
		end += len(gap) + len(",")
	case i > 0: // the comma before would separate nothing
		prev := obj.Members[i-1].Value
		at := prev.EndOffset + len(prev.AfterExtra)
		start, end = d.widen(start, end, true)
		return d.splice(cut(at), edit{start, end, ""})
	}
	start, end = d.widen(start, end, false)
	return d.splice(edit{start, end, ""})
}

// widen returns the range of a member with the white space that belongs to it:
// its line, or the spaces on one side.
func (d *document) widen(start, end int, before bool) (int, int) {
	rest := d.src[end:]
	spaces := len(rest) - len(bytes.TrimLeft(rest, " \t\r"))
	switch indent, own := d.indent(start); {
	case own && bytes.HasPrefix(rest[spaces:], []byte("\n")):
		return start - len(indent), end + spaces + len("\n")
	case own:
		return start, end
	case before:
		return len(bytes.TrimRight(d.src[:start], " \t")), end
	default:
		return start, end + spaces
	}
}
