package editor

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tailscale/hujson"
	"golang.org/x/tools/txtar"
)

// goldens returns the archives of testdata/settings: a "before" and an "after",
// in which ^M stands for a carriage return and ^B for the byte order mark.
func goldens(t testing.TB) map[string]*txtar.Archive {
	t.Helper()
	paths, err := filepath.Glob("testdata/settings/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no archives in testdata/settings", err)
	}
	all := map[string]*txtar.Archive{}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range a.Files {
			data := bytes.ReplaceAll(a.Files[i].Data, []byte("^M\n"), []byte("\r\n"))
			data = bytes.ReplaceAll(data, []byte("^B"), utf8BOM)
			a.Files[i].Data = bytes.ReplaceAll(data, []byte("^$\n"), nil) // no final newline
		}
		all[strings.TrimSuffix(filepath.Base(path), ".txtar")] = a
	}
	return all
}

func TestSettings(t *testing.T) {
	for name, a := range goldens(t) {
		t.Run(name, func(t *testing.T) {
			before, want := a.Files[0].Data, a.Files[1].Data
			got, keys, err := wire(before)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("after wiring (-want +got):\n%s", diff)
			}
			again, _, err := wire(got)
			if err != nil || !bytes.Equal(again, got) {
				t.Errorf("a second time changed the file: %v\n%s", err, again)
			}
			undone, left, err := undoKeys("settings.json", got, keys)
			if err != nil || len(left) > 0 {
				t.Fatalf("undoing: %v, left %q", err, left)
			}
			if diff := cmp.Diff(values(t, before), values(t, undone)); diff != "" {
				t.Errorf("undoing changed other members (-before +after):\n%s", diff)
			}
		})
	}
}

// wire is what Plan does to one file.
func wire(src []byte) ([]byte, []Key, error) {
	env := Env{GOOS: "linux", Home: "/home/gopher", Gopls: "/home/gopher/.local/share/hearth/bin/gopls"}
	c := Change{Old: src, New: src}
	err := VSCode{}.wire(env, &c)
	return c.New, c.Keys, err
}

// values returns the settings without comments and layout. An object that
// only hearth needed counts as none.
func values(t testing.TB, src []byte) map[string]any {
	t.Helper()
	src = bytes.TrimPrefix(src, utf8BOM)
	v := map[string]any{}
	std, err := hujson.Standardize(bytes.Clone(src))
	if err != nil {
		return v // blank
	}
	if err := json.Unmarshal(std, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSettingsErrors(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"missing comma", "{\n  \"a\": 1\n  \"b\": 2\n}\n", "3:3: invalid character '\"' after object value (expecting ',' or '}')"},
		{"after a mark", "\ufeff{\"a\": }", "1:7: invalid character '}' at start of value"},
		{"array", "[]", "1:1: the file is not a JSON object"},
		{"tools of another type", "{\n \"go.alternateTools\": null}", `2:23: "go.alternateTools" is not an object`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := wire([]byte(tt.src))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func FuzzSettings(f *testing.F) {
	for _, a := range goldens(f) {
		f.Add(a.Files[0].Data)
	}
	f.Add([]byte(`{"a":{},"go.alternateTools":{/*c*/},}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		got, keys, err := wire(src)
		if err != nil {
			return
		}
		d, err := parseJSON(got)
		if err != nil {
			t.Fatalf("the result does not parse: %v\n%q", err, got)
		}
		if raw, _, err := jsonGet(got, alternateTools, "gopls"); err != nil || !strings.HasSuffix(raw, `/bin/gopls"`) {
			t.Fatalf("gopls is %s, %v", raw, err)
		}
		if again, more, err := wire(got); err != nil || len(more) > 0 || !bytes.Equal(again, got) {
			t.Fatalf("not idempotent: %v\n%q\n%q", err, got, again)
		}
		if was, err := parseJSON(src); err == nil && !was.blank {
			if before, after := others(was), others(d); !reflect.DeepEqual(before, after) {
				t.Fatalf("other members differ:\n%q\n%q", before, after)
			}
			for _, comment := range comments(was) {
				if !bytes.Contains(got, comment) {
					t.Fatalf("lost the comment %q", comment)
				}
			}
		}
		undone, left, err := undoKeys("settings.json", got, keys)
		if err != nil || len(left) > 0 {
			t.Fatalf("undoing: %v, left %q", err, left)
		}
		if was, err := parseJSON(src); err == nil && !was.blank {
			back, err := parseJSON(undone)
			if err != nil {
				t.Fatalf("the undone file does not parse: %v\n%q", err, undone)
			}
			if before, after := others(was), others(back); !reflect.DeepEqual(before, after) {
				t.Fatalf("other members differ after undoing:\n%q\n%q", before, after)
			}
		}
	})
}

// others returns the source of the members that are not hearth's, in order.
func others(d *document) []string {
	var list []string
	for _, m := range d.root.Value.(*hujson.Object).Members {
		name := m.Name.Value.(hujson.Literal).String()
		if name != alternateTools && name != checkUpdates {
			list = append(list, string(d.src[m.Name.StartOffset:m.Value.EndOffset]))
		}
	}
	return list
}

func comments(d *document) [][]byte {
	var list [][]byte
	for v := range d.root.All() {
		for _, extra := range [][]byte{v.BeforeExtra, v.AfterExtra} {
			if c := bytes.TrimSpace(extra); len(c) > 0 {
				list = append(list, bytes.TrimRight(bytes.Split(c, []byte("\n"))[0], " \t\r"))
			}
		}
	}
	return list
}
