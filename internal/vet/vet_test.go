package vet

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/analyzers/report"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

func TestSplitPosition(t *testing.T) {
	for _, tt := range []struct {
		in           string
		file         string
		line, column int
	}{
		{"a.go:3:7", "a.go", 3, 7},
		{"a.go:3", "a.go", 3, 0},
		{"a.go", "a.go", 0, 0},
		{"", "", 0, 0},
		{`C:\m\a.go:3:7`, `C:\m\a.go`, 3, 7},
		{"odd:name.go:3:7", "odd:name.go", 3, 7},
		{"-", "-", 0, 0}, // no position at all, as unitchecker prints it
		{"a.go:x", "a.go:x", 0, 0},
	} {
		file, line, column := splitPosition(tt.in)
		if file != tt.file || line != tt.line || column != tt.column {
			t.Errorf("splitPosition(%q) = %q, %d, %d; want %q, %d, %d", tt.in, file, line, column, tt.file, tt.line, tt.column)
		}
	}
}

func TestParseErrors(t *testing.T) {
	root := t.TempDir()
	o := &Options{Dir: filepath.Join(root, "sub"), Root: root, Vettool: filepath.Join(root, "vettool")}
	for _, tt := range []struct {
		name, stderr string
		want         []Error
	}{
		{"nothing", "", nil},
		{"type error", "# example.com/m/p\nvet: p/p.go:2:24: undefined: x\n",
			[]Error{{Package: "example.com/m/p", File: "sub/p/p.go", Line: 2, Column: 24, Message: "undefined: x"}}},
		{"type error in the words of the vettool", "# example.com/m/p\nvettool: p/p.go:2:24: undefined: x\n",
			[]Error{{Package: "example.com/m/p", File: "sub/p/p.go", Line: 2, Column: 24, Message: "undefined: x"}}},
		{"message with colons", "# p\nvet: p.go:2:4: a: b: c\n",
			[]Error{{Package: "p", File: "sub/p.go", Line: 2, Column: 4, Message: "a: b: c"}}},
		{"import that could not be analysed", "# q\nq.go:1:8: could not import p (no package vetx file for \"p\")\n# p\np.go:2:2: no\n",
			[]Error{{Package: "p", File: "sub/p.go", Line: 2, Column: 2, Message: "no"}}},
		{"folder above", "# p\nvet: ../p.go:2:4: no\n",
			[]Error{{Package: "p", File: "p.go", Line: 2, Column: 4, Message: "no"}}},
		{"test variant", "# p [p.test]\nvet: p_test.go:1:1: no\n",
			[]Error{{Package: "p", File: "sub/p_test.go", Line: 1, Column: 1, Message: "no"}}},
		{"continuation", "# p\nvet: p.go:1:1: no\n\thave (int)\n\twant ()\n",
			[]Error{{Package: "p", File: "sub/p.go", Line: 1, Column: 1, Message: "no\n\thave (int)\n\twant ()"}}},
		{"two packages", "# p\nvet: p.go:1:1: no\n# q\nvet: q.go:2:2: neither\n",
			[]Error{{Package: "p", File: "sub/p.go", Line: 1, Column: 1, Message: "no"}, {Package: "q", File: "sub/q.go", Line: 2, Column: 2, Message: "neither"}}},
		{"without a place", "# p\nvet: nothing works\n", []Error{{Package: "p", Message: "nothing works"}}},
		{"downloads", "go: downloading example.com/x v1.0.0\n", nil},
		{"death", "# p\nvet: p.go:1:1: no\nexample.com/q: /cache/vettool: signal: killed\n", []Error{
			{Package: "example.com/q", Message: "the vettool ended without a word: signal: killed, which the system does when memory runs out"},
			{Package: "p", File: "sub/p.go", Line: 1, Column: 1, Message: "no"},
		}},
		{"panic that no pass survives", "# p\npanic: boom\n\ngoroutine 19 [running]:\npanic({0x1, 0x2})\n\t/go/src/runtime/panic.go:859 +0x13\nexample.com/lint.run.func1()\n\t/lint/lint.go:25 +0x1b\ncreated by example.com/lint.run\n\t/lint/lint.go:24 +0x2\n# q\nvet: q.go:1:1: no\n", []Error{
			{Package: "p", Message: "the vettool crashed: boom in example.com/lint.run.func1 (lint.go:25)"},
			{Package: "q", File: "sub/q.go", Line: 1, Column: 1, Message: "no"},
		}},
		{"memory", "# p\nfatal error: runtime: out of memory\n\ngoroutine 1 [running]:\nruntime.throw(0x1)\n\t/go/src/runtime/panic.go:1 +0x1\n", []Error{
			{Package: "p", Message: "the vettool crashed: runtime: out of memory"},
		}},
		{"line ends of Windows", "# p\r\nvet: p.go:1:1: no\r\n", []Error{{Package: "p", File: "sub/p.go", Line: 1, Column: 1, Message: "no"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, o.parseErrors([]byte(tt.stderr))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestLoadFailed(t *testing.T) {
	for _, tt := range []struct {
		stderr string
		want   bool
	}{
		{"", false},
		{"go: downloading example.com/x v1.0.0\np.go:3:8: no required module provides package x\n", true},
		{"# p\nvet: p.go:1:1: no\n", false},
		{"example.com/p: /cache/vettool: signal: killed\n", false},
	} {
		if got := loadFailed([]byte(tt.stderr)); got != tt.want {
			t.Errorf("%q: got %v", tt.stderr, got)
		}
	}
}

func TestNormalize(t *testing.T) {
	at := func(file string, line int, analyzer, message string) Diagnostic {
		return Diagnostic{File: file, Line: line, Column: 1, EndLine: line, EndColumn: 2, Analyzer: analyzer, Message: message}
	}
	longer := at("a.go", 2, "x", "m")
	longer.EndColumn = 9
	r := &Report{
		Diagnostics: []Diagnostic{
			at("b.go", 1, "x", "m"), at("a.go", 10, "x", "m"), at("a.go", 2, "y", "m"),
			longer, at("a.go", 2, "x", "n"), at("a.go", 2, "x", "m"),
			at("a.go", 2, "x", "m"), // the same in a test variant
		},
		Errors: []Error{
			{Package: "p_test", File: "b.go", Line: 1, Column: 1, Message: "no"},
			{Package: "q", File: "a.go", Line: 1, Column: 1, Message: "no"},
			{Package: "p", File: "b.go", Line: 1, Column: 1, Message: "no"},
			{Package: "q", File: "a.go", Line: 1, Column: 1, Message: "neither"},
			{Package: "q", Analyzer: "x", Message: "x crashed"},
			{Package: "p", Analyzer: "x", Message: "x crashed"},
			{Package: "p", Analyzer: "x", Message: "x crashed"}, // on its tests as well
		},
	}
	r.normalize()
	want := []Diagnostic{
		at("a.go", 2, "x", "m"), longer, at("a.go", 2, "x", "n"), at("a.go", 2, "y", "m"),
		at("a.go", 10, "x", "m"), at("b.go", 1, "x", "m"),
	}
	if diff := cmp.Diff(want, r.Diagnostics); diff != "" {
		t.Errorf("diagnostics: -want +got:\n%s", diff)
	}
	var errors []string
	for _, e := range r.Errors {
		errors = append(errors, e.Package+" "+e.File+" "+e.Message)
	}
	if diff := cmp.Diff([]string{"p  x crashed", "q  x crashed", "q a.go neither", "q a.go no", "p b.go no"}, errors); diff != "" {
		t.Errorf("errors: -want +got:\n%s", diff)
	}
}

func TestFails(t *testing.T) {
	for _, tt := range []struct {
		severity, failOn string
		want             bool
	}{
		{policy.Warning, policy.Information, true},
		{policy.Warning, policy.Warning, true},
		{policy.Warning, policy.Error, false},
		{policy.Hint, policy.Information, false},
		{policy.Hint, "", true}, // no limit
	} {
		r := &Report{Diagnostics: []Diagnostic{{Severity: tt.severity}}}
		if got := r.Fails(tt.failOn); got != tt.want {
			t.Errorf("a finding of severity %s fails %q: %v, want %v", tt.severity, tt.failOn, got, tt.want)
		}
	}
	if (&Report{}).Fails("") {
		t.Error("an empty report fails")
	}
}

func TestTestedPackage(t *testing.T) {
	for _, tt := range []struct{ pkg, file, want string }{
		{"m/p", "p/p.go", "m/p"},
		{"m/p [m/p.test]", "p/p.go", "m/p"},
		{"m/p_test [m/p.test]", "p/p_test.go", "m/p"},
		{"m/p_test", "p/p_test.go", "m/p"},
		{"m/p_test", "p_test/p.go", "m/p_test"}, // a package of that name
		{"m/p_test [m/p_test.test]", "p_test/p_test.go", "m/p_test"},
		{"m/p [m/q.test]", "p/p.go", "m/p"},
	} {
		if got := testedPackage(tt.pkg, tt.file); got != tt.want {
			t.Errorf("testedPackage(%q, %q) = %q, want %q", tt.pkg, tt.file, got, tt.want)
		}
	}
}

func TestPackagesHas(t *testing.T) {
	p := packages{tested: map[string]bool{"in": true, "out": false, "odd_test": false}}
	for unit, want := range map[string]bool{
		"in": true, "in [in.test]": true, "in" + report.Imported: false, "in_test": true, "in_test [in.test]": true,
		"out": true, "out" + report.Imported: true, "out_test": true, "odd_test": true, "dep": false, "dep_test": false,
		"dep" + report.Imported: false,
	} {
		if got := p.has(unit); got != want {
			t.Errorf("has(%q) = %v, want %v", unit, got, want)
		}
	}
	if !(packages{}).has("dep") {
		t.Error("without a list not every package is wanted")
	}
}
