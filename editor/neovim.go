package editor

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gohearth/hearth/internal/hint"
	"github.com/gohearth/hearth/internal/lazyregexp"
)

// Neovim is Neovim 0.7 or later.
//
// Two files, both hearth's own: after/lsp/gopls.lua, which 0.11 merges over the
// configuration of nvim-lspconfig, and plugin/hearth.lua, which enables that
// or, before 0.11, starts the client itself. Both are always written, whatever
// the version, so that an update of Neovim needs no second set-up.
type Neovim struct{}

func (Neovim) Name() string  { return "neovim" }
func (Neovim) Title() string { return "Neovim" }

var (
	//go:embed files/gopls.lua
	goplsLua string
	//go:embed files/hearth.lua
	hearthLua string
)

// Detect implements [Editor].
func (e Neovim) Detect(env Env) Detection {
	dir := e.dir(env)
	d := Detection{Files: []string{
		filepath.Join(dir, "after", "lsp", "gopls.lua"),
		filepath.Join(dir, "plugin", "hearth.lua"),
	}}
	program := env.onPath("nvim")
	switch {
	case program != "":
		d.Found, d.Reason = true, "it is installed as "+program
		d.Version = version(program, "NVIM v")
	case isDir(dir):
		d.Found, d.Reason = true, "it has a configuration in "+dir
	default:
		d.Reason = "there is no program nvim and no folder " + dir
	}
	return d
}

func (Neovim) dir(env Env) string {
	base := env.configDir()
	if local := env.Getenv("LOCALAPPDATA"); env.GOOS == "windows" && env.Getenv("XDG_CONFIG_HOME") == "" {
		base = local
	}
	name := env.Getenv("NVIM_APPNAME")
	if name == "" {
		name = "nvim"
	}
	return filepath.Join(base, name)
}

// Plan implements [Editor].
func (e Neovim) Plan(env Env) ([]Change, error) {
	d := e.Detect(env)
	if !d.Found {
		return nil, nil
	}
	var changes []Change
	for i, body := range []string{goplsLua, hearthLua} {
		body = strings.ReplaceAll(body, "@GOPLS@", e.launcher(env))
		change, err := planOwned(e, d.Files[i], seal("--", body))
		if err != nil {
			return nil, err
		}
		changes = append(changes, change...)
	}
	return changes, nil
}

// launcher is the path as an expression of Lua.
func (Neovim) launcher(env Env) string {
	if rel, ok := env.underHome(env.Gopls); ok {
		return "vim.env.HOME .. " + luaString("/"+rel)
	}
	return luaString(env.Gopls)
}

// Check implements [Editor].
func (e Neovim) Check(env Env) error {
	d := e.Detect(env)
	if strings.HasPrefix(d.Version, "0.") && olderThan(d.Version, 7) {
		return hint.Add(fmt.Errorf("Neovim %s is too old, hearth needs 0.7", d.Version), "install a later one")
	}
	return checkOwned(e, env, d)
}

// olderThan reports whether a version 0.x is below 0.minor.
func olderThan(version string, minor int) bool {
	var have int
	_, err := fmt.Sscanf(version, "0.%d", &have)
	return err == nil && have < minor
}

// checkOwned is Check for an editor whose files are all hearth's.
func checkOwned(e Editor, env Env, d Detection) error {
	if !d.Found {
		return notFound(e, d)
	}
	if err := env.checkLauncher(); err != nil {
		return err
	}
	changes, err := e.Plan(env)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		return nil
	}
	problem := "was written for another hearth"
	if changes[0].Old == nil {
		problem = "does not exist"
	}
	return hint.Add(fmt.Errorf("%q %s", changes[0].Path, problem), `run "hearth setup"`)
}

var (
	luaConfig = lazyregexp.New(`vim\.lsp\.config\s*[(\[]\s*["']gopls["']`)
	luaSetup  = lazyregexp.New(`\bgopls["'\]]*\s*\.\s*setup\b`)
	luaCmd    = lazyregexp.New(`\bcmd\s*=`)
	luaALE    = lazyregexp.New(`["'][\w-]+/ale["']`)
)

// Warnings implements [Editor].
func (e Neovim) Warnings(env Env) []string {
	var warnings []string
	for _, file := range readTree(e.dir(env), ".lua", ".vim") {
		if ownerOf([]byte(file.text)) != foreign {
			continue
		}
		text := withoutComments(file.text, "--")
		for _, at := range luaConfig().FindAllStringIndex(text, -1) {
			if luaCmd().MatchString(call(text[at[0]:])) {
				warnings = append(warnings, file.path+`: vim.lsp.config("gopls", ...) sets cmd, which wins over hearth; remove the cmd`)
			}
		}
		if luaSetup().MatchString(text) {
			warnings = append(warnings, file.path+": lspconfig's gopls.setup starts a gopls of its own; give it cmd = { "+e.launcher(env)+" }")
		}
		if luaALE().MatchString(text) {
			warnings = append(warnings, file.path+": ALE starts a gopls of its own beside Neovim's; add gopls to g:ale_linters_ignore")
		}
	}
	mason := filepath.Join(e.dataDir(env), "mason", "bin", "gopls")
	if _, err := os.Stat(mason); err == nil {
		warnings = append(warnings, mason+": mason puts its gopls first on Neovim's PATH; a plugin that starts gopls by name gets that one")
	}
	return warnings
}

func (Neovim) dataDir(env Env) string {
	base := env.Getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(base) {
		base = filepath.Join(env.Home, ".local", "share")
	}
	return filepath.Join(base, "nvim")
}

// call returns the start of text up to the bracket that closes its first one.
func call(text string) string {
	depth := 0
	for i, r := range text {
		switch r {
		case '(', '{', '[':
			depth++
		case ')', '}', ']':
			depth--
			// vim.lsp.config["gopls"] = { goes on behind the bracket
			if depth == 0 && !strings.HasPrefix(strings.TrimLeft(text[i+1:], " "), "=") {
				return text[:i]
			}
		}
	}
	return text
}

// Profile implements [Editor].
func (Neovim) Profile(Env) string { return "neovim" }

// Snippet implements [Editor].
func (e Neovim) Snippet(env Env) string {
	return fmt.Sprintf(`-- Neovim 0.11 and later, in init.lua:
vim.lsp.config("gopls", {
  cmd = { %[1]s },
  filetypes = { "go", "gomod", "gowork", "gotmpl" },
  root_markers = { "go.work", "go.mod", ".git" },
})
vim.lsp.enable("gopls")

-- Before 0.11, with nvim-lspconfig:
require("lspconfig").gopls.setup({ cmd = { %[1]s } })
`, e.launcher(env))
}
