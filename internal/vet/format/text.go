package format

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// writeText writes a line for each finding, each suppressed finding and each
// error, as editors and CI systems know how to read. Below, behind a tab, by
// which they know it for no finding, are the source line and what is meant in it.
func writeText(w io.Writer, in *Input) error {
	t := &text{Input: in}
	for _, d := range in.Report.Diagnostics {
		t.heading(d.File, d.Line, d.Column, fmt.Sprintf("%s (%s)%s", d.Message, d.Analyzer, inBuilds(d.Builds)))
		t.source(d.File, d.Line, d.Column, d.EndLine, d.EndColumn, severityColor[d.Severity])
		for _, f := range d.Fixes {
			if f.Message != "" {
				fmt.Fprintf(t, "\tfix: %s\n", oneLine(f.Message))
			}
		}
	}
	for _, s := range in.Report.Suppressed {
		t.heading(s.File, s.Line, s.Column, fmt.Sprintf("suppressed: %s (%s); %s: %s", s.Message, s.Analyzer, s.By(t.displayPath), cmp.Or(s.Reason, "no reason")))
	}
	for _, e := range in.Report.Errors {
		switch {
		case e.File != "":
			t.heading(e.File, e.Line, e.Column, "error: "+e.Message)
			t.source(e.File, e.Line, e.Column, e.Line, e.Column, severityColor[policy.Error])
		case e.Package != "":
			fmt.Fprintf(t, "%s: error: %s\n", e.Package, e.Message)
		default:
			fmt.Fprintf(t, "error: %s\n", e.Message)
		}
	}
	_, err := io.WriteString(w, t.String())
	return err
}

// inBuilds names the builds that have a finding, where others have it not.
func inBuilds(builds []string) string {
	if len(builds) == 0 {
		return ""
	}
	return " in " + strings.Join(builds, ", ")
}

type text struct {
	strings.Builder
	*Input
}

// What a terminal is told, by number of the attribute.
const bold = "1"

var severityColor = map[string]string{
	policy.Error:       "31", // red
	policy.Warning:     "33", // yellow
	policy.Information: "36", // cyan
	policy.Hint:        "2",  // faint
}

func (t *text) paint(attribute, s string) string {
	if !t.Color || attribute == "" {
		return s
	}
	return "\x1b[" + attribute + "m" + s + "\x1b[m"
}

func (t *text) heading(file string, line, column int, message string) {
	fmt.Fprintf(t, "%s %s\n", t.paint(bold, fmt.Sprintf("%s:%d:%d:", t.displayPath(file), line, column)), message)
}

// source shows the line and underlines the range, as far as it is on that line.
func (t *text) source(file string, line, column, endLine, endColumn int, attribute string) {
	src := t.Sources.Line(file, line)
	if endLine > line {
		endColumn = len(src) + 1
	}
	if under := underline(src, column, endColumn); under != "" {
		fmt.Fprintf(t, "\t%s\n\t%s\n", strings.Map(visible, src), t.paint(attribute, under))
	}
}

// maxLine is the longest line that is shown, in bytes. Longer ones are data that a tool
// wrote, and would push the findings off the screen.
const maxLine = 400

// underline returns what goes below a line to point at the columns from start up to
// end: blanks, with the line's tabs kept, then ^ and ~. It is empty where there
// is nothing to point at.
func underline(line string, start, end int) string {
	if start < 1 || start > len(line)+1 || len(line) > maxLine || strings.TrimSpace(line) == "" {
		return ""
	}
	end = max(start, min(end, len(line)+1))
	var b strings.Builder
	for i, part := range strings.Split(line[:start-1], "\t") {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(strings.Repeat(" ", displaywidth.String(strings.Map(visible, part))))
	}
	b.WriteByte('^')
	b.WriteString(strings.Repeat("~", max(0, displaywidth.String(strings.Map(visible, line[start-1:end-1]))-1)))
	return b.String()
}

// visible replaces what would move the cursor of a terminal, or worse.
func visible(r rune) rune {
	if r != '\t' && unicode.IsControl(r) {
		return utf8.RuneError
	}
	return r
}
