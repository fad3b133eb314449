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
			names, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
			return &directive{comment: c, verb: verb, names: split(names), reason: strings.TrimSpace(reason)}
		}
	}
	return parseNolint(c)
}

// parseNolint reads the directive of golangci-lint, which is used with and
// without a blank in front, and with reasons behind // or not.
func parseNolint(c *ast.Comment) *directive {
	text, ok := strings.CutPrefix(c.Text, "//")
	if !ok {
		return nil
	}
	text, ok = strings.CutPrefix(strings.TrimLeft(text, " \t"), "nolint")
	if !ok {
		return nil
	}
	d := &directive{comment: c, verb: nolint, names: []string{"all"}}
	list, named := strings.CutPrefix(text, ":")
	if !named {
		if text != "" && text[0] != ' ' && text[0] != '\t' && !strings.HasPrefix(text, "//") {
			return nil // nolintlint, say
		}
		d.reason = trimReason(text)
		return d
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
	case len(d.names) == 0:
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
