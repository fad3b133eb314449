package format

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gohearth/hearth/internal/vet"
)

var update = flag.Bool("update", false, "write the golden files")

// source is what the findings of [report] are in.
const source = "package p\n\nvar 世界, s = \"ä😀\", `a\tb` // x\r\nvar t = <T>\n\tf(1,\n\t2)\n"

// report has a finding of every kind that a form may stumble over.
func report() *vet.Report {
	exception := 0
	at := func(analyzer, severity, message string, line, column, endLine, endColumn int) vet.Diagnostic {
		return vet.Diagnostic{
			Analyzer: analyzer, Severity: severity, Message: message, Package: "example.com/m/p",
			File: "p/a b.go", Line: line, Column: column, EndLine: endLine, EndColumn: endColumn, Fixes: []vet.Fix{},
		}
	}
	wide := at("shadow", "warning", "behind wide runes", 3, 13, 3, 14)
	wide.URL = "https://example.com/shadow"
	wide.Fixes = []vet.Fix{{Message: "Say u", Edits: []vet.Edit{{File: "p/a b.go", Start: 23, End: 24, New: "u"}, {File: "p/a b.go", Start: 40, End: 40, New: "!"}}}}
	rule := at("rules", "error", "100%: use <u>,\nnot t (no-t)", 4, 5, 4, 6)
	rule.Code = "no-t"
	rule.Builds = []string{"windows/amd64", "linux/amd64 -tags=a"}
	long := at("printf", "hint", "more than a line", 5, 2, 6, 4)
	byComment := at("shadow", "warning", "said to be fine", 4, 5, 4, 6)
	byPolicy := at("rules", "information", "said to be fine (no-t)", 4, 9, 4, 12)
	byPolicy.Code = "no-t"
	return &vet.Report{
		Diagnostics: []vet.Diagnostic{wide, rule, long},
		Suppressed: []vet.Suppressed{
			{Diagnostic: byComment, CommentFile: "p/a b.go", CommentLine: 4},
			{Diagnostic: byPolicy, Reason: "old", Exception: &exception, Owner: "net", Expires: "2099-12-31"},
		},
		SuppressedCount: 2,
		Errors: []vet.Error{
			{Package: "example.com/m/q", File: "q/q.go", Line: 1, Column: 2, Message: "undefined: x\n\thave y"},
			{Package: "example.com/m/r", Message: "import cycle"},
			{Package: "example.com/m/s", Analyzer: "shadow", Message: "shadow crashed: boom"},
			{Message: "no packages"},
		},
	}
}

func input(t *testing.T) *Input {
	t.Helper()
	repo := t.TempDir()
	root := filepath.Join(repo, "sub")
	for name, text := range map[string]string{
		"sub/p/a b.go":       source,
		".git/HEAD":          "",
		".github/CODEOWNERS": "* @org/all\n/sub/p/ @org/p p@example.com\n",
	} {
		path := filepath.Join(repo, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in := &Input{
		Report: report(), Sources: vet.NewSources(root),
		Dir: filepath.Join(root, "p"), Root: root, Repo: RepoRoot(root), Version: "v1.2.3",
		Rules: []Rule{
			{ID: "printf", Analyzer: "printf", Summary: "check formats", Doc: "check formats\n\nA long\nstory.\n\nIts end.", Severity: "warning"},
			{ID: "no-t", Analyzer: "rules", Summary: "use u", Doc: "use u", Severity: "error", URL: "go/no-t", Owner: "platform", Since: "v1"},
		},
		Earlier: []Earlier{{"monday", &vet.Report{Diagnostics: make([]vet.Diagnostic, 6)}}},
	}
	if in.Repo != repo {
		t.Fatalf("RepoRoot is %q, want %q", in.Repo, repo)
	}
	in.Report.Fingerprint(in.Sources)
	var err error
	if in.Owner, err = Owners(in.Repo, in.Root, in.Rules); err != nil {
		t.Fatal(err)
	}
	return in
}

// TestGolden holds every form to a file in testdata, for people to look at.
func TestGolden(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := Write(&b, name, input(t)); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "report."+name)
			if *update {
				if err := os.WriteFile(golden, b.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("-want +got:\n%s\nto update: go test ./internal/vet/format -update", diff)
			}
		})
	}
}

// TestSARIFSchema checks a full and an empty log against the schema of the standard.
func TestSARIFSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata", "sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	full := input(t)
	for name, in := range map[string]*Input{
		"full":  full,
		"empty": {Report: &vet.Report{}, Sources: full.Sources, Version: "(devel)"},
	} {
		var b bytes.Buffer
		if err := Write(&b, "sarif", in); err != nil {
			t.Fatal(err)
		}
		log, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(log); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		log.(map[string]any)["runs"].([]any)[0].(map[string]any)["columnKind"] = "bytes"
		if schema.Validate(log) == nil {
			t.Error("the schema lets everything through")
		}
	}
}

