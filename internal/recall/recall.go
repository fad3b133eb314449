// Package recall repeats what the go command said of a workspace, as long as
// nothing has changed that it could say something else about.
//
// go vet finds everything in its cache where nothing has changed, but first it
// lists all packages and reads and hashes each of their files. That is nearly
// all the time of such a run. What a [Memory] does instead is to ask the file
// system for the size, the inode and the time of change of each source file of
// the workspace, as git does for its index.
//
// It is no cache of its own: outputs lie in the go command's cache, which trims
// it and empties it, and a run with an empty cache recalls nothing.
//
// A stale answer would be worse than a slow one. So what decides is the time of
// change, which no program can set, and not the time of modification, which
// touch, tar and rsync do set; files that changed just before are not trusted;
// what is printed while files come and go is not kept, since the workspace may be
// as it was before when they are gone; and where anything lies outside of what is
// looked at, nothing is recalled.
package recall

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/cache"
)

// format changes with what is kept, and with what decides.
const format = "hearth recall 3"

// repositories are folders of version control, where the go command reads no
// source.
var repositories = []string{".git", ".hg", ".svn", ".bzr", ".jj"}

// settle is how long a file has to have been as it is: two changes within the
// resolution of a file system's clock look like one.
var settle = 2 * time.Second

// most is how many names are looked at, ten thousand in a twentieth of a second.
// In a folder full of other things, which the go command in part steps over,
// looking could take longer than asking.
var most = 200_000

// A Workspace is where the go command runs. Paths are absolute.
type Workspace struct {
	Dir string

	// Root, Cache, CacheProg, Mod, Work, EnvFile and Flags are GOROOT, GOCACHE,
	// GOCACHEPROG, GOMOD, GOWORK, GOENV and GOFLAGS, as go env tells them in Dir.
	Root, Cache, CacheProg, Mod, Work, EnvFile, Flags string

	// ModulesOnly is for commands that read no source, such as go list -m: what
	// says which modules there are decides alone, and no folder is walked.
	ModulesOnly bool
}

// A Memory is that of one workspace in one state. A nil Memory remembers
// nothing. It is safe for concurrent use.
type Memory struct {
	cache *cache.Cache
	state [sha256.Size]byte
	young bool // a file changed just now
	seen  *snapshot
}

// A Command is one run of the go command in the workspace, or of anything else
// that depends on no more than that does.
type Command struct {
	Args  []string
	Env   []string // settings on top of the environment, as KEY=VALUE
	Tools []string // programs that it is told to run
}

