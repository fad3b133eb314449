package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/userdir"
)

// installed are the two names under which hearth is installed: its own, and
// gopls, which is what editors are told to start.
type installed struct{ hearth, gopls string }

func installPaths() (installed, error) {
	dir, err := userdir.Data()
	if err != nil {
		return installed{}, err
	}
	suffix := ""
	if runtime.GOOS == "windows" {
		suffix = ".exe"
	}
	return installed{filepath.Join(dir, "bin", "hearth"+suffix), filepath.Join(dir, "bin", "gopls"+suffix)}, nil
}

// installSelf copies the running hearth to where editors can rely on it: `go
// run` leaves no binary behind, and a checkout moves. It reports whether
// anything changed. A running hearth keeps its old file, since the new one
// takes the name by rename.
func installSelf() (to installed, changed bool, err error) {
	if to, err = installPaths(); err != nil {
		return to, false, err
	}
	self, err := os.Executable()
	if err != nil {
		return to, false, fmt.Errorf("finding the running hearth: %w", err)
	}
	data, err := os.ReadFile(self)
	if err != nil {
		return to, false, fmt.Errorf("reading the running hearth: %w", err)
	}
	if old, err := os.ReadFile(to.hearth); err != nil || !bytes.Equal(old, data) {
		if err := atomicfile.Write(to.hearth, data, 0o755); err != nil {
			return to, false, hint.Add(fmt.Errorf("installing hearth: %w", err),
				"make %q writable, or set XDG_DATA_HOME to a folder that is", filepath.Dir(to.hearth))
		}
		changed = true
	}
	linked, err := linkGopls(to)
	return to, changed || linked, err
}

// linkGopls makes the gopls name of the installed hearth.
func linkGopls(to installed) (changed bool, err error) {
	if target, err := os.Readlink(to.gopls); err == nil && target == filepath.Base(to.hearth) {
		return false, nil
	}
	if err := atomicfile.Symlink(filepath.Base(to.hearth), to.gopls); err != nil {
		return false, fmt.Errorf("installing the gopls link: %w", err)
	}
	return true, nil
}
