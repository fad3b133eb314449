// Package format writes the findings of hearth vet in the forms that people,
// editors and CI systems read: one file of this package for each form.
//
// Columns are in bytes, as Go counts them, and files are named as the reader
// would type them (text), as seen from the workspace root (json), or from the
// root of the repository (html). The forms for CI systems name files as seen
// from the root of the repository too, which is where those systems look, and
// count columns in UTF-16 code units, as the programs that show them do.
package format

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/gohearth/hearth/internal/vet"
)

// Input is what there is to write. Report and Sources must be set; what else a
// form makes use of is said at each field.
type Input struct {
	Report  *vet.Report
	Sources *vet.Sources

	Dir   string // text: where the reader is
	Color bool   // text: the reader has a terminal

	Root    string // folder of the files in Report
	Repo    string // folder of the repository: see [RepoRoot]
	Version string // of hearth
	Rules   []Rule // what can be found; sarif: those without a finding are listed too

	// Owner returns who looks after the code of a finding or its rule.
	Owner func(*vet.Diagnostic) string

	Earlier []Earlier // html: older reports, oldest first
}

// Rule describes findings of one kind: those of an analyzer, or of one rule of
// the rules analyzer.
type Rule struct {
	ID       string // of the rule, or the name of the analyzer
	Analyzer string
	Summary  string
	Doc      string
	URL      string
	Severity string
	Owner    string
	Since    string
}

// Earlier is an older report.
type Earlier struct {
	Name   string
	Report *vet.Report
}

// writers holds every form by name.
var writers = map[string]func(io.Writer, *Input) error{
	"checkstyle": writeCheckstyle,
	"github":     writeGitHub,
	"gitlab":     writeGitLab,
	"html":       writeHTML,
	"json":       writeJSON,
	"sarif":      writeSARIF,
	"text":       writeText,
}

// Names lists the forms.
func Names() []string { return slices.Sorted(maps.Keys(writers)) }

// Write writes in in the form of that name, which is one of [Names].
func Write(w io.Writer, name string, in *Input) error {
	write := writers[name]
	if write == nil {
		return fmt.Errorf("there is no format %q", name)
	}
	return write(w, in)
}

// RepoRoot returns the folder of the repository that holds dir, or dir if none does.
func RepoRoot(dir string) string {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, ".git")); err == nil { // a folder, or a file in a worktree
			return d
		}
		if d == filepath.Dir(d) {
			return dir
		}
	}
}

// ruleID names the kind of a finding, as a suppression comment does: by the
// rule of the policy, or else by the analyzer.
func ruleID(d *vet.Diagnostic) string {
	if d.Analyzer == "rules" && d.Code != "" {
		return d.Code
	}
	return d.Analyzer
}

// repoPath returns a file of the report as seen from the root of the repository.
func (in *Input) repoPath(file string) string {
	rel, err := filepath.Rel(in.Repo, in.Root)
	if err != nil || in.Repo == "" || path.IsAbs(file) {
		return file
	}
	return path.Join(filepath.ToSlash(rel), file)
}

// displayPath returns a file of the report as the reader would type it.
func (in *Input) displayPath(file string) string { return RelativeTo(in.Root, in.Dir)(file) }

// RelativeTo returns a function that names a file of a report with the given
// root as somebody in dir would type it.
func RelativeTo(root, dir string) func(file string) string {
	return func(file string) string {
		rel, err := filepath.Rel(dir, filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			return file
		}
		return rel
	}
}

// column converts a column in bytes to one in UTF-16 code units.
func (in *Input) column(file string, line, column int) int {
	return utf16Column(in.Sources.Line(file, line), column)
}

func utf16Column(line string, column int) int {
	if column < 1 {
		return column // there is none
	}
	before := line[:min(column-1, len(line))]
	n := column - len(before) // 1, or more past the end of the line
	for _, r := range before {
		n += utf16.RuneLen(r) // a bad byte reads as one U+FFFD
	}
	return n
}

// oneLine joins the lines of a message, where a form has room for one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
