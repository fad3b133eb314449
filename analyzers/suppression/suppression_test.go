package suppression_test

import (
	"go/ast"
	"go/parser"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"honnef.co/go/tools/staticcheck/sa4023"

	"github.com/gohearth/hearth/analyzers/nilfacts"
	"github.com/gohearth/hearth/analyzers/suppression"
	"github.com/gohearth/hearth/goplsconfig/policy"
)

// calls is a result and a fact at once: what Wrap must not touch.
type calls struct{ Names []string }

func (*calls) AFact() {}

// finder returns a pass that reports the calls of a function of its name.
func finder(name, category string, requires ...*analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: name, Doc: "find calls of " + name, Requires: requires,
		Run: func(pass *analysis.Pass) (any, error) {
			for _, file := range pass.Files {
				ast.Inspect(file, func(n ast.Node) bool {
					if call, ok := n.(*ast.CallExpr); ok {
						if id, ok := call.Fun.(*ast.Ident); ok && id.Name == name {
							pass.Report(analysis.Diagnostic{Pos: id.Pos(), End: id.End(), Category: category, Message: "call of " + name})
						}
					}
					return true
				})
			}
			return nil, nil
		},
	}
}

// subjects are two passes that are on and one that is off.
func subjects() []suppression.Subject {
	return []suppression.Subject{
		{Analyzer: finder("bad", "code1"), Aliases: []string{"group"}, Codes: []string{"code1", "code2"}, Ran: true},
		{Analyzer: finder("poor", ""), Aliases: []string{"group"}, Ran: true},
		{Analyzer: finder("off", "")},
		{Analyzer: finder("sized", ""), Varies: true, Ran: true},
	}
}

// both returns a pass that reports what all wrapped passes together report, so
// that one test file can say what is expected of each.
func both(p *policy.Suppress, show *bool) *analysis.Analyzer {
	wrapped, _ := suppression.Wrap(p, subjects(), show)
	return &analysis.Analyzer{
		Name: "both", Doc: "run both", Requires: slices.Concat(wrapped[0].Requires, wrapped[1].Requires),
		Run: func(pass *analysis.Pass) (any, error) {
			for _, a := range wrapped[:2] {
				if _, err := a.Run(pass); err != nil {
					return nil, err
				}
			}
			return nil, nil
		},
	}
}

func judge(p *policy.Suppress) *analysis.Analyzer {
	_, judge := suppression.Wrap(p, subjects(), nil)
	return judge
}

func TestHonoured(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), both(&policy.Suppress{}, nil), "honoured", "whole")
}

func TestJudged(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), judge(&policy.Suppress{}), "judged")
	analysistest.Run(t, analysistest.TestData(), judge(&policy.Suppress{}), "gen", "platforms")
}

// TestIgnoredFile reports in a file for another platform, as buildtag does.
func TestIgnoredFile(t *testing.T) {
	buildtag := &analysis.Analyzer{Name: "bad", Doc: "look into other files"}
	buildtag.Run = func(pass *analysis.Pass) (any, error) {
		for _, name := range pass.IgnoredFiles {
			file, err := parser.ParseFile(pass.Fset, name, nil, parser.ParseComments)
			if err != nil {
				return nil, err
			}
			for _, decl := range file.Decls {
				pass.Reportf(decl.Pos(), "%s", decl.(*ast.FuncDecl).Name.Name)
			}
		}
		return nil, nil
	}
	wrapped, _ := suppression.Wrap(&policy.Suppress{}, []suppression.Subject{{Analyzer: buildtag, Ran: true}}, nil)
	if got := messages(analysistest.Run(quiet{t}, analysistest.TestData(), wrapped[0], "platforms")); !slices.Equal(got, []string{"shown"}) {
		t.Errorf("got %q, want what no comment suppresses", got)
	}
}

func TestForbidden(t *testing.T) {
	p := &policy.Suppress{ForbidInline: true}
	analysistest.Run(t, analysistest.TestData(), judge(p), "forbidden")
	results := analysistest.Run(quiet{t}, analysistest.TestData(), both(p, nil), "forbidden")
	if got := messages(results); !slices.Equal(got, []string{"call of bad"}) {
		t.Errorf("a comment that the policy forbids suppressed something: %q", got)
	}
}

func TestReasonOptional(t *testing.T) {
	p := &policy.Suppress{ReasonOptional: true}
	for _, r := range analysistest.Run(quiet{t}, analysistest.TestData(), judge(p), "judged") {
		for _, d := range r.Diagnostics {
			if strings.Contains(d.Message, "reason") && !strings.Contains(d.Message, "names no analyzer") {
				t.Errorf("%s", d.Message)
			}
		}
	}
}

func TestExceptions(t *testing.T) {
	for _, tt := range []struct {
		name string
		e    policy.Exception
		want bool
	}{
		{"by name", policy.Exception{Analyzers: []string{"poor", "bad"}}, true},
		{"by pattern", policy.Exception{Analyzers: []string{"b*"}}, true},
		{"by group", policy.Exception{Analyzers: []string{"group"}}, true},
		{"by rule", policy.Exception{Analyzers: []string{"code1"}}, true},
		{"of another rule", policy.Exception{Analyzers: []string{"code2"}}, false},
		{"of another analyzer", policy.Exception{Analyzers: []string{"poor"}}, false},
		{"in the package", policy.Exception{Analyzers: []string{"bad"}, In: []string{"other", "forb..."}}, true},
		{"in another package", policy.Exception{Analyzers: []string{"bad"}, In: []string{"forbidden/..."}, Files: []string{"other.go"}}, false},
		{"in the file", policy.Exception{Analyzers: []string{"bad"}, Files: []string{"x.go", "for*.go"}}, true},
		{"in another file", policy.Exception{Analyzers: []string{"bad"}, Files: []string{"x.go"}}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &policy.Suppress{ForbidInline: true, Exceptions: []policy.Exception{tt.e}}
			got := len(messages(analysistest.Run(quiet{t}, analysistest.TestData(), both(p, nil), "forbidden"))) == 0
			if got != tt.want {
				t.Errorf("suppressed: %t", got)
			}
		})
	}
}

