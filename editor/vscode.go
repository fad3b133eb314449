package editor

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tailscale/hujson"

	"github.com/gohearth/hearth/internal/hint"
)

// VSCode is Visual Studio Code with the extension golang.go, and the editors
// that are built from it.
//
// The extension runs the tool at go.alternateTools.gopls, never updates it, and
// passes over it without a word if it does not exist. It asks the tool for
// "version -json" and takes the server's name from the file name, which is why
// the launcher is called gopls and go.languageServerFlags is left alone: flags
// would go to the server only.
type VSCode struct{}

func (VSCode) Name() string  { return "vscode" }
func (VSCode) Title() string { return "VS Code" }

const (
	alternateTools = "go.alternateTools"
	checkUpdates   = "go.toolsManagement.checkForUpdates"
)

// vscodeBuilds are the programs that share the format of settings.json.
var vscodeBuilds = []struct{ folder, program string }{
	{"Code", "code"},
	{"Code - Insiders", "code-insiders"},
	{"VSCodium", "codium"},
	{"Cursor", "cursor"},
}

// vscodeServers are where a remote machine keeps its settings. Whoever works
// over SSH or in a container has hearth there and the window elsewhere.
var vscodeServers = []string{
	".vscode-server/data/Machine",
	".vscode-server-insiders/data/Machine",
	".vscodium-server/data/Machine",
	".cursor-server/data/Machine",
	".local/share/code-server/User",
}

// Detect implements [Editor].
func (e VSCode) Detect(env Env) Detection {
	var d Detection
	add := func(dir, reason string) {
		if d.Reason == "" {
			d.Reason = reason
		}
		d.Found = true
		d.Files = append(d.Files, filepath.Join(dir, "settings.json"))
		profiles, _ := filepath.Glob(filepath.Join(dir, "profiles", "*", "settings.json"))
		for _, path := range profiles {
			if data, err := os.ReadFile(path); err == nil && aboutGo(data) {
				d.Files = append(d.Files, path)
			}
		}
	}
	for _, build := range vscodeBuilds {
		dir := e.userDir(env, build.folder)
		program := env.onPath(build.program)
		switch {
		case isDir(filepath.Dir(dir)):
			add(dir, "it has settings in "+dir)
		case program != "" && !elsewhere(program):
			add(dir, "it is installed as "+program)
		}
	}
	for _, server := range vscodeServers {
		dir := filepath.Join(env.Home, filepath.FromSlash(server))
		if isDir(filepath.Dir(dir)) {
			add(dir, "its server runs here, in "+filepath.Dir(dir))
		}
	}
	if !d.Found {
		d.Reason = "there is no program code and no settings folder"
	}
	return d
}

func (VSCode) userDir(env Env, folder string) string {
	base := env.configDir()
	switch env.GOOS {
	case "darwin":
		base = filepath.Join(env.Home, "Library", "Application Support")
	case "windows":
		base = env.Getenv("APPDATA")
	}
	return filepath.Join(base, folder, "User")
}

// elsewhere reports whether program is only a messenger to a window on another
// machine: the one in the terminal of a remote session, or Windows seen from
// Linux. Their settings are not in this home folder.
func elsewhere(program string) bool {
	slashed := filepath.ToSlash(program)
	return strings.Contains(slashed, "-server/") || strings.HasPrefix(slashed, "/mnt/")
}

// aboutGo reports whether the settings of a profile say anything about Go.
// Others are left alone: a profile for another language needs no gopls.
func aboutGo(settings []byte) bool {
	return bytes.Contains(settings, []byte(`"go.`)) || bytes.Contains(settings, []byte(`"gopls"`)) ||
		bytes.Contains(settings, []byte(`"[go]"`))
}

// Plan implements [Editor].
func (e VSCode) Plan(env Env) ([]Change, error) {
	var changes []Change
	for _, path := range e.Detect(env).Files {
		change, err := e.planFile(env, path)
		if err != nil {
			return nil, err
		}
		if len(change.Keys) > 0 {
			changes = append(changes, change)
		}
	}
	return changes, nil
}

func (e VSCode) planFile(env Env, path string) (Change, error) {
	c := Change{Path: path}
	var err error
	if c.Old, err = readFile(path); err != nil {
		return c, fmt.Errorf("reading the settings of VS Code: %w", err)
	}
	c.New = c.Old
	err = e.wire(env, &c)
	return c, settingsError(path, err)
}

