package formatparts

import (
	"bytes"
	"crypto/sha256"
	"go/ast"
	"go/build"
	"go/format"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is formatted in parts is what go/format makes of the whole: files as they
// are, and with their lines disturbed, one after the other by a Formatter that knows
// those before.
func TestNode(t *testing.T) {
	var files []string
	for _, pattern := range []string{"src/go/*/*.go", "src/go/printer/testdata/*", "src/net/http/*.go", "src/text/*/*.go", "test/*.go"} {
		list, err := filepath.Glob(filepath.Join(build.Default.GOROOT, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, list...)
	}
	var f Formatter
	var texts, parts, formatted int
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil || len(src) > 100_000 {
			continue // a folder
		}
		dice := rand.New(rand.NewPCG(1, uint64(len(src))))
		for _, src := range [][]byte{src, disturbed(src, dice), disturbed(src, dice)} {
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, "", src, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				continue
			}
			texts++
			for _, p := range split(fset, file, src) {
				parts++
				if _, known, err := p.format(fset); err == nil && known {
					formatted++
				}
			}
			var want bytes.Buffer
			if err := format.Node(&want, fset, file); err != nil {
				t.Fatal(err)
			}
			for _, when := range []string{"first", "again"} {
				if text, err := f.Node(fset, file, src); err != nil || !bytes.Equal(text, want.Bytes()) {
					t.Errorf("%s, %s:\n%s\nerror %v, want of:\n%s\nthis:\n%s", name, when, text, err, src, want.Bytes())
				}
			}
		}
	}
	t.Logf("%d texts of %d files in %d parts, %d of them formatted", texts, len(files), parts, formatted)
	if texts < 1000 || parts < 5*texts || formatted < parts/2 || formatted > parts*19/20 {
		t.Error("they are too few, or too much alike")
	}
}

// What a part is must not be taken from what is before it.
func TestSplit(t *testing.T) {
	for _, test := range []struct {
		src   string
		parts int
	}{
		{"package p\n\nvar V = 1\n\nvar W = 2\n", 2},
		{"package p\n\nvar V = 1 // one\n\nvar W = 2\n", 1}, // the comment is not V's
		{"package p\n\nvar V = 1 +\n\t2\n\n// W\nvar W = 2\n", 2},
		{"package p\n\nvar V = 1 +\n\t2\n\n\t// W\nvar W = 2\n", 1},
		{"package p\n\nvar V = 1 +\n\t2\n\n// W\n\tvar W = 2\n", 1},
		{"package p\n\nvar V = 1\n\n\n\nvar W = 2\n\n", 2},
		{"package p\n\nimport \"b\"\n\nimport (\n/* c\n\n*/\n\"a\"\n)\n\nvar V = a.V + b.V\n", 2},
		{"package p\n\nvar V = \"\f\"\n\nvar W = 2\n", 1}, // it is printed without the blank line
		{"package p\n\nfunc f() (int /* \f */)\n\nfunc g() {}\n", 1},
		{"package p\n\nvar V = 1\n\n//go:build p\n\nvar W = 2\n", 1},
		{"package p\n\nvar (\n\tV = 1\n\n\tLonger = 1\n)\n\nfunc f() {}\n", 2},
	} {
		fset, file := parse(t, test.src)
		if parts := split(fset, file, []byte(test.src)); len(parts) != test.parts {
			t.Errorf("this has %d parts, want %d:\n%s", len(parts), test.parts, test.src)
		}
		var want bytes.Buffer
		if err := format.Node(&want, fset, file); err != nil {
			t.Fatal(err)
		}
		if text, err := new(Formatter).Node(fset, file, []byte(test.src)); err != nil || !bytes.Equal(text, want.Bytes()) {
			t.Errorf("%s\nis formatted as:\n%s\nerror %v, want:\n%s", test.src, text, err, want.Bytes())
		}
	}
}

func parse(t testing.TB, src string) (*token.FileSet, *ast.File) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return fset, file
}

// disturbed changes some lines of a text, such that it may still be Go.
func disturbed(src []byte, dice *rand.Rand) []byte {
	lines := strings.Split(string(src), "\n")
	for range 1 + dice.IntN(1+len(lines)/20) {
		line := &lines[dice.IntN(len(lines))]
		switch dice.IntN(12) {
		case 0:
			*line = strings.TrimLeft(*line, "\t")
		case 1:
			*line = "\t" + *line
		case 2:
			*line += "\n"
		case 3:
			*line += " // comment"
		case 4:
			*line = "// comment\n" + *line
		case 5:
			*line = "/* comment\n\n*/\n" + *line
		case 6:
			*line = strings.Replace(*line, " ", "  ", 1)
		case 7:
			*line = strings.ReplaceAll(*line, " ", "")
		case 8:
			*line = strings.Replace(*line, "{", "{\n\n", 1)
		case 9:
			*line += "\r"
		case 10:
			*line = strings.Replace(*line, "\"", "\"\f", 1)
		case 11:
			if dice.IntN(20) == 0 {
				*line = "//go:build disturbed\n" + *line // which is moved to the top
			}
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// No more is remembered than what is said.
func TestForget(t *testing.T) {
	f := Formatter{formatted: make(map[[sha256.Size]byte]bool)}
	for i := range mostKnown {
		f.formatted[[sha256.Size]byte{byte(i), byte(i >> 8)}] = true
	}
	src := []byte("package p\n\nvar V int\n")
	fset, file := parse(t, string(src))
	if text, err := f.Node(fset, file, src); err != nil || !bytes.Equal(text, src) {
		t.Errorf("%s is formatted as %s, error %v", src, text, err)
	}
	if n := len(f.formatted); n == 0 || n > 2 {
		t.Errorf("%d parts are known", n)
	}
}

// The parts of a file that were formatted need not be printed again.
func BenchmarkNode(b *testing.B) {
	src, err := os.ReadFile(filepath.Join(build.Default.GOROOT, "src/net/http/server.go"))
	if err != nil {
		b.Fatal(err)
	}
	fset, file := parse(b, string(src))
	var known Formatter
	for _, way := range []struct {
		name string
		node func() ([]byte, error)
	}{
		{"whole", func() ([]byte, error) {
			var buf bytes.Buffer
			err := format.Node(&buf, fset, file)
			return buf.Bytes(), err
		}},
		{"parts", func() ([]byte, error) { return new(Formatter).Node(fset, file, src) }},
		{"known", func() ([]byte, error) { return known.Node(fset, file, src) }},
	} {
		b.Run(way.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := way.node(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
