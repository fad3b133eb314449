// Package vet runs a vettool through `go vet` and turns what it prints into a
// [Report].
//
// It relies on the go command for everything that it does well: which packages
// exist, in which order they are analysed, caching, and running every file once
// (as part of the widest test variant). Only two things are added. Findings get
// the severity and URL that the toolchain knows of their analyzer, and packages
// that cannot be loaded become errors of the report, where plain `go vet` gives
// up on all packages for the sake of one bad import.
package vet

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gohearth/hearth/analyzers/report"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// Options says what to run. Dir, Root and Vettool are absolute paths.
type Options struct {
	Dir      string   // where the go command runs; patterns are relative to it
	Root     string   // the workspace root, to which reported files are relative
	Vettool  string   // a bound vettool
	Patterns []string // packages; empty means ./..., or all of the go.work in Dir
	Flags    []string // build flags of the policy
	Env      []string // environment of the policy, as KEY=VALUE
	Go       string   // version of the Go that runs, such as "go1.26.8"

	// Toolexec is a program for the flag of that name, "" for none. It gives way
	// to one that Flags, GoFlags or Env ask for.
	Toolexec string
	GoFlags  string // GOFLAGS without Env

	// Describe returns what is known of an analyzer. category is the
	// diagnostic's own, by which the rules analyzer names the rule.
	Describe func(analyzer, category string) (severity, url string)

	// Exceptions are those of the policy that Vettool obeys.
	Exceptions []policy.Exception

	// Profile has every package analysed anew, and [Report.Profile] filled in.
	Profile bool

	profileDir string
}

// Report is what `hearth vet --format=json` prints.
type Report struct {
	Diagnostics []Diagnostic `json:"diagnostics"`
	Errors      []Error      `json:"errors"`

	// SuppressedCount is the number of findings that comments and the policy
	// suppress, and stays when [Report.HideSuppressed] empties Suppressed.
	SuppressedCount int          `json:"suppressedCount"`
	Suppressed      []Suppressed `json:"suppressed,omitempty"` // those in the baseline as well

	BaselineCount int `json:"baselineCount,omitempty"` // findings that the baseline knows
	OldCount      int `json:"oldCount,omitempty"`      // findings on lines that are not new

	Profile []PassTime `json:"profile,omitempty"` // slowest first
}

// Diagnostic is one finding. Lines and columns count from 1, columns in bytes.
type Diagnostic struct {
	Analyzer  string `json:"analyzer"`
	Code      string `json:"code,omitempty"` // what the analyzer calls this kind of finding: the id of a rule, for rules
	Package   string `json:"package"`        // path of the package; tests belong to what they test
	Severity  string `json:"severity"`
	Message   string `json:"message"`
	File      string `json:"file"` // relative to the workspace root, with slashes
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	URL       string `json:"url"`
	Fixes     []Fix  `json:"fixes"`

	// Fingerprint is what [Report.Fingerprint] made of it.
	Fingerprint string `json:"fingerprint,omitempty"`
}

