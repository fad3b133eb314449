package vet

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gohearth/hearth/analyzers/report"
)

// The shapes in which unitchecker prints its findings with -json.
type (
	jsonTree       map[string]map[string]json.RawMessage // package -> analyzer -> []jsonDiagnostic or jsonError
	jsonError      struct{ Error string }
	jsonDiagnostic struct {
		Category, Posn, End, Message string
		Fixes                        []struct {
			Message string
			Edits   []struct {
				Filename   string
				Start, End int
				New        string
			}
		} `json:"suggested_fixes"`
		Related []struct{ Posn, Message string }
	}
)

// addDiagnostics adds what stdout tells of each unit, and returns the number of
// the units.
func (o *Options) addDiagnostics(r *Report, stdout io.Reader, asked func() packages) (units int, err error) {
	dec := json.NewDecoder(stdout)
	for ; dec.More(); units++ {
		var tree jsonTree
		if err := dec.Decode(&tree); err != nil {
			return units, fmt.Errorf("reading the output of go vet: %w", err)
		}
		wanted := asked()
		if wanted.err != nil {
			return units, wanted.err
		}
		for pkg, results := range tree {
			if !wanted.has(pkg) {
				continue
			}
			o.Progress.done()
			for analyzer, raw := range results {
				if err := o.addResults(r, pkg, analyzer, raw); err != nil {
					return units, err
				}
			}
		}
	}
	return units, nil
}

// addResults adds what one analyzer says of a unit.
func (o *Options) addResults(r *Report, pkg, analyzer string, raw json.RawMessage) error {
	var list []jsonDiagnostic
	if json.Unmarshal(raw, &list) == nil {
		for _, d := range list {
			o.add(r, pkg, analyzer, d)
		}
		return nil
	}
	var e jsonError // of a pass that breaks the rules of unitchecker
	if err := json.Unmarshal(raw, &e); err != nil {
		return fmt.Errorf("reading the output of analyzer %s: %w", analyzer, err)
	}
	if !strings.HasPrefix(e.Error, "failed prerequisites: ") { // which say it themselves
		r.Errors = append(r.Errors, Error{Package: testedPackage(pkg, ""), Analyzer: analyzer, Message: analyzer + " failed: " + e.Error})
	}
	return nil
}

// add adds what a vettool reports, which may be that a pass failed.
func (o *Options) add(r *Report, pkg, analyzer string, d jsonDiagnostic) {
	file, _, _ := splitPosition(d.Posn)
	if filepath.Base(file) == "_cgo_gotypes.go" {
		return // of cgo's own making: in a folder of another name each time
	}
	if name, ok := strings.CutPrefix(d.Category, report.Failed); ok {
		r.Errors = append(r.Errors, Error{Package: testedPackage(pkg, file), Analyzer: name, Message: d.Message})
	} else if s, ok := o.suppressed(pkg, analyzer, d); ok {
		r.Suppressed = append(r.Suppressed, s)
	} else {
		r.Diagnostics = append(r.Diagnostics, o.diagnostic(pkg, analyzer, d))
	}
}

func (o *Options) diagnostic(pkg, analyzer string, j jsonDiagnostic) Diagnostic {
	d := Diagnostic{
		Analyzer: analyzer, Code: j.Category,
		Message: strings.TrimSpace(j.Message), // as gopls shows it
		Fixes:   []Fix{},
	}
	d.Severity, d.URL = o.Describe(analyzer, j.Category)
	d.File, d.Line, d.Column = splitPosition(j.Posn)
	_, d.EndLine, d.EndColumn = splitPosition(j.End)
	if d.EndLine == 0 {
		d.EndLine, d.EndColumn = d.Line, d.Column
	}
	d.File = o.relative(d.File)
	d.Package = testedPackage(pkg, d.File)
	for _, f := range j.Fixes {
		fix := Fix{Message: f.Message, Edits: []Edit{}}
		for _, e := range f.Edits {
			fix.Edits = append(fix.Edits, Edit{o.relative(e.Filename), e.Start, e.End, e.New})
		}
		d.Fixes = append(d.Fixes, fix)
	}
	return d
}

// testedPackage returns the path of the package that pkg, as the go command
// names it, is or tests: "p", "p [p.test]" and "p_test [p.test]" are p. Tests
// from outside of a package that has none inside go without brackets; the file
// tells them from a package of that name.
func testedPackage(pkg, file string) string {
	path, variant, ok := strings.Cut(pkg, " [")
	tested := strings.TrimSuffix(variant, ".test]")
	if !ok && strings.HasSuffix(file, "_test.go") {
		tested = strings.TrimSuffix(path, "_test")
	}
	if path == tested+"_test" {
		return tested
	}
	return path // perhaps compiled anew for the tests of another
}

// position fills in the place of an error from "file:line:column" relative to Dir.
func (o *Options) position(e Error, pos string) Error {
	file, line, column := splitPosition(pos)
	if line > 0 {
		e.File, e.Line, e.Column = o.relative(file), line, column
	}
	return e
}

// relative returns a file as the report names it.
func (o *Options) relative(file string) string {
	if !filepath.IsAbs(file) {
		file = filepath.Join(o.Dir, file)
	}
	if rel, err := filepath.Rel(o.Root, file); err == nil {
		file = rel
	}
	return filepath.ToSlash(file)
}

// splitPosition splits "file:line:column" or "file:line".
func splitPosition(s string) (file string, line, column int) {
	file, last := cutLast(s)
	n, err := strconv.Atoi(last)
	if err != nil {
		return s, 0, 0
	}
	before, last := cutLast(file)
	if m, err := strconv.Atoi(last); err == nil {
		return before, m, n
	}
	return file, n, 0
}

func cutLast(s string) (before, after string) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i+1:]
}
