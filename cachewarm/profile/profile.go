// Package profile remembers how editors introduce themselves to gopls.
//
// What gopls caches, and how it behaves, depends on the initialize parameters
// of its client: above all on relatedInformation, which is part of its cache
// keys. So that the warmer can be the editor that will come, hearth lsp records
// the parameters of each editor for each workspace, without what differs from
// one start to the next. For a workspace that no editor has opened yet there
// are built-in profiles.
//
// A Profile is a value; the functions are safe for concurrent use, also by
// several processes, since each record is replaced as a whole.
package profile

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gohearth/hearth/internal/atomicfile"
	"github.com/gohearth/hearth/internal/lsp"
	"github.com/gohearth/hearth/internal/userdir"
)

// Profile is what one editor sends, apart from what changes with every start.
type Profile struct {
	Editor string                     `json:"-"`          // the name that the editor gives itself
	Params map[string]json.RawMessage `json:"initialize"` // its parameters; no folders, no ids
	Seen   time.Time                  `json:"-"`          // zero for a built-in profile

	// Answer is the editor's to workspace/configuration for the section
	// "gopls"; nil: null, or it was not asked.
	Answer map[string]any `json:"gopls,omitempty"`
}

// volatile are the parameters that differ from start to start, or that name
// the workspace. They say nothing about the editor.
var volatile = []string{"processId", "trace", "locale", "workDoneToken", "rootUri", "rootPath", "workspaceFolders"}

// Record keeps the parameters with which an editor opened the workspace root,
// and its answer to workspace/configuration, which is null until it is known.
func Record(root string, params, answer json.RawMessage) error {
	p, err := parse(params)
	if err != nil {
		return fmt.Errorf("recording a profile: %w", err)
	}
	_ = json.Unmarshal(answer, &p.Answer) // null, or no settings at all
	data, err := json.MarshalIndent(p, "", "\t")
	if err != nil {
		return fmt.Errorf("recording a profile: %w", err)
	}
	dir, err := folder(root)
	if err != nil {
		return err
	}
	return atomicfile.WriteCache(filepath.Join(dir, fileName(p.Editor)), append(data, '\n'), 0o600)
}

// decode reads a profile as Record writes it.
func decode(data []byte) (Profile, error) {
	var file struct {
		Initialize json.RawMessage
		Gopls      map[string]any
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return Profile{}, err
	}
	p, err := parse(file.Initialize)
	p.Answer = file.Gopls
	return p, err
}

func parse(params []byte) (Profile, error) {
	var p Profile
	if err := json.Unmarshal(params, &p.Params); err != nil {
		return p, err
	}
	for _, name := range volatile {
		delete(p.Params, name)
	}
	var info struct{ Name string }
	if raw, ok := p.Params["clientInfo"]; ok {
		if err := json.Unmarshal(raw, &info); err != nil {
			return p, err
		}
	}
	if p.Editor = info.Name; p.Editor == "" {
		// ALE does not say who it is. Its capabilities are its name.
		p.Editor = fmt.Sprintf("unknown-%.4x", sha256.Sum256(p.Params["capabilities"]))
	}
	return p, nil
}

// folder is where the profiles of a workspace lie.
func folder(root string) (string, error) {
	state, err := userdir.State()
	if err != nil {
		return "", fmt.Errorf("finding the profiles: %w", err)
	}
	return filepath.Join(state, "profiles", fmt.Sprintf("%.8x", sha256.Sum256([]byte(filepath.Clean(root))))), nil
}

// fileName makes a file name of what an editor calls itself.
func fileName(editor string) string {
	safe := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, editor)
	return safe[:min(len(safe), 80)] + ".json"
}

