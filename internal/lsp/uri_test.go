package lsp

import "testing"

func TestURI(t *testing.T) {
	for _, test := range []struct {
		uri   URI
		path  string
		clean URI
	}{
		{"file:///a/b.go", "/a/b.go", "file:///a/b.go"},
		{"file:///a%20b/100%25.go", "/a b/100%.go", "file:///a%20b/100%25.go"},
		{"file:///a b/c#d?e.go", "/a b/c#d?e.go", "file:///a%20b/c%23d%3Fe.go"},
		{"file:///%C3%A9.go", "/é.go", "file:///%C3%A9.go"},
		{"file:///é.go", "/é.go", "file:///%C3%A9.go"},
		{"file:///a%40v1.0.0/x.go", "/a@v1.0.0/x.go", "file:///a@v1.0.0/x.go"},
		{"file://localhost/a.go", "/a.go", "file:///a.go"},
		{"file:///c%3A/x/y.go", "C:/x/y.go", "file:///C:/x/y.go"},
		{"file:///C:/x/y.go", "C:/x/y.go", "file:///C:/x/y.go"},
	} {
		path, err := test.uri.Path()
		if err != nil || path != test.path {
			t.Errorf("%q.Path() = %q, %v; want %q", test.uri, path, err, test.path)
		}
		if clean := test.uri.Clean(); clean != test.clean {
			t.Errorf("%q.Clean() = %q, want %q", test.uri, clean, test.clean)
		}
	}
	for _, uri := range []URI{"", "untitled:Untitled-1", "file://", "file://host/a.go", "file:///%zz", "git:/a.go"} {
		if path, err := uri.Path(); err == nil {
			t.Errorf("%q.Path() = %q, want an error", uri, path)
		}
		if uri.Clean() != uri {
			t.Errorf("%q.Clean() = %q", uri, uri.Clean())
		}
	}
	if got, want := FileURI(`c:\x y\z.go`), URI("file:///C:/x%20y/z.go"); got != want {
		t.Errorf("FileURI of a Windows path = %q, want %q", got, want)
	}
}

func FuzzURI(f *testing.F) {
	f.Add("/a b/ü%#?.go")
	f.Fuzz(func(t *testing.T, path string) {
		if path == "" || path[0] != '/' || isDrive(path[1:]) {
			t.Skip()
		}
		if got, err := FileURI(path).Path(); err != nil || got != path {
			t.Errorf("FileURI(%q).Path() = %q, %v", path, got, err)
		}
	})
}
