package format

import (
	"cmp"
	"encoding/xml"
	"io"

	"github.com/gohearth/hearth/goplsconfig/policy"
)

type checkstyleFile struct {
	Name   string            `xml:"name,attr"`
	Errors []checkstyleError `xml:"error"`
}

type checkstyleError struct {
	Line     int    `xml:"line,attr"`
	Column   int    `xml:"column,attr,omitempty"`
	Severity string `xml:"severity,attr"`
	Message  string `xml:"message,attr"`
	Source   string `xml:"source,attr"`
}

// writeCheckstyle writes the XML of Checkstyle, which many CI systems read. What
// can't be analysed is an error too; one without a file is put under its package.
func writeCheckstyle(w io.Writer, in *Input) error {
	doc := struct {
		XMLName xml.Name          `xml:"checkstyle"`
		Version string            `xml:"version,attr"` // of the format
		Files   []*checkstyleFile `xml:"file"`
	}{Version: "4.3"}
	byName := make(map[string]*checkstyleFile)
	add := func(name string, e checkstyleError) {
		f := byName[name]
		if f == nil {
			f = &checkstyleFile{Name: name}
			byName[name] = f
			doc.Files = append(doc.Files, f)
		}
		f.Errors = append(f.Errors, e)
	}
	for _, d := range in.Report.Diagnostics {
		add(in.repoPath(d.File), checkstyleError{d.Line, in.column(d.File, d.Line, d.Column), checkstyleSeverity(d.Severity), d.Message + inBuilds(d.Builds), "hearth." + ruleID(&d)})
	}
	for _, e := range in.Report.Errors {
		name := cmp.Or(e.Package, ".")
		if e.File != "" {
			name = in.repoPath(e.File)
		}
		add(name, checkstyleError{e.Line, in.column(e.File, e.Line, e.Column), "error", e.Message, "hearth"})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func checkstyleSeverity(severity string) string {
	switch severity {
	case policy.Error, policy.Warning:
		return severity
	}
	return "info"
}
