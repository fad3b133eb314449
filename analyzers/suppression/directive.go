package suppression

import (
	"go/ast"
	"go/token"
	"strings"
)

// A directive is one suppression comment.
type directive struct {
	comment *ast.Comment
	verb    string   // "//lint:ignore", "//lint:file-ignore" or "//nolint"
	names   []string // as written; "all" for a //nolint without names
	bare    bool     // it is one
	reason  string

	file     *token.File
	from, to int  // the lines that it is for, both included
	matched  bool // it is for something that was found; guarded by index.mu
}

const (
	ignore     = "//lint:ignore"
	fileIgnore = "//lint:file-ignore"
	nolint     = "//nolint"
)

// parse returns the directive that c is, or nil.
func parse(c *ast.Comment) *directive {
	for _, verb := range []string{ignore, fileIgnore} {
		if rest, ok := strings.CutPrefix(c.Text, verb); ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
			rest = strings.TrimSpace(rest)
			end := strings.IndexAny(rest, " \t")
			if end < 0 {
				end = len(rest)
			}
			return &directive{comment: c, verb: verb, names: split(rest[:end]), reason: strings.TrimSpace(rest[end:])}
		}
	}
	return parseNolint(c)
}

// parseNolint reads the directive of golangci-lint. With names it is used with
// and without a blank in front, and with reasons behind // or not. Without names
// that would make a directive of prose that begins with nolint.
func parseNolint(c *ast.Comment) *directive {
	d := &directive{comment: c, verb: nolint}
	if rest, ok := strings.CutPrefix(c.Text, nolint); ok {
		rest = strings.TrimLeft(rest, " \t")
		if rest == "" || strings.HasPrefix(rest, "//") {
			d.names, d.bare, d.reason = []string{"all"}, true, trimReason(rest)
			return d
		}
	}
	text, ok := strings.CutPrefix(c.Text, "//")
	if !ok {
		return nil
	}
	list, ok := strings.CutPrefix(strings.TrimLeft(text, " \t"), "nolint:")
	if !ok {
		return nil
	}
	list, reason, _ := strings.Cut(list, "//")
	// In "a, b because" the last name ends at the blank.
	last := strings.LastIndexByte(list, ',') + 1
	if name, more, ok := strings.Cut(strings.TrimSpace(list[last:]), " "); ok {
		list, reason = list[:last]+name, more+" "+reason
	}
	d.names, d.reason = split(list), trimReason(reason)
	return d
}

func trimReason(text string) string { return strings.Trim(text, " \t/") }

// split splits a list of names at its commas.
func split(list string) []string {
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// String returns the directive without its reason, as a message shows it.
func (d *directive) String() string {
	switch {
	case len(d.names) == 0 || d.bare:
		return d.verb
	case d.verb == nolint:
		return d.verb + ":" + strings.Join(d.names, ",")
	}
	return d.verb + " " + strings.Join(d.names, ",")
}

// covers reports whether the directive is for a finding at pos.
func (d *directive) covers(pos token.Pos) bool {
	if int(pos) < d.file.Base() || int(pos) > d.file.Base()+d.file.Size() {
		return false
	}
	line := lineOf(d.file, pos)
	return d.from <= line && line <= d.to
}

// lineOf returns a line of the file itself: //line comments lead elsewhere.
func lineOf(file *token.File, pos token.Pos) int { return file.PositionFor(pos, false).Line }