// wire puts the settings into c.New.
func (e VSCode) wire(env Env, c *Change) error {
	if _, err := parseJSON(c.New); err != nil {
		return err
	}
	if !e.startsOurs(env, c.New) {
		if err := c.setKey(e.launcher(env), alternateTools, "gopls"); err != nil {
			return err
		}
	}
	// The extension would offer the gopls of its own list, again and again,
	// since it does not update a tool of alternateTools. Another choice of
	// the user stays: it costs a question, not the wiring.
	if _, has, err := jsonGet(c.New, checkUpdates); err != nil || has {
		return err
	}
	return c.setKey(`"local"`, checkUpdates)
}

// setKey sets a member of c.New and notes what was there.
func (c *Change) setKey(value string, path ...string) error {
	key := Key{Path: path, Value: value}
	var err error
	if key.Prev, _, err = jsonGet(c.New, path...); err != nil {
		return err
	}
	if len(path) > 1 {
		_, has, err := jsonGet(c.New, path[:len(path)-1]...)
		if err != nil {
			return err
		}
		key.Made = !has
	}
	next, err := jsonSet(c.New, value, path...)
	if err != nil {
		return err
	}
	c.New, c.Keys = next, append(c.Keys, key)
	return nil
}

// settingsError puts the path before a position, so that a terminal links it.
func settingsError(path string, err error) error {
	if at, ok := errors.AsType[*positionError](err); ok {
		return hint.Add(fmt.Errorf("%s:%w", path, at),
			"nothing was written; correct that line (the editor may have forgiven it) and run the command again")
	}
	return err
}

// launcher is the path as JSON. Settings Sync carries it to other machines.
func (VSCode) launcher(env Env) string {
	path := env.Gopls
	if rel, ok := env.underHome(path); ok {
		path = "~/" + rel
	}
	return string(hujson.String(path))
}

// startsOurs reports whether the extension would start the launcher.
func (VSCode) startsOurs(env Env, settings []byte) bool {
	raw, ok, err := jsonGet(settings, alternateTools, "gopls")
	if err != nil || !ok {
		return false
	}
	path := hujson.Literal(raw).String()
	if rest, ok := strings.CutPrefix(path, "~"); ok {
		path = filepath.Join(env.Home, rest)
	}
	return path == env.Gopls
}

// Check implements [Editor].
func (e VSCode) Check(env Env) error {
	d := e.Detect(env)
	if !d.Found {
		return notFound(e, d)
	}
	if err := env.checkLauncher(); err != nil {
		return err
	}
	for _, path := range d.Files {
		data, err := readFile(path)
		if err != nil {
			return fmt.Errorf("reading the settings of VS Code: %w", err)
		}
		if _, err := parseJSON(data); err != nil {
			return settingsError(path, err)
		}
		if !e.startsOurs(env, data) {
			return hint.Add(fmt.Errorf("%s: %s does not name hearth as gopls", path, alternateTools),
				`run "hearth setup"`)
		}
		if raw, _, _ := jsonGet(data, "go.useLanguageServer"); raw == "false" {
			return hint.Add(fmt.Errorf("%s: go.useLanguageServer is false, so no gopls is started", path),
				"remove that line; hearth does not overrule it")
		}
	}
	return nil
}

// Warnings implements [Editor].
func (e VSCode) Warnings(env Env) []string {
	var warnings []string
	d := e.Detect(env)
	for _, path := range d.Files {
		data, err := readFile(path)
		if err != nil {
			continue // Check says so
		}
		if raw, ok, _ := jsonGet(data, "go.languageServerFlags"); ok && strings.Contains(raw, "-remote") {
			warnings = append(warnings, path+": -remote in go.languageServerFlags has no effect with hearth, which keeps its own daemon")
		}
		if raw, ok, _ := jsonGet(data, checkUpdates); ok && raw == `"proxy"` {
			warnings = append(warnings, path+": with "+checkUpdates+` "proxy" the extension may offer another gopls; "local" or "off" avoids that`)
		}
		dir := filepath.Dir(path)
		profiles, _ := filepath.Glob(filepath.Join(dir, "profiles", "*", "settings.json"))
		for _, profile := range profiles {
			if !slices.Contains(d.Files, profile) {
				warnings = append(warnings, profile+": this profile says nothing about Go and was left alone; a Go file opened in it starts another gopls")
			}
		}
	}
	return warnings
}

// Profile implements [Editor].
func (VSCode) Profile(Env) string { return "vscode" }

// Snippet implements [Editor].
func (e VSCode) Snippet(env Env) string {
	return fmt.Sprintf(`// In settings.json of the user ("Preferences: Open User Settings (JSON)"):
{
    %q: {
        "gopls": %s
    },
    %q: "local"
}
`, alternateTools, e.launcher(env), checkUpdates)
}
