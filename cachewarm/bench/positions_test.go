package bench

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/internal/lsp"
)

func TestPositions(t *testing.T) {
	for _, test := range []struct {
		name, src string
		want      map[string]string // none: ""
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
		want: map[string]string{
			"names": "c@4:6 T@6:5 Builder@6:20 M@10:9 ToUpper@10:28 v@12:4",
			"dots":  "Builder@6:20 ToUpper@10:28",
			"decls": "c@4:6 T@6:5 M@10:9 v@12:4",
			"calls": "ToUpper@10:36",
			"words": "str.Builder str.ToUpper",
			"edit":  "10:40 ToUpper@10:28",
		},
	}, {
		name: "the last function has nothing",
		src:  "package p\n\nfunc F() {\n}\n\nfunc init() {}\n\nfunc asm()\n",
		want: map[string]string{"names": "F@2:5 asm@7:5", "decls": "F@2:5 asm@7:5", "edit": "3:0 F@2:5"},
	}, {
		name: "line directive",
		src:  "package p\n\n//line x.y:100\nfunc F() {}\n",
		want: map[string]string{"names": "F@3:5", "decls": "F@3:5", "edit": "3:10 F@3:5"},
	}, {
		name: "nothing",
		src:  "package p\n",
	}, {
		name: "methods of interfaces",
		src: `package p

import "io"

type string2 = string

func (E) Error() string { return "" }
func (E) Error(int) string
func (E) Error() string2
func (E) Error() (string, int)
func (G[T]) Error() string
func Error() string
func (E) String() string // fmt is not imported
func (e *E) Read(p []byte) (n int, err error)
func (*E) Write([]byte, int) (int, error)
func (*E) Close() io.Closer
`,
		want: map[string]string{
			"names":   "string2@4:5 Error@6:9 Error@7:9 Error@8:9 Error@9:9 Error@10:12 Error@11:5 String@12:9 Read@13:12 Write@14:10 Close@15:10 Closer@15:21",
			"dots":    "Closer@15:21",
			"decls":   "string2@4:5 Error@6:9 Error@7:9 Error@8:9 Error@9:9 Error@10:12 Error@11:5 String@12:9 Read@13:12 Write@14:10 Close@15:10",
			"methods": "Error@6:9 of /builtin/builtin.go, Read@13:12 of /io/io.go", "symbols": "string2@4:5", "words": "io.Closer",
			"edit": "6:36 Error@6:9",
		},
	}, {
		name: "names to search for and to change",
		src:  "package p\n\nfunc Exported() {}\nfunc short() {}\nfunc main() {}\nfunc asm()\ntype local struct{}\ntype longer struct{}\n",
		want: map[string]string{
			"names":   "Exported@2:5 short@3:5 main@4:5 asm@5:5 local@6:5 longer@7:5",
			"decls":   "Exported@2:5 short@3:5 main@4:5 asm@5:5 local@6:5 longer@7:5",
			"symbols": "Exported@2:5 longer@7:5", "renames": "short@3:5", "edit": "4:13 main@4:5",
		},
	}, {
		// A conversion has no signature, nor has the inside of a function.
		name: "calls and variables",
		src: `package p

func F(x T) {
	panic(x)
	G()
	F(x)
	x.M(1)
	x.M(func() {})
	x.M([]int{1})
	F(T(x))
	y, z := x.M, 1
	_, z = y, z
	y()
	func() {}()
	switch t := x.(type) {
	}
}
`,
		want: map[string]string{
			"names": "F@2:5 M@6:3 M@7:3 M@8:3 M@10:11", "dots": "M@6:3 M@7:3 M@8:3 M@10:11", "decls": "F@2:5",
			"calls": "F@5:3 M@6:5", "assigns": "y@10:1", "edit": "16:0 M@10:11",
		},
	}, {
		name: "words",
		src:  "package p\n\nimport (\n\t\"a/b\"\n\t\"C\"\n\t\"unsafe\"\n)\n\nvar c = b.X + C.y + d.Z + unsafe.W\n\nfunc f(b struct{ X int }) int { return b.X }\n",
		want: map[string]string{
			"names": "c@8:4 X@8:10 Z@8:22 W@8:33 f@10:5 X@10:41", "dots": "X@8:10 Z@8:22 W@8:33 X@10:41",
			"decls": "c@8:4 f@10:5", "words": "b.X", "renames": "f@10:5", "edit": "10:43 X@10:41",
		},
	}} {
		t.Run(test.name, func(t *testing.T) {
			f, err := parseFile("p.go", []byte(test.src))
			if err != nil {
				t.Fatal(err)
			}
			p := f.positions()
			got := map[string]string{
				"names": list(p.names), "dots": list(p.dots), "decls": list(p.decls), "symbols": list(p.symbols),
				"renames": list(p.renames), "calls": list(p.calls), "assigns": list(p.assigns), "methods": methods(p.methods),
				"words": strings.Join(p.words, " "),
			}
			if e := p.edit; e != nil {
				got["edit"] = fmt.Sprintf("%d:%d %s", e.at.Line, e.at.Character, list([]place{e.name}))
			}
			for kind, places := range got {
				if places == "" {
					delete(got, kind)
				}
			}
			if test.want == nil {
				test.want = make(map[string]string)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("positions (-want +got):\n%s", diff)
			}
		})
	}
}

func methods(list []implementor) string {
	var words []string
	for _, m := range list {
		words = append(words, fmt.Sprintf("%s@%d:%d of %s", m.name, m.pos.Line, m.pos.Character, m.file))
	}
	return strings.Join(words, ", ")
}

func list(places []place) string {
	var words []string
	for _, p := range places {
		words = append(words, fmt.Sprintf("%s@%d:%d", p.name, p.pos.Line, p.pos.Character))
	}
	return strings.Join(words, " ")
}

func TestBehind(t *testing.T) {
	for _, test := range []struct {
		text string
		want lsp.Position
	}{
		{"", lsp.Position{Line: 1, Character: 2}},
		{"ab😀", lsp.Position{Line: 1, Character: 6}},
		{"ab\n\tc", lsp.Position{Line: 2, Character: 2}},
		{"a\nb\n", lsp.Position{Line: 3}},
	} {
		if got := behind(lsp.Position{Line: 1, Character: 2}, test.text); got != test.want {
			t.Errorf("behind %q: %v, want %v", test.text, got, test.want)
		}
	}
}
