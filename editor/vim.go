package editor

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gohearth/hearth/internal/lazyregexp"
)

// Vim is Vim 8.2 or later with ALE or vim-lsp; Vim has no client of its own.
//
// One file, plugin/hearth.vim, sets what both plugins read when they start a
// server. What the vimrc sets comes first and wins in ALE; in vim-lsp a server
// that the vimrc registers as gopls keeps everything but its command, since
// there is no way to register one without a command.
type Vim struct{}

func (Vim) Name() string  { return "vim" }
func (Vim) Title() string { return "Vim" }

//go:embed files/hearth.vim
var hearthVim string

// Detect implements [Editor].
func (e Vim) Detect(env Env) Detection {
	dir := e.dir(env)
	d := Detection{Files: []string{filepath.Join(dir, "plugin", "hearth.vim")}}
	program := env.onPath("vim", "gvim", "mvim")
	if program == "" {
		d.Reason = "there is no program vim"
		return d
	}
	var clients []string
	for _, plugin := range []string{"ale", "vim-lsp"} {
		if where := e.plugin(env, plugin); where != "" {
			clients = append(clients, where)
		}
	}
	if len(clients) == 0 {
		d.Reason = "Vim is installed, but neither ALE nor vim-lsp is"
		return d
	}
	d.Found, d.Reason = true, "it is installed as "+program+", with "+strings.Join(clients, " and ")
	d.Version = version(program, "VIM - Vi IMproved ")
	return d
}

// dir is the folder of the user's plugins. Vim 9.1.327 and later fall back to
// the XDG folder for those who have no vimrc in the two old places.
func (Vim) dir(env Env) string {
	if env.GOOS == "windows" {
		return filepath.Join(env.Home, "vimfiles")
	}
	old := filepath.Join(env.Home, ".vim")
	xdg := filepath.Join(env.configDir(), "vim")
	if isFile(filepath.Join(xdg, "vimrc")) && !isFile(filepath.Join(env.Home, ".vimrc")) && !isFile(filepath.Join(old, "vimrc")) {
		return xdg
	}
	return old
}

// plugin returns where a plugin was found, or "": in the folders of Vim's
// packages and of the usual plugin managers, in those of the system, or by
// name in the vimrc, since a manager can put it anywhere.
func (e Vim) plugin(env Env, name string) string {
	roots := []string{
		filepath.Join(e.dir(env), "pack", "*", "start"),
		filepath.Join(e.dir(env), "pack", "*", "opt"),
		filepath.Join(e.dir(env), "plugged"),
		filepath.Join(e.dir(env), "bundle"),
		filepath.Join(env.Home, ".local", "share", "vim", "plugged"),
	}
	for _, dir := range systemVim(env) {
		roots = append(roots, filepath.Join(dir, "pack", "*", "start"), filepath.Join(dir, "pack", "*", "opt"))
	}
	for _, root := range roots {
		found, _ := filepath.Glob(filepath.Join(root, name))
		if len(found) > 0 {
			return found[0]
		}
	}
	mention := regexp.MustCompile(`(?m)(["'/]|\bpacka\w*!?\s+)` + regexp.QuoteMeta(name) + `(\.git)?(["'\s]|$)`)
	for _, file := range e.vimrcs(env) {
		if mention.MatchString(withoutComments(file.text, `"`)) {
			return file.path
		}
	}
	return ""
}

// systemVim returns the folders in which a distribution puts Vim's plugins.
func systemVim(env Env) []string {
	dirs := env.Getenv("XDG_DATA_DIRS")
	if dirs == "" {
		dirs = "/usr/local/share:/usr/share"
	}
	var all []string
	for _, dir := range filepath.SplitList(dirs) {
		all = append(all, filepath.Join(dir, "vim", "vimfiles"))
	}
	return all
}

// vimrcs returns what the user wrote and Vim reads.
func (e Vim) vimrcs(env Env) []textFile {
	files := readTree(e.dir(env), ".vim", "vimrc")
	for _, name := range []string{".vimrc", "_vimrc"} {
		path := filepath.Join(env.Home, name)
		if data, err := os.ReadFile(path); err == nil {
			files = append(files, textFile{path, string(data)})
		}
	}
	return files
}

