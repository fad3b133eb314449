package editor

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/hint"
)

// A journal remembers what hearth changed, so that it can be undone. It is
// written before the file it speaks of: an interruption between the two leaves
// an entry for a change that was not made, and undoing that does nothing.
type journal struct {
	Entries map[string]entry // by path

	state string // the folder of the journal and the backups
}

type entry struct {
	Editor string
	// Before and After are hashes of the file. An empty Before means that
	// there was no file; otherwise it names the backup of it.
	Before string `json:",omitempty"`
	After  string
	Keys   []Key    `json:",omitempty"`
	Dirs   []string `json:",omitempty"` // folders made for the file, outermost first
}

// withJournal calls f with the journal, alone among all processes. f saves.
func withJournal(state string, f func(*journal) error) error {
	if err := os.MkdirAll(state, 0o700); err != nil {
		return fmt.Errorf("making the folder of the journal: %w", err)
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(state, "journal.lock")).Lock()
	if err != nil {
		return fmt.Errorf("locking the journal: %w", err)
	}
	defer unlock()

	j := &journal{Entries: map[string]entry{}, state: state}
	data, err := readFile(j.path())
	if err != nil {
		return fmt.Errorf("reading the journal: %w", err)
	}
	if data != nil {
		if err := json.Unmarshal(data, j); err != nil {
			return hint.Add(fmt.Errorf("reading the journal %q: %w", j.path(), err),
				"rename it; then hearth can not undo by itself what it changed before")
		}
	}
	return f(j)
}

func (j *journal) path() string { return filepath.Join(j.state, "journal.json") }

func (j *journal) backup(hash string) string { return filepath.Join(j.state, "backup", hash) }

// save writes the journal and drops the backups that nothing names anymore.
func (j *journal) save() error {
	data, err := json.MarshalIndent(j, "", "\t")
	if err != nil {
		return err
	}
	if err := atomicfile.Write(j.path(), append(data, '\n'), 0o600); err != nil {
		return err
	}
	named := map[string]bool{}
	for _, e := range j.Entries {
		named[e.Before] = true
	}
	backups, err := os.ReadDir(filepath.Join(j.state, "backup"))
	for _, b := range backups {
		if !named[b.Name()] {
			err = errors.Join(err, os.Remove(j.backup(b.Name())))
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// record notes a change that is about to be made.
func (j *journal) record(editor string, c Change) error {
	e, again := j.Entries[c.Path]
	original := c.Old
	switch {
	case !again:
		e = entry{Editor: editor, Dirs: missingDirs(filepath.Dir(c.Path))}
	case hash(c.Old) == e.After:
		var err error
		if original, err = j.original(e); err != nil {
			return err
		}
	default:
		// Edited since. What uninstalling should give back is the edited
		// file without hearth, not the file of long ago.
		original, _, _ = j.undo(c.Path, c.Old, e)
	}
	e.Keys = mergeKeys(e.Keys, c.Keys)
	e.Before, e.After = hash(original), hash(c.New)
	if original != nil {
		if err := atomicfile.Write(j.backup(e.Before), original, 0o600); err != nil {
			return err
		}
	}
	j.Entries[c.Path] = e
	return j.save()
}

// original returns the bytes that were there before hearth, nil for no file.
func (j *journal) original(e entry) ([]byte, error) {
	if e.Before == "" {
		return nil, nil
	}
	data, err := readFile(j.backup(e.Before))
	if err == nil && hash(data) != e.Before {
		err = fmt.Errorf("the backup %q is damaged", j.backup(e.Before))
	}
	return data, err
}

// undo returns what the file, which now holds have, should hold without
// hearth, and what of hearth it had to leave there.
func (j *journal) undo(path string, have []byte, e entry) (want []byte, left []string, err error) {
	switch {
	case have == nil || hash(have) == e.Before:
		return have, nil, nil // nothing of hearth is there
	case hash(have) == e.After:
		want, err = j.original(e)
		return want, nil, err
	case len(e.Keys) > 0:
		return undoKeys(path, have, e.Keys)
	case ownerOf(have) == ours: // it came with somebody's dotfiles
		want, err = j.original(e)
		return want, nil, err
	}
	return have, []string{path + ": edited since hearth wrote it; delete it if you do not need it"}, nil
}

// undoKeys takes out of a JSON file, edited since, what still is hearth's.
func undoKeys(path string, have []byte, keys []Key) (want []byte, left []string, err error) {
	want = have
	for _, key := range slices.Backward(keys) {
		raw, ok, err := jsonGet(want, key.Path...)
		if err != nil {
			return have, nil, settingsError(path, err)
		}
		if !ok {
			continue
		}
		if raw != key.Value {
			left = append(left, fmt.Sprintf("%s: %s is not what hearth wrote, and stays: %s", path, key.Path, raw))
			continue
		}
		if key.Prev != "" {
			want, err = jsonSet(want, key.Prev, key.Path...)
		} else {
			want, err = jsonDelete(want, key.Path...)
		}
		if around := key.Path[:len(key.Path)-1]; err == nil && key.Made && jsonEmpty(want, around...) {
			want, err = jsonDelete(want, around...)
		}
		if err != nil {
			return have, nil, settingsError(path, err)
		}
	}
	return want, left, nil
}

// mergeKeys adds newer keys to those of an earlier install. A value that is
// replaced was the user's only if it was not hearth's already.
func mergeKeys(old, newer []Key) []Key {
	merged := slices.Clone(old)
	for _, key := range newer {
		i := slices.IndexFunc(merged, func(k Key) bool { return slices.Equal(k.Path, key.Path) })
		if i < 0 {
			merged = append(merged, key)
			continue
		}
		if key.Prev == merged[i].Value {
			key.Prev, key.Made = merged[i].Prev, merged[i].Made
		}
		merged[i] = key
	}
	return merged
}

// missingDirs returns dir and its parents that do not exist, outermost first.
func missingDirs(dir string) []string {
	var missing []string
	for ; !isDir(dir) && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		missing = append(missing, dir)
	}
	slices.Reverse(missing)
	return missing
}

// hash names the content of a file; no file has the name "".
func hash(data []byte) string {
	if data == nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
