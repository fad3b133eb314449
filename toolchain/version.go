package toolchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/gohearth/hearth/internal/hint"
)

// goplsModule is the module path of gopls.
const goplsModule = "golang.org/x/tools/gopls"

// release is a gopls that hearth knows how to build.
type release struct {
	gopls  string // version of the gopls module
	minGo  string // oldest Go that compiles it, as in its go.mod
	sum    string // go.sum hash of the module: what is compiled is pinned here, not fetched on trust
	modSum string // go.sum hash of its go.mod
	xtools string // the golang.org/x/tools that it pins, and uses the internals of

	// ownTypes says that its vettool reads types from what it wrote for other
	// packages, and nothing that a compiler writes. See package nocompile.
	ownTypes bool
}

// releases is the version table, newest first. The first whose minGo is not
// newer than the Go in use is built. Keep hearth's own golang.org/x/tools at
// or below the oldest xtools here (TestOwnRequirements checks it).
var releases = []release{
	{
		gopls:  "v0.24.0",
		minGo:  "go1.27.0",
		sum:    "h1:nPO/LffYa4sP62Ueuema5PPnZPGaZjGl+vZGvbTek4g=",
		modSum: "h1:abHXJMs6FnwH1z/R1GrYVo/TBfxyDbSFMCKakBQURg0=",
		xtools: "v0.51.1-0.20261014163302-24a65270771e",

		ownTypes: true,
	},
	{
		gopls:  "v0.23.0",
		minGo:  "go1.26.0",
		sum:    "h1:Dn6mf9WXu9iLnTftDDMb9wV0c6Se7PjzEMqP0LEe08Y=",
		modSum: "h1:Ijg67bAdTicg9IINxII7MV+dQpHEXM4646WpNWVYBP0=",
		xtools: "v0.47.1-0.20260707181000-a299dadba899",
	},
}

// releaseFor picks the gopls for a Go version such as "go1.26.8".
func releaseFor(goVersion string) (release, error) {
	for _, r := range releases {
		if compareGo(goVersion, r.minGo) >= 0 {
			return r, nil
		}
	}
	oldest := releases[len(releases)-1]
	return release{}, hint.Add(
		fmt.Errorf("%s is too old: gopls %s needs %s or later", goVersion, oldest.gopls, oldest.minGo),
		"install a newer Go, or set GOTOOLCHAIN=%s+auto so that the go command fetches it", oldest.minGo)
}

// compareGo compares Go versions as semver does. "go1.27rc1" and "go1.27-abc"
// count as 1.27.0: a release candidate compiles what the release does.
func compareGo(a, b string) int { return semver.Compare(goSemver(a), goSemver(b)) }

func goSemver(v string) string {
	v = strings.TrimPrefix(v, "go")
	if i := strings.IndexFunc(v, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }); i >= 0 {
		v = v[:i]
	}
	return "v" + v
}

// Go is the Go toolchain that a workspace uses. The same one builds gopls and
// the vettool: the vettool type-checks the standard library from source with
// its own go/types, so it must not be older than the Go that runs `go vet`.
type Go struct {
	Version   string `json:"GOVERSION"` // "go1.26.8"
	Root      string `json:"GOROOT"`
	ModCache  string `json:"GOMODCACHE"`
	OS        string `json:"GOHOSTOS"` // of the host, where the binaries run
	Arch      string `json:"GOHOSTARCH"`
	Flags     string `json:"GOFLAGS"`
	TmpDir    string `json:"GOTMPDIR"`
	Cache     string `json:"GOCACHE"`
	CacheProg string `json:"GOCACHEPROG"`
	EnvFile   string `json:"GOENV"`
	Mod       string `json:"GOMOD"`  // the go.mod in force, or "" or [os.DevNull]
	Work      string `json:"GOWORK"` // the go.work in force, or "" or "off"
}

// DetectGo asks the go command on PATH which Go it would use in dir, which
// obeys GOTOOLCHAIN and the workspace's go.mod.
func DetectGo(ctx context.Context, dir string) (Go, error) {
	cmd := exec.Command("go", "env", "-json", "GOVERSION", "GOROOT", "GOMODCACHE", "GOHOSTOS", "GOHOSTARCH",
		"GOFLAGS", "GOTMPDIR", "GOCACHE", "GOCACHEPROG", "GOENV", "GOMOD", "GOWORK")
	cmd.Dir = dir
	out, err := output(ctx, cmd)
	if err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return Go{}, hint.Add(errors.New("there is no go command on PATH"), "install Go 1.26 or later")
		}
		return Go{}, fmt.Errorf("running go env in %q: %w", dir, err)
	}
	var g Go
	if err := json.Unmarshal([]byte(out), &g); err != nil {
		return Go{}, fmt.Errorf("reading the output of go env: %w", err)
	}
	g.Version, _, _ = strings.Cut(g.Version, " ") // "go1.27.4 X:experiment"
	return g, nil
}

// Command returns a command that runs this very Go in dir, whatever GOTOOLCHAIN
// and the go.mod there say, and free of the user's flags: GOFLAGS=-mod=vendor
// or -tags meant for the workspace would break or change the build of gopls.
func (g Go) Command(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(g.Root, "bin", "go"+exeSuffix(g.OS)), args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(),
		"PWD="+dir,
		"GOTOOLCHAIN=local",
		"GOWORK=off",
		"GOFLAGS=-mod=mod -trimpath -buildvcs=false",
		"GOOS=", "GOARCH=", "GOEXPERIMENT=", "GO111MODULE=",
		"CGO_ENABLED=0", // a bare machine has no C compiler
	)
	return cmd
}

func exeSuffix(goos string) string {
	if goos == "windows" {
		return ".exe"
	}
	return ""
}
