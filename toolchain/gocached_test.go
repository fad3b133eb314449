package toolchain

import (
	"path/filepath"
	"testing"
)

// The server and the client's side of the protocol are of one version.
func TestGocachedVersion(t *testing.T) {
	own := requirements(t, filepath.Join("..", "go.mod"))
	if v := own[gocachedModule.path]; v != gocachedModule.version {
		t.Errorf("go.mod requires %s %s, the server is built at %s", gocachedModule.path, v, gocachedModule.version)
	}
}
