// Package editor makes VS Code, Neovim and Vim start hearth where they would
// have started gopls.
//
// Every editor is given one thing, the absolute path of a launcher named gopls
// ([Env.Gopls]), because that is what all of them know how to run; settings
// come from hearth.yaml and never go through an editor's files. Only files of
// the user are written, never those of a project.
//
// The package promises that the comments and the layout of a user's file
// survive, that a second [Install] changes no byte, and that [Uninstall] gives
// back the bytes that were there, or, if the user has edited the file since,
// takes out what hearth put in and nothing else. It never runs an editor to
// change its configuration, and it edits no vimrc and no init.lua: there is no
// safe way to edit a program.
//
// All functions are safe for concurrent use, also by several processes.
package editor

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/userdir"
)

// All lists the editors, in the order in which they are reported.
var All = []Editor{VSCode{}, Neovim{}, Vim{}}

// An Editor knows the files of one editor.
type Editor interface {
	// Name is what a person types to select it: "vscode".
	Name() string
	// Title is what a person calls it: "VS Code".
	Title() string
	// Detect reports whether the user has the editor.
	Detect(Env) Detection
	// Plan says what Install would change. No changes mean that the files
	// are as they should be.
	Plan(Env) ([]Change, error)
	// Check returns nil if the editor would start env.Gopls. It looks at
	// the files only; what the user's own code may do is in Warnings.
	Check(Env) error
	// Warnings names what else the user has that starts another gopls or
	// a second one. Nothing of it is changed.
	Warnings(Env) []string
	// Snippet is the configuration for those who wire by hand.
	Snippet(Env) string
	// Profile names the built-in profile of the client in which the editor
	// starts env.Gopls; see package cachewarm/profile.
	Profile(Env) string
}

// Detection is what Detect found.
type Detection struct {
	Found bool
	// Reason says by what it was recognised, or what was missing.
	Reason string
	// Version is the editor's own, or "" where asking costs a window.
	Version string
	// Files are those that Install would write, with or without a change.
	Files []string
}

// A Change replaces one file.
type Change struct {
	Path string
	// Old and New are the bytes before and after; nil stands for no file.
	Old, New []byte
	// Keys are the settings that differ between Old and New. It is empty
	// for a file that belongs to hearth as a whole.
	Keys []Key
}

// A Key is one member that hearth owns in a JSON file of the user.
type Key struct {
	Path  []string // names, from the top level down
	Value string   // the JSON that hearth writes
	Prev  string   `json:",omitempty"` // the JSON before, "" if there was none
	Made  bool     `json:",omitempty"` // the object around it was made too
}

// Env is all that the package knows of the machine, so that a test can have
// its own.
type Env struct {
	GOOS string
	Home string
	// Gopls is the absolute path of the launcher. Its last element must be
	// "gopls": the VS Code extension takes the server's name from it.
	Gopls string
	// State is the folder of the journal and the backups.
	State    string
	Getenv   func(string) string
	LookPath func(string) (string, error)
}

// System returns the Env of this process.
func System(gopls string) (Env, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return Env{}, fmt.Errorf("finding your home folder: %w", err)
	}
	state, err := userdir.State()
	if err != nil {
		return Env{}, err
	}
	return Env{
		GOOS:     runtime.GOOS,
		Home:     home,
		Gopls:    gopls,
		State:    state,
		Getenv:   os.Getenv,
		LookPath: exec.LookPath,
	}, nil
}

// ByName returns the editor of that name.
func ByName(name string) (Editor, error) {
	var names []string
	for _, e := range All {
		if e.Name() == name {
			return e, nil
		}
		names = append(names, e.Name())
	}
	return nil, hint.Add(fmt.Errorf("%q is not an editor that hearth can wire", name),
		"the names are %s", strings.Join(names, ", "))
}

// PrintConfig returns the snippet of the editor of that name.
func PrintConfig(env Env, name string) (string, error) {
	e, err := ByName(name)
	if err != nil {
		return "", err
	}
	return e.Snippet(env), nil
}

// Warnings returns the warnings of all editors that were found.
func Warnings(env Env) []string {
	var all []string
	for _, e := range All {
		if e.Detect(env).Found {
			all = append(all, e.Warnings(env)...)
		}
	}
	return all
}

// Diff returns changes as one unified diff, for a dry run.
func Diff(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		from, to := c.Path, c.Path
		if c.Old == nil {
			from = os.DevNull
		}
		if c.New == nil {
			to = os.DevNull
		}
		b.WriteString(udiff.Unified(from, to, string(c.Old), string(c.New)))
	}
	return b.String()
}

// checkLauncher reports a launcher that no editor could start. VS Code falls
// back to another gopls without a word, the others show an error.
func (env Env) checkLauncher() error {
	info, err := os.Stat(env.Gopls)
	switch {
	case err != nil:
		err = fmt.Errorf("the launcher that editors start is missing: %w", err)
	case info.IsDir() || env.GOOS != "windows" && info.Mode()&0o111 == 0:
		err = fmt.Errorf("the launcher %q is not a program", env.Gopls)
	}
	return hint.Add(err, `run "hearth setup"`)
}

// configDir is where Linux programs keep a user's settings.
func (env Env) configDir() string {
	if dir := env.Getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(env.Home, ".config")
}

// underHome returns path relative to the home folder, with forward slashes.
// Settings are synced between machines, and dotfiles are shared, so a path
// that can start with the home folder should.
func (env Env) underHome(path string) (string, bool) {
	if env.GOOS == "windows" {
		return "", false // "~" means nothing there
	}
	rel, err := filepath.Rel(env.Home, path)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// onPath returns where the first of the programs is, or "".
func (env Env) onPath(programs ...string) string {
	for _, program := range programs {
		if path, err := env.LookPath(program); err == nil {
			return path
		}
	}
	return ""
}

// readFile returns the bytes of a file, nil if there is none.
func readFile(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if data == nil {
		data = []byte{} // an empty file is not a missing one
	}
	return data, err
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// notFound is the error of Check for an editor that the user does not have.
func notFound(e Editor, d Detection) error {
	return fmt.Errorf("%s was not found: %s", e.Title(), cmp.Or(d.Reason, "no trace of it"))
}