// Fix is one way to mend a finding. All its edits apply together.
type Fix struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// Edit replaces the bytes from offset Start up to End of a file.
type Edit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// Error is something that kept a package from being analysed.
type Error struct {
	Package string `json:"package,omitempty"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
}

// Run analyses the packages. The error is for a run that could not take place;
// packages that do not compile are in the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	o.Patterns = o.patterns()
	if o.Profile {
		var err error
		if o.profileDir, err = os.MkdirTemp("", "hearth-profile-*"); err != nil {
			return nil, err
		}
		defer os.RemoveAll(o.profileDir)
	}
	r := &Report{Diagnostics: []Diagnostic{}, Errors: []Error{}}
	asked := o.askedFor(ctx)
	stdout, stderr, err := o.goVet(ctx, o.Patterns)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(stdout)) == 0 && len(stderr) > 0 && !bytes.Contains(stderr, []byte("\n# ")) && !bytes.HasPrefix(stderr, []byte("# ")) {
		// Not one package was analysed: loading failed.
		good, broken, err := o.list(ctx)
		if err != nil {
			return nil, err
		}
		if len(broken) == 0 {
			return nil, fmt.Errorf("go vet: %s", bytes.TrimSpace(stderr))
		}
		r.Errors = append(r.Errors, broken...)
		stdout, stderr = nil, nil
		if len(good) > 0 {
			if stdout, stderr, err = o.goVet(ctx, good); err != nil {
				return nil, err
			}
		}
	}
	wanted := <-asked
	if wanted.err != nil {
		return nil, wanted.err
	}
	if err := o.addDiagnostics(r, stdout, wanted); err != nil {
		return nil, err
	}
	r.Errors = append(r.Errors, o.parseErrors(stderr)...)
	r.normalize()
	if o.Profile {
		if r.Profile, err = readProfile(o.profileDir); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// packages is what a list of packages came to.
type packages struct {
	tested map[string]bool // by path, whether its tests are in the package too; nil: all are meant
	err    error
}

// has reports whether the findings of a unit are wanted: "p", "p_test" with its
// tests from outside, maybe with a variant in brackets, or what
// [report.Imported] marks. A package with tests inside was asked for with them;
// without, what only they use looks unused.
func (p packages) has(unit string) bool {
	if p.tested == nil {
		return true
	}
	unit, imported := strings.CutSuffix(unit, report.Imported)
	path, _, _ := strings.Cut(unit, " [")
	if tested, ok := p.tested[path]; ok {
		return !imported || !tested
	}
	path, outside := strings.CutSuffix(path, "_test")
	_, ok := p.tested[path]
	return outside && ok
}

// askedFor lists the packages that the patterns match, while go vet runs. Before
// Go 1.27 the vettool looks at imported packages of the workspace too, and the
// go command repeats what it found in them.
func (o *Options) askedFor(ctx context.Context) <-chan packages {
	result := make(chan packages, 1)
	if o.Go == "" || version.Compare(o.Go, "go1.27") >= 0 {
		result <- packages{}
		return result
	}
	list := func() {
		args := append([]string{"list", "-e", "-f={{.ImportPath}} {{len .TestGoFiles}}"}, o.Flags...)
		stdout, _, err := o.goRun(ctx, append(append(args, "--"), o.Patterns...))
		p := packages{make(map[string]bool), err}
		for line := range strings.Lines(string(stdout)) {
			path, tests, _ := strings.Cut(strings.TrimSpace(line), " ")
			p.tested[path] = tests != "0"
		}
		result <- p
	}
	if slices.ContainsFunc(o.Env, func(setting string) bool { return strings.HasPrefix(setting, "GOCACHEPROG=") }) {
		list() // two programs at once would give and take the same things
	} else {
		go list()
	}
	return result
}

// patterns returns the packages that are meant.
func (o *Options) patterns() []string {
	if len(o.Patterns) > 0 {
		return o.Patterns
	}
	if _, err := os.Stat(filepath.Join(o.Dir, "go.work")); err == nil {
		return []string{"work"} // all its modules; ./... matches those of one, or fails
	}
	return []string{"./..."}
}

// goVet runs go vet. Its exit status is of no use: 1 may mean anything.
func (o *Options) goVet(ctx context.Context, patterns []string) (stdout, stderr []byte, err error) {
	args := append([]string{"vet", "-json", "-vettool=" + o.Vettool, "-" + report.ShowSuppressed}, o.Flags...)
	if o.Toolexec != "" && !o.ownToolexec() {
		args = append(args, "-toolexec="+o.Toolexec)
	}
	if o.profileDir != "" {
		args = append(args, "-"+report.Profile+"="+o.profileDir)
	}
	return o.goRun(ctx, append(append(args, "--"), patterns...))
}

// ownToolexec reports whether the user's flags change how tools run.
func (o *Options) ownToolexec() bool {
	goflags := o.GoFlags
	for _, setting := range o.Env {
		if value, ok := strings.CutPrefix(setting, "GOFLAGS="); ok {
			goflags = value
		}
	}
	return slices.ContainsFunc(append(strings.Fields(goflags), o.Flags...), func(flag string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		return name == "toolexec" || name == "compiler"
	})
}

func (o *Options) goRun(ctx context.Context, args []string) (stdout, stderr []byte, err error) {
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = o.Dir, &out, &errs
	cmd.Env = append(append(os.Environ(), "PWD="+o.Dir), o.Env...)
	if err := cmd.Run(); err != nil {
		if _, exited := errors.AsType[*exec.ExitError](err); !exited || ctx.Err() != nil {
			return nil, nil, fmt.Errorf("running go %s: %w", args[0], cmp.Or(ctx.Err(), err))
		}
	}
	return out.Bytes(), errs.Bytes(), nil
}

// list splits the packages that the patterns match into those that load and
// the errors of those that do not.
func (o *Options) list(ctx context.Context) (good []string, broken []Error, err error) {
	args := append([]string{"list", "-e", "-json=ImportPath,Error,DepsErrors,Match"}, o.Flags...)
	stdout, stderr, err := o.goRun(ctx, append(append(args, "--"), o.Patterns...))
	if err != nil {
		return nil, nil, err
	}
	type packageError struct {
		ImportStack []string
		Pos, Err    string
	}
	dec := json.NewDecoder(bytes.NewReader(stdout))
	for dec.More() {
		var p struct {
			ImportPath string
			Error      *packageError
			DepsErrors []*packageError
		}
		if err := dec.Decode(&p); err != nil {
			return nil, nil, fmt.Errorf("reading the output of go list: %w", err)
		}
		if p.Error == nil && len(p.DepsErrors) == 0 {
			good = append(good, p.ImportPath)
			continue
		}
		if p.Error != nil {
			p.DepsErrors = append(p.DepsErrors, p.Error)
		}
		for _, e := range p.DepsErrors {
			broken = append(broken, o.position(Error{Package: p.ImportPath, Message: strings.TrimSpace(e.Err)}, e.Pos))
		}
	}
	if len(good) == 0 && len(broken) == 0 {
		return nil, nil, fmt.Errorf("go list: %s", bytes.TrimSpace(stderr))
	}
	return good, broken, nil
}

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

// normalize sorts the report and gives each finding once: a file that two test
// variants share is analysed in both when one of them has more files.
func (r *Report) normalize() {
	r.Diagnostics = sortOnce(r.Diagnostics, Diagnostic.compare)
	r.Suppressed = sortOnce(r.Suppressed, func(a, b Suppressed) int { return a.Diagnostic.compare(b.Diagnostic) })
	r.SuppressedCount = len(r.Suppressed)
	slices.SortFunc(r.Errors, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	r.Errors = slices.CompactFunc(r.Errors, func(a, b Error) bool {
		a.Package, b.Package = "", "" // the test variant of a package fails with it
		return a == b
	})
}

// sortOnce sorts a list and drops what is there twice.
func sortOnce[T any](list []T, compare func(a, b T) int) []T {
	slices.SortFunc(list, compare)
	return slices.CompactFunc(list, func(a, b T) bool { return compare(a, b) == 0 })
}

// compare orders findings by place. Those that agree in all that is compared
// are one.
func (d Diagnostic) compare(e Diagnostic) int {
	return cmp.Or(cmp.Compare(d.File, e.File), cmp.Compare(d.Line, e.Line), cmp.Compare(d.Column, e.Column),
		cmp.Compare(d.Analyzer, e.Analyzer), cmp.Compare(d.Message, e.Message),
		cmp.Compare(d.EndLine, e.EndLine), cmp.Compare(d.EndColumn, e.EndColumn))
}
