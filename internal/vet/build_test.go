package vet

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPerBuild(t *testing.T) {
	o := Options{Flags: []string{"-tags=a"}, Env: []string{"GOOS=linux"}}
	if got := o.PerBuild(); !reflect.DeepEqual(got, []Options{o}) {
		t.Errorf("without builds: %+v", got)
	}
	o.Builds = []Build{{Name: "x", Flags: []string{"-tags=b"}}, {Name: "y", Env: []string{"GOOS=js"}}}
	want := []Options{
		{Flags: []string{"-tags=a", "-tags=b"}, Env: []string{"GOOS=linux"}},
		{Flags: []string{"-tags=a"}, Env: []string{"GOOS=linux", "GOOS=js"}},
	}
	if got := o.PerBuild(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestUnion(t *testing.T) {
	at := func(file string, line int, in ...string) Diagnostic {
		return Diagnostic{Analyzer: "x", File: file, Line: line, Builds: in}
	}
	comment := func(file string, in ...string) Diagnostic {
		return Diagnostic{Analyzer: "suppression", File: file, Line: 7, Builds: in}
	}
	suppressed := func(in ...string) Suppressed {
		return Suppressed{Diagnostic: at("s.go", 8, in...), CommentFile: "s.go", CommentLine: 7}
	}
	excluded := Error{Package: "p/win", Message: "build constraints exclude all Go files", Excluded: true}
	nowhere := Error{Package: "p/no", Message: "build constraints exclude all Go files", Excluded: true}
	broken, some := Error{Package: "p", File: "p.go", Line: 1, Message: "no"}, Error{Package: "q", Message: "x crashed"}
	a := &Report{
		Diagnostics: []Diagnostic{at("a.go", 1), at("a.go", 2), comment("s.go"), comment("t.go")},
		Errors:      []Error{broken, excluded, nowhere},
	}
	b := &Report{
		Diagnostics: []Diagnostic{at("a.go", 2), at("a.go", 3)},
		Suppressed:  []Suppressed{suppressed()},
		Errors:      []Error{broken, some, nowhere},
	}
	got := union([]Build{{Name: "A"}, {Name: "B"}}, []*Report{a, b})
	some.Message += " (in B)"
	want := &Report{
		Diagnostics: []Diagnostic{
			at("a.go", 1, "A"), at("a.go", 2), at("a.go", 3, "B"),
			comment("t.go", "A"), // that in s.go is of use in B
		},
		Suppressed:      []Suppressed{suppressed("B")},
		SuppressedCount: 1,
		Errors:          []Error{nowhere, some, broken},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestPatterns resolves patterns in a go.work that uses a, a/deep and group/b.
func TestPatterns(t *testing.T) {
	root := t.TempDir()
	work := filepath.Join(root, "go.work")
	if err := os.WriteFile(work, []byte("go 1.26\n\nuse (\n\t./a\n\t./a/deep\n\t./group/b\n)\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		dir, work string
		env       []string
		patterns  []string
		want      []string
	}{
		{".", work, nil, nil, []string{"work"}},
		{".", work, nil, []string{"./..."}, []string{"./a/...", "./a/deep/...", "./group/b/..."}},
		{".", work, nil, []string{"./group/...", "./..."}, []string{"./group/b/...", "./a/...", "./a/deep/..."}},
		{".", work, nil, []string{"./a", "example.com/b/...", "std"}, []string{"./a", "example.com/b/...", "std"}},
		{".", work, nil, []string{"./none/..."}, []string{"./none/..."}},
		{".", work, nil, []string{"./a/.../x", "all"}, []string{"./a/.../x", "all"}},
		{".", work, nil, []string{filepath.Join(root, "group") + "/..."}, []string{"./group/b/..."}},
		{"a", work, nil, nil, []string{"./...", "./deep/..."}},
		{"a/sub", work, nil, []string{"./..."}, []string{"./..."}},
		{"a", work, nil, []string{"../..."}, []string{"./...", "./deep/...", "../group/b/..."}},
		{"a", "", nil, []string{"./..."}, []string{"./..."}},
		{".", "off", nil, nil, []string{"./..."}},
		{".", work, []string{"GOWORK=off"}, []string{"./..."}, []string{"./..."}},
		{"a", "", []string{"GOWORK=" + work}, []string{"./..."}, []string{"./...", "./deep/..."}},
	} {
		o := &Options{Dir: filepath.Join(root, tt.dir), Work: tt.work, Env: tt.env, Patterns: tt.patterns}
		if diff := cmp.Diff(tt.want, o.patterns()); diff != "" {
			t.Errorf("%q in %s, with %q and %q: -want +got:\n%s", tt.patterns, tt.dir, tt.work, tt.env, diff)
		}
	}
}
