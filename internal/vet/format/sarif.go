package format

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"golang.org/x/mod/semver"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/vet"
)

const (
	informationURI = "https://github.com/gohearth/hearth"

	// srcRoot stands for the root of the repository. GitHub resolves it; a
	// report with the folder of the machine that made it would differ from
	// one machine to the next.
	srcRoot = "%SRCROOT%"
)

// writeSARIF writes a SARIF 2.1.0 log of one run. Suppressed findings are in it,
// marked as such, whatever other forms show: the systems that read it keep an
// account of them.
func writeSARIF(w io.Writer, in *Input) error {
	s := &sarifRun{Input: in, ruleIndex: make(map[[2]string]int)}
	run := sarif.NewRunWithInformationURI("hearth", informationURI)
	s.driver = run.Tool.Driver
	if in.Version != "" {
		s.driver.WithVersion(in.Version)
	}
	if semver.IsValid(in.Version) {
		s.driver.WithSemanticVersion(strings.TrimPrefix(in.Version, "v"))
	}
	run.WithColumnKind("utf16CodeUnits").WithOriginalUriBaseIds(map[string]sarif.ArtifactLocation{
		srcRoot: *sarif.NewArtifactLocation().WithDescription(sarif.NewTextMessage("The root of the repository.")),
	})
	for _, r := range in.Rules {
		s.rule(r)
	}
	for i := range in.Report.Diagnostics {
		run.AddResult(s.result(&in.Report.Diagnostics[i]))
	}
	for _, sup := range in.Report.Suppressed {
		run.AddResult(s.result(&sup.Diagnostic).AddSuppression(s.suppression(&sup)))
	}
	run.AddInvocation(s.invocation())
	log, err := withoutUnset(sarif.NewReport().AddRun(run))
	if err != nil {
		return err
	}
	return encodeJSON(w, log)
}

// withoutUnset returns the JSON of a log without what it does not say: the
// library writes every list, if an empty one, and -1 for numbers that are not
// set. Validators warn of these, and they are most of the file.
func withoutUnset(log *sarif.Report) (any, error) {
	data, err := json.Marshal(log)
	if err != nil {
		return nil, err
	}
	var v any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	pruneUnset(v)
	return v, nil
}

func pruneUnset(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			pruneUnset(e)
		}
	case map[string]any:
		for key, e := range v {
			pruneUnset(e)
			list, isList := e.([]any)
			object, isObject := e.(map[string]any)
			switch {
			case key == "results": // an empty list says that nothing was found
				for _, result := range list {
					if r, ok := result.(map[string]any); ok && r["suppressions"] == nil {
						r["suppressions"] = []any{} // asked for in all results or in none; the library leaves it out
					}
				}
			case isList && len(list) == 0, isObject && len(object) == 0, e == nil, e == json.Number("-1"):
				delete(v, key)
			}
		}
	}
}

type sarifRun struct {
	*Input
	driver    *sarif.ToolComponent
	ruleIndex map[[2]string]int // analyzer and id: place in driver.Rules
}

// rule adds what is known of a kind of finding.
func (s *sarifRun) rule(r Rule) int {
	d := sarif.NewReportingDescriptor().WithID(r.ID).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithEnabled(true).WithLevel(sarifLevel(r.Severity)))
	if r.Summary != "" {
		first, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(r.Doc, r.Summary)), "\n\n")
		d.WithShortDescription(sarif.NewMultiformatMessageString().WithText(r.Summary)).
			WithFullDescription(sarif.NewMultiformatMessageString().WithText(cmp.Or(oneLine(first), r.Summary))). // GitHub shows 1024 characters
			WithHelp(sarif.NewMultiformatMessageString().WithText(cmp.Or(r.Doc, r.Summary)))
	}
	if u, err := url.Parse(r.URL); err == nil && u.IsAbs() {
		d.WithHelpURI(r.URL)
	}
	properties := sarif.NewPropertyBag()
	if r.Analyzer != r.ID {
		properties.Add("analyzer", r.Analyzer)
	}
	if r.Owner != "" {
		properties.Add("owner", r.Owner)
	}
	if r.Since != "" {
		properties.Add("since", r.Since)
	}
	if len(properties.Properties) > 0 {
		d.WithProperties(properties)
	}
	s.driver.AddRule(d)
	s.ruleIndex[[2]string{r.Analyzer, r.ID}] = len(s.driver.Rules) - 1
	return len(s.driver.Rules) - 1
}