// Open looks at the workspace. The error says why nothing of it can be recalled.
func Open(w Workspace) (*Memory, error) {
	if w.Cache == "" || w.CacheProg != "" {
		return nil, errors.New("the go command has no cache on disk")
	}
	if err := safeFlags(strings.Fields(w.Flags)); err != nil {
		return nil, err
	}
	roots, files, err := w.roots()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	h := sha256.New()
	w.writeSettings(h)
	s := &snapshot{hash: h, roots: roots}
	for _, file := range files {
		data, err := os.ReadFile(file)
		fmt.Fprintf(h, "file %q %q\n", file, data)
		if err == nil {
			err = s.file(file)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	for _, root := range roots {
		fmt.Fprintf(h, "root %q\n", root)
		if err := s.folder(root); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(w.Cache, 0o777); err != nil { // as the go command does
		return nil, err
	}
	c, err := cache.Open(w.Cache)
	if err != nil {
		return nil, err
	}
	return &Memory{c, [sha256.Size]byte(h.Sum(nil)), now.Sub(s.youngest) < settle, s}, nil
}

// writeSettings writes what decides beside files.
func (w *Workspace) writeSettings(h hash.Hash) {
	fmt.Fprintf(h, "%s %s\n%#v\n", format, runtime.Version(), *w)
	env := slices.DeleteFunc(os.Environ(), func(setting string) bool { return !decides(setting) })
	slices.Sort(env)
	fmt.Fprintf(h, "%q\n", env)
	compiler := "gcc"
	if runtime.GOOS == "darwin" {
		compiler = "clang"
	}
	if cc := strings.Fields(os.Getenv("CC")); len(cc) > 0 {
		compiler = cc[0]
	}
	compiler, _ = exec.LookPath(compiler)
	writeTools(h, filepath.Join(w.Root, "bin", "go"), compiler)
}

func writeTools(h hash.Hash, tools ...string) {
	for _, tool := range tools {
		fmt.Fprintf(h, "tool %q ", tool)
		if info, err := os.Stat(tool); err == nil {
			fmt.Fprintf(h, "%d %d\n", info.Size(), info.ModTime().UnixNano())
		}
	}
}

// decides reports whether the go command, or what it runs, may mind a variable.
func decides(setting string) bool {
	name, _, _ := strings.Cut(setting, "=")
	for _, prefix := range []string{"GO", "CGO_", "HEARTH"} {
		if strings.HasPrefix(name, prefix) {
			// By these it works faster or elsewhere.
			return name != "GOMAXPROCS" && name != "GOTMPDIR" && name != "GOGC" && name != "GOMEMLIMIT"
		}
	}
	return slices.Contains([]string{"PATH", "HOME", "CC", "CXX", "FC", "AR", "PKG_CONFIG", "PKG_CONFIG_PATH", "CPATH", "C_INCLUDE_PATH"}, name)
}

// Covers reports whether all source files in dir and below are looked at.
func (m *Memory) Covers(dir string) bool {
	return m != nil && slices.ContainsFunc(m.seen.roots, func(root string) bool { return within(root, dir) })
}

// id returns what the output of a command is kept under. ok is false for a
// command that minds more than the workspace.
func (m *Memory) id(c Command) (id cache.ActionID, ok bool) {
	if m == nil || safeFlags(c.Args, c.Tools...) != nil || safeEnv(c.Env) != nil {
		return id, false
	}
	h := sha256.New()
	fmt.Fprintf(h, "%x\n%q\n%q\n", m.state, c.Args, c.Env)
	writeTools(h, c.Tools...)
	return cache.ActionID(h.Sum(nil)), true
}

// safeFlags refuses flags that make the go command read other files, or run
// programs other than tools. Those of GOFLAGS may be in quotes.
func safeFlags(flags []string, tools ...string) error {
	for _, flag := range flags {
		flag = strings.TrimLeft(flag, `'"`)
		switch name, value, _ := strings.Cut(strings.TrimLeft(flag, "-"), "="); {
		case !strings.HasPrefix(flag, "-"):
		case slices.Contains([]string{"overlay", "modfile", "a", "C", "pkgdir"}, name),
			name == "toolexec" && !slices.Contains(tools, value):
			return fmt.Errorf("there is a flag %s", flag)
		}
	}
	return nil
}

// safeEnv refuses settings by which [Workspace] would be another one: the last
// two are where GOENV is.
func safeEnv(env []string) error {
	for _, setting := range env {
		name, value, _ := strings.Cut(setting, "=")
		if slices.Contains([]string{"GOCACHE", "GOCACHEPROG", "GOENV", "GOWORK", "GOROOT", "GOTOOLCHAIN", "GO111MODULE", "PATH", "PWD", "HOME", "XDG_CONFIG_HOME"}, name) {
			return fmt.Errorf("%s is set", name)
		}
		if name == "GOFLAGS" {
			if err := safeFlags(strings.Fields(value)); err != nil {
				return err
			}
		}
	}
	return nil
}

// State names all that decides what the command prints, for who remembers what follows from
// that. ok is false where more decides, or where a file changed just now.
func (m *Memory) State(c Command) (state string, ok bool) {
	id, ok := m.id(c)
	return hex.EncodeToString(id[:]), ok && !m.young
}

// Output returns what the command printed when it last succeeded.
func (m *Memory) Output(c Command) (stdout []byte, ok bool) {
	id, ok := m.id(c)
	if !ok {
		return nil, false
	}
	stdout, _, err := m.cache.GetBytes(id)
	return stdout, err == nil
}

// Keep remembers what the command printed, which succeeded after [Open]. Whoever
// fails to keep has only to run it again.
func (m *Memory) Keep(c Command, stdout []byte) {
	if id, ok := m.id(c); ok && !m.young && m.seen.foldersAsBefore() {
		// Packages that are vetted at once are printed in any order, in which
		// GODEBUG=gocacheverify=1 would see a broken cache.
		_, _, _ = m.cache.PutNoVerify(id, bytes.NewReader(stdout))
	}
}