// TestHTMLIsWellFormed finds an element that isn't closed, and text of a
// finding that became one.
func TestHTMLIsWellFormed(t *testing.T) {
	in := input(t)
	in.Report.Diagnostics[0].Message = `<script id="evil">`
	in.Report.Diagnostics[0].URL = `javascript:alert("evil")`
	var b bytes.Buffer
	if err := Write(&b, "html", in); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	page = page[:strings.Index(page, "<script>")] + page[strings.Index(page, "</script>")+len("</script>"):] // no XML
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	elements := make(map[string]int)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			elements[e.Name.Local]++
			for _, a := range e.Attr {
				if a.Name.Local == "href" && strings.HasPrefix(a.Value, "javascript:") {
					t.Errorf("a link to a script: %s", a.Value)
				}
			}
		}
	}
	if elements["table"] != 4 || elements["li"] != 3+4 || elements["circle"] != 2 || elements["script"] != 0 {
		t.Errorf("elements: %v", elements)
	}
}

// TestUnique holds the identities of GitLab's issues to what it asks for.
func TestUnique(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, "gitlab", input(t)); err != nil {
		t.Fatal(err)
	}
	var issues []gitlabIssue
	if err := json.Unmarshal(b.Bytes(), &issues); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, issue := range issues {
		if issue.Fingerprint == "" || seen[issue.Fingerprint] {
			t.Errorf("fingerprint %q of %q is not unique", issue.Fingerprint, issue.Description)
		}
		seen[issue.Fingerprint] = true
	}
}

func TestColor(t *testing.T) {
	in := input(t)
	in.Color = true
	var b bytes.Buffer
	if err := Write(&b, "text", in); err != nil {
		t.Fatal(err)
	}
	if want := "\x1b[1ma b.go:4:5:\x1b[m 100%: use <u>,"; !strings.Contains(b.String(), want) {
		t.Errorf("no %q in %q", want, b.String())
	}
	if want := "\n\t\x1b[31m    ^\x1b[m\n"; !strings.Contains(b.String(), want) {
		t.Errorf("no %q in %q", want, b.String())
	}
}

func TestUnderline(t *testing.T) {
	for _, tt := range []struct {
		name, line string
		start, end int
		want       string
	}{
		{"a word", "x := err", 6, 9, "     ^~~"},
		{"no range", "x := err", 6, 6, "     ^"},
		{"range backwards", "x := err", 6, 2, "     ^"},
		{"tabs stay", "\tx\t:= err", 7, 10, "\t \t   ^~~"},
		{"a wide rune takes two", "世 x", 5, 6, "   ^"},
		{"a wide range", "x 世界 y", 3, 9, "  ^~~~"},
		{"a combining accent takes none", "e\u0301 x", 5, 6, "  ^"},
		{"a bad byte takes one", "\xff x", 3, 4, "  ^"},
		{"a control character takes the place of its mark", "\x1b[ x", 4, 5, "   ^"},
		{"end of the line", "f(", 3, 9, "  ^"},
		{"beyond the line", "f(", 4, 9, ""},
		{"no column", "f(", 0, 0, ""},
		{"no source", "", 1, 2, ""},
		{"blank", "\t\t", 1, 2, ""},
		{"data", strings.Repeat("x", maxLine+1), 1, 2, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := underline(tt.line, tt.start, tt.end); got != tt.want {
				t.Errorf("underline(%q, %d, %d) = %q, want %q", tt.line, tt.start, tt.end, got, tt.want)
			}
		})
	}
}

func TestUTF16Column(t *testing.T) {
	for _, tt := range []struct {
		line         string
		column, want int
	}{
		{"abc", 1, 1},
		{"abc", 4, 4},
		{"abc", 9, 9}, // past the end
		{"ä x", 4, 3}, // two bytes, one unit
		{"世 x", 5, 3}, // three bytes, one unit
		{"😀 x", 6, 4}, // four bytes, two units
		{"\xff x", 3, 3},
		{"", 0, 0}, // no column
		{"", 5, 5}, // no source
	} {
		if got := utf16Column(tt.line, tt.column); got != tt.want {
			t.Errorf("utf16Column(%q, %d) = %d, want %d", tt.line, tt.column, got, tt.want)
		}
	}
}

func TestCommand(t *testing.T) {
	c := command{name: "error", message: "50%: a,\r\nb::c"}
	c.add("file", "a,b:c%.go")
	c.add("line", 3)
	c.add("title", "x\r\ny")
	want := "::error file=a%2Cb%3Ac%25.go,line=3,title=x%0D%0Ay::50%25: a,%0D%0Ab::c"
	if got := c.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestOwners(t *testing.T) {
	in := input(t)
	for _, tt := range []struct {
		name string
		d    vet.Diagnostic
		want string
	}{
		{"of the rule", vet.Diagnostic{Analyzer: "rules", Code: "no-t", File: "p/a.go"}, "platform"},
		{"a code of another analyzer is no rule", vet.Diagnostic{Analyzer: "x", Code: "no-t", File: "p/a.go"}, "@org/p, p@example.com"},
		{"of the folder", vet.Diagnostic{Analyzer: "printf", File: "p/a.go"}, "@org/p, p@example.com"},
		{"of the rest", vet.Diagnostic{Analyzer: "printf", File: "q/a.go"}, "@org/all"},
	} {
		if got := in.Owner(&tt.d); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	owner, err := Owners(in.Root, in.Root, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := owner(&vet.Diagnostic{File: "p/a.go"}); got != Nobody {
		t.Errorf("without CODEOWNERS: %q, want %q", got, Nobody)
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := Write(io.Discard, "xml", input(t)); err == nil {
		t.Error("no error")
	}
}