func (s *sarifRun) result(d *vet.Diagnostic) *sarif.Result {
	id := ruleID(d)
	index, ok := s.ruleIndex[[2]string{d.Analyzer, id}]
	if !ok {
		index = s.rule(Rule{ID: id, Analyzer: d.Analyzer, URL: d.URL, Severity: d.Severity})
	}
	r := sarif.NewRuleResult(id).WithRuleIndex(index).
		WithLevel(sarifLevel(d.Severity)).
		WithMessage(sarif.NewTextMessage(d.Message)).
		AddLocation(s.location(d.File, s.region(d.File, d.Line, d.Column, d.EndLine, d.EndColumn)))
	for _, f := range d.Fixes {
		if fix := s.fix(f); fix != nil {
			r.AddFixe(fix)
		}
	}
	if len(d.Builds) > 0 {
		r.WithProperties(sarif.NewPropertyBag().Add("builds", d.Builds))
	}
	if d.Fingerprint != "" {
		r.WithPartialFingerprints(map[string]string{
			"hearth/v1":               d.Fingerprint,
			"primaryLocationLineHash": d.Fingerprint, // the one that GitHub reads
		})
	}
	return r
}

func (s *sarifRun) artifact(file string) *sarif.ArtifactLocation {
	u := url.URL{Path: s.repoPath(file)} // escapes what a URI can't hold
	return sarif.NewArtifactLocation().WithURI(u.String()).WithURIBaseID(srcRoot)
}

func (s *sarifRun) location(file string, region *sarif.Region) *sarif.Location {
	p := sarif.NewPhysicalLocation().WithArtifactLocation(s.artifact(file))
	if region != nil {
		p.WithRegion(region)
	}
	return sarif.NewLocation().WithPhysicalLocation(p)
}

// region returns nil where there is no line.
func (s *sarifRun) region(file string, line, column, endLine, endColumn int) *sarif.Region {
	if line < 1 {
		return nil
	}
	r := sarif.NewRegion().WithStartLine(line)
	if column < 1 {
		return r
	}
	r.WithStartColumn(s.column(file, line, column))
	if endLine >= line && endColumn > 0 {
		r.WithEndLine(endLine).WithEndColumn(s.column(file, endLine, endColumn))
	}
	return r
}

// fix returns nil where the file to change can't be read.
func (s *sarifRun) fix(f vet.Fix) *sarif.Fix {
	fix := sarif.NewFix()
	if f.Message != "" {
		fix.WithDescription(sarif.NewTextMessage(f.Message))
	}
	changes := make(map[string]*sarif.ArtifactChange)
	for _, e := range f.Edits {
		line, column := s.Sources.Position(e.File, e.Start)
		endLine, endColumn := s.Sources.Position(e.File, e.End)
		region := s.region(e.File, line, column, endLine, endColumn)
		if region == nil {
			return nil
		}
		change := changes[e.File]
		if change == nil {
			change = sarif.NewArtifactChange().WithArtifactLocation(s.artifact(e.File))
			changes[e.File] = change
			fix.AddArtifactChange(change)
		}
		change.AddReplacement(sarif.NewReplacement().WithDeletedRegion(region).
			WithInsertedContent(sarif.NewArtifactContent().WithText(e.New)))
	}
	if len(changes) == 0 {
		return nil
	}
	return fix
}

func (s *sarifRun) suppression(f *vet.Suppressed) *sarif.Suppression {
	out := sarif.NewSuppression().WithJustification(cmp.Or(f.Reason, "no reason given")).WithStatus("accepted")
	if f.CommentFile != "" {
		return out.WithKind("inSource").WithLocation(s.location(f.CommentFile, s.region(f.CommentFile, f.CommentLine, 0, 0, 0)))
	}
	if f.Owner != "" {
		out.WithProperties(sarif.NewPropertyBag().Add("owner", f.Owner).Add("expires", f.Expires))
	}
	return out.WithKind("external")
}

// invocation says whether everything was analysed, and what was not.
func (s *sarifRun) invocation() *sarif.Invocation {
	out := sarif.NewInvocation().WithExecutionSuccessful(len(s.Report.Errors) == 0)
	for _, e := range s.Report.Errors {
		n := sarif.NewNotification().WithLevel("error").WithMessage(sarif.NewTextMessage(e.Message))
		if e.File != "" {
			n.AddLocation(s.location(e.File, s.region(e.File, e.Line, e.Column, 0, 0)))
		}
		properties := sarif.NewPropertyBag()
		if e.Package != "" {
			properties.Add("package", e.Package)
		}
		if e.Analyzer != "" {
			properties.Add("analyzer", e.Analyzer)
		}
		if len(properties.Properties) > 0 {
			n.WithProperties(properties)
		}
		out.AddToolExecutionNotification(n)
	}
	return out
}

func sarifLevel(severity string) string {
	if slices.Contains([]string{policy.Error, policy.Warning}, severity) {
		return severity
	}
	return "note"
}
