package vet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
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

func (o *Options) addDiagnostics(r *Report, stdout []byte, wanted packages) error {
	dec := json.NewDecoder(bytes.NewReader(stdout))
	for dec.More() {
		var tree jsonTree
		if err := dec.Decode(&tree); err != nil {
			return fmt.Errorf("reading the output of go vet: %w", err)
		}
		for pkg, results := range tree {
			if !wanted.has(pkg) {
				continue
			}
			for analyzer, raw := range results {
				var list []jsonDiagnostic
				if json.Unmarshal(raw, &list) == nil {
					for _, d := range list {
						if file, _, _ := splitPosition(d.Posn); filepath.Base(file) == "_cgo_gotypes.go" {
							continue // of cgo's own making: in a folder of another name each time
						}
						if s, ok := o.suppressed(pkg, analyzer, d); ok {
							r.Suppressed = append(r.Suppressed, s)
						} else {
							r.Diagnostics = append(r.Diagnostics, o.diagnostic(pkg, analyzer, d))
						}
					}
					continue
				}
				var e jsonError
				if err := json.Unmarshal(raw, &e); err != nil {
					return fmt.Errorf("reading the output of analyzer %s: %w", analyzer, err)
				}
				if analyzer == "suppression" {
					continue // it needs all others, one of which has failed and says so itself
				}
				r.Errors = append(r.Errors, Error{Package: pkg, Message: analyzer + ": " + e.Error})
			}
		}
	}
	return nil
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

// parseErrors reads what go vet says of packages that do not compile:
//
//	# example.com/p
//	vettool: p/p.go:2:24: undefined: x
//
// The name is that of the vettool, or vet where the go command itself speaks.
func (o *Options) parseErrors(stderr []byte) (list []Error) {
	pkg, tool := "", strings.TrimSuffix(filepath.Base(o.Vettool), ".exe")+": "
	for line := range strings.Lines(string(stderr)) {
		line = strings.TrimRight(line, "\r\n")
		if rest, ok := strings.CutPrefix(line, "# "); ok {
			pkg, _, _ = strings.Cut(rest, " ") // "p [p.test]" is p
			pkg = strings.Trim(pkg, "[]")
			continue
		}
		if strings.HasPrefix(line, "\t") && len(list) > 0 {
			list[len(list)-1].Message += "\n" + line
			continue
		}
		if line = strings.TrimPrefix(strings.TrimPrefix(line, "vet: "), tool); line == "" || strings.HasPrefix(line, "go: downloading ") {
			continue
		}
		if strings.HasSuffix(line, ")") && strings.Contains(line, "(no package vetx file for ") {
			continue // an import could not be analysed, and says why itself
		}
		e := Error{Package: pkg, Message: line}
		if pos, message, ok := strings.Cut(line, ": "); ok {
			if file, n, _ := splitPosition(pos); n > 0 && strings.HasSuffix(file, ".go") {
				e = o.position(Error{Package: pkg, Message: message}, pos)
			}
		}
		list = append(list, e)
	}
	return list
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
