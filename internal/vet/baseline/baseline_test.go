package baseline

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// at returns entries written as "file: message".
func at(texts ...string) []Entry {
	var list []Entry
	for _, text := range texts {
		file, message, _ := strings.Cut(text, ": ")
		list = append(list, Entry{File: file, Analyzer: "a", Message: message})
	}
	return list
}

// places has files that were looked at, and others that exist.
type places struct{ looked, there string }

func (p places) Has(file string) bool    { return strings.Contains(p.looked, file) }
func (p places) Exists(file string) bool { return strings.Contains(p.there, file) }

func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		name           string
		list, findings []Entry
		places         places
		want           Match
	}{
		{
			"other numbers",
			at("a.go: line 6 of 7"), at("a.go: line 16 of 7", "a.go: line six"), places{},
			Match{Known: []bool{true, false}},
		},
		{
			"one of two",
			at("a.go: x"), at("a.go: x", "a.go: x"), places{},
			Match{Known: []bool{true, false}},
		},
		{
			"two of one",
			at("a.go: x", "a.go: x"), at("a.go: x"), places{"a.go", "a.go"},
			Match{Known: []bool{true}, Stale: []int{1}},
		},
		{
			"not looked at",
			at("a.go: x"), nil, places{"", "a.go"},
			Match{Known: []bool{}},
		},
		{
			"a file that was renamed",
			at("p/a.go: x"), at("q/b.go: x"), places{"p/a.go q/b.go", "q/b.go"},
			Match{Known: []bool{true}, Moved: map[int]string{0: "q/b.go"}},
		},
		{
			"one like it in another package",
			at("p/a.go: x"), at("q/b.go: x"), places{"p/a.go q/b.go", "p/a.go q/b.go"},
			Match{Known: []bool{false}, Stale: []int{0}},
		},
		{
			"moved in its package",
			at("p/a.go: x"), at("p/b.go: x"), places{"p/a.go p/b.go", "p/a.go p/b.go"},
			Match{Known: []bool{true}, Moved: map[int]string{0: "p/b.go"}},
		},
		{
			"one like it beside a file for another platform",
			at("p/a_plan9.go: x"), at("p/b.go: x"), places{"p/b.go", "p/a_plan9.go p/b.go"},
			Match{Known: []bool{false}},
		},
		{
			"the place comes before the content",
			at("p/a.go: x", "p/b.go: x"), at("p/b.go: x", "p/c.go: x"), places{"p/a.go p/b.go p/c.go", "p/b.go p/c.go"},
			Match{Known: []bool{true, true}, Moved: map[int]string{0: "p/c.go"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Compare(tt.list, tt.findings, func() (Places, error) { return tt.places, nil })
			if err != nil {
				t.Fatal(err)
			}
			if tt.want.Moved == nil {
				tt.want.Moved = map[int]string{}
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestReadWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), Name)
	for _, list := range [][]Entry{nil, at("b.go: <x> & \"y\"", "a.go: x", "b.go: a")} {
		if err := Write(file, list); err != nil {
			t.Fatal(err)
		}
		got, err := Read(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(list) || len(got) > 0 && (got[0] != list[1] || got[1] != list[0] || got[2] != list[2]) {
			t.Errorf("read %v, want %v sorted", got, list)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(data), "\n"); n != 8 {
		t.Errorf("%d lines, want one for each of 3 findings and 5 around them:\n%s", n, data)
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		line       int
	}{
		{"", "it ends too early", 1},
		{"{\n\"version\": 1,\n\"findings\": [", "it ends too early", 3},
		{"{\n<<<<<<< HEAD\n", "invalid character '<'", 2},
		{"{\n\"version\": 2}", "its version is 2", 1},
		{"{\n\"version\": 1, \"findings\":\n\"x\"}", "cannot unmarshal string", 3},
		{"{\n\"version\": 1,\n\"finding\": []}", `unknown field "finding"`, 3},
		{"{\n\"version\": 1}\n\n}", "there is text after its end", 4},
		{"{\"version\": 1, \"findings\": [\n{\"file\":\"a\",\"analyzer\":\"b\",\"message\":\"c\",\"source\":\"\"},\n{\"file\":\"a\"}\n]}", "a finding without", 3},
	} {
		_, line, err := decode([]byte(tt.text))
		if err == nil || !strings.Contains(err.Error(), tt.want) || line != tt.line {
			t.Errorf("%q: line %d: %v, want line %d: %s", tt.text, line, err, tt.line, tt.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("{\"version\": 1, \"findings\": [\n{\"file\":\"a\",\"analyzer\":\"b\",\"message\":\"c\",\"source\":\"\"}]}"))
	f.Add([]byte("{\"version\": 1, \"findings\": [\n{\"file\":\"a\"}]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, line, err := decode(data)
		if err != nil {
			if line < 1 || line > 1+strings.Count(string(data), "\n") {
				t.Errorf("line %d: %v", line, err)
			}
			return
		}
		again, err := encode(list)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := decode(again); err != nil {
			t.Errorf("%v in\n%s", err, again)
		}
	})
}