// Plan implements [Editor].
func (e Vim) Plan(env Env) ([]Change, error) {
	d := e.Detect(env)
	if !d.Found {
		return nil, nil
	}
	body := strings.ReplaceAll(hearthVim, "@GOPLS@", e.launcher(env))
	return planOwned(e, d.Files[0], seal(`"`, body))
}

// launcher is the path as an expression of Vim.
func (Vim) launcher(env Env) string {
	if rel, ok := env.underHome(env.Gopls); ok {
		return "$HOME . " + vimString("/"+rel)
	}
	return vimString(env.Gopls)
}

// Check implements [Editor].
func (e Vim) Check(env Env) error { return checkOwned(e, env, e.Detect(env)) }

var (
	vimALEExecutable = lazyregexp.New(`\bale_go_gopls_executable\b`)
	vimALELinters    = lazyregexp.New(`\b[gb]:ale_linters\b[^\n]*(?:\n\s*\\[^\n]*)*`)
	vimGoLinters     = lazyregexp.New(`["']?\bgo\b["']?\s*:\s*\[([^\]]*)\]`)
	vimALEDisabled   = lazyregexp.New(`\bale_disable_lsp\s*=\s*1\b`)
	vimPackadd       = lazyregexp.New(`\bpacka\w*!?\s+ale\b|\bpackloadall\b`)
)

// Warnings implements [Editor].
func (e Vim) Warnings(env Env) []string {
	var warnings []string
	loadsALE := false
	for _, file := range e.vimrcs(env) {
		if ownerOf([]byte(file.text)) != foreign {
			continue
		}
		text := withoutComments(file.text, `"`)
		loadsALE = loadsALE || vimPackadd().MatchString(text)
		if vimALEExecutable().MatchString(text) {
			warnings = append(warnings, file.path+": g:ale_go_gopls_executable is set here, and hearth leaves it; remove the line to start hearth")
		}
		if vimALEDisabled().MatchString(text) {
			warnings = append(warnings, file.path+": g:ale_disable_lsp keeps ALE from starting any language server")
		}
		for _, linters := range vimALELinters().FindAllString(text, -1) {
			if m := vimGoLinters().FindStringSubmatch(linters); m != nil && !strings.Contains(m[1], "gopls") {
				warnings = append(warnings, file.path+": g:ale_linters for go does not name gopls, so ALE does not start it")
			}
		}
	}
	ale, lsp := e.plugin(env, "ale"), e.plugin(env, "vim-lsp")
	if filepath.Base(filepath.Dir(ale)) == "opt" && !loadsALE {
		warnings = append(warnings, ale+": ALE is installed but optional; add packadd! ale to your vimrc")
	}
	if ale != "" && lsp != "" {
		warnings = append(warnings, "Vim has ALE and vim-lsp, and each starts its own hearth; add gopls to g:ale_linters_ignore to keep one")
	}
	if where := e.plugin(env, "coc.nvim"); where != "" {
		warnings = append(warnings, where+": coc.nvim starts its own gopls; set go.goplsPath in coc-settings.json to "+env.Gopls)
	}
	if where := e.plugin(env, "vim-go"); where != "" {
		warnings = append(warnings, where+": vim-go starts its own gopls from g:go_bin_path or PATH; let g:go_gopls_enabled = 0 avoids a second one")
	}
	return warnings
}

// Profile implements [Editor].
func (e Vim) Profile(env Env) string {
	if e.plugin(env, "ale") == "" {
		return "vim-lsp"
	}
	return "vim-ale"
}

// Snippet implements [Editor].
func (e Vim) Snippet(env Env) string {
	return fmt.Sprintf(`" In your vimrc, for ALE:
let g:ale_go_gopls_executable = %[1]s
let g:ale_go_gopls_use_global = 1

" In your vimrc, for vim-lsp:
let s:gopls = %[1]s
autocmd User lsp_setup call lsp#register_server({'name': 'gopls', 'cmd': {server -> [s:gopls]}, 'allowlist': ['go', 'gomod']})
`, e.launcher(env))
}
