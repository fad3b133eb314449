package editor

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gohearth/hearth/internal/hint"
)

// newEnv returns an empty home in which a launcher is installed and no editor
// is on PATH.
func newEnv(t testing.TB) Env {
	t.Helper()
	home := t.TempDir()
	env := Env{
		GOOS:     "linux",
		Home:     home,
		Gopls:    filepath.Join(home, ".local/share/hearth/bin/gopls"),
		State:    filepath.Join(home, ".local/state/hearth"),
		Getenv:   func(name string) string { return map[string]string{"XDG_DATA_DIRS": home + "/usr/share"}[name] },
		LookPath: func(string) (string, error) { return "", errors.New("not on PATH") },
	}
	put(t, env.Gopls, "#!/bin/sh\n")
	if err := os.Chmod(env.Gopls, 0o755); err != nil {
		t.Fatal(err)
	}
	return env
}

func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tree returns all files below dir but those of the journal; a folder without
// any is an entry of its own.
func tree(t testing.TB, env Env) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(env.Home, func(path string, d fs.DirEntry, err error) error {
		if path == env.State {
			return fs.SkipDir
		}
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(env.Home, path)
		if d.IsDir() {
			if entries, _ := os.ReadDir(path); len(entries) == 0 {
				files[rel+"/"] = ""
			}
			return nil
		}
		data, err := os.ReadFile(path)
		files[rel] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// withAll gives env all three editors; VS Code twice, once without settings.
func withAll(t testing.TB, env Env) {
	put(t, env.Home+"/.config/Code/User/settings.json", "{\n  // mine\n  \"go.alternateTools\": {\"dlv\": \"/opt/dlv\"}\n}\n")
	put(t, env.Home+"/.config/Cursor/Preferences", "")
	put(t, env.Home+"/.config/nvim/init.lua", "")
	put(t, env.Home+"/.vim/pack/x/start/ale/plugin/ale.vim", "")
	put(t, env.Home+"/bin/vim", "")
}

func vimOnly(env Env) func(string) (string, error) {
	return func(name string) (string, error) {
		if name == "vim" {
			return env.Home + "/bin/vim", nil
		}
		return "", errors.New("not on PATH")
	}
}

func TestInstallTwiceThenUninstall(t *testing.T) {
	env := newEnv(t)
	withAll(t, env)
	env.LookPath = vimOnly(env)
	before := tree(t, env)

	made, err := Install(env, All...)
	if err != nil {
		t.Fatal(err)
	}
	if len(made) != 5 { // 2 VS Code, 2 Neovim, 1 Vim
		t.Errorf("%d changes:\n%s", len(made), Diff(made))
	}
	installed := tree(t, env)
	for _, e := range All {
		if err := e.Check(env); err != nil {
			t.Errorf("%s: %v", e.Name(), err)
		}
	}

	made, err = Install(env, All...)
	if err != nil || len(made) != 0 {
		t.Errorf("a second install made %d changes, error %v", len(made), err)
	}
	if diff := cmp.Diff(installed, tree(t, env)); diff != "" {
		t.Errorf("a second install changed files:\n%s", diff)
	}

	_, left, err := Uninstall(env, All...)
	if err != nil || len(left) > 0 {
		t.Errorf("uninstalling: %v, left %q", err, left)
	}
	if diff := cmp.Diff(before, tree(t, env)); diff != "" {
		t.Errorf("uninstalling did not give back what was there (-before +after):\n%s", diff)
	}
	if made, _, err := Uninstall(env, All...); err != nil || len(made) > 0 {
		t.Errorf("a second uninstall made %d changes, error %v", len(made), err)
	}
}

// A launcher that moves, as when XDG_DATA_HOME is set, must not become the
// value that uninstalling restores.
func TestReinstallKeepsTheOriginal(t *testing.T) {
	env := newEnv(t)
	settings := env.Home + "/.config/Code/User/settings.json"
	put(t, settings, `{"go.alternateTools": {"gopls": "/opt/gopls"}}`)
	before := tree(t, env)
	if _, err := Install(env, VSCode{}); err != nil {
		t.Fatal(err)
	}
	moved := env
	moved.Gopls = env.Home + "/bin/gopls"
	if err := os.MkdirAll(env.Home+"/bin", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(env.Gopls, moved.Gopls); err != nil {
		t.Fatal(err)
	}
	for _, edited := range []bool{false, true} {
		if edited {
			data, _ := os.ReadFile(settings)
			put(t, settings, "// edited\n"+string(data))
			before[".config/Code/User/settings.json"] = "// edited\n" + before[".config/Code/User/settings.json"]
			moved, env = env, moved
		}
		if _, err := Install(moved, VSCode{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, left, err := Uninstall(env, VSCode{}); err != nil || len(left) > 0 {
		t.Fatalf("%v, left %q", err, left)
	}
	after := tree(t, env)
	delete(after, "bin/gopls")
	// The edited file is no longer byte for byte the old one: the member
	// that hearth added on its own is gone, the value is the old one.
	want := values(t, []byte(before[".config/Code/User/settings.json"]))
	got := values(t, []byte(after[".config/Code/User/settings.json"]))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(after[".config/Code/User/settings.json"], "// edited\n") {
		t.Error("the edit is gone")
	}
}

func TestUninstallAfterEdits(t *testing.T) {
	env := newEnv(t)
	withAll(t, env)
	env.LookPath = vimOnly(env)
	if _, err := Install(env, All...); err != nil {
		t.Fatal(err)
	}
	settings := env.Home + "/.config/Code/User/settings.json"
	data, _ := os.ReadFile(settings)
	text := strings.Replace(string(data), "{\n", "{\n  \"editor.fontSize\": 13, // new\n", 1)
	put(t, settings, strings.Replace(text, `"local"`, `"off"`, 1))
	plugin := env.Home + "/.vim/plugin/hearth.vim"
	data, _ = os.ReadFile(plugin)
	put(t, plugin, string(data)+"let g:mine = 1\n")

	_, left, err := Uninstall(env, All...)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 2 || !strings.Contains(left[0], checkUpdates) || !strings.Contains(left[1], "hearth.vim") {
		t.Errorf("left %q, want the changed key and the edited file", left)
	}
	got, _ := os.ReadFile(settings)
	want := "{\n  \"editor.fontSize\": 13, // new\n  // mine\n  \"go.alternateTools\": {\"dlv\": \"/opt/dlv\"},\n  \"go.toolsManagement.checkForUpdates\": \"off\"\n}\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestInstallRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		editor  Editor
		prepare func(Env)
		want    string // within the error
		hint    string
	}{
		{"broken settings", VSCode{}, func(env Env) {
			put(t, env.Home+"/.config/Code/User/settings.json", "{\n  \"a\": ,\n}\n")
		}, "settings.json:2:8: invalid character ','", "correct that line"},
		{"read-only settings", VSCode{}, func(env Env) {
			path := env.Home + "/.config/Code/User/settings.json"
			put(t, path, "{}")
			os.Chmod(path, 0o444)
		}, "is read-only", "--print-config vscode"},
		{"no folder can be made", Neovim{}, func(env Env) {
			put(t, env.Home+"/.config/nvim/after", "a file")
		}, "after", ""},
		{"a file of the user", Neovim{}, func(env Env) {
			put(t, env.Home+"/.config/nvim/after/lsp/gopls.lua", "return {}\n")
		}, "is yours", "--print-config neovim"},
		{"a file that was edited", Neovim{}, func(env Env) {
			put(t, env.Home+"/.config/nvim/after/lsp/gopls.lua", string(seal("--", "return {}\n"))+"-- x\n")
		}, "was edited", "move your lines"},
		{"no editor", Vim{}, func(Env) {}, "Vim was not found: there is no program vim", ""},
		{"no launcher", Neovim{}, func(env Env) {
			put(t, env.Home+"/.config/nvim/init.lua", "")
			os.Remove(env.Gopls)
		}, "launcher", `run "hearth setup"`},
		{"server switched off", VSCode{}, func(env Env) {
			put(t, env.Home+"/.config/Code/User/settings.json", `{"go.useLanguageServer": false}`)
		}, "go.useLanguageServer is false", "remove that line"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env := newEnv(t)
			tt.prepare(env)
			before := tree(t, env)
			made, err := Install(env, tt.editor)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(hint.Of(err), tt.hint) {
				t.Errorf("error %v\nhint %q\nwant %q, %q", err, hint.Of(err), tt.want, tt.hint)
			}
			if len(made) == 0 {
				if diff := cmp.Diff(before, tree(t, env)); diff != "" {
					t.Errorf("files changed:\n%s", diff)
				}
			}
		})
	}
}

// Two that run "hearth setup" at once must not lose an entry of the journal.
func TestInstallAtOnce(t *testing.T) {
	env := newEnv(t)
	withAll(t, env)
	env.LookPath = vimOnly(env)
	before := tree(t, env)
	var group sync.WaitGroup
	for _, e := range All {
		for range 3 {
			group.Go(func() {
				if _, err := Install(env, e); err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
	if _, left, err := Uninstall(env, All...); err != nil || len(left) > 0 {
		t.Errorf("%v, left %q", err, left)
	}
	if diff := cmp.Diff(before, tree(t, env)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestDiff(t *testing.T) {
	c := Change{Path: "settings.json", Old: []byte("{\n    \"a\": 1\n}\n")}
	c.New, _, _ = wire(c.Old)
	want := `--- settings.json
+++ settings.json
@@ -1,3 +1,7 @@
 {
-    "a": 1
+    "a": 1,
+    "go.alternateTools": {
+        "gopls": "~/.local/share/hearth/bin/gopls"
+    },
+    "go.toolsManagement.checkForUpdates": "local"
 }
`
	if diff := cmp.Diff(want, Diff([]Change{c})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDetectVSCode(t *testing.T) {
	for _, tt := range []struct {
		name, goos, make, program string
		want                      []string
	}{
		{"nothing", "linux", "", "", nil},
		{"linux", "linux", ".config/Code/User/x", "", []string{".config/Code/User/settings.json"}},
		{"macOS", "darwin", "Library/Application Support/VSCodium/x", "", []string{"Library/Application Support/VSCodium/User/settings.json"}},
		{"never started", "linux", "", "/usr/bin/cursor", []string{".config/Cursor/User/settings.json"}},
		{"remote", "linux", ".vscode-server/data/x", "/h/.vscode-server/bin/1/bin/remote-cli/code", []string{".vscode-server/data/Machine/settings.json"}},
		{"Windows seen from Linux", "linux", "", "/mnt/c/Programs/code", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env := newEnv(t)
			env.GOOS = tt.goos
			env.LookPath = func(name string) (string, error) {
				if name == filepath.Base(tt.program) {
					return tt.program, nil
				}
				return "", errors.New("not on PATH")
			}
			if tt.make != "" {
				put(t, filepath.Join(env.Home, tt.make), "")
			}
			d := VSCode{}.Detect(env)
			var got []string
			for _, path := range d.Files {
				rel, _ := filepath.Rel(env.Home, path)
				got = append(got, filepath.ToSlash(rel))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || d.Found != (tt.want != nil) {
				t.Errorf("found %t (%s), files (-want +got):\n%s", d.Found, d.Reason, diff)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	for _, tt := range []struct {
		name, path, text string
		want             string // within the warning, "" for none
	}{
		{"executable", ".vimrc", "let g:ale_go_gopls_executable = '/opt/gopls'\n", "hearth leaves it"},
		{"comment", ".vimrc", "  \" let g:ale_go_gopls_executable = '/opt/gopls'\n", ""},
		{"linters", ".vimrc", "let g:ale_linters = {\n\\ 'python': ['x'],\n\\ 'go': ['gofmt', 'govet'],\n\\}\n", "does not name gopls"},
		{"linters with gopls", ".vimrc", "let g:ale_linters = {'go': ['gopls']}\n", ""},
		{"fixers", ".vimrc", "let g:ale_fixers = {'go': ['gofmt']}\n", ""},
		{"no servers", ".vim/vimrc", "let g:ale_disable_lsp = 1\n", "keeps ALE"},
		{"coc", ".vim/plugged/coc.nvim/x", "", "go.goplsPath"},
		{"vim-go", ".vimrc", "Plug 'fatih/vim-go', { 'do': ':GoInstallBinaries' }\n", "g:go_gopls_enabled"},
		{"two clients", ".vim/bundle/vim-lsp/x", "", "each starts its own"},
		{"config with a command", ".config/nvim/lua/x.lua", "vim.lsp.config('gopls', {\n  settings = {},\n  cmd = { 'gopls' },\n})\n", "sets cmd"},
		{"index with a command", ".config/nvim/init.lua", "vim.lsp.config['gopls'] = {\n  cmd = { 'gopls' },\n}\n", "sets cmd"},
		{"config without", ".config/nvim/init.lua", "vim.lsp.config('gopls', { settings = {} })\nfoo { cmd = 1 }\n", ""},
		{"lspconfig", ".config/nvim/init.lua", "require('lspconfig').gopls.setup {}\n", "gopls.setup"},
		{"mason", ".local/share/nvim/mason/bin/gopls", "", "mason"},
		{"remote", ".config/Code/User/settings.json", `{"go.languageServerFlags": ["-remote=auto"]}`, "-remote"},
		{"profile", ".config/Code/User/profiles/1a/settings.json", `{"python.x": 1}`, "this profile"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env := newEnv(t)
			withAll(t, env)
			env.LookPath = vimOnly(env)
			put(t, filepath.Join(env.Home, tt.path), tt.text)
			if strings.Contains(tt.path, "Code") {
				put(t, env.Home+"/.config/Cursor/User/settings.json", "{}")
			}
			got := Warnings(env)
			if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)) {
				t.Errorf("got %q, want one with %q", got, tt.want)
			}
		})
	}
}

func TestPrintConfig(t *testing.T) {
	env := newEnv(t)
	for _, e := range All {
		text, err := PrintConfig(env, e.Name())
		if err != nil || !strings.Contains(text, ".local/share/hearth/bin/gopls") {
			t.Errorf("%s: %v\n%s", e.Name(), err, text)
		}
	}
	if _, err := PrintConfig(env, "ed"); hint.Of(err) != "the names are vscode, neovim, vim" {
		t.Errorf("%v, hint %q", err, hint.Of(err))
	}
}
