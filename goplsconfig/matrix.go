package goplsconfig

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// MatrixBuild is a build for which "hearth vet --matrix" analyses packages.
// What is left empty is that of the machine and the policy.
type MatrixBuild struct {
	GOOS   string   `json:"goos,omitempty"`
	GOARCH string   `json:"goarch,omitempty"`
	Tags   []string `json:"tags"` // nil: those of the policy; empty: none
	Cgo    *bool    `json:"cgo,omitempty"`

	// At is where the policy asks for it.
	At Position `json:"-"`
}

var matrixKeys = []string{"goos", "goarch", "tags", "cgo"}

// matrix returns the builds of a matrix.
func (r *reader) matrix(n *yaml.Node) []MatrixBuild {
	var all []MatrixBuild
	for _, e := range r.entries(n, "vet.matrix") {
		b := MatrixBuild{At: r.at(e)}
		for _, p := range r.known(e, "a build of vet.matrix", matrixKeys) {
			if isNull(p.value) {
				continue // as if it were not there
			}
			switch p.name {
			case "goos":
				b.GOOS = r.text(p.value, "goos")
			case "goarch":
				b.GOARCH = r.text(p.value, "goarch")
			case "tags":
				b.Tags = []string{}
				for _, w := range r.words(p.value, "tags", true) {
					if strings.ContainsAny(w.text, ", \t") {
						r.problems.add(w.at, "write a list: tags: [a, b]", "the tag %q is more than one word", w.text)
					}
					b.Tags = append(b.Tags, w.text)
				}
			case "cgo":
				cgo := r.boolean(p.value, "cgo")
				b.Cgo = &cgo
			}
		}
		if fix, err := CheckPlatform(b.GOOS, b.GOARCH); err != nil {
			r.problems.add(b.At, fix, "a build of vet.matrix: %v", err)
			continue
		}
		all = append(all, b)
	}
	return all
}

// CheckPlatform says what is wrong with a GOOS and a GOARCH, either of which
// may be empty, and what to write instead.
func CheckPlatform(goos, goarch string) (fix string, err error) {
	arches, known := platforms[goos]
	switch {
	case goos != "" && !known:
		names := slices.Sorted(maps.Keys(platforms))
		if fix = didYouMean(goos, names); fix == "" {
			fix = "write one of " + strings.Join(names, ", ")
		}
		return fix, fmt.Errorf("Go knows no GOOS %q", goos)
	case goarch == "":
		return "", nil
	case goos == "":
		for _, list := range platforms {
			arches = append(arches, list...)
		}
		slices.Sort(arches)
		arches = slices.Compact(arches)
	}
	if slices.Contains(arches, goarch) {
		return "", nil
	}
	if fix = didYouMean(goarch, arches); fix == "" {
		fix = "write one of " + strings.Join(arches, ", ")
	}
	if goos == "" {
		return fix, fmt.Errorf("Go knows no GOARCH %q", goarch)
	}
	return fix, fmt.Errorf("Go knows no GOARCH %q for %s", goarch, goos)
}

// platforms holds what "go tool dist list" prints, each GOARCH by its GOOS.
// Asking the go command would cost nothing, but editors ask about a policy on
// every key, and there may be no Go to ask.
var platforms = map[string][]string{
	"aix":       {"ppc64"},
	"android":   {"386", "amd64", "arm", "arm64"},
	"darwin":    {"amd64", "arm64"},
	"dragonfly": {"amd64"},
	"freebsd":   {"386", "amd64", "arm", "arm64"},
	"illumos":   {"amd64"},
	"ios":       {"amd64", "arm64"},
	"js":        {"wasm"},
	"linux":     {"386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x"},
	"netbsd":    {"386", "amd64", "arm", "arm64"},
	"openbsd":   {"386", "amd64", "arm", "arm64", "ppc64", "riscv64"},
	"plan9":     {"386", "amd64", "arm"},
	"solaris":   {"amd64"},
	"wasip1":    {"wasm"},
	"windows":   {"386", "amd64", "arm64"},
}
