package toolchain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// module is a module whose content is known here, not taken on trust.
type module struct {
	path, version string
	minGo         string // oldest Go that compiles it, as in its go.mod
	sum, modSum   string // go.sum hashes of the module and of its go.mod
}

// download returns the folder of the module in the module cache. It makes the
// folder pin, for a go.mod that requires the module and its go.sum.
func (m module) download(ctx context.Context, g Go, pin string) (dir string, err error) {
	gomod := fmt.Sprintf("module pin\n\ngo %s\n\nrequire %s %s\n", strings.TrimPrefix(m.minGo, "go"), m.path, m.version)
	gosum := fmt.Sprintf("%[1]s %[2]s %[3]s\n%[1]s %[2]s/go.mod %[4]s\n", m.path, m.version, m.sum, m.modSum)
	if err := os.MkdirAll(pin, 0o755); err != nil {
		return "", err
	}
	if err := errors.Join(
		os.WriteFile(filepath.Join(pin, "go.mod"), []byte(gomod), 0o644),
		os.WriteFile(filepath.Join(pin, "go.sum"), []byte(gosum), 0o644),
	); err != nil {
		return "", err
	}
	out, err := output(ctx, g.Command(pin, "mod", "download", "-json", m.path))
	var found struct{ Dir, Error string }
	if jsonErr := json.Unmarshal([]byte(out), &found); jsonErr == nil && found.Error != "" {
		err = errors.New(found.Error) // better than the exit status
	}
	return found.Dir, err
}
