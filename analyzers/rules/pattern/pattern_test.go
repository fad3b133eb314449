package pattern_test

import (
	"fmt"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"github.com/gohearth/hearth/analyzers/code"
	"github.com/gohearth/hearth/analyzers/rules/pattern"
)

// rule is a pattern as it is written.
type rule struct {
	from, to string
	where    map[string]string
}

func compile(t testing.TB, rules ...rule) *pattern.Set {
	t.Helper()
	var list []*pattern.Pattern
	for _, r := range rules {
		p, err := pattern.Compile(r.from, r.to, r.where)
		if err != nil {
			t.Fatalf("%s: %v", r.from, err)
		}
		list = append(list, p)
	}
	return pattern.NewSet(list)
}

// analyzer returns a pass that reports the matches, by number and, where they have
// no rewrite, with a "-".
func analyzer(set *pattern.Set) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "pattern", Doc: "pattern", Requires: []*analysis.Analyzer{inspect.Analyzer},
		Run: func(pass *analysis.Pass) (any, error) {
			var all []*code.Imports
			matches := set.Find(pattern.Env{Pass: pass})
			for _, m := range matches {
				if m.Rewrite != nil {
					all = append(all, m.Rewrite.Imports)
				}
			}
			code.Settle(all)
			for _, m := range matches {
				d := analysis.Diagnostic{Pos: m.Node.Pos(), End: m.Node.End(), Message: fmt.Sprintf("%d-", m.Pattern)}
				if m.Rewrite != nil {
					if edits, ok := m.Rewrite.Imports.Edits(); ok {
						d.Message = fmt.Sprint(m.Pattern)
						d.SuggestedFixes = []analysis.SuggestedFix{{Message: "rewrite", TextEdits: append(edits, m.Rewrite.Edit)}}
					}
				}
				pass.Report(d)
			}
			return nil, nil
		},
	}
}

func Test(t *testing.T) {
	for dir, rules := range map[string][]rule{
		"names": {
			{from: "os.Exit($code)", to: "syscall.Exit($code)"},
			{from: "len($x) == 0", to: "!($x != nil)", where: map[string]string{"x": "error"}}, // len of an error: never
			{from: "slices.Index($s, $x) >= 0", to: "slices.Contains($s, $x)"},
			{from: "[]byte($x)", to: ""},
			{from: "io.ErrUnexpectedEOF", to: "io.EOF"},
			{from: "len($x) == 0", to: ""},
		},
		"types": {
			{from: "$b.String()", to: "names/lib.Text($b)", where: map[string]string{"b": "*bytes.Buffer"}},
			{from: "names/lib.Take($x)", where: map[string]string{"x": "implements error"}},
			{from: "names/lib.Take($x)", where: map[string]string{"x": "underlying string, constant"}},
			{from: "names/lib.Take($x)", where: map[string]string{"x": "map[string]any"}},
			{from: "names/lib.Take($x)", where: map[string]string{"x": "func(int, ...string) error"}},
			{from: "(*bytes.Buffer).Len($b)", to: "$b.Cap()"},
			{from: "names/lib.Take($x)", where: map[string]string{"x": "*sync/atomic.Pointer"}},
			{from: "append([]$T(nil), $s...)", to: "slices.Clone($s)"},
			{from: "$x.Before($y) || $x.Equal($y)", to: "!$x.After($y)", where: map[string]string{"x": "time.Time", "y": "time.Time"}},
			{from: "os.FileMode($m)"},
		},
		"rewrites": {
			{from: "errors.New(fmt.Sprintf($f, $*args))", to: "fmt.Errorf($f, $*args)"},
			{from: "strings.Index($s, $sub) >= 0", to: "strings.Contains($s, $sub)"},
			{from: "rewrites/lib.Not($x)", to: "!$x"},
			{from: "rewrites/lib.Product($x, $y)", to: "$x*$y"},
			{from: "rewrites/lib.Eq($x, $y)", to: "$x == $y"},
			{from: "rewrites/lib.Neg($x)", to: "-$x"},
			{from: "rewrites/lib.Swap($x, $y)", to: "rewrites/lib.Product($y, $x)"},
			{from: "rewrites/lib.Drop($x, $_)", to: "rewrites/lib.Neg($x)"},
			{from: "rewrites/lib.Twice($x)", to: "$x + $x"},
			{from: "rewrites/lib.And($x, $y)", to: "$x && $y"},
			{from: "rewrites/lib.Log($msg, $*rest)", to: "rewrites/lib.LogTo(nil, $*rest, $msg)"},
			{from: "rewrites/lib.ID($t)", to: "$t.ID"},
			{from: "rewrites/lib.Make($x)", to: "rewrites/lib.Made{ID: $x}"},
			{from: "rewrites/lib.Print($x)", to: "len($x)"},
		},
		"imports": {
			{from: "errors.New($s)", to: "fmt.Errorf($s)"},
			{from: "imports/lib.Client", to: "imports/lib.Other"},
		},
		"nested": {
			{from: "nested/lib.A($x)", to: "nested/lib.B($x)"},
			{from: "nested/lib.C($x)", to: "nested/lib.D($x)"},
		},
	} {
		t.Run(dir, func(t *testing.T) {
			analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), analyzer(compile(t, rules...)), dir)
		})
	}
}

