package pattern_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/gohearth/hearth/analyzers/rules/pattern"
)

// BenchmarkFind looks for patterns in net/http, of 60 files. "obeyed" are patterns
// that match next to nothing, which is how rules are most of the time, of symbols
// that it knows.
//
//	go test ./analyzers/rules/pattern -bench . -run '^$'
func BenchmarkFind(b *testing.B) {
	pkg := load(b, "net/http")[0]
	pass := &analysis.Pass{
		Fset: pkg.Fset, Files: pkg.Syntax, Pkg: pkg.Types, TypesInfo: pkg.TypesInfo,
		ResultOf: map[*analysis.Analyzer]any{inspect.Analyzer: inspector.New(pkg.Syntax)},
	}
	for _, n := range []int{1, 20, 200} {
		set := compile(b, obeyed(n)...)
		b.Run(fmt.Sprintf("%d/obeyed", n), func(b *testing.B) {
			matches := 0
			for b.Loop() {
				matches = len(set.Find(pattern.Env{Pass: pass}))
			}
			b.ReportMetric(float64(matches), "matches")
		})
	}
	b.Run("compile/200", func(b *testing.B) {
		for b.Loop() {
			compile(b, obeyed(200)...)
		}
	})
	set := compile(b, everywhere...)
	b.Run("31/everywhere", func(b *testing.B) {
		matches := 0
		for b.Loop() {
			matches = len(set.Find(pattern.Env{Pass: pass}))
		}
		b.ReportMetric(float64(matches), "matches")
	})
}

// obeyed returns n patterns of the forms that rules have.
func obeyed(n int) (list []rule) {
	forms := []rule{
		{from: "fmt.NAME($f, $*args, \"%d\")", to: "fmt.Sprint($*args)"},
		{from: "strings.NAME($s, \"%d\") >= 0", to: "strings.Contains($s, \"%d\")"},
		{from: "errors.New(fmt.NAME($f, $x, \"%d\"))"},
		{from: "$b.Name%d($x)", where: map[string]string{"b": "*bytes.Buffer"}},
		{from: "net/http.Error($w, $text, %d)", to: "net/http.Error($w, $text, 400)", where: map[string]string{"w": "implements io.Writer"}},
		{from: "$x == io.EOF", to: "errors.Is($x, io.EOF)", where: map[string]string{"x": "*net/http.Request"}},
		{from: "len($x) == -%d"},
		{from: "[]string{$x, \"name%d\"}"},
		{from: "net/http.Client{Timeout: %d}"},
		{from: "time.Duration($x) * %d"},
	}
	functions := []string{"Sprintf", "Errorf", "Fprintf", "Sprint", "Index", "Split", "HasPrefix", "Join"}
	for i := range n {
		r := forms[i%len(forms)]
		name := functions[i/len(forms)%4]
		if i%len(forms) == 1 {
			name = functions[4+i/len(forms)%4]
		}
		replacer := strings.NewReplacer("NAME", name, "%d", fmt.Sprint(i))
		r.from, r.to = replacer.Replace(r.from), replacer.Replace(r.to)
		list = append(list, r)
	}
	return list
}
