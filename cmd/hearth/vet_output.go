package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/gohearth/hearth/goplsconfig/policy"
	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/progress"
	"github.com/gohearth/hearth/internal/vet"
	"github.com/gohearth/hearth/internal/vet/format"
)

// vetOutput says how findings are shown.
type vetOutput struct {
	formats        []string // FORMAT or FORMAT:FILE
	trend          []string // older reports
	showSuppressed bool
	profile        bool
}

func (o *vetOutput) flags(fs *pflag.FlagSet) {
	fs.StringArrayVar(&o.formats, "format", []string{"text"}, "`FORMAT` or FORMAT:FILE, repeatable: "+strings.Join(format.Names(), ", "))
	fs.StringArrayVar(&o.trend, "trend", nil, "older JSON report that the html format compares with, repeatable, oldest first; `FILE`")
	fs.BoolVar(&o.showSuppressed, "show-suppressed", false, "list what comments and the policy suppress as well")
	fs.BoolVar(&o.profile, "profile", false, "analyse everything anew and tell how long each pass took")
}

// check refuses flags before anything is built for them.
func (o *vetOutput) check() error {
	html := false
	var files []string
	for _, f := range o.formats {
		name, file, toFile := strings.Cut(f, ":")
		if !slices.Contains(format.Names(), name) {
			return hint.Add(usageError{fmt.Errorf("there is no format %q", name)}, "write --format with one of %s", strings.Join(format.Names(), ", "))
		}
		if toFile && file == "" {
			return hint.Add(usageError{fmt.Errorf("--format=%s names no file", f)}, "write --format=%s:FILE, or --format=%s for standard output", name, name)
		}
		if slices.Contains(files, file) {
			where := file
			if where == "" {
				where = "standard output"
			}
			return hint.Add(usageError{fmt.Errorf("two formats go to %s", where)}, "name a file for one of them: --format=%s:FILE", name)
		}
		files = append(files, file)
		html = html || name == "html"
	}
	if len(o.trend) > 0 && !html {
		return hint.Add(usageError{fmt.Errorf("--trend is for the html format alone")}, "add --format=html:FILE")
	}
	return nil
}

// write writes the report in every format that was asked for.
func (o *vetOutput) write(c *command, w *workspace, r *resolved, report *vet.Report, src *vet.Sources) error {
	c.saySuppressed(report, r.Policy.Suppress.Exceptions, o.showSuppressed)
	all, err := o.input(w, r, report, src)
	if err != nil {
		return err
	}
	shown, hidden := *all, *report
	if !o.showSuppressed {
		hidden.HideSuppressed()
		shown.Report = &hidden
	}
	for _, f := range o.formats {
		name, file, _ := strings.Cut(f, ":")
		in := shown
		if name == "sarif" {
			in = *all // which marks what is suppressed
		}
		in.Color = file == "" && progress.IsTerminal(c.stdout) && os.Getenv("NO_COLOR") == ""
		if err := writeFormat(c.stdout, name, file, &in); err != nil {
			return err
		}
	}
	if o.profile && !slices.ContainsFunc(o.formats, holdsProfile) {
		return report.WriteProfile(c.stderr)
	}
	return nil
}

// holdsProfile reports whether a format has the times of the passes in it.
func holdsProfile(f string) bool {
	name, _, _ := strings.Cut(f, ":")
	return name == "json"
}

func writeFormat(stdout io.Writer, name, file string, in *format.Input) error {
	var b bytes.Buffer
	if err := format.Write(&b, name, in); err != nil {
		return fmt.Errorf("writing the findings as %s: %w", name, err)
	}
	if file != "" {
		return atomicfile.Write(file, b.Bytes(), 0o644)
	}
	_, err := stdout.Write(b.Bytes())
	return err
}

// input gathers what the formats need to know beside the report.
func (o *vetOutput) input(w *workspace, r *resolved, report *vet.Report, src *vet.Sources) (*format.Input, error) {
	in := &format.Input{
		Report: report, Sources: src,
		Dir: w.dir, Root: r.Root, Repo: format.RepoRoot(r.Root),
		Version: version(), Rules: r.rules(),
	}
	var err error
	if in.Owner, err = format.Owners(in.Repo, in.Root, in.Rules); err != nil {
		return nil, err
	}
	in.Earlier, err = readTrend(o.trend)
	return in, err
}

// readTrend reads older reports. The name of one, which is all that tells when it
// was made, is that of its file.
func readTrend(files []string) ([]format.Earlier, error) {
	var list []format.Earlier
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading an older report: %w", err)
		}
		var r vet.Report
		if err := json.Unmarshal(data, &r); err != nil || r.Diagnostics == nil {
			return nil, hint.Add(fmt.Errorf("%s is no report of hearth vet", file), "give --trend files that \"hearth vet --format=json:FILE\" wrote")
		}
		list = append(list, format.Earlier{Name: strings.TrimSuffix(filepath.Base(file), ".json"), Report: &r})
	}
	return list, nil
}

// rules describes what this policy can find: every analyzer that runs, but the
// one that stands for the rules, and every rule.
func (r *resolved) rules() []format.Rule {
	var list []format.Rule
	for _, a := range r.api.Analyzers {
		if !r.Policy.Analyzers[a.Name].Enabled || a.EditorOnly || a.Name == "rules" {
			continue
		}
		severity, url := r.describe(a.Name, "")
		doc := strings.TrimSpace(strings.TrimPrefix(a.Doc, a.Name+":"))
		summary, _, _ := strings.Cut(doc, "\n")
		list = append(list, format.Rule{ID: a.Name, Analyzer: a.Name, Summary: summary, Doc: doc, URL: url, Severity: severity})
	}
	for _, rule := range r.Policy.Rules {
		severity, url := r.describe("rules", rule.ID)
		list = append(list, format.Rule{
			ID: rule.ID, Analyzer: "rules", Summary: rule.Message, Doc: rule.Message, URL: url,
			Severity: severity, Owner: rule.Owner, Since: rule.Since,
		})
	}
	return list
}

// saySuppressed says how many findings are not shown, and, where those are
// listed, which exceptions of the policy were of no use.
func (c *command) saySuppressed(report *vet.Report, exceptions []policy.Exception, shown bool) {
	if n := report.SuppressedCount; n > 0 && !shown {
		noun := "findings"
		if n == 1 {
			noun = "finding"
		}
		fmt.Fprintf(c.stderr, "hearth: %d %s suppressed; --show-suppressed lists what and why\n", n, noun)
	}
	if !shown {
		return
	}
	for _, e := range report.UnusedExceptions(exceptions) {
		fmt.Fprintf(c.stderr, "hearth: the exception of %s for %s matched nothing in these packages\n", e.Owner, strings.Join(e.Analyzers, ", "))
	}
}
