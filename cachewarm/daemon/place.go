package daemon

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/gohearth/hearth/internal/userdir"
)

// Place is where a user's daemon is found.
type Place struct {
	Dir string // mode 0700, the user's own
}

// maxSocket is the length of a socket's name on the systems that allow least.
const maxSocket = 100

// RunVariable names another folder for a daemon of its own, beside the user's:
// a benchmark must not find what the user's daemon keeps, nor disturb it. Trust
// and recorded profiles stay where they are. The name must be short enough for
// a socket in it.
const RunVariable = "HEARTH_RUN"

// Find returns the place of the user's daemon. It follows the state folder, so
// that a terminal, a graphical editor and a login over SSH agree about it; they
// do not about XDG_RUNTIME_DIR.
func Find() (Place, error) {
	if dir := os.Getenv(RunVariable); filepath.IsAbs(dir) {
		return Place{dir}, nil
	}
	state, err := userdir.State()
	if err != nil {
		return Place{}, err
	}
	return At(state), nil
}

// At returns the place of the daemon of a user with this state folder.
func At(state string) Place {
	dir := filepath.Join(state, "run")
	if len(filepath.Join(dir, "mcp-4194304-9999.sock")) > maxSocket { // the longest
		dir = filepath.Join(os.TempDir(), fmt.Sprintf("hearth-%d-%.4x", os.Getuid(), sha256.Sum256([]byte(state))))
	}
	return Place{dir}
}

// Socket is where the daemon listens.
func (p Place) Socket() string { return filepath.Join(p.Dir, "daemon.sock") }

// Log is the daemon's log file.
func (p Place) Log() string { return filepath.Join(p.Dir, "daemon.log") }

// doubt is a file that is there if the daemon did not reply to the last editor.
func (p Place) doubt() string { return filepath.Join(p.Dir, "daemon.hangs") }

// endpoint is the MCP socket of the nth session of this process.
func (p Place) endpoint(n int) string {
	return filepath.Join(p.Dir, fmt.Sprintf("mcp-%d-%d.sock", os.Getpid(), n))
}

// sweep removes the endpoints of daemons that were killed: they could not, and
// neither could their gopls if it was killed as well, or made one just then.
func (p Place) sweep() {
	sockets, err := filepath.Glob(filepath.Join(p.Dir, "mcp-*.sock"))
	if err != nil {
		return // a folder with a bracket in its name
	}
	ours := fmt.Sprintf("mcp-%d-", os.Getpid())
	for _, socket := range sockets {
		if strings.HasPrefix(filepath.Base(socket), ours) {
			continue // gopls may be about to listen
		}
		if conn, err := net.Dial("unix", socket); err == nil {
			conn.Close() // of a daemon that hands over to us
		} else {
			_ = os.Remove(socket)
		}
	}
}

// make creates the folder, and refuses one that somebody else could have made:
// a folder of others below /tmp would let them serve our editor.
func (p Place) make() error {
	if err := os.MkdirAll(filepath.Dir(p.Dir), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(p.Dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return p.check()
}

func (p Place) check() error {
	info, err := os.Lstat(p.Dir)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%q is no folder", p.Dir)
	case !ours(info):
		return fmt.Errorf("%q belongs to another user", p.Dir)
	case info.Mode().Perm()&0o077 != 0:
		return os.Chmod(p.Dir, 0o700)
	}
	return nil
}

// Version identifies this build of hearth. Two builds of one version number
// differ if their bytes do: a developer's daemon must not serve the shim of an
// hour ago.
//
// It is that of the file which was started, even if another one has its name by
// now; see [current].
var Version = sync.OnceValue(func() string {
	if runtime.GOOS == "linux" {
		return fingerprint("/proc/self/exe")
	}
	exe, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	return fingerprint(exe)
})

// current reports whether this process is what would be started now. An editor
// may run for weeks: its hearth must not send the daemon of an updated one away.
func current() bool {
	exe, err := os.Executable()
	return err == nil && fingerprint(exe) == Version()
}

func fingerprint(exe string) string {
	f, err := os.Open(exe)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "unknown"
	}
	// The linker writes a hash of the whole, the build ID, near the start. To
	// hash the file itself would take longer than all else at a start.
	h := sha256.New()
	fmt.Fprintln(h, info.Size())
	if _, err := io.CopyN(h, f, 64<<10); err != nil && err != io.EOF {
		return "unknown"
	}
	return fmt.Sprintf("%.8x", h.Sum(nil))
}