// TestShow asks for what is suppressed as well.
func TestShow(t *testing.T) {
	show := true
	p := &policy.Suppress{Exceptions: []policy.Exception{
		{Analyzers: []string{"poor"}, Reason: "no"},
		{Analyzers: []string{"bad"}, In: []string{"whole"}, Files: []string{"other.go"}, Reason: "soon"},
	}}
	var got []string
	for _, r := range analysistest.Run(quiet{t}, analysistest.TestData(), both(p, &show), "whole") {
		for _, d := range r.Diagnostics {
			got = append(got, d.Category+": "+d.Message+": "+d.Related[0].Message)
		}
	}
	slices.Sort(got)
	want := []string{
		"suppressed/1:code1: call of bad: soon",
		"suppressed:code1: call of bad: above the package clause",
		"suppressed:code1: call of bad: the reason",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestWrapKeepsTheGraph checks that what requires a subject is run once, with the
// results where it looks for them, and that subjects are not changed.
func TestWrapKeepsTheGraph(t *testing.T) {
	base := finder("bad", "")
	base.ResultType = reflect.TypeFor[*calls]()
	base.FactTypes = []analysis.Fact{new(calls)}
	base.Run = func(*analysis.Pass) (any, error) { return &calls{[]string{"bad"}}, nil }
	between := &analysis.Analyzer{
		Name: "between", Doc: "hand a result on", Requires: []*analysis.Analyzer{base}, ResultType: reflect.TypeFor[*calls](),
		Run: func(pass *analysis.Pass) (any, error) { return pass.ResultOf[base], nil },
	}
	top := &analysis.Analyzer{Name: "top", Doc: "use a result", Requires: []*analysis.Analyzer{between}}
	top.Run = func(pass *analysis.Pass) (any, error) {
		if pass.Analyzer != top {
			t.Error("the pass inside is not that of the original analyzer")
		}
		pass.Reportf(pass.Files[0].Package, "got %s", pass.ResultOf[between].(*calls).Names[0])
		return nil, nil
	}
	wrapped, judge := suppression.Wrap(&policy.Suppress{}, []suppression.Subject{{Analyzer: base, Ran: true}, {Analyzer: top, Ran: true}}, nil)
	if err := analysis.Validate(append(wrapped, judge)); err != nil {
		t.Fatal(err)
	}
	if len(base.Requires) != 0 || !slices.Equal(top.Requires, []*analysis.Analyzer{between}) {
		t.Error("Wrap changed an analyzer that it was given")
	}
	if got := messages(analysistest.Run(quiet{t}, analysistest.TestData(), wrapped[1], "gen")); !slices.Equal(got, []string{"got bad"}) {
		t.Errorf("got %q", got)
	}
}

// A pass that panics on one package has no facts about it, and is there for those
// that import it.
func TestFactsSurvivePanic(t *testing.T) {
	knows := &analysis.Analyzer{
		Name: "knows", Doc: "know of calls", ResultType: reflect.TypeFor[*calls](), FactTypes: []analysis.Fact{(*calls)(nil)},
		Run: func(pass *analysis.Pass) (any, error) {
			if pass.Pkg.Path() == "panics" {
				panic("on purpose")
			}
			return &calls{}, nil
		},
	}
	user := &analysis.Analyzer{
		Name: "user", Doc: "use knows", Requires: []*analysis.Analyzer{knows},
		Run: func(pass *analysis.Pass) (any, error) {
			message := "knows"
			if pass.ResultOf[knows].(*calls) == nil {
				message = "knows nothing"
			}
			pass.Reportf(pass.Files[0].Package, "%s", message)
			return nil, nil
		},
	}
	wrapped, _ := suppression.Wrap(&policy.Suppress{}, []suppression.Subject{{Analyzer: user, Ran: true}}, nil)
	for pkg, want := range map[string]string{"importer": "knows", "panics": "knows nothing"} {
		if got := messages(analysistest.Run(quiet{t}, analysistest.TestData(), wrapped[0], pkg)); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: got %q, want %q", pkg, got, want)
		}
	}
}

func messages(results []*analysistest.Result) (list []string) {
	for _, r := range results {
		for _, d := range r.Diagnostics {
			list = append(list, d.Message)
		}
	}
	return list
}

// quiet drops what analysistest says of expectations: the test looks at the
// findings itself.
type quiet struct{ t *testing.T }

func (quiet) Errorf(string, ...any) {}

// A check of staticcheck that rests on facts finds what it did, though the pass
// that computes them is another.
func TestNilResult(t *testing.T) {
	wrapped, _ := suppression.Wrap(&policy.Suppress{}, []suppression.Subject{{Analyzer: sa4023.Analyzer, Ran: true}}, nil)
	var uses func(a *analysis.Analyzer) bool
	uses = func(a *analysis.Analyzer) bool {
		return slices.ContainsFunc(a.FactTypes, func(f analysis.Fact) bool { _, ok := f.(*nilfacts.Fact); return ok }) || slices.ContainsFunc(a.Requires, uses)
	}
	if !uses(wrapped[0]) {
		t.Error("SA4023 has the facts of staticcheck")
	}
	analysistest.Run(t, analysistest.TestData(), wrapped[0], "nilresult")
}
