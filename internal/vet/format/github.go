package format

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/vet"
)

// writeGitHub writes workflow commands, which GitHub shows beside the lines of
// a pull request. It shows only the first few of a step, so the worst come first.
//
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func writeGitHub(w io.Writer, in *Input) error {
	var b strings.Builder
	for _, e := range in.Report.Errors {
		c := command{"error", nil, e.Message}
		if e.File != "" {
			c.add("file", in.repoPath(e.File))
			c.add("line", e.Line)
			if e.Column > 0 {
				c.add("col", in.column(e.File, e.Line, e.Column))
			}
		}
		c.add("title", cmp.Or(e.Package, "hearth"))
		fmt.Fprintln(&b, c)
	}
	list := slices.Clone(in.Report.Diagnostics)
	slices.SortStableFunc(list, func(a, b vet.Diagnostic) int {
		return cmp.Compare(slices.Index(policy.Severities, a.Severity), slices.Index(policy.Severities, b.Severity))
	})
	for _, d := range list {
		c := command{githubLevel(d.Severity), nil, d.Message + inBuilds(d.Builds)}
		c.add("file", in.repoPath(d.File))
		c.add("line", d.Line)
		c.add("endLine", max(d.Line, d.EndLine))
		if d.Column > 0 && d.EndLine <= d.Line { // GitHub refuses columns on different lines
			c.add("col", in.column(d.File, d.Line, d.Column))
			c.add("endColumn", in.column(d.File, d.Line, max(d.Column, d.EndColumn)))
		}
		c.add("title", ruleID(&d))
		fmt.Fprintln(&b, c)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func githubLevel(severity string) string {
	switch severity {
	case policy.Error, policy.Warning:
		return severity
	}
	return "notice"
}

// command is one workflow command.
type command struct {
	name       string
	properties []string
	message    string
}

var (
	escapeData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func (c *command) add(key string, value any) {
	c.properties = append(c.properties, key+"="+escapeProperty.Replace(fmt.Sprint(value)))
}

func (c command) String() string {
	return "::" + c.name + " " + strings.Join(c.properties, ",") + "::" + escapeData.Replace(c.message)
}
