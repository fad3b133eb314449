package format

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

// An issue of a code quality report, of what GitLab reads.
//
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

var gitlabSeverity = map[string]string{
	policy.Error:       "critical",
	policy.Warning:     "major",
	policy.Information: "minor",
	policy.Hint:        "info",
}

// writeGitLab writes a code quality report. GitLab has no place for what is not
// in a file, so an error without one is left to the exit status and the log.
func writeGitLab(w io.Writer, in *Input) error {
	issues := []gitlabIssue{} // GitLab wants a list, if an empty one
	for _, d := range in.Report.Diagnostics {
		issues = append(issues, gitlabIssue{
			Description: d.Message + inBuilds(d.Builds),
			CheckName:   ruleID(&d),
			Fingerprint: d.Fingerprint,
			Severity:    gitlabSeverity[d.Severity],
			Location:    gitlabLocation{in.repoPath(d.File), gitlabLines{d.Line}},
		})
	}
	for _, e := range in.Report.Errors {
		if e.File == "" {
			continue
		}
		sum := sha256.Sum256(fmt.Appendf(nil, "%q %d %d %q", e.File, e.Line, e.Column, e.Message)) // unique; it need not last
		issues = append(issues, gitlabIssue{
			Description: e.Message,
			CheckName:   "hearth",
			Fingerprint: hex.EncodeToString(sum[:16]),
			Severity:    "blocker",
			Location:    gitlabLocation{in.repoPath(e.File), gitlabLines{e.Line}},
		})
	}
	return encodeJSON(w, issues)
}