// ForWorkspace returns the profiles recorded for the workspace root, the most
// recent first. What cannot be read is left out: it will be recorded again.
func ForWorkspace(root string) ([]Profile, error) {
	dir, err := folder(root)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, fmt.Errorf("reading the profiles: %w", err)
	}
	var list []Profile
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil || filepath.Ext(e.Name()) != ".json" {
			continue
		}
		p, err := decode(data)
		if err != nil {
			continue
		}
		if info, err := e.Info(); err == nil {
			p.Seen = info.ModTime()
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Profile) int { return cmp.Or(b.Seen.Compare(a.Seen), cmp.Compare(a.Editor, b.Editor)) })
	return list, nil
}

//go:embed builtin
var builtin embed.FS

// Names returns the editors that [Builtin] knows.
func Names() (names []string) {
	entries, _ := builtin.ReadDir("builtin") // it is embedded
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".json"))
	}
	return names
}

// Builtin returns the profile of an editor as it is out of the box: "vscode",
// "neovim", "vim-ale", "vim-lsp", "emacs-eglot" or "emacs-lsp-mode". It panics
// for any other name.
//
// Those of Neovim 0.7, ALE 3.3, Eglot 1.9 and lsp-mode 8.0 are what these have
// sent, without their versions.
func Builtin(editor string) Profile {
	data, err := builtin.ReadFile("builtin/" + editor + ".json")
	if err != nil {
		panic(fmt.Sprintf("profile: no built-in profile for %q", editor))
	}
	p, err := decode(data)
	if err != nil {
		panic(fmt.Sprintf("profile: built-in profile for %q: %v", editor, err))
	}
	if _, named := p.Params["clientInfo"]; !named {
		p.Editor = editor
	}
	return p
}

// RelatedInformation reports the one capability that is part of gopls's cache
// keys: profiles that agree in it warm the same entries.
func (p Profile) RelatedInformation() bool {
	var c struct {
		TextDocument struct {
			PublishDiagnostics struct{ RelatedInformation bool }
		}
	}
	_ = json.Unmarshal(p.Params["capabilities"], &c) // a capability that is not a bool is not there
	return c.TextDocument.PublishDiagnostics.RelatedInformation
}

// Options returns the settings for gopls that the editor sends when it
// initializes.
func (p Profile) Options() map[string]any {
	options := make(map[string]any)
	_ = json.Unmarshal(p.Params["initializationOptions"], &options) // null or a list: no settings
	if options == nil {
		options = make(map[string]any)
	}
	return options
}

// Settings returns the settings that are in force once gopls has asked the
// editor for its configuration.
func (p Profile) Settings() map[string]any {
	settings := p.Options()
	maps.Copy(settings, p.Answer)
	return settings
}

// Initialize returns initialize parameters with which this editor would open
// root. options take the place of the editor's own, unless they are nil.
func (p Profile) Initialize(root string, options map[string]any) json.RawMessage {
	params := make(map[string]any, len(p.Params)+4)
	for name, value := range p.Params {
		params[name] = value
	}
	uri := lsp.FileURI(root)
	params["processId"] = os.Getpid()
	params["rootUri"] = uri
	params["rootPath"] = root
	params["workspaceFolders"] = []lsp.WorkspaceFolder{{URI: uri, Name: filepath.Base(root)}}
	if options != nil {
		params["initializationOptions"] = options
	}
	data, err := json.Marshal(params)
	if err != nil {
		panic(fmt.Sprintf("profile: marshalling: %v", err)) // came from JSON; options are settings
	}
	return data
}

// FirstVersion returns the version that the editor gives a document that it
// opens. The protocol leaves that to the editors, and a text that is open in
// gopls already is only the same document to them in that version.
func (p Profile) FirstVersion() int {
	switch p.Editor {
	case "Neovim", "Eglot", "emacs" /* lsp-mode */ :
		return 0
	}
	return 1
}

// FirstVersion is that of the profile with these initialize parameters.
func FirstVersion(params json.RawMessage) int {
	p, err := parse(params)
	if err != nil {
		return 1
	}
	return p.FirstVersion()
}
