package bench

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/internal/lsp"
)

func TestPlaces(t *testing.T) {
	for _, test := range []struct {
		name, src          string
		names, dots, decls string
		edit               string // its place and its name
	}{{
		name: "all sorts",
		src: `package p

import str "strings"

const c, _ = 1, 2

type T struct{ *str.Builder }

func init() {}

func (T) M() { /* 😀 */ str.ToUpper("") }

var v = C.x
`,
		names: "c@4:6 T@6:5 Builder@6:20 M@10:9 ToUpper@10:28",
		dots:  "Builder@6:20 ToUpper@10:28",
		decls: "c@4:6 T@6:5 M@10:9 v@12:4",
		edit:  "10:40 ToUpper@10:28",
	}, {
		name:  "the last function has nothing",
		src:   "package p\n\nfunc F() {\n}\n\nfunc init() {}\n\nfunc asm()\n",
		names: "F@2:5 asm@7:5",
		decls: "F@2:5 asm@7:5",
		edit:  "3:0 F@2:5",
	}, {
		name:  "line directive",
		src:   "package p\n\n//line x.y:100\nfunc F() {}\n",
		names: "F@3:5",
		decls: "F@3:5",
		edit:  "3:10 F@3:5",
	}, {
		name: "nothing",
		src:  "package p\n",
	}} {
		t.Run(test.name, func(t *testing.T) {
			f, err := parseFile("p.go", []byte(test.src))
			if err != nil {
				t.Fatal(err)
			}
			names, dots, decls := f.places()
			edit := ""
			if e := f.edit(names); e != nil {
				edit = fmt.Sprintf("%d:%d %s", e.at.Line, e.at.Character, list([]place{e.name}))
			}
			want := []string{test.names, test.dots, test.decls, test.edit}
			// v is a name as well; it is checked in one place.
			got := []string{strings.TrimSuffix(list(names), " v@12:4"), list(dots), list(decls), edit}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("names, dots, declarations, edit (-want +got):\n%s", diff)
			}
		})
	}
}

func list(places []place) string {
	var words []string
	for _, p := range places {
		words = append(words, fmt.Sprintf("%s@%d:%d", p.name, p.pos.Line, p.pos.Character))
	}
	return strings.Join(words, " ")
}

func TestSpread(t *testing.T) {
	for _, test := range []struct {
		list string
		n    int
		want string
	}{
		{"abcdefghij", 5, "acegi"},
		{"abc", 3, "abc"},
		{"ab", 4, "aabb"},
		{"", 4, ""},
	} {
		if got := string(spread([]byte(test.list), test.n)); got != test.want {
			t.Errorf("%d of %q: %q, want %q", test.n, test.list, got, test.want)
		}
	}
}

// TestLocations is about the forms that the protocol allows.
func TestLocations(t *testing.T) {
	const at = `{"start": {"line": 3, "character": 1}, "end": {"line": 3, "character": 2}}`
	want := []lsp.Location{{URI: "file:///a.go", Range: lsp.Range{Start: lsp.Position{Line: 3, Character: 1}, End: lsp.Position{Line: 3, Character: 2}}}}
	for _, answer := range []string{
		`{"uri": "file:///a.go", "range": ` + at + `}`,
		`[{"uri": "file:///a.go", "range": ` + at + `}]`,
		`[{"targetUri": "file:///a.go", "targetRange": {}, "targetSelectionRange": ` + at + `}]`,
	} {
		got, err := locations([]byte(answer))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", answer, diff)
		}
	}
	if got, err := locations([]byte("null")); err != nil || len(got) != 0 {
		t.Errorf("null: %v, %v", got, err)
	}
}

func TestHoverText(t *testing.T) {
	for _, contents := range []any{
		"func F",
		map[string]any{"kind": "markdown", "value": "func F"},
		[]any{"x", map[string]any{"language": "go", "value": "func F"}},
	} {
		if text := hoverText(contents); !strings.Contains(text, "func F") {
			t.Errorf("%v: %q", contents, text)
		}
	}
}
