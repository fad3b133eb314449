package goplsconfig

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPlatforms compares the table with the Go in use.
func TestPlatforms(t *testing.T) {
	out, err := exec.Command("go", "tool", "dist", "list").Output()
	if err != nil {
		t.Fatal(err)
	}
	for pair := range strings.FieldsSeq(string(out)) {
		goos, goarch, _ := strings.Cut(pair, "/")
		if !slices.Contains(platforms[goos], goarch) {
			t.Errorf("%s is not in the table platforms", pair)
		}
	}
}

func TestCheckPlatform(t *testing.T) {
	for _, tt := range []struct{ goos, goarch, err, fix string }{
		{"", "", "", ""},
		{"linux", "", "", ""},
		{"", "arm64", "", ""},
		{"windows", "amd64", "", ""},
		{"windos", "", `Go knows no GOOS "windos"`, `did you mean "windows"?`},
		{"", "pentium", `Go knows no GOARCH "pentium"`, "write one of 386, amd64, "},
		{"js", "amd64", `Go knows no GOARCH "amd64" for js`, "write one of wasm"},
		{"linux", "amd46", `Go knows no GOARCH "amd46" for linux`, `did you mean "amd64"?`},
	} {
		fix, err := CheckPlatform(tt.goos, tt.goarch)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.err || !strings.HasPrefix(fix, tt.fix) || (fix == "") != (tt.fix == "") {
			t.Errorf("CheckPlatform(%q, %q) = %q, %q; want %q, %q", tt.goos, tt.goarch, fix, got, tt.fix, tt.err)
		}
	}
}

func TestMatrix(t *testing.T) {
	yes := true
	for _, tt := range []struct {
		yaml string
		want []MatrixBuild
	}{
		{"", nil},
		{"vet: {matrix: [{goos: windows}, {tags: integration, cgo: true}, {goarch: arm, tags: []}]}", []MatrixBuild{
			{GOOS: "windows", At: Position{"", 1, 16}},
			{Tags: []string{"integration"}, Cgo: &yes, At: Position{"", 1, 33}},
			{GOARCH: "arm", Tags: []string{}, At: Position{"", 1, 65}},
		}},
	} {
		r, err := load(t, tt.yaml).Resolve(Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Vet.Matrix {
			r.Vet.Matrix[i].At.File = ""
		}
		if diff := cmp.Diff(tt.want, r.Vet.Matrix); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.yaml, diff)
		}
	}
}
