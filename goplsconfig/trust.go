package goplsconfig

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/userdir"
)

// wouldRun is the part of a policy that makes the user's machine run code that
// the repository picks, or believe a machine that it picks.
type wouldRun struct {
	Modules    []string       `json:"modules,omitempty"` // path@version; the version fixes what they ask for
	Plugins    []Plugin       `json:"plugins,omitempty"`
	Env        map[string]any `json:"env,omitempty"`
	BuildFlags any            `json:"buildFlags,omitempty"`
	Remote     string         `json:"remote,omitempty"`
}

func (s *Source) wouldRun() wouldRun {
	settings := mergeSettings(s.layers)
	w := wouldRun{Modules: s.modules(), Plugins: s.Plugins(), BuildFlags: settings["buildFlags"], Remote: mergeCache(s.layers).Remote}
	w.Env, _ = settings["env"].(map[string]any)
	if list, ok := w.BuildFlags.([]any); ok && len(list) == 0 {
		w.BuildFlags = nil
	}
	for i, p := range w.Plugins {
		if rel, err := filepath.Rel(s.Root, p.Path); p.Path != "" && err == nil {
			w.Plugins[i].Path = filepath.ToSlash(rel) // a checkout that moves stays the same policy
		}
	}
	return w
}

// Danger returns what the policy would run, one thing in words each. It is
// empty for a policy that only configures; such a policy needs no trust.
func (s *Source) Danger() []string {
	w := s.wouldRun()
	var words []string
	for _, m := range w.Modules {
		words = append(words, "fetches the policy "+m+" and runs what that version asks for")
	}
	for _, p := range w.Plugins {
		words = append(words, "compiles and runs the plugin "+p.String())
	}
	for _, name := range slices.Sorted(maps.Keys(w.Env)) {
		words = append(words, fmt.Sprintf("runs the go command with %s=%v", name, w.Env[name]))
	}
	if w.BuildFlags != nil {
		flags, _ := json.Marshal(w.BuildFlags) // out of YAML; cannot fail
		words = append(words, "runs the go command with the build flags "+string(flags))
	}
	if w.Remote != "" {
		words = append(words, "takes findings and compiled packages from the cache server "+w.Remote+", and sends it those made here")
	}
	return words
}

// TrustDigest returns a hash of what [Source.Danger] lists, "" where that is
// nothing. The rest of the policy is left out on purpose: a question that
// comes back with every harmless edit gets answered without being read.
//
// The files of a plugin with a path are not part of the hash. Who can change
// them can as well change the code whose tests everybody runs.
//
// Of a module, its path and version are part of the hash, whether it has been
// fetched or not: what it asks for in turn is fixed by them. That a version
// holds what it held before is what hearth.sum is for, and not a question: a
// sum that is wrong must stop a run rather than have it go on without the
// module.
func (s *Source) TrustDigest() string {
	if len(s.Danger()) == 0 {
		return ""
	}
	data, err := json.Marshal(s.orLocal().wouldRun())
	if err != nil {
		panic(fmt.Sprintf("goplsconfig: marshalling %T: %v", s, err)) // out of YAML; cannot fail
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// TrustStore records which workspaces may run what. It is a file that all
// processes of one user share, and safe for concurrent use.
type TrustStore struct{ path string }

// trustFile is the content of the store.
type trustFile struct {
	Workspaces map[string]string `json:"workspaces"` // root folder: digest
}

// OpenTrustStore returns the store of the user. It creates nothing.
func OpenTrustStore() (*TrustStore, error) {
	dir, err := userdir.State()
	if err != nil {
		return nil, fmt.Errorf("opening the trust store: %w", err)
	}
	return &TrustStore{filepath.Join(dir, "trust.json")}, nil
}

// Path returns where the store is kept.
func (t *TrustStore) Path() string { return t.path }

// Trust records that the workspace at root may run what digest stands for, and
// forgets what it was trusted with before.
func (t *TrustStore) Trust(root, digest string) error {
	return t.change(func(f *trustFile) { f.Workspaces[canonical(root)] = digest })
}

// Revoke forgets the workspace at root.
func (t *TrustStore) Revoke(root string) error {
	return t.change(func(f *trustFile) { delete(f.Workspaces, canonical(root)) })
}

// Trusted reports whether the workspace at root may run what digest stands
// for. Nothing needs no trust. A store that cannot be read trusts nobody.
func (t *TrustStore) Trusted(root, digest string) bool {
	if digest == "" {
		return true
	}
	data, err := lockedfile.Read(t.path)
	if err != nil {
		return false
	}
	f, err := parseTrust(data)
	return err == nil && f.Workspaces[canonical(root)] == digest
}

// change rewrites the store under a lock: of two set-ups that run at once,
// neither must lose what the other recorded, which replacing the file by
// rename would allow.
func (t *TrustStore) change(edit func(*trustFile)) error {
	err := os.MkdirAll(filepath.Dir(t.path), 0o700)
	if err == nil {
		var file *os.File
		if file, err = os.OpenFile(t.path, os.O_CREATE|os.O_RDWR, 0o600); err == nil { // lockedfile would let others write it
			err = file.Close()
		}
	}
	if err == nil {
		err = lockedfile.Transform(t.path, func(old []byte) ([]byte, error) {
			f, err := parseTrust(old)
			if err != nil {
				return nil, hint.Add(err, "remove %s and trust your repositories again", t.path)
			}
			edit(f)
			data, err := json.MarshalIndent(f, "", "\t")
			return append(data, '\n'), err
		})
	}
	if err != nil {
		return fmt.Errorf("recording trust: %w", err)
	}
	return nil
}

func parseTrust(data []byte) (*trustFile, error) {
	f := &trustFile{}
	if len(bytes.TrimSpace(data)) > 0 {
		if err := json.Unmarshal(data, f); err != nil {
			return nil, fmt.Errorf("the trust store is damaged: %w", err)
		}
	}
	if f.Workspaces == nil {
		f.Workspaces = make(map[string]string)
	}
	return f, nil
}

// canonical returns the one name of a folder, so that a symbolic link to a
// repository is neither less nor more trusted than the repository.
func canonical(root string) string {
	if abs, err := filepath.Abs(root); err == nil {
		root = abs
	}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	return root
}
