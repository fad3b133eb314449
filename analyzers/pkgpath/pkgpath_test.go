package pkgpath_test

import (
	"go/types"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gohearth/hearth/analyzers/pkgpath"
)

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern, path string
		want          bool
	}{
		{"net", "net", true},
		{"net", "net/http", false},
		{"net", "internet", false},
		{"net/...", "net", true},
		{"net/...", "net/http", true},
		{"net/...", "network", false},
		{"net...", "network", true},
		{"...", "any/thing", true},
		{".../internal/...", "a/b/internal", true},
		{".../internal/...", "a/internal/c", true},
		{".../internal/...", "a/internals", false},
		{"a.b/c", "aXb/c", false},
		{"a/.../b/.../c", "a/x/b/y/c", true},
		{"a/.../b/.../c", "a/x/b/y/d", false},
		{"a/.../a", "a/a", false}, // the two may not overlap
		{"a...a", "a", false},
		{"a/.../...", "a", false},
		{"", "a", false},
	} {
		if got := pkgpath.Compile([]string{test.pattern}).Match(test.path); got != test.want {
			t.Errorf("pattern %q, path %q: got %t", test.pattern, test.path, got)
		}
	}
}

func TestOf(t *testing.T) {
	for _, test := range []struct{ path, name, want string }{
		{"a/p", "p", "a/p"},
		{"a/p [a/p.test]", "p", "a/p"},
		{"a/p_test", "p_test", "a/p"},
		{"a/p_test [a/p.test]", "p_test", "a/p"},
		{"a/load_test", "load", "a/load_test"}, // a folder of that name
	} {
		if got := pkgpath.Of(types.NewPackage(test.path, test.name)); got != test.want {
			t.Errorf("package %s %q: got %q, want %q", test.name, test.path, got, test.want)
		}
	}
}

// FuzzMatch compares with the regular expression that a pattern stands for.
func FuzzMatch(f *testing.F) {
	f.Add("a/.../b...c/...", "a/x/bxc")
	f.Add("....", "...")
	f.Fuzz(func(t *testing.T, pattern, path string) {
		expr := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\.\.\.`, `.*`)
		if rest, ok := strings.CutSuffix(expr, `/.*`); ok {
			expr = rest + `(/.*)?`
		}
		re, err := regexp.Compile(`(?s)^` + expr + `$`)
		if err != nil || !utf8.ValidString(pattern+path) {
			return
		}
		if got := pkgpath.Compile([]string{pattern}).Match(path); got != re.MatchString(path) {
			t.Errorf("pattern %q, path %q: got %t", pattern, path, got)
		}
	})
}
