package editor

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/hint"
)

// Install makes the editors start env.Gopls and checks that they would. It
// returns the changes that it made, none if all was as it should be. An editor
// that can not be wired does not keep the others from it.
func Install(env Env, editors ...Editor) ([]Change, error) {
	var made []Change
	err := withJournal(env.State, func(j *journal) error {
		var errs []error
		for _, e := range editors {
			changes, err := install(j, env, e)
			made = append(made, changes...)
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
	return made, err
}

func install(j *journal, env Env, e Editor) ([]Change, error) {
	changes, err := e.Plan(env)
	if err != nil {
		return nil, err
	}
	for i, c := range changes {
		if err := writable(e.Name(), c); err != nil {
			return changes[:i], err
		}
		if err := j.record(e.Name(), c); err != nil {
			return changes[:i], err
		}
		if err := atomicfile.Write(c.Path, c.New, 0o644); err != nil {
			return changes[:i], byHand(e.Name(), err)
		}
	}
	return changes, e.Check(env)
}

// writable reports what keeps a change from being made. A rename would replace
// a read-only file, but whoever made it so (Nix does) meant it.
func writable(editor string, c Change) error {
	info, err := os.Stat(c.Path)
	if err == nil && info.Mode().Perm()&0o200 == 0 {
		return byHand(editor, fmt.Errorf("%q is read-only", c.Path))
	}
	now, err := readFile(c.Path)
	if err == nil && !bytes.Equal(now, c.Old) {
		err = hint.Add(fmt.Errorf("%q changed while hearth was reading it", c.Path), "run the command again")
	}
	return err
}

func byHand(editor string, err error) error {
	return hint.Add(err, `make it writable, or add by hand what "hearth setup --print-config %s" prints`, editor)
}

// Uninstall gives back what was there before Install: the very bytes if the
// file is as Install left it, else the file of today without what is still
// hearth's. It returns the changes, and a line for all that it had to leave.
func Uninstall(env Env, editors ...Editor) (made []Change, left []string, err error) {
	err = withJournal(env.State, func(j *journal) error {
		var errs []error
		for _, e := range editors {
			for _, path := range slices.Sorted(maps.Keys(j.Entries)) {
				if j.Entries[path].Editor != e.Name() {
					continue
				}
				change, stays, err := uninstall(j, path)
				if change != nil {
					made = append(made, *change)
				}
				left = append(left, stays...)
				errs = append(errs, err)
			}
		}
		return errors.Join(errs...)
	})
	return made, left, err
}

func uninstall(j *journal, path string) (*Change, []string, error) {
	e := j.Entries[path]
	have, err := readFile(path)
	if err != nil {
		return nil, nil, err
	}
	want, left, err := j.undo(path, have, e)
	if err != nil {
		return nil, nil, err
	}
	var made *Change
	if hash(have) != hash(want) {
		made = &Change{Path: path, Old: have, New: want, Keys: e.Keys}
		if err := writable(e.Editor, *made); err != nil {
			return nil, nil, err
		}
		if want == nil {
			err = remove(path)
		} else {
			err = atomicfile.Write(path, want, 0o644)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if want == nil {
		for _, dir := range slices.Backward(e.Dirs) {
			os.Remove(dir) // an error means that others use it by now
		}
	}
	delete(j.Entries, path)
	return made, left, j.save()
}

// remove deletes the file at path, not the link to it: hearth made no link.
func remove(path string) error {
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	return os.Remove(target)
}
