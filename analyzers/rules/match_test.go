package rules

import (
	"go/token"
	"go/types"
	"testing"
)

func TestPaths(t *testing.T) {
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
	} {
		if got := compilePaths([]string{test.pattern}).match(test.path); got != test.want {
			t.Errorf("pattern %q, path %q: got %t", test.pattern, test.path, got)
		}
	}
}

func TestBasePath(t *testing.T) {
	for _, test := range []struct{ path, name, want string }{
		{"a/p", "p", "a/p"},
		{"a/p [a/p.test]", "p", "a/p"},
		{"a/p_test", "p_test", "a/p"},
		{"a/p_test [a/p.test]", "p_test", "a/p"},
		{"a/load_test", "load", "a/load_test"}, // a folder of that name
	} {
		if got := basePath(types.NewPackage(test.path, test.name)); got != test.want {
			t.Errorf("package %s %q: got %q, want %q", test.name, test.path, got, test.want)
		}
	}
}

func TestFullNamesOfTestVariant(t *testing.T) {
	pkg := types.NewPackage("a/p [a/p.test]", "p")
	fn := types.NewFunc(token.NoPos, pkg, "F", types.NewSignatureType(nil, nil, nil, nil, nil, false))
	if got := fullNames(fn)[0]; got != "a/p.F" {
		t.Errorf("got %q", got)
	}
}
