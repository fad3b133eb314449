package golangci

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
)

// names returns what the plugin runs with settings as golangci-lint passes them.
func names(t *testing.T, settings any) ([]string, error) {
	t.Helper()
	newPlugin, err := register.GetPlugin(Name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlugin(settings)
	if err != nil {
		return nil, err
	}
	if got := p.GetLoadMode(); got != register.LoadModeTypesInfo {
		t.Errorf("load mode %q", got)
	}
	all, err := p.BuildAnalyzers()
	var list []string
	for _, a := range all {
		list = append(list, a.Name)
	}
	return list, err
}

func TestPlugin(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.json")
	const shown = `{"root": "/r", "policy": {"analyzers": {"shadow": {"enabled": false}, "shadowimport": {"enabled": true}}}}`
	if err := os.WriteFile(file, []byte(shown), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		settings     any
		want, forbid string
	}{
		{nil, "shadow", "shadowimport"},
		{map[string]any{}, "rules", "widesignature"},
		{map[string]any{"policy": file}, "shadowimport", "shadow"},
	} {
		list, err := names(t, tt.settings)
		if err != nil || !slices.Contains(list, tt.want) || slices.Contains(list, tt.forbid) {
			t.Errorf("%v: got %v, %v", tt.settings, list, err)
		}
	}
}

func TestPluginErrors(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, tt := range []struct {
		settings map[string]any
		want     string
	}{
		{map[string]any{"polic": "x"}, `unknown field "polic"`},
		{map[string]any{"policy": filepath.Join(dir, "missing")}, "no such file"},
		{map[string]any{"policy": file("bare", `{"analyzers": {}}`)}, "holds no policy"},
		{map[string]any{"policy": file("yaml", "version: 1\n")}, "holds no policy"},
		{map[string]any{"policy": file("newer", `{"policy": {"magic": 1}}`)}, `unknown field "magic"`},
	} {
		if _, err := names(t, tt.settings); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: got error %v, want %s", tt.settings, err, tt.want)
		}
	}
}