func TestCompileErrors(t *testing.T) {
	for _, tt := range []struct {
		from, to, condition string // on x
		part                string
		offset              int
		message             string
	}{
		{from: " ", part: "from", offset: 0, message: "it is empty"},
		{from: "$x", part: "from", offset: 0, message: "a placeholder alone is every expression"},
		{from: "f($x)", part: "from", offset: 0, message: "f means nothing in a pattern"},
		{from: "os.Exit($x, iota)", part: "from", offset: 12, message: "iota means nothing in a pattern"},
		{from: "os.Exit($)", part: "from", offset: 8, message: "$ without the name of a placeholder"},
		{from: "os.Exit($x", part: "from", offset: 10, message: "missing ',' before newline in argument list"},
		{from: "net/http.Get($x))", part: "from", offset: 16, message: "expected 'EOF', found ')'"},
		{from: "net/http.Get($x) $yy", part: "from", offset: 17, message: "expected 'EOF', found $yy"},
		{from: "net/http", part: "from", offset: 0, message: `"net/http" is an import path without a symbol of the package`},
		{from: "len($x)+a/b", part: "from", offset: 8, message: `"a/b" is an import path without a symbol of the package`},
		{from: "return $x", part: "from", offset: 0, message: "a pattern is an expression, not a statement"},
		{from: "$x = len($y)", part: "from", offset: 3, message: "a pattern is an expression, not a statement"},
		{from: "func() { os.Exit($x) }", part: "from", offset: 0, message: "a function literal holds statements"},
		{from: "len($x) /* all */ == 0", part: "from", offset: 8, message: "a pattern has no comments"},
		{from: "$x.$y()", part: "from", offset: 3, message: "a placeholder after a dot"},
		{from: "len($*x) + $*x", part: "from", offset: 11, message: "$* stands for arguments, and is only understood among those of a call"},
		{from: "a/b.F($*x, $*y)", part: "from", offset: 11, message: "a second $* in a call: which arguments are whose cannot be told"},
		{from: "a/b.F($*x...)", part: "from", offset: 6, message: "$* with dots"},
		{from: "a/b.F($x, $*x)", part: "from", offset: 10, message: "$x and $*x are two things of one name"},
		{from: "struct{ X int }{1}", part: "from", offset: 0, message: "a struct type with fields"},
		{from: "make(chan func(x int))", part: "from", offset: 15, message: "names in a function type"},
		{from: "func($x)(nil)", part: "from", offset: 0, message: "a placeholder within a function type"},
		{from: "$x * 2i", part: "from", offset: 5, message: "an imaginary literal"},
		{from: "a/b-c.F($x)", to: "a/b.G($y)", part: "to", offset: 6, message: "$y is not in from"},
		{from: "a/b.F($x, $_)", to: "a/b.G($x, $_)", part: "to", offset: 10, message: "$_ stands for anything, and nothing in particular"},
		{from: "a/b.F($*x)", to: "a/b.G($x)", part: "to", offset: 6, message: "$x stands for any number of arguments in from"},
		{from: "a/b.F($x)", to: "a/b.G($*x)", part: "to", offset: 6, message: "$x stands for one expression in from"},
		{from: "a/b.F($x)", to: "g($x)", part: "to", offset: 0, message: "g means nothing in a pattern"},
		{from: "a/b.F($y)", condition: "error", part: "where x", offset: 0, message: "$x is not in from"},
		{from: "a/b.F($x)", condition: "eror", part: "where x", offset: 0, message: "eror means nothing in a pattern"},
		{from: "a/b.F($x)", condition: "constant, implements  io.", part: "where x", offset: 25, message: "expected selector or type assertion, found 'EOF'"},
		{from: "a/b.F($x)", condition: "constant, ", part: "where x", offset: 9, message: "it is empty"},
		{from: "a/b.F($x)", condition: "len", part: "where x", offset: 0, message: `"len" is no type`},
		{from: "a/b.F($x)", condition: "error, 1+2", part: "where x", offset: 7, message: `"1+2" is no type`},
		{from: "a/b.F($x)", condition: "[]$x", part: "where x", offset: 2, message: "a placeholder in a condition"},
	} {
		where := map[string]string{}
		if tt.condition != "" {
			where["x"] = tt.condition
		}
		_, err := pattern.Compile(tt.from, tt.to, where)
		e, ok := err.(*pattern.Error)
		if !ok {
			t.Errorf("%s → %s, %s: error %v", tt.from, tt.to, tt.condition, err)
			continue
		}
		if e.Part != tt.part || e.Offset != tt.offset || e.Message != tt.message {
			t.Errorf("%s → %s, %s: got %s, %d, %q; want %s, %d, %q", tt.from, tt.to, tt.condition, e.Part, e.Offset, e.Message, tt.part, tt.offset, tt.message)
		}
	}
}

func TestSymbols(t *testing.T) {
	p, err := pattern.Compile("gopkg.in/yaml.v3.Marshal($x, example.com/nats.go.Connect, $y/2, time.Second / time.Millisecond, a/b.local)",
		"(*net/http.Client).Get($x, $y)", map[string]string{"x": "constant, map[string]*example.com/x/v2.T"})
	if err != nil {
		t.Fatal(err)
	}
	want := []pattern.Symbol{
		{"gopkg.in/yaml.v3", "Marshal", "from", 0}, {"example.com/nats.go", "Connect", "from", 29}, {"time", "Second", "from", 64},
		{"time", "Millisecond", "from", 78}, {"a/b", "local", "from", 96}, {"net/http", "Client", "to", 2}, {"example.com/x/v2", "T", "where x", 22},
	}
	if got := p.Symbols(); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if got := fmt.Sprint(p.Packages()); got != "[a/b example.com/nats.go example.com/x/v2 gopkg.in/yaml.v3 net/http time]" {
		t.Errorf("packages: %s", got)
	}
}
